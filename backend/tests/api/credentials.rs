//! `Authorization: Bearer`, and the ids that stand in an address.

use serde_json::json;

use crate::access::{NOWHERE, public};
use crate::support::{TestApp, both_engines};

fn a_bad_credential_is_refused_on_a_public_board_too(app: &TestApp) {
    let board = public(app);
    let twisted = format!("{}x", board.token);
    let bad = [
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Bearer shl_unknown".to_owned(),
        format!("Bearer {twisted}"),
        format!("Bearer {} {}", board.token, board.token),
        format!("Basic {}", board.token),
        board.token.clone(),
    ];
    for credential in bad {
        let client = app.anonymous().with("Authorization", &credential);
        client
            .get(&board.path(""))
            .problem(401, "invalid_credential");
        client.get("/games").problem(401, "invalid_credential");
        client
            .post("/games", json!({"title": "x"}))
            .problem(401, "invalid_credential");
        client
            .get(&format!("/games/{NOWHERE}"))
            .problem(401, "invalid_credential");
    }
    assert_eq!(
        app.database.number("SELECT count(*) AS number FROM games"),
        1
    );
}

fn the_scheme_of_a_credential_has_no_case(app: &TestApp) {
    let board = app.any_board();
    let client = app
        .anonymous()
        .with("Authorization", &format!("bearer {}", board.token));
    client.get(&board.path("")).expect(200);
}

fn the_own_token_survives_a_restart(app: &TestApp) {
    let board = app.any_board();
    let restarted = app.second_server();
    restarted
        .anonymous()
        .bearer(&board.token)
        .patch(&board.path(""), json!({"title": "Saturday"}))
        .expect(200);
}

fn an_id_of_another_kind_is_named(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let wrong = [
        (format!("/games/{ana}"), "game_"),
        (board.path(&format!("/players/{}", board.id)), "plr_"),
        (board.path(&format!("/rounds/{ana}")), "rnd_"),
        (board.path(&format!("/scores/{ana}")), "scr_"),
        (board.path(&format!("/standings/{}", board.id)), "plr_"),
        (
            board.path(&format!("/standings/around/{}", board.id)),
            "plr_",
        ),
        (format!("/orders/{ana}"), "ord_"),
    ];
    for (path, hint) in wrong {
        let refused = board.owner.get(&path).problem(404, "wrong_id_type");
        assert!(
            refused["detail"].as_str().unwrap().contains(hint),
            "{}",
            refused.text
        );
    }
    for nonsense in [
        "/games/x/players",
        "/games/game_",
        "/games/game_ZZZZZZZZZZZZZZ",
        "/games/%00",
        "/games/%F0%9F%8E%B2",
    ] {
        app.anonymous().get(nonsense).problem(404, "not_found");
    }
}

both_engines!(
    a_bad_credential_is_refused_on_a_public_board_too,
    the_scheme_of_a_credential_has_no_case,
    the_own_token_survives_a_restart,
    an_id_of_another_kind_is_named,
);
