//! What is wrong with a body is named by a pointer, and nothing is written.

use serde_json::{Value, json};

use crate::orders::draft;
use crate::support::{TestApp, both_engines};

fn a_wrong_field_of_a_board_is_named(app: &TestApp) {
    let wrong = [
        (json!({}), "/title"),
        (json!({"title": null}), "/title"),
        (json!({"title": ""}), "/title"),
        (json!({"title": 7}), "/title"),
        (json!({"title": "a", "rule": "fastest"}), "/rule"),
        (json!({"title": "a", "direction": "up"}), "/direction"),
        (json!({"title": "a", "decimals": 7}), "/decimals"),
        (json!({"title": "a", "decimals": -1}), "/decimals"),
        (
            json!({"title": "a", "timezone": "Mars/Olympus"}),
            "/timezone",
        ),
        (json!({"title": "a", "titel": "b"}), "/titel"),
        (json!({"title": "a", "revision": 9}), "/revision"),
        (
            json!({"title": "a", "owner": "usr_0000000000000"}),
            "/owner",
        ),
    ];
    for (body, pointer) in wrong {
        app.anonymous()
            .post("/games", body)
            .problem_at(422, "invalid_fields", pointer);
    }
    assert_eq!(
        app.database.number("SELECT count(*) AS number FROM games"),
        0
    );
}

fn a_wrong_field_of_a_player_is_named(app: &TestApp) {
    let board = app.any_board();
    let wrong = [
        (json!({}), "/name"),
        (json!({"name": ""}), "/name"),
        (json!({"name": "x".repeat(10_000)}), "/name"),
        (json!({"name": "Ana", "colour": "blueish"}), "/colour"),
        (json!({"name": "Ana", "score": 3}), "/score"),
        (json!({"name": "Ana", "position": "first"}), "/position"),
    ];
    for (body, pointer) in wrong {
        board
            .post("/players", body)
            .problem_at(422, "invalid_fields", pointer);
    }
    assert_eq!(board.revision(), 1);
}

fn a_wrong_field_of_a_score_is_named(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let nobody = "plr_0000000000000";
    let wrong = [
        (json!({"player_id": ana}), "invalid_fields", "/value"),
        (
            json!({"player_id": ana, "value": null}),
            "invalid_fields",
            "/value",
        ),
        (
            json!({"player_id": ana, "value": true}),
            "invalid_fields",
            "/value",
        ),
        (json!({"value": 1}), "invalid_fields", "/player_id"),
        (
            json!({"player_id": ana, "value": 1, "op": "multiply"}),
            "invalid_fields",
            "/op",
        ),
        (
            json!({"player_id": ana, "value": 1, "client_id": "abc"}),
            "invalid_fields",
            "/client_id",
        ),
        (
            json!({"player_id": ana, "value": 1, "occurred_at": "today"}),
            "invalid_fields",
            "/occurred_at",
        ),
        (
            json!({"player_id": ana, "value": 1, "colour": 3}),
            "invalid_fields",
            "/colour",
        ),
        (
            json!({"player_id": nobody, "value": 1}),
            "unknown_player",
            "/player_id",
        ),
        (
            json!({"player_id": ana, "value": 1, "round_id": "rnd_0000000000000"}),
            "unknown_round",
            "/round_id",
        ),
    ];
    for (body, code, pointer) in wrong {
        board.submit(body).problem_at(422, code, pointer);
    }
    assert_eq!((board.revision(), board.total(&ana)), (2, Value::Null));
}

fn a_wrong_field_of_an_order_is_named(app: &TestApp) {
    let board = app.any_board();
    let wrong = [
        (
            json!({"product": "castle", "game_id": board.id}),
            "unknown_product",
            "/product",
        ),
        (json!({"game_id": board.id}), "invalid_fields", "/product"),
        (json!({"product": "pass-7d"}), "game_required", "/game_id"),
        (
            json!({"product": "pass-7d", "game_id": null}),
            "game_required",
            "/game_id",
        ),
        (
            json!({"product": "pass-7d", "game_id": "plr_0000000000000"}),
            "invalid_fields",
            "/game_id",
        ),
        (
            json!({"product": "pass-7d", "game_id": board.id, "quantity": 0}),
            "invalid_fields",
            "/quantity",
        ),
        (
            json!({"product": "pass-7d", "game_id": board.id, "quantity": -1}),
            "invalid_fields",
            "/quantity",
        ),
        (
            json!({"product": "pass-7d", "game_id": board.id, "quantity": 1.5}),
            "invalid_fields",
            "/quantity",
        ),
        (
            json!({"product": "pass-7d", "game_id": board.id, "quantity": 1e9 as u64}),
            "invalid_fields",
            "/quantity",
        ),
        (
            json!({"product": "pass-7d", "game_id": board.id, "amount_minor": 1}),
            "invalid_fields",
            "/amount_minor",
        ),
        (
            json!({"product": "pass-7d", "game_id": board.id, "state": "paid"}),
            "invalid_fields",
            "/state",
        ),
    ];
    for (body, code, pointer) in wrong {
        draft(&board, body).problem_at(422, code, pointer);
    }
    assert_eq!(
        app.database.number("SELECT count(*) AS number FROM orders"),
        0
    );
}

fn amending_refuses_what_adding_refuses(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let path = format!("/scores/{}", board.entry(&ana, 3));
    let wrong = [
        (json!({"value": null}), "invalid_fields", "/value"),
        (json!({"value": 0.5}), "too_many_decimals", "/value"),
        (json!({"player_id": ana}), "invalid_fields", "/player_id"),
        (json!({"op": "set"}), "invalid_fields", "/op"),
        (json!({"client_id": null}), "invalid_fields", "/client_id"),
    ];
    for (body, code, pointer) in wrong {
        board.patch(&path, body).problem_at(422, code, pointer);
    }
    assert_eq!((board.total(&ana), board.revision()), (json!(3), 3));
}

fn patch_refuses_unknown_and_read_only_fields(app: &TestApp) {
    let board = app.any_board();
    for member in ["colour", "slug", "state", "revision", "own_token"] {
        let pointer = format!("/{member}");
        let body = json!({"title": "Saturday", member: "x"});
        board
            .patch("", body)
            .problem_at(422, "invalid_fields", &pointer);
    }
    assert_eq!(board.read()["title"], "Friday");
}

fn a_step_has_no_more_decimals_than_its_board(app: &TestApp) {
    let fine = json!({"title": "a", "decimals": 1, "step": 0.25});
    app.anonymous()
        .post("/games", fine)
        .problem_at(422, "invalid_fields", "/step");
}

both_engines!(
    a_wrong_field_of_a_board_is_named,
    a_wrong_field_of_a_player_is_named,
    a_wrong_field_of_a_score_is_named,
    a_wrong_field_of_an_order_is_named,
    amending_refuses_what_adding_refuses,
    patch_refuses_unknown_and_read_only_fields,
    a_step_has_no_more_decimals_than_its_board,
);
