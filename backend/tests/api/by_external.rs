//! …/by-external/{external_id}: an integrator's own keys, for players and rounds.

use serde_json::json;

use crate::support::{TestApp, both_engines, id_of, uuid};

fn put_creates_a_player_and_then_updates_it(app: &TestApp) {
    let board = app.any_board();
    let path = "/players/by-external/u-17";
    let created = board.put(path, json!({"name": "Ana"})).expect(201);
    created.has(json!({"external_id": "u-17", "name": "Ana"}));
    assert_eq!(
        board.owner.get(&created.location()).expect(200)["id"],
        created["id"]
    );

    let updated = board.put(path, json!({"name": "Anna"})).expect(200);
    updated.has(json!({"id": created["id"], "name": "Anna"}));
    assert_eq!(board.read()["player_count"], 1);

    let revision = board.revision();
    assert_eq!(
        board.put(path, json!({"name": "Anna"})).expect(200).json,
        updated.json
    );
    assert_eq!(board.revision(), revision);
}

fn put_does_not_revive_what_is_in_the_trash(app: &TestApp) {
    let board = app.any_board();
    let path = "/players/by-external/u-17";
    let ana = id_of(&board.put(path, json!({"name": "Ana"})).expect(201).json);
    board.delete(&format!("/players/{ana}")).expect(204);
    board
        .put(path, json!({"name": "Ana"}))
        .problem(404, "trashed");
}

fn the_key_of_a_player_is_unique_on_its_board(app: &TestApp) {
    let (board, other) = (app.any_board(), app.any_board());
    let ana = json!({"name": "Ana", "external_id": "u-17"});
    board.post("/players", &ana).expect(201);
    other.post("/players", &ana).expect(201);
    board
        .post("/players", &ana)
        .problem_at(409, "external_id_taken", "/external_id");
    let ben = board.player("Ben");
    let change = json!({"external_id": "u-17"});
    let refused = board.patch(&format!("/players/{ben}"), change);
    refused.problem_at(409, "external_id_taken", "/external_id");
}

fn put_creates_a_round_and_then_updates_it(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let path = "/rounds/by-external/md-1";
    let scores = json!([{"player_id": ana, "value": 3, "client_id": uuid()}]);
    let made = board
        .put(path, json!({"label": "Day 1", "scores": scores}))
        .expect(201);
    made.has(json!({"external_id": "md-1", "number": 1}));
    assert_eq!(
        board.owner.get(&made.location()).expect(200)["id"],
        made["id"]
    );

    let renamed = board
        .put(path, json!({"label": "Match day 1", "scores": scores}))
        .expect(200);
    renamed.has(json!({"id": made["id"], "label": "Match day 1"}));
    assert_eq!(renamed["scores"][0]["replayed"], true);
    assert_eq!((board.total(&ana), board.revision()), (json!(3), 4));
}

fn put_adds_what_is_new_and_marks_what_is_known(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let path = "/rounds/by-external/md-1";
    let first = json!({"player_id": ana, "value": 3, "client_id": uuid()});
    let second = json!({"player_id": ben, "value": 1, "client_id": uuid()});
    board
        .put(path, json!({"label": "Day 1", "scores": [first]}))
        .expect(201);
    let grown = board
        .put(path, json!({"label": "Day 1", "scores": [first, second]}))
        .expect(200);

    assert_eq!(grown["scores"][0]["replayed"], true);
    assert_ne!(grown["scores"][1]["replayed"], true);
    assert_eq!(board.table(), json!([[1, "Ana", 3], [2, "Ben", 1]]));
}

fn the_key_of_a_round_is_unique_on_its_board(app: &TestApp) {
    let board = app.any_board();
    let day = json!({"label": "Day 1", "external_id": "md-1"});
    board.post("/rounds", &day).expect(201);
    board
        .post("/rounds", &day)
        .problem_at(409, "external_id_taken", "/external_id");
    assert_eq!(board.revision(), 2);
}

fn an_external_id_in_the_path_may_hold_anything(app: &TestApp) {
    let board = app.any_board();
    for (encoded, plain) in [
        ("a%20b", "a b"),
        ("%C3%A4", "ä"),
        ("u%2B17", "u+17"),
        ("50%25", "50%"),
        ("a%3Fb%23c", "a?b#c"),
    ] {
        let put = board
            .put(
                &format!("/players/by-external/{encoded}"),
                json!({"name": "x"}),
            )
            .expect(201);
        assert_eq!(put["external_id"], plain);
        board
            .put(
                &format!("/players/by-external/{encoded}"),
                json!({"name": "x"}),
            )
            .expect(200);
    }
}

both_engines!(
    put_creates_a_player_and_then_updates_it,
    put_does_not_revive_what_is_in_the_trash,
    the_key_of_a_player_is_unique_on_its_board,
    put_creates_a_round_and_then_updates_it,
    put_adds_what_is_new_and_marks_what_is_known,
    the_key_of_a_round_is_unique_on_its_board,
    an_external_id_in_the_path_may_hold_anything,
);
