//! /auth and /me: accounts from the first day to the last.

use serde_json::json;

use crate::support::{PASSWORD, Person, TestApp, assert_answer, both_engines, mail, uuid};

fn address(name: &str) -> String {
    format!("{name}-{}@example.org", uuid())
}

fn a_registered_person_is_logged_in(app: &TestApp) {
    let email = address("Ana");
    let body = json!({"email": email, "password": PASSWORD, "display_name": " Ana "});
    let made = app.anonymous().post("/auth/register", body).expect(201);
    let cookie = made.need("Set-Cookie");
    for part in [
        "scorehold_refresh=shr_",
        "HttpOnly",
        "SameSite=Strict",
        "Path=/api/v1/auth",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(made["user"]["email"], email);
    assert_eq!(
        (&made["token_type"], &made["expires_in"]),
        (&json!("Bearer"), &json!(600))
    );
    assert!(made.json.get("refresh_token").is_none(), "{}", made.text);
    let me = app
        .anonymous()
        .bearer(made["access_token"].as_str().unwrap())
        .get("/me")
        .expect(200);
    assert_eq!(me.json, made["user"]);
    let mut shown = me.json.clone();
    shown["email"] = json!("ana@example.org");
    assert_answer!(shown, @r#"
    {
      "created_at": "[time]",
      "display_name": "Ana",
      "email": "ana@example.org",
      "id": "[usr]",
      "operator": false,
      "updated_at": "[time]",
      "verified": false,
      "version": 1
    }
    "#);
}

fn an_address_has_one_account_however_it_is_spelled(app: &TestApp) {
    let ana = app.person("Ana");
    let again =
        json!({"email": ana.email.to_uppercase(), "password": PASSWORD, "display_name": "Eve"});
    app.anonymous()
        .post("/auth/register", again)
        .problem_at(409, "email_taken", "/email");
    let login = json!({"email": format!(" {} ", ana.email.to_uppercase()), "password": PASSWORD});
    app.anonymous().post("/auth/login", login).expect(200);
}

fn what_cannot_be_an_account_is_refused_with_a_pointer(app: &TestApp) {
    let good = json!({"email": "ana@example.org", "password": PASSWORD, "display_name": "Ana"});
    for (member, value) in [
        ("email", json!("ana")),
        ("email", json!(format!("{}@example.org", "a".repeat(250)))),
        ("password", json!("1234567")),
        ("password", json!("x".repeat(201))),
        ("display_name", json!(" ")),
        ("delivery", json!("pigeon")),
        ("operator", json!(true)),
    ] {
        let mut body = good.clone();
        body[member] = value;
        app.anonymous().post("/auth/register", body).problem_at(
            422,
            "invalid_fields",
            &format!("/{member}"),
        );
    }
    assert_eq!(
        app.database.number("SELECT count(*) AS number FROM users"),
        0
    );
}

fn a_wrong_password_and_an_unknown_address_look_alike(app: &TestApp) {
    let ana = app.person("Ana");
    let log_in = |email: &str, password: &str| {
        app.anonymous()
            .post("/auth/login", json!({"email": email, "password": password}))
            .problem(401, "invalid_login")
    };
    let (wrong, unknown) = (
        log_in(&ana.email, "wrong horse"),
        log_in(&address("eve"), PASSWORD),
    );
    wrong.has(json!({"title": unknown["title"], "detail": unknown["detail"]}));
    assert_eq!(wrong.header("Set-Cookie"), None);
}

fn nothing_secret_is_kept_as_it_is(app: &TestApp) {
    let ana = app.person("Ana");
    let kept = app.database.number(&format!(
        "SELECT count(*) AS number FROM users WHERE password_hash LIKE '$argon2id$v=19$m=19456,t=2,p=1$%' \
         AND password_hash NOT LIKE '%{PASSWORD}%'"
    ));
    assert_eq!(kept, 1);
    let export = ana.get("/me/export").expect(200).text;
    for secret in ["argon2", PASSWORD, &ana.refresh, "salt"] {
        assert!(!export.contains(secret), "{export}");
    }
}

fn a_name_changes_by_a_merge_patch(app: &TestApp) {
    let ana = app.person("Ana");
    let tag = ana.get("/me").expect(200).need("ETag");
    assert_eq!(ana.with("If-None-Match", &tag).get("/me").status, 304);
    let changed = ana
        .with("If-Match", &tag)
        .patch("/me", json!({"display_name": "Ana B."}))
        .expect(200);
    changed.has(json!({"display_name": "Ana B.", "version": 2}));
    let late = ana
        .with("If-Match", &tag)
        .patch("/me", json!({"display_name": "Late"}));
    assert_eq!(
        late.problem(412, "precondition_failed")["current"],
        changed.json
    );
    ana.patch("/me", json!({"display_name": null})).problem_at(
        422,
        "invalid_fields",
        "/display_name",
    );
    ana.patch("/me", json!({"email": "x@example.org"}))
        .problem_at(422, "invalid_fields", "/email");
    ana.patch("/me", json!({}))
        .expect(200)
        .has(json!({"version": 2}));
}

fn a_password_is_changed_by_who_knows_it(app: &TestApp) {
    let ana = app.person("Ana");
    let phone = ana.log_in(&app.anonymous());
    let change = |current: &str, new: &str| {
        ana.put(
            "/me/password",
            json!({"current_password": current, "new_password": new}),
        )
    };
    change("wrong horse", "staple of horses").problem_at(
        422,
        "wrong_password",
        "/current_password",
    );
    change(PASSWORD, "short").problem_at(422, "invalid_fields", "/new_password");
    change(PASSWORD, "staple of horses").expect(204);
    phone.get("/me").problem(401, "invalid_credential");
    ana.get("/me").expect(200);
    let log_in = |password: &str| {
        app.anonymous().post(
            "/auth/login",
            json!({"email": ana.email, "password": password}),
        )
    };
    log_in(PASSWORD).problem(401, "invalid_login");
    log_in("staple of horses").expect(200);
    mail(&app.outbox(), &ana.email, "Your password was changed");
}

fn an_address_is_changed_and_both_are_told(app: &TestApp) {
    let (ana, ben) = (app.person("Ana"), app.person("Ben"));
    let new = address("new");
    let change = |password: &str, email: &str| {
        ana.put(
            "/me/email",
            json!({"current_password": password, "email": email}),
        )
    };
    change("wrong horse", &new).problem_at(422, "wrong_password", "/current_password");
    change(PASSWORD, &ben.email).problem_at(409, "email_taken", "/email");
    change(PASSWORD, &new)
        .expect(200)
        .has(json!({"email": new, "verified": false}));
    mail(&app.outbox(), &ana.email, "Your address was changed");
    let asked = mail(&app.outbox(), &new, "Is this your address?");
    app.anonymous()
        .post("/auth/verify", json!({"token": asked.secret()}))
        .expect(200)
        .has(json!({"verified": true}));
    app.anonymous()
        .post(
            "/auth/login",
            json!({"email": ana.email, "password": PASSWORD}),
        )
        .problem(401, "invalid_login");
}

fn a_deleted_account_comes_back_by_logging_in(app: &TestApp) {
    let ana = app.person("Ana");
    let board = ana.board(json!({"title": "Friday", "visibility": "private"}));
    ana.delete("/me").expect(204);
    ana.get("/me").problem(401, "invalid_credential");
    app.anonymous()
        .post("/auth/refresh", json!({"refresh_token": ana.refresh}))
        .problem(401, "invalid_credential");
    app.pass(29 * 86_400);
    let back = ana.log_in(&app.anonymous());
    assert_eq!(back.id, ana.id);
    back.get(&board.path("")).expect(200);
}

fn an_account_is_erased_after_thirty_days(app: &TestApp) {
    let ana = app.person("Ana");
    ana.delete("/me").expect(204);
    app.pass(30 * 86_400 + 1);
    let erased = app.act(scorehold::services::accounts::erase_expired);
    assert_eq!(erased, 1);
    assert_eq!(app.act(scorehold::services::accounts::erase_expired), 0);
    app.anonymous()
        .post(
            "/auth/login",
            json!({"email": ana.email, "password": PASSWORD}),
        )
        .problem(401, "invalid_login");
    let left = app.database.number(
        "SELECT count(*) AS number FROM users WHERE email IS NULL AND email_folded IS NULL \
         AND password_hash IS NULL AND display_name = 'Deleted'",
    );
    assert_eq!(left, 1);
    // The address is free again.
    let again = json!({"email": ana.email, "password": PASSWORD, "display_name": "Ana"});
    app.anonymous().post("/auth/register", again).expect(201);
}

fn everything_that_is_kept_can_be_taken_along(app: &TestApp) {
    let (ana, ben) = (app.person("Ana"), app.person("Ben"));
    let board = ana.board(json!({"title": "Friday"}));
    ana.board(json!({"title": "Gone"})).delete("").expect(204);
    ben.board(json!({"title": "Ben's"}));
    let export = ana.get("/me/export").expect(200);
    assert_eq!(export["user"], ana.get("/me").json);
    assert_eq!(export["sessions"], ana.get("/me/sessions").json["data"]);
    let titles: Vec<&str> = export["games"]
        .as_array()
        .unwrap()
        .iter()
        .map(|game| game["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Friday", "Gone"]);
    assert_eq!(export["games"][0]["id"], board.id);
}

fn every_change_of_an_account_is_written_down(app: &TestApp) {
    let ana = app.person("Ana");
    ana.patch("/me", json!({"display_name": "Ana B."}))
        .expect(200);
    ana.delete("/me").expect(204);
    ana.log_in(&app.anonymous());
    let count = |action: &str| {
        let sql =
            "SELECT count(*) AS number FROM user_events WHERE actor_role = 'user' AND action = ";
        app.database.number(&format!("{sql}'{action}'"))
    };
    for action in [
        "user.registered",
        "user.updated",
        "user.deleted",
        "user.restored",
    ] {
        assert_eq!(count(action), 1, "{action}");
    }
}

fn a_link_is_no_person(app: &TestApp) {
    let board = app.any_board();
    for path in ["/me", "/me/sessions", "/me/export"] {
        board.owner.get(path).problem(403, "forbidden");
        app.anonymous().get(path).problem(401, "unauthenticated");
    }
    board
        .owner
        .patch("/me", json!({"display_name": "x"}))
        .problem(403, "forbidden");
    board.owner.delete("/me").problem(403, "forbidden");
    board
        .owner
        .put(
            "/me/password",
            json!({"current_password": "x", "new_password": PASSWORD}),
        )
        .problem(403, "forbidden");
}

fn my_boards_are_those_of_my_account(app: &TestApp) {
    let (ana, ben) = (app.person("Ana"), app.person("Ben"));
    app.board(json!({"title": "Public", "visibility": "public"}));
    let friday = ana.board(json!({"title": "Friday Ägir"}));
    let gone = ana.board(json!({"title": "Gone"}));
    gone.delete("").expect(204);
    ben.board(json!({"title": "Ben's"}));
    let titles = |path: &str| ana.get(path).expect(200).column("title");
    assert_eq!(titles("/games"), ["Friday Ägir"]);
    assert_eq!(titles("/games?state=trashed"), ["Gone"]);
    assert_eq!(titles("/games?q=%C3%84GIR"), ["Friday Ägir"]);
    assert!(titles("/games?q=_").is_empty() && titles("/games?q=%25").is_empty());
    assert_eq!(ana.get("/games").json["data"][0]["owner"], ana.id);
    assert_eq!(ana.get("/games").json["data"][0]["my_role"], "own");
    assert!(app.anonymous().get(&friday.public_path("")).expect(200)["owner"].is_null());
    gone.post("/restore", json!({})).expect(200);
    assert_eq!(titles("/games?sort=created_at"), ["Friday Ägir", "Gone"]);
}

fn a_private_board_is_shown_to_its_account_only(app: &TestApp) {
    let (ana, ben) = (app.person("Ana"), app.person("Ben"));
    let board = ana.board(json!({"title": "Ours", "visibility": "private"}));
    let player = board.player("Zoe");
    board.add(&player, 3).expect(201);
    board.get("/standings").expect(200);
    for stranger in [&app.anonymous(), &*ben] {
        stranger.get(&board.path("")).problem(404, "not_found");
        stranger
            .get(&board.public_path("/standings"))
            .problem(404, "not_found");
    }
    let entry = &board.get("/journal").json["data"][0];
    assert_eq!(
        (&entry["actor"]["role"], &entry["actor"]["id"]),
        (&json!("user"), &json!(ana.id))
    );
}

fn an_external_id_is_unique_among_the_boards_of_an_account(app: &TestApp) {
    let (ana, ben) = (app.person("Ana"), app.person("Ben"));
    let keyed = json!({"title": "Friday", "external_id": "f-1"});
    ana.board(keyed.clone());
    ben.board(keyed.clone());
    ana.post("/games", keyed.clone())
        .problem_at(409, "external_id_taken", "/external_id");
    let other = ana.board(json!({"title": "Saturday"}));
    other.patch("", json!({"external_id": "f-1"})).problem_at(
        409,
        "external_id_taken",
        "/external_id",
    );
    // Without an account nobody's keys meet.
    app.board(keyed.clone());
    app.board(keyed);
}

fn an_access_token_lasts_ten_minutes(app: &TestApp) {
    let ana = app.person("Ana");
    // The machine's own seconds pass too.
    app.pass(590);
    ana.get("/me").expect(200);
    app.pass(11);
    ana.get("/me").problem(401, "invalid_credential");
    let Person { access, .. } = &ana;
    app.anonymous()
        .bearer(&format!("{access}x"))
        .get("/games")
        .problem(401, "invalid_credential");
}

both_engines!(
    a_registered_person_is_logged_in,
    an_address_has_one_account_however_it_is_spelled,
    what_cannot_be_an_account_is_refused_with_a_pointer,
    a_wrong_password_and_an_unknown_address_look_alike,
    nothing_secret_is_kept_as_it_is,
    a_name_changes_by_a_merge_patch,
    a_password_is_changed_by_who_knows_it,
    an_address_is_changed_and_both_are_told,
    a_deleted_account_comes_back_by_logging_in,
    an_account_is_erased_after_thirty_days,
    everything_that_is_kept_can_be_taken_along,
    every_change_of_an_account_is_written_down,
    a_link_is_no_person,
    my_boards_are_those_of_my_account,
    a_private_board_is_shown_to_its_account_only,
    an_external_id_is_unique_among_the_boards_of_an_account,
    an_access_token_lasts_ten_minutes,
);
