//! POST …/claim: a board made without an account moves to one.

use serde_json::json;

use crate::access::NOWHERE;
use crate::support::{TestApp, both_engines};

fn a_claimed_board_belongs_to_the_account_and_its_links_work_on(app: &TestApp) {
    let (board, ana) = (app.any_board(), app.person("Ana"));
    ana.get(&board.path("/journal")).problem(404, "not_found");
    let claimed = ana
        .post(&board.path("/claim"), json!({"own_token": board.token}))
        .expect(200);
    claimed.has(json!({"owner": ana.id, "my_role": "own", "revision": 2, "version": 2}));
    ana.get(&board.path("/journal")).expect(200);
    board.patch("", json!({"title": "Saturday"})).expect(200);
    assert_eq!(ana.get("/games").column("id"), [board.id.as_str()]);
    let entry = &ana.get(&board.path("/journal")).json["data"][1];
    assert_eq!(
        (&entry["action"], &entry["actor"]["id"]),
        (&json!("game.claimed"), &json!(ana.id))
    );
    // Once more changes nothing.
    let again = ana
        .post(&board.path("/claim"), json!({"own_token": board.token}))
        .expect(200);
    again.has(json!({"revision": 3, "version": 3}));
    ana.patch(&board.path(""), json!({"visibility": "private"}))
        .expect(200);
}

fn own_links_can_be_revoked_with_it_and_others_stay(app: &TestApp) {
    let (board, ana) = (app.any_board(), app.person("Ana"));
    let referee = board
        .post("/links", json!({"role": "score", "name": "Referee"}))
        .expect(201);
    let body = json!({"own_token": board.token, "revoke_links": true});
    ana.post(&board.path("/claim"), body).expect(200);
    board.get("/journal").problem(401, "invalid_credential");
    let referee = app.anonymous().bearer(referee["token"].as_str().unwrap());
    referee
        .get(&board.path(""))
        .expect(200)
        .has(json!({"my_role": "score"}));
    // The account owns it, so that no own link is needed.
    ana.patch(&board.path(""), json!({"title": "Mine"}))
        .expect(200);
}

fn a_wrong_or_foreign_token_finds_nothing(app: &TestApp) {
    let (board, other, ana) = (app.any_board(), app.any_board(), app.person("Ana"));
    let score = board
        .post("/links", json!({"role": "score", "name": "Referee"}))
        .expect(201);
    let score = score["token"].as_str().unwrap();
    for token in [
        &*other.token,
        score,
        "shl_00000000000000000000000000000000",
        "nonsense",
        &ana.access,
    ] {
        for game in [&board.id, &board.slug, &NOWHERE.to_owned()] {
            ana.post(&format!("/games/{game}/claim"), json!({"own_token": token}))
                .problem(404, "not_found");
        }
    }
    ana.post(&board.path("/claim"), json!({}))
        .problem_at(422, "invalid_fields", "/own_token");
    board.get("").expect(200).has(json!({"owner": null}));
}

fn a_board_of_somebody_else_stays_theirs(app: &TestApp) {
    let (board, ana, ben) = (app.any_board(), app.person("Ana"), app.person("Ben"));
    let claim = json!({"own_token": board.token, "revoke_links": true});
    ana.post(&board.path("/claim"), json!({"own_token": board.token}))
        .expect(200);
    ben.post(&board.path("/claim"), claim.clone())
        .problem(409, "already_claimed");
    board.get("").expect(200).has(json!({"owner": ana.id}));
    app.anonymous()
        .post(&board.path("/claim"), claim.clone())
        .problem(401, "unauthenticated");
    board.post("/claim", claim).problem(403, "forbidden");
}

fn a_trashed_board_must_be_restored_first(app: &TestApp) {
    let (board, ana) = (app.any_board(), app.person("Ana"));
    board.delete("").expect(204);
    ana.post(&board.path("/claim"), json!({"own_token": board.token}))
        .problem(404, "trashed");
}

fn a_key_of_ones_own_may_be_taken(app: &TestApp) {
    let ana = app.person("Ana");
    ana.board(json!({"title": "Friday", "external_id": "f-1"}));
    let board = app.board(json!({"title": "Friday", "external_id": "f-1"}));
    ana.post(&board.path("/claim"), json!({"own_token": board.token}))
        .problem_at(409, "external_id_taken", "/external_id");
}

both_engines!(
    a_claimed_board_belongs_to_the_account_and_its_links_work_on,
    own_links_can_be_revoked_with_it_and_others_stay,
    a_wrong_or_foreign_token_finds_nothing,
    a_board_of_somebody_else_stays_theirs,
    a_trashed_board_must_be_restored_first,
    a_key_of_ones_own_may_be_taken,
);
