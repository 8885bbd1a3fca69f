//! …/scores: the ledger. Entries are added, amended, voided and restored; none is ever lost.

use serde_json::{Value, json};

use crate::support::{TestApp, both_engines, id_of, pretty};

fn a_tap_counts(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let tapped = board
        .submit(json!({"player_id": ana, "value": 3}))
        .expect(201);

    assert!(
        tapped
            .need("Location")
            .ends_with(&board.path(&format!("/scores/{}", id_of(&tapped["score"]))))
    );
    insta::assert_snapshot!(pretty(&tapped.json), @r#"
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
        .owner
        .get(&board.path(&format!("/scores/{}", id_of(&written["score"]))))
        .expect(200);
    assert_eq!(read.json, written["score"]);
    for (member, value) in full.as_object().unwrap() {
        assert_eq!(&read[member], value, "{member}");
    }
}

fn a_player_may_be_named_by_the_integrators_key(app: &TestApp) {
    let board = app.any_board();
    board
        .owner
        .put(
            &board.path("/players/by-external/u-17"),
            json!({"name": "Ana"}),
        )
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
            .owner
            .get(&board.path("/scores"))
            .expect(200)
            .column("value"),
        [5, 40, 2]
    );
}

fn what_is_wrong_is_named_by_a_pointer(app: &TestApp) {
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

fn a_player_of_another_board_is_unknown(app: &TestApp) {
    let (board, other) = (app.any_board(), app.any_board());
    let stranger = other.player("Ana");
    board
        .submit(json!({"player_id": stranger, "value": 1}))
        .problem_at(422, "unknown_player", "/player_id");
    board
        .owner
        .get(&board.path(&format!("/players/{stranger}")))
        .problem(404, "not_found");
    assert_eq!(other.total(&stranger), Value::Null);
}

fn an_amended_entry_counts_as_it_stands_now(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let first = board.entry(&ana, 3);
    board.add(&ana, 4);
    let path = board.path(&format!("/scores/{first}"));

    let amended = board
        .owner
        .patch(&path, json!({"value": 10, "note": "typing error"}))
        .expect(200);
    let score = board.owner.get(&path).expect(200);
    assert_eq!(
        (&score["value"], &score["note"]),
        (&json!(10), &json!("typing error"))
    );
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
        .owner
        .patch(
            &board.path(&format!("/scores/{first}")),
            json!({"value": 50}),
        )
        .expect(200);
    assert_eq!(board.total(&ana), 100);
}

fn amending_refuses_what_adding_refuses(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let path = board.path(&format!("/scores/{}", board.entry(&ana, 3)));
    let wrong = [
        (json!({"value": null}), "invalid_fields", "/value"),
        (json!({"value": 0.5}), "too_many_decimals", "/value"),
        (json!({"player_id": ana}), "invalid_fields", "/player_id"),
        (json!({"op": "set"}), "invalid_fields", "/op"),
        (json!({"client_id": null}), "invalid_fields", "/client_id"),
    ];
    for (body, code, pointer) in wrong {
        board
            .owner
            .patch(&path, body)
            .problem_at(422, code, pointer);
    }
    assert_eq!((board.total(&ana), board.revision()), (json!(3), 3));
}

fn a_voided_entry_no_longer_counts_and_can_come_back(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    board.add(&ana, 3);
    let second = board.entry(&ana, 4);
    let path = board.path(&format!("/scores/{second}"));

    assert_eq!(board.owner.delete(&path).expect(204).text, "");
    assert_eq!(board.total(&ana), 3);
    board.owner.get(&path).problem(404, "voided");
    board.owner.delete(&path).problem(404, "voided");
    board
        .owner
        .patch(&path, json!({"value": 1}))
        .problem(404, "voided");

    let restored = board
        .owner
        .post(&format!("{path}/restore"), json!({}))
        .expect(200);
    assert_eq!(
        (
            &restored["player"]["total"],
            &restored["score"]["voided_at"]
        ),
        (&json!(7), &Value::Null)
    );
    assert_eq!(board.owner.get(&path).expect(200)["value"], 4);
    board
        .owner
        .post(&format!("{path}/restore"), json!({}))
        .problem(409, "not_trashed");
}

fn without_entries_there_is_no_total(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let only = board.entry(&ana, 3);
    board
        .owner
        .delete(&board.path(&format!("/scores/{only}")))
        .expect(204);
    assert_eq!(board.table(), json!([[null, "Ana", null]]));
    let row = board.standings().rows()[0].clone();
    assert_eq!(
        (&row["entries"], &row["reached_at"]),
        (&json!(0), &Value::Null)
    );
}

fn voided_entries_are_listed_on_demand(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let first = board.entry(&ana, 3);
    let second = board.entry(&ana, 4);
    board
        .owner
        .delete(&board.path(&format!("/scores/{first}")))
        .expect(204);

    assert_eq!(
        board
            .owner
            .get(&board.path("/scores"))
            .expect(200)
            .column("id"),
        [json!(second)]
    );
    let voided = board
        .owner
        .get(&board.path("/scores?voided=true"))
        .expect(200);
    assert_eq!(voided.column("id"), [json!(first)]);
    assert!(voided.rows()[0]["voided_at"].is_string());
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
            .owner
            .get(&board.path(&format!("/scores?{filter}")))
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
    what_is_wrong_is_named_by_a_pointer,
    a_player_of_another_board_is_unknown,
    an_amended_entry_counts_as_it_stands_now,
    an_amended_entry_keeps_its_place_in_the_fold,
    amending_refuses_what_adding_refuses,
    a_voided_entry_no_longer_counts_and_can_come_back,
    without_entries_there_is_no_total,
    voided_entries_are_listed_on_demand,
    entries_are_filtered_by_player_and_round,
);
