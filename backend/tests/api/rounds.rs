//! …/rounds: match days, hands, lessons, with all their scores at once.

use serde_json::{Value, json};

use crate::support::{TestApp, assert_answer, both_engines, id_of};

fn a_round_brings_its_scores(app: &TestApp) {
    let board = app.board(json!({"title": "League", "tiebreak_direction": "high"}));
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let scores = json!([{"player_id": ana, "value": 3, "tiebreak": 2}, {"player_id": ben, "value": 0, "tiebreak": -2}]);
    let body = json!({"label": "Match day 1", "external_id": "md-1", "scores": scores});
    let made = board.post("/rounds", body).expect(201);

    assert_eq!(
        board.owner.get(&made.location()).expect(200)["id"],
        made["id"]
    );
    made.has(json!({"number": 1, "label": "Match day 1"}));
    made.has(json!({"external_id": "md-1", "state": "open"}));
    assert_eq!(made["revision"], 3);
    let values: Vec<&Value> = made["scores"]
        .as_array()
        .unwrap()
        .iter()
        .map(|score| &score["value"])
        .collect();
    assert_eq!(values, [3, 0]);
    assert!(
        made["scores"]
            .as_array()
            .unwrap()
            .iter()
            .all(|score| score["round_id"] == made["id"])
    );
    assert_eq!(board.table(), json!([[1, "Ana", 3], [2, "Ben", 0]]));
    assert_eq!(board.revision(), 3);
}

fn a_round_reads_as_it_was_made(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let body = json!({"label": "Hand 1", "comment": "By candlelight", "scores": [{"player_id": ana, "value": 7}]});
    let made = board.post("/rounds", body).expect(201);
    let read = board
        .get(&format!("/rounds/{}", id_of(&made.json)))
        .expect(200);

    for member in [
        "id",
        "number",
        "external_id",
        "label",
        "comment",
        "state",
        "scores",
        "version",
    ] {
        assert_eq!(read[member], made[member], "{member}");
    }
    assert_eq!(
        board.get("/rounds").expect(200).column("scores"),
        [made["scores"].clone()]
    );
    assert_answer!(read["scores"][0], @r#"
    {
      "actor": {
        "role": "own"
      },
      "client_id": null,
      "id": "[scr]",
      "note": null,
      "occurred_at": null,
      "op": "add",
      "player_id": "[plr]",
      "recorded_at": "[time]",
      "revision": 3,
      "round_id": "[rnd]",
      "tiebreak": null,
      "value": 7,
      "voided_at": null
    }
    "#);
}

fn rounds_are_numbered_from_one(app: &TestApp) {
    let board = app.any_board();
    for label in ["One", "Two", "Three"] {
        board.round(label);
    }
    let listed = board.get("/rounds").expect(200);
    assert_eq!(listed.column("number"), [1, 2, 3]);
    assert_eq!(listed.column("label"), ["One", "Two", "Three"]);
}

fn a_round_with_one_wrong_score_is_no_round(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let with =
        |second: Value| json!({"label": "Bad", "scores": [{"player_id": ana, "value": 3}, second]});
    let wrong = [
        (
            json!({"player_id": ana, "value": 0.5}),
            "too_many_decimals",
            "/scores/1/value",
        ),
        (
            json!({"player_id": ana}),
            "invalid_fields",
            "/scores/1/value",
        ),
        (
            json!({"player_id": "plr_0000000000000", "value": 1}),
            "unknown_player",
            "/scores/1/player_id",
        ),
        (
            json!({"external_id": "nobody", "value": 1}),
            "unknown_player",
            "/scores/1/external_id",
        ),
        (
            json!({"player_id": ana, "value": 1, "points": 1}),
            "invalid_fields",
            "/scores/1/points",
        ),
    ];
    for (second, code, pointer) in wrong {
        board
            .post("/rounds", with(second))
            .problem_at(422, code, pointer);
    }
    assert_eq!(board.get("/rounds").expect(200).rows().len(), 0);
    assert_eq!((board.total(&ana), board.revision()), (Value::Null, 2));
}

fn a_closed_round_takes_no_score(app: &TestApp) {
    let board = app.any_board();
    let (ana, round) = (board.player("Ana"), board.round("Final"));
    let path = format!("/rounds/{round}");
    let score = json!({"player_id": ana, "value": 1, "round_id": round});
    board.submit(score.clone()).expect(201);

    assert_eq!(
        board.patch(&path, json!({"state": "closed"})).expect(200)["state"],
        "closed"
    );
    board
        .submit(score.clone())
        .problem_at(409, "round_closed", "/round_id");
    assert_eq!(board.total(&ana), 1);

    board.patch(&path, json!({"state": "open"})).expect(200);
    assert_eq!(board.submit(score).expect(201)["player"]["total"], 2);
}

fn a_round_may_be_closed_from_the_start(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let body =
        json!({"label": "Done", "state": "closed", "scores": [{"player_id": ana, "value": 5}]});
    let made = board.post("/rounds", body).expect(201);
    assert_eq!(made["state"], "closed");
    assert_eq!(board.total(&ana), 5);
    let late = json!({"player_id": ana, "value": 1, "round_id": made["id"]});
    board.submit(late).problem(409, "round_closed");
}

fn patch_changes_what_it_names_and_null_clears(app: &TestApp) {
    let board = app.any_board();
    let body = json!({"label": "Day 1", "comment": "Rain", "external_id": "md-1"});
    let id = id_of(&board.post("/rounds", body).expect(201).json);
    let path = format!("/rounds/{id}");

    let changed = board
        .patch(&path, json!({"label": "Day one", "external_id": null}))
        .expect(200);
    changed.has(json!({"label": "Day one", "external_id": null}));
    changed.has(json!({"comment": "Rain", "version": 2}));
    board
        .patch(&path, json!({"state": "ajar"}))
        .problem_at(422, "invalid_fields", "/state");
    board
        .patch(&path, json!({"number": 9}))
        .problem_at(422, "invalid_fields", "/number");
}

both_engines!(
    a_round_brings_its_scores,
    a_round_reads_as_it_was_made,
    rounds_are_numbered_from_one,
    a_round_with_one_wrong_score_is_no_round,
    a_closed_round_takes_no_score,
    a_round_may_be_closed_from_the_start,
    patch_changes_what_it_names_and_null_clears,
);
