//! …/players: who plays.

use serde_json::{Value, json};

use crate::support::{TestApp, assert_answer, both_engines, id_of};

fn a_player_is_added(app: &TestApp) {
    let board = app.any_board();
    let body = json!({"name": "Ana", "external_id": "u-17", "team": "Reds", "colour": "#0072b2", "position": 2});
    let added = board.post("/players", body).expect(201);

    let read = board.owner.get(&added.location()).expect(200);
    assert_eq!(read.json, added.json);
    assert_eq!(read.need("ETag"), added.need("ETag"));
    assert_answer!(added.json, @r##"
    {
      "avatar": null,
      "colour": "#0072b2",
      "created_at": "[time]",
      "entries": 0,
      "external_id": "u-17",
      "id": "[plr]",
      "name": "Ana",
      "position": 2,
      "rank": null,
      "state": "active",
      "team": "Reds",
      "total": null,
      "version": 1
    }
    "##);
}

fn no_score_yet_is_not_zero(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    board.add(&ana, 0);
    assert_eq!(board.total(&ana), 0);
    assert_eq!(board.total(&ben), Value::Null);
    assert_eq!(board.table(), json!([[1, "Ana", 0], [null, "Ben", null]]));
}

fn a_list_of_players_is_one_change(app: &TestApp) {
    let board = app.any_board();
    let players: Vec<Value> = (1..=100)
        .map(|n| json!({"name": format!("Player {n}")}))
        .collect();
    let added = board
        .post("/players", json!({"players": players}))
        .expect(201);

    assert_eq!(added["revision"], 2);
    assert_eq!(
        added.column("name"),
        players
            .iter()
            .map(|player| player["name"].clone())
            .collect::<Vec<_>>()
    );
    let read = board.read();
    read.has(json!({"player_count": 100, "revision": 2}));
}

fn a_list_is_added_whole_or_not_at_all(app: &TestApp) {
    let board = app.any_board();
    let twice = json!({"players": [{"name": "Ana", "external_id": "x"}, {"name": "Ben", "external_id": "x"}]});
    board
        .post("/players", twice)
        .problem_at(409, "external_id_taken", "/players/1/external_id");
    let nameless = json!({"players": [{"name": "Ana"}, {"name": ""}]});
    board
        .post("/players", nameless)
        .problem_at(422, "invalid_fields", "/players/1/name");
    let read = board.read();
    read.has(json!({"player_count": 0, "revision": 1}));
}

fn patch_changes_what_it_names_and_null_clears(app: &TestApp) {
    let board = app.any_board();
    let ana = json!({"name": "Ana", "team": "Reds", "colour": "#0072b2"});
    let id = id_of(&board.post("/players", ana).expect(201).json);
    let path = format!("/players/{id}");

    let merge = board.with("Content-Type", "application/merge-patch+json");
    let changed = merge
        .patch(&path, json!({"name": "Anna", "team": null}))
        .expect(200);
    changed.has(json!({"name": "Anna", "team": null}));
    changed.has(json!({"colour": "#0072b2", "version": 2}));
    merge
        .patch(&path, json!({"name": null}))
        .problem_at(422, "invalid_fields", "/name");
    merge
        .patch(&path, json!({"total": 9}))
        .problem_at(422, "invalid_fields", "/total");
    assert_eq!(board.get(&path).expect(200).json, changed.json);
}

fn scores_never_move_the_version(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let path = format!("/players/{ana}");
    let before = board.get(&path).expect(200);
    board.add(&ana, 3);
    let after = board.get(&path).expect(200);
    assert_eq!(before["version"], after["version"]);
    assert_ne!(before.need("ETag"), after.need("ETag"));
}

fn a_search_finds_the_beginning_of_a_name_in_any_case(app: &TestApp) {
    let board = app.any_board();
    board.players([
        "Ägir",
        "ÄGNES",
        "Anna",
        "50% off",
        "50 cent",
        "under_score",
        "underXscore",
    ]);
    let found = |q: &str| {
        let url = format!("{}?q={q}", board.path("/players"));
        board.owner.get(&url).expect(200).column("name")
    };
    assert_eq!(found("%C3%A4g"), ["Ägir", "ÄGNES"]);
    assert_eq!(found("AN"), ["Anna"]);
    assert_eq!(found("50%25"), ["50% off"]);
    assert_eq!(found("under_"), ["under_score"]);
    assert_eq!(found("nna"), [] as [&str; 0]);
}

both_engines!(
    a_player_is_added,
    no_score_yet_is_not_zero,
    a_list_of_players_is_one_change,
    a_list_is_added_whole_or_not_at_all,
    patch_changes_what_it_names_and_null_clears,
    scores_never_move_the_version,
    a_search_finds_the_beginning_of_a_name_in_any_case,
);
