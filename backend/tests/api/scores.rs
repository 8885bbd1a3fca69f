//! …/scores: the ledger. Entries are added, amended, voided and restored; none is ever lost.

use serde_json::{Value, json};

use crate::support::{TestApp, assert_answer, both_engines, id_of};

fn a_tap_counts(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let tapped = board
        .submit(json!({"player_id": ana, "value": 3}))
        .expect(201);

    assert_eq!(
        board.owner.get(&tapped.location()).expect(200).json,
        tapped["score"]
    );
    assert_answer!(tapped.json, @r#"
    {
      "player": {
        "id": "[plr]",
        "name": "Ana",
        "rank": 1,
        "total": 3
      },
      "revision": 3,
      "score": {
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
        "round_id": null,
        "tiebreak": null,
        "value": 3,
        "voided_at": null
      }
    }
    "#);
    assert_eq!(board.table(), json!([[1, "Ana", 3]]));
}

fn an_entry_reads_as_it_was_written(app: &TestApp) {
    let board = app.board(json!({"title": "a", "tiebreak_direction": "high", "decimals": 1}));
    let (ana, round) = (board.player("Ana"), board.round("One"));
    let full = json!({
        "player_id": ana, "value": -2.5, "op": "set", "tiebreak": 4, "round_id": round, "note": "after review",
        "client_id": "018f3b2e-7c1d-4a5e-9b8a-0123456789ab", "occurred_at": "2026-11-22T20:00:00.000Z",
    });
    let written = board.submit(full.clone()).expect(201);
    let read = board
        .get(&format!("/scores/{}", id_of(&written["score"])))
        .expect(200);
    assert_eq!(read.json, written["score"]);
    for (member, value) in full.as_object().unwrap() {
        assert_eq!(&read[member], value, "{member}");
    }
}

fn a_player_may_be_named_by_the_integrators_key(app: &TestApp) {
    let board = app.any_board();
    board
        .put("/players/by-external/u-17", json!({"name": "Ana"}))
        .expect(201);
    let tapped = board
        .submit(json!({"external_id": "u-17", "value": 3}))
        .expect(201);
    assert_eq!(
        (&tapped["player"]["name"], &tapped["player"]["total"]),
        (&json!("Ana"), &json!(3))
    );
    board
        .submit(json!({"external_id": "u-18", "value": 3}))
        .problem_at(422, "unknown_player", "/external_id");
}

fn set_replaces_and_add_goes_on_from_there(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    board.add(&ana, 5);
    assert_eq!(board.set(&ana, 40)["player"]["total"], 40);
    assert_eq!(board.add(&ana, 2)["player"]["total"], 42);
    assert_eq!(
        board
            .get("/scores?sort=recorded_at")
            .expect(200)
            .column("value"),
        [5, 40, 2]
    );
}

fn a_player_of_another_board_is_unknown(app: &TestApp) {
    let (board, other) = (app.any_board(), app.any_board());
    let stranger = other.player("Ana");
    board
        .submit(json!({"player_id": stranger, "value": 1}))
        .problem_at(422, "unknown_player", "/player_id");
    board
        .get(&format!("/players/{stranger}"))
        .problem(404, "not_found");
    assert_eq!(other.total(&stranger), Value::Null);
}

fn an_amended_entry_counts_as_it_stands_now(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let first = board.entry(&ana, 3);
    board.add(&ana, 4);
    let path = format!("/scores/{first}");

    let amended = board
        .patch(&path, json!({"value": 10, "note": "typing error"}))
        .expect(200);
    let score = board.get(&path).expect(200);
    score.has(json!({"value": 10, "note": "typing error"}));
    assert_eq!(amended["score"], score.json);
    assert_eq!(
        (&amended["player"]["total"], &amended["revision"]),
        (&json!(14), &json!(5))
    );
    assert_eq!(board.total(&ana), 14);
}

fn an_amended_entry_keeps_its_place_in_the_fold(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let first = board.entry(&ana, 3);
    board.set(&ana, 100);
    board
        .patch(&format!("/scores/{first}"), json!({"value": 50}))
        .expect(200);
    assert_eq!(board.total(&ana), 100);
}

fn entries_are_filtered_by_player_and_round(app: &TestApp) {
    let board = app.any_board();
    let ([ana, ben], round) = (board.players(["Ana", "Ben"]), board.round("One"));
    board.add(&ana, 1);
    board
        .submit(json!({"player_id": ana, "value": 2, "round_id": round}))
        .expect(201);
    board
        .submit(json!({"player_id": ben, "value": 3, "round_id": round}))
        .expect(201);
    let values = |filter: &str| {
        board
            .get(&format!("/scores?sort=recorded_at&{filter}"))
            .expect(200)
            .column("value")
    };
    assert_eq!(values(&format!("player_id={ana}")), [1, 2]);
    assert_eq!(values(&format!("round_id={round}")), [2, 3]);
    assert_eq!(values(&format!("player_id={ana}&round_id={round}")), [2]);
}

both_engines!(
    a_tap_counts,
    an_entry_reads_as_it_was_written,
    a_player_may_be_named_by_the_integrators_key,
    set_replaces_and_add_goes_on_from_there,
    a_player_of_another_board_is_unknown,
    an_amended_entry_counts_as_it_stands_now,
    an_amended_entry_keeps_its_place_in_the_fold,
    entries_are_filtered_by_player_and_round,
);
