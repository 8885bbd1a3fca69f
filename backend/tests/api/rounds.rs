//! …/rounds: match days, hands, lessons, with all their scores at once.

use serde_json::{Value, json};

use crate::support::{TestApp, both_engines, id_of, pretty, uuid};

fn a_round_brings_its_scores(app: &TestApp) {
    let board = app.board(json!({"title": "League", "tiebreak_direction": "high"}));
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let scores = json!([{"player_id": ana, "value": 3, "tiebreak": 2}, {"player_id": ben, "value": 0, "tiebreak": -2}]);
    let body = json!({"label": "Match day 1", "external_id": "md-1", "scores": scores});
    let made = board.owner.post(&board.path("/rounds"), body).expect(201);

    assert!(
        made.need("Location")
            .ends_with(&board.path(&format!("/rounds/{}", id_of(&made.json))))
    );
    assert_eq!(
        (&made["number"], &made["label"]),
        (&json!(1), &json!("Match day 1"))
    );
    assert_eq!(
        (&made["external_id"], &made["state"]),
        (&json!("md-1"), &json!("open"))
    );
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
    let made = board.owner.post(&board.path("/rounds"), body).expect(201);
    let read = board
        .owner
        .get(&board.path(&format!("/rounds/{}", id_of(&made.json))))
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
        board
            .owner
            .get(&board.path("/rounds"))
            .expect(200)
            .column("scores"),
        [made["scores"].clone()]
    );
    insta::assert_snapshot!(pretty(&read["scores"][0]), @r#"
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
    let listed = board.owner.get(&board.path("/rounds")).expect(200);
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
            .owner
            .post(&board.path("/rounds"), with(second))
            .problem_at(422, code, pointer);
    }
    assert_eq!(
        board
            .owner
            .get(&board.path("/rounds"))
            .expect(200)
            .rows()
            .len(),
        0
    );
    assert_eq!((board.total(&ana), board.revision()), (Value::Null, 2));
}

fn a_closed_round_takes_no_score(app: &TestApp) {
    let board = app.any_board();
    let (ana, round) = (board.player("Ana"), board.round("Final"));
    let path = board.path(&format!("/rounds/{round}"));
    let score = json!({"player_id": ana, "value": 1, "round_id": round});
    board.submit(score.clone()).expect(201);

    assert_eq!(
        board
            .owner
            .patch(&path, json!({"state": "closed"}))
            .expect(200)["state"],
        "closed"
    );
    board
        .submit(score.clone())
        .problem_at(409, "round_closed", "/round_id");
    assert_eq!(board.total(&ana), 1);

    board
        .owner
        .patch(&path, json!({"state": "open"}))
        .expect(200);
    assert_eq!(board.submit(score).expect(201)["player"]["total"], 2);
}

fn a_round_may_be_closed_from_the_start(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let body =
        json!({"label": "Done", "state": "closed", "scores": [{"player_id": ana, "value": 5}]});
    let made = board.owner.post(&board.path("/rounds"), body).expect(201);
    assert_eq!(made["state"], "closed");
    assert_eq!(board.total(&ana), 5);
    let late = json!({"player_id": ana, "value": 1, "round_id": made["id"]});
    board.submit(late).problem(409, "round_closed");
}

fn put_creates_and_then_updates(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let path = board.path("/rounds/by-external/md-1");
    let scores = json!([{"player_id": ana, "value": 3, "client_id": uuid()}]);
    let made = board
        .owner
        .put(&path, json!({"label": "Day 1", "scores": scores}))
        .expect(201);
    assert_eq!(
        (&made["external_id"], &made["number"]),
        (&json!("md-1"), &json!(1))
    );
    assert!(made.need("Location").ends_with(&id_of(&made.json)));

    let renamed = board
        .owner
        .put(&path, json!({"label": "Match day 1", "scores": scores}))
        .expect(200);
    assert_eq!(
        (&renamed["id"], &renamed["label"]),
        (&made["id"], &json!("Match day 1"))
    );
    assert_eq!(renamed["scores"][0]["replayed"], true);
    assert_eq!((board.total(&ana), board.revision()), (json!(3), 4));
}

