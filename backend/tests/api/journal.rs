//! …/journal: who changed what and when, before and after. Every change, none left out.

use serde_json::{Value, json};

use crate::support::{Board, TestApp, assert_answer, both_engines};

/// The rows of one revision, in the order of their items.
fn rows_of(board: &Board, revision: &Value) -> Vec<Value> {
    let mut rows: Vec<Value> = board
        .journal()
        .into_iter()
        .filter(|row| row["revision"] == *revision)
        .collect();
    rows.sort_by_key(|row| row["item"].as_i64());
    rows
}

/// Changes everything on a board in every way: 14 revisions.
fn change_everything(board: &Board, [ana, ben]: &[String; 2]) {
    let score = format!("/scores/{}", board.entry(ana, 3));
    let round = format!("/rounds/{}", board.round("One"));
    let player = format!("/players/{ben}");
    let edits = [
        (score, json!({"value": 4})),
        (round, json!({"state": "closed"})),
        (player, json!({"name": "Benno"})),
        (String::new(), json!({"title": "Saturday"})),
    ];
    for (path, edit) in edits {
        board.patch(&path, edit).expect(200);
        board.delete(&path).expect(204);
        board
            .post(&format!("{path}/restore"), json!({}))
            .expect(200);
    }
}

fn every_change_has_its_rows(app: &TestApp) {
    let board = app.any_board();
    let players = board.players(["Ana", "Ben"]);
    change_everything(&board, &players);

    let place = |row: &Value| {
        (
            row["revision"].as_i64().unwrap(),
            row["item"].as_i64().unwrap(),
        )
    };
    let mut places: Vec<(i64, i64)> = board.journal().iter().map(place).collect();
    places.sort_unstable();
    let mut expected: Vec<(i64, i64)> = (1..=16).map(|revision| (revision, 0)).collect();
    expected.insert(2, (2, 1));
    assert_eq!(places, expected);
    assert_eq!(board.revision(), 16);
}

fn a_row_says_who_what_and_when(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let revision = board.add(&ana, 3)["revision"].clone();
    assert_answer!(json!(rows_of(&board, &revision)), @r#"
    [
      {
        "action": "score.added",
        "actor": {
          "id": "[lnk]",
          "role": "own"
        },
        "after": {
          "client_id": null,
          "op": "add",
          "player_id": "[plr]",
          "round_id": null,
          "tiebreak": null,
          "value": 3
        },
        "at": "[time]",
        "before": null,
        "can_undo": true,
        "entity": "[scr]",
        "item": 0,
        "player": {
          "id": "[plr]",
          "rank": 1,
          "total": 3
        },
        "revision": 3,
        "undone_by": null
      }
    ]
    "#);
}

fn an_edit_keeps_what_was_and_what_is(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let score = board.entry(&ana, 3);
    let changes = [
        ("", json!({"title": "Saturday"}), json!({"title": "Friday"})),
        (
            &format!("/players/{ana}"),
            json!({"name": "Anna"}),
            json!({"name": "Ana"}),
        ),
        (
            &format!("/scores/{score}"),
            json!({"value": 4}),
            json!({"value": 3}),
        ),
    ];
    for (rest, after, before) in changes {
        board.patch(rest, &after).expect(200);
        let rows = rows_of(&board, &json!(board.revision()));
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert_eq!((&rows[0]["before"], &rows[0]["after"]), (&before, &after));
    }
}

fn the_parts_of_a_batch_are_the_items_of_one_revision(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let items = vec![json!({"player_id": ana, "value": 1}); 3];
    let done = board
        .post("/scores/batch", json!({"items": items}))
        .expect(201);
    let rows = rows_of(&board, &done["revision"]);
    let places: Vec<&Value> = rows.iter().map(|row| &row["item"]).collect();
    assert_eq!(places, [0, 1, 2]);
}

fn what_was_refused_leaves_no_row(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    board
        .submit(json!({"player_id": ana, "value": 0.5}))
        .expect(422);
    board.patch("", json!({"titel": "x"})).expect(422);
    app.anonymous()
        .patch(&board.path(""), json!({"title": "x"}))
        .expect(401);
    app.any_board()
        .owner
        .patch(&board.public_path(""), json!({"title": "x"}))
        .expect(403);
    assert_eq!((board.journal().len(), board.revision()), (2, 2));
}

fn the_journal_is_for_the_owner_alone(app: &TestApp) {
    let board = app.board(json!({"title": "League", "visibility": "public"}));
    for path in [board.path("/journal"), board.public_path("/journal")] {
        app.anonymous().get(&path).problem(401, "unauthenticated");
        app.any_board().owner.get(&path).problem(403, "forbidden");
        board.owner.get(&path).expect(200);
    }
    app.any_board()
        .owner
        .get(&app.any_board().path("/journal"))
        .problem(404, "not_found");
}

fn the_journal_holds_no_secret(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    board.add(&ana, 3);
    let journal = json!(board.journal()).to_string();
    assert!(
        !journal.contains("shl_") && !journal.contains("hash") && !journal.contains("digest"),
        "{journal}"
    );
}

both_engines!(
    every_change_has_its_rows,
    a_row_says_who_what_and_when,
    an_edit_keeps_what_was_and_what_is,
    the_parts_of_a_batch_are_the_items_of_one_revision,
    what_was_refused_leaves_no_row,
    the_journal_is_for_the_owner_alone,
    the_journal_holds_no_secret,
);
