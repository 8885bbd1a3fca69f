//! `scorehold operator`: who may see and move payments, and nothing else.

use serde_json::json;

use crate::support::{PASSWORD, TestApp, both_engines, mail, uuid};

fn an_account_becomes_an_operators_and_back(app: &TestApp) {
    let (ana, board) = (app.person("Ana"), app.any_board());
    let order = json!({"product": "pass-7d", "game_id": board.id});
    let keyed = board.owner.with("Idempotency-Key", &uuid());
    let path = keyed.post("/orders", order).expect(201).location();
    ana.get(&path).problem(404, "not_found");

    app.command(&["operator", "add", &ana.email.to_uppercase()])
        .unwrap();
    ana.get("/me").expect(200).has(json!({"operator": true}));
    ana.get(&path).expect(200);
    // Nothing inside boards.
    ana.get(&board.path("")).problem(404, "not_found");
    ana.get(&board.public_path("/journal"))
        .problem(403, "forbidden");
    app.command(&["operator", "add", &ana.email]).unwrap();
    app.command(&["operator", "list"]).unwrap();

    app.command(&["operator", "remove", &ana.email]).unwrap();
    ana.get("/me").expect(200).has(json!({"operator": false}));
    ana.get(&path).problem(404, "not_found");
}

fn an_address_without_an_account_chooses_a_password(app: &TestApp) {
    let email = format!("{}@example.org", uuid());
    app.command(&["operator", "add", &email]).unwrap();
    let log_in = |password: &str| {
        let body = json!({"email": email, "password": password, "delivery": "body"});
        app.anonymous().post("/auth/login", body)
    };
    log_in(PASSWORD).problem(401, "invalid_login");
    let forgot = json!({"email": email});
    app.anonymous()
        .post("/auth/password/forgot", forgot)
        .expect(202);
    let token = mail(&app.outbox(), &email, "Choose a new password").secret();
    let reset = json!({"token": token, "password": PASSWORD});
    app.anonymous()
        .post("/auth/password/reset", reset)
        .expect(200);
    log_in(PASSWORD).expect(200)["user"]["operator"]
        .as_bool()
        .filter(|operator| *operator)
        .unwrap();
}

fn what_is_not_there_is_said_so(app: &TestApp) {
    let ana = app.person("Ana");
    let exit = |words: &[&str]| app.command(words).unwrap_err().exit;
    assert_eq!(exit(&["operator", "remove", &ana.email]), 66);
    assert_eq!(exit(&["operator", "remove", "nobody@example.org"]), 66);
    assert_eq!(exit(&["operator", "add", "nobody"]), 64);
}

fn an_erased_account_is_no_operators(app: &TestApp) {
    let ana = app.person("Ana");
    app.command(&["operator", "add", &ana.email]).unwrap();
    ana.delete("/me").expect(204);
    app.pass(30 * 86_400 + 1);
    app.act(scorehold::services::accounts::erase_expired);
    let left = "SELECT count(*) AS number FROM users WHERE operator_since IS NOT NULL";
    assert_eq!(app.database.number(left), 0);
}

both_engines!(
    an_account_becomes_an_operators_and_back,
    an_address_without_an_account_chooses_a_password,
    what_is_not_there_is_said_so,
    an_erased_account_is_no_operators,
);