fn put_adds_what_is_new_and_marks_what_is_known(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let path = board.path("/rounds/by-external/md-1");
    let first = json!({"player_id": ana, "value": 3, "client_id": uuid()});
    let second = json!({"player_id": ben, "value": 1, "client_id": uuid()});
    board
        .owner
        .put(&path, json!({"label": "Day 1", "scores": [first]}))
        .expect(201);
    let grown = board
        .owner
        .put(&path, json!({"label": "Day 1", "scores": [first, second]}))
        .expect(200);

    assert_eq!(grown["scores"][0]["replayed"], true);
    assert_ne!(grown["scores"][1]["replayed"], true);
    assert_eq!(board.table(), json!([[1, "Ana", 3], [2, "Ben", 1]]));
}

fn patch_changes_what_it_names_and_null_clears(app: &TestApp) {
    let board = app.any_board();
    let body = json!({"label": "Day 1", "comment": "Rain", "external_id": "md-1"});
    let id = id_of(
        &board
            .owner
            .post(&board.path("/rounds"), body)
            .expect(201)
            .json,
    );
    let path = board.path(&format!("/rounds/{id}"));

    let changed = board
        .owner
        .patch(&path, json!({"label": "Day one", "external_id": null}))
        .expect(200);
    assert_eq!(
        (&changed["label"], &changed["external_id"]),
        (&json!("Day one"), &Value::Null)
    );
    assert_eq!(
        (&changed["comment"], &changed["version"]),
        (&json!("Rain"), &json!(2))
    );
    board
        .owner
        .patch(&path, json!({"state": "ajar"}))
        .problem_at(422, "invalid_fields", "/state");
    board
        .owner
        .patch(&path, json!({"number": 9}))
        .problem_at(422, "invalid_fields", "/number");
}

fn an_external_id_is_unique_on_its_board(app: &TestApp) {
    let board = app.any_board();
    let day = json!({"label": "Day 1", "external_id": "md-1"});
    board.owner.post(&board.path("/rounds"), &day).expect(201);
    board.owner.post(&board.path("/rounds"), &day).problem_at(
        409,
        "external_id_taken",
        "/external_id",
    );
    assert_eq!(board.revision(), 2);
}

fn scores_of_a_trashed_round_do_not_count_until_it_is_restored(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let body = json!({"label": "Day 1", "scores": [{"player_id": ana, "value": 3}]});
    let id = id_of(
        &board
            .owner
            .post(&board.path("/rounds"), body)
            .expect(201)
            .json,
    );
    let path = board.path(&format!("/rounds/{id}"));
    board.add(&ana, 1);

    board.owner.delete(&path).expect(204);
    board.owner.get(&path).problem(404, "trashed");
    assert_eq!(board.total(&ana), 1);
    let late = json!({"player_id": ana, "value": 1, "round_id": id});
    board
        .submit(late)
        .problem_at(422, "unknown_round", "/round_id");
    assert_eq!(
        board
            .owner
            .get(&board.path("/rounds"))
            .expect(200)
            .rows()
            .len(),
        0
    );
    assert_eq!(
        board
            .owner
            .get(&board.path("/rounds?state=trashed"))
            .expect(200)
            .column("id"),
        [json!(id)]
    );

    let restored = board
        .owner
        .post(&format!("{path}/restore"), json!({}))
        .expect(200);
    assert_eq!(restored["scores"][0]["value"], 3);
    assert_eq!(board.total(&ana), 4);
    board
        .owner
        .post(&format!("{path}/restore"), json!({}))
        .problem(409, "not_trashed");
}

both_engines!(
    a_round_brings_its_scores,
    a_round_reads_as_it_was_made,
    rounds_are_numbered_from_one,
    a_round_with_one_wrong_score_is_no_round,
    a_closed_round_takes_no_score,
    a_round_may_be_closed_from_the_start,
    put_creates_and_then_updates,
    put_adds_what_is_new_and_marks_what_is_known,
    patch_changes_what_it_names_and_null_clears,
    an_external_id_is_unique_on_its_board,
    scores_of_a_trashed_round_do_not_count_until_it_is_restored,
);
