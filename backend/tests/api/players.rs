//! …/players: who plays.

use serde_json::{Value, json};

use crate::support::{TestApp, both_engines, id_of, pretty};

fn a_player_is_added(app: &TestApp) {
    let board = app.any_board();
    let body = json!({"name": "Ana", "external_id": "u-17", "team": "Reds", "colour": "#0072b2", "position": 2});
    let added = board.owner.post(&board.path("/players"), body).expect(201);

    let path = format!(
        "/api/v1{}",
        board.path(&format!("/players/{}", id_of(&added.json)))
    );
    assert!(added.need("Location").ends_with(&path));
    let read = board
        .owner
        .get(&board.path(&format!("/players/{}", id_of(&added.json))))
        .expect(200);
    assert_eq!(read.json, added.json);
    assert_eq!(read.need("ETag"), added.need("ETag"));
    insta::assert_snapshot!(pretty(&added.json), @r##"
    {
      "avatar": null,
      "colour": "#0072b2",
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
        .owner
        .post(&board.path("/players"), json!({"players": players}))
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
    assert_eq!(
        (&read["player_count"], &read["revision"]),
        (&json!(100), &json!(2))
    );
}

fn a_list_is_added_whole_or_not_at_all(app: &TestApp) {
    let board = app.any_board();
    let twice = json!({"players": [{"name": "Ana", "external_id": "x"}, {"name": "Ben", "external_id": "x"}]});
    board.owner.post(&board.path("/players"), twice).problem_at(
        409,
        "external_id_taken",
        "/players/1/external_id",
    );
    let nameless = json!({"players": [{"name": "Ana"}, {"name": ""}]});
    board
        .owner
        .post(&board.path("/players"), nameless)
        .problem_at(422, "invalid_fields", "/players/1/name");
    let read = board.read();
    assert_eq!(
        (&read["player_count"], &read["revision"]),
        (&json!(0), &json!(1))
    );
}

fn what_is_wrong_is_named_by_a_pointer(app: &TestApp) {
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
            .owner
            .post(&board.path("/players"), body)
            .problem_at(422, "invalid_fields", pointer);
    }
    assert_eq!(board.revision(), 1);
}

fn an_external_id_is_unique_on_its_board(app: &TestApp) {
    let (board, other) = (app.any_board(), app.any_board());
    let ana = json!({"name": "Ana", "external_id": "u-17"});
    board.owner.post(&board.path("/players"), &ana).expect(201);
    other.owner.post(&other.path("/players"), &ana).expect(201);
    board.owner.post(&board.path("/players"), &ana).problem_at(
        409,
        "external_id_taken",
        "/external_id",
    );
    let ben = board.player("Ben");
    let change = json!({"external_id": "u-17"});
    let refused = board
        .owner
        .patch(&board.path(&format!("/players/{ben}")), change);
    refused.problem_at(409, "external_id_taken", "/external_id");
}

fn put_creates_and_then_updates(app: &TestApp) {
    let board = app.any_board();
    let path = board.path("/players/by-external/u-17");
    let created = board.owner.put(&path, json!({"name": "Ana"})).expect(201);
    assert_eq!(
        (&created["external_id"], &created["name"]),
        (&json!("u-17"), &json!("Ana"))
    );
    assert!(created.need("Location").ends_with(&id_of(&created.json)));

    let updated = board.owner.put(&path, json!({"name": "Anna"})).expect(200);
    assert_eq!(
        (&updated["id"], &updated["name"]),
        (&created["id"], &json!("Anna"))
    );
    assert_eq!(board.read()["player_count"], 1);

    let revision = board.revision();
    assert_eq!(
        board
            .owner
            .put(&path, json!({"name": "Anna"}))
            .expect(200)
            .json,
        updated.json
    );
    assert_eq!(board.revision(), revision);
}

fn put_does_not_revive_what_is_in_the_trash(app: &TestApp) {
    let board = app.any_board();
    let path = board.path("/players/by-external/u-17");
    let ana = id_of(
        &board
            .owner
            .put(&path, json!({"name": "Ana"}))
            .expect(201)
            .json,
    );
    board
        .owner
        .delete(&board.path(&format!("/players/{ana}")))
        .expect(204);
    board
        .owner
        .put(&path, json!({"name": "Ana"}))
        .problem(404, "trashed");
}

fn patch_changes_what_it_names_and_null_clears(app: &TestApp) {
    let board = app.any_board();
    let ana = json!({"name": "Ana", "team": "Reds", "colour": "#0072b2"});
    let id = id_of(
        &board
            .owner
            .post(&board.path("/players"), ana)
            .expect(201)
            .json,
    );
    let path = board.path(&format!("/players/{id}"));

    let merge = board
        .owner
        .with("Content-Type", "application/merge-patch+json");
    let changed = merge
        .patch(&path, json!({"name": "Anna", "team": null}))
        .expect(200);
    assert_eq!(
        (&changed["name"], &changed["team"]),
        (&json!("Anna"), &Value::Null)
    );
    assert_eq!(
        (&changed["colour"], &changed["version"]),
        (&json!("#0072b2"), &json!(2))
    );
    merge
        .patch(&path, json!({"name": null}))
        .problem_at(422, "invalid_fields", "/name");
    merge
        .patch(&path, json!({"total": 9}))
        .problem_at(422, "invalid_fields", "/total");
    assert_eq!(board.owner.get(&path).expect(200).json, changed.json);
}

fn scores_never_move_the_version(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let path = board.path(&format!("/players/{ana}"));
    let before = board.owner.get(&path).expect(200);
    board.add(&ana, 3);
    let after = board.owner.get(&path).expect(200);
    assert_eq!(before["version"], after["version"]);
    assert_ne!(before.need("ETag"), after.need("ETag"));
}

fn the_trash_takes_a_player_with_all_scores(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    board.add(&ana, 3);
    board.add(&ben, 2);
    let path = board.path(&format!("/players/{ana}"));
    board.owner.delete(&path).expect(204);

    board.owner.get(&path).problem(404, "trashed");
    board
        .owner
        .patch(&path, json!({"name": "x"}))
        .problem(404, "trashed");
    board.owner.delete(&path).problem(404, "trashed");
    board
        .owner
        .get(&board.path(&format!("/standings/{ana}")))
        .problem(404, "trashed");
    board
        .submit(json!({"player_id": ana, "value": 1}))
        .problem_at(422, "unknown_player", "/player_id");
    assert_eq!(board.table(), json!([[1, "Ben", 2]]));
    assert_eq!(board.read()["player_count"], 1);
    assert_eq!(
        board
            .owner
            .get(&board.path("/players"))
            .expect(200)
            .column("name"),
        ["Ben"]
    );
    let trash = board
        .owner
        .get(&board.path("/players?state=trashed"))
        .expect(200);
    assert_eq!(trash.column("name"), ["Ana"]);
    assert_eq!(trash.column("rank"), [Value::Null]);
}

fn a_restored_player_stands_where_the_scores_say(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    board.add(&ana, 3);
    board.add(&ben, 2);
    let path = board.path(&format!("/players/{ana}"));
    board.owner.delete(&path).expect(204);

    let restored = board
        .owner
        .post(&format!("{path}/restore"), json!({}))
        .expect(200);
    assert_eq!(
        (&restored["total"], &restored["rank"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(board.table(), json!([[1, "Ana", 3], [2, "Ben", 2]]));
    assert_eq!(board.read()["player_count"], 2);
    board
        .owner
        .post(&format!("{path}/restore"), json!({}))
        .problem(409, "not_trashed");
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
    what_is_wrong_is_named_by_a_pointer,
    an_external_id_is_unique_on_its_board,
    put_creates_and_then_updates,
    put_does_not_revive_what_is_in_the_trash,
    patch_changes_what_it_names_and_null_clears,
    scores_never_move_the_version,
    the_trash_takes_a_player_with_all_scores,
    a_restored_player_stands_where_the_scores_say,
    a_search_finds_the_beginning_of_a_name_in_any_case,
);
