//! What is deleted is in the trash, counts no more, and comes back as it was.

use serde_json::{Value, json};

use crate::support::{TestApp, both_engines, id_of};

fn a_deleted_board_is_in_the_trash_for_everybody(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let gone = board.delete("").expect(204);
    assert_eq!(gone.text, "");

    for path in [
        "",
        "/players",
        "/rounds",
        "/scores",
        "/standings",
        "/journal",
        "/events",
    ] {
        board.get(path).problem(404, "trashed");
    }
    board
        .get(&format!("/players/{ana}"))
        .problem(404, "trashed");
    board
        .submit(json!({"player_id": ana, "value": 1}))
        .problem(404, "trashed");
    board
        .patch("", json!({"title": "x"}))
        .problem(404, "trashed");
    board.delete("").problem(404, "trashed");
    app.anonymous()
        .get(&board.public_path(""))
        .problem(404, "trashed");
    app.anonymous()
        .get(&board.path(""))
        .problem(404, "not_found");
}

fn a_restored_board_is_as_it_was(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    board.add(&ana, 3);
    board.delete("").expect(204);

    let trash = board.owner.get("/games?state=trashed").expect(200);
    assert_eq!(trash.column("id"), [json!(board.id)]);
    assert_eq!(trash.column("state"), [json!("trashed")]);

    let restored = board.post("/restore", json!({})).expect(200);
    restored.has(json!({"state": "open", "player_count": 1}));
    assert_eq!(board.table(), json!([[1, "Ana", 3]]));
    assert_eq!(board.add(&ana, 1)["player"]["total"], 4);
    board
        .post("/restore", json!({}))
        .problem(409, "not_trashed");
}

fn the_trash_takes_a_player_with_all_scores(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    board.add(&ana, 3);
    board.add(&ben, 2);
    let path = format!("/players/{ana}");
    board.delete(&path).expect(204);

    board.get(&path).problem(404, "trashed");
    board
        .patch(&path, json!({"name": "x"}))
        .problem(404, "trashed");
    board.delete(&path).problem(404, "trashed");
    board
        .get(&format!("/standings/{ana}"))
        .problem(404, "trashed");
    board
        .submit(json!({"player_id": ana, "value": 1}))
        .problem_at(422, "unknown_player", "/player_id");
    assert_eq!(board.table(), json!([[1, "Ben", 2]]));
    assert_eq!(board.read()["player_count"], 1);
    assert_eq!(board.get("/players").expect(200).column("name"), ["Ben"]);
    let trash = board.get("/players?state=trashed").expect(200);
    assert_eq!(trash.column("name"), ["Ana"]);
    assert_eq!(trash.column("rank"), [Value::Null]);
}

fn a_restored_player_stands_where_the_scores_say(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    board.add(&ana, 3);
    board.add(&ben, 2);
    let path = format!("/players/{ana}");
    board.delete(&path).expect(204);

    let restored = board
        .post(&format!("{path}/restore"), json!({}))
        .expect(200);
    restored.has(json!({"total": 3, "rank": 1}));
    assert_eq!(board.table(), json!([[1, "Ana", 3], [2, "Ben", 2]]));
    assert_eq!(board.read()["player_count"], 2);
    board
        .post(&format!("{path}/restore"), json!({}))
        .problem(409, "not_trashed");
}

fn scores_of_a_trashed_round_do_not_count_until_it_is_restored(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let body = json!({"label": "Day 1", "scores": [{"player_id": ana, "value": 3}]});
    let id = id_of(&board.post("/rounds", body).expect(201).json);
    let path = format!("/rounds/{id}");
    board.add(&ana, 1);

    board.delete(&path).expect(204);
    board.get(&path).problem(404, "trashed");
    assert_eq!(board.total(&ana), 1);
    let late = json!({"player_id": ana, "value": 1, "round_id": id});
    board
        .submit(late)
        .problem_at(422, "unknown_round", "/round_id");
    assert_eq!(board.get("/rounds").expect(200).rows().len(), 0);
    assert_eq!(
        board.get("/rounds?state=trashed").expect(200).column("id"),
        [json!(id)]
    );

    let restored = board
        .post(&format!("{path}/restore"), json!({}))
        .expect(200);
    assert_eq!(restored["scores"][0]["value"], 3);
    assert_eq!(board.total(&ana), 4);
    board
        .post(&format!("{path}/restore"), json!({}))
        .problem(409, "not_trashed");
}

both_engines!(
    a_deleted_board_is_in_the_trash_for_everybody,
    a_restored_board_is_as_it_was,
    the_trash_takes_a_player_with_all_scores,
    a_restored_player_stands_where_the_scores_say,
    scores_of_a_trashed_round_do_not_count_until_it_is_restored,
);
