//! …/rewind and ?at=: back to any moment, and forward again.

use serde_json::{Value, json};

use crate::support::{Answer, Board, TestApp, both_engines, uuid};
use crate::undo::undo;

#[track_caller]
fn rewind(board: &Board, to: i64) -> Answer {
    board.post("/rewind", json!({"to_revision": to}))
}

/// The whole standings, as they are or as they were.
#[track_caller]
fn shown(board: &Board, at: Option<i64>) -> Vec<Value> {
    let at = at.map_or(String::new(), |at| format!("&at={at}"));
    let answer = board.get(&format!("/standings?limit=1000{at}")).expect(200);
    answer.rows().clone()
}

/// What a row shows beside the number of edits.
fn seen(rows: &[Value]) -> Vec<Value> {
    let mut rows = rows.to_vec();
    for row in &mut rows {
        row["player"]["version"] = Value::Null;
    }
    rows
}

/// A history with everything in it, and the standings after each revision.
fn a_history(board: &Board) -> Vec<Vec<Value>> {
    let mut shows = vec![Vec::new(), shown(board, None)];
    let mut step = |done: Answer| {
        assert!(done.status < 300, "{}", done.text);
        shows.push(shown(board, None));
        done
    };
    let added = json!({"players": [{"name": "Ana", "external_id": "a"}, {"name": "Ben"}, {"name": "Cleo"}]});
    let added = step(board.post("/players", added));
    let [ana, ben, cleo] = [0, 1, 2].map(|n| added.rows()[n]["id"].as_str().unwrap().to_owned());
    let round = json!({"label": "One", "scores": [{"player_id": ana, "value": 5}, {"player_id": ben, "value": 3}]});
    let round = step(board.post("/rounds", round))["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let third = step(board.submit(json!({"player_id": cleo, "value": 4, "note": "late"})));
    let third = third["score"]["id"].as_str().unwrap().to_owned();
    step(board.patch(
        &format!("/scores/{third}"),
        json!({"value": 6, "note": "counted again"}),
    ));
    step(board.patch(
        "",
        json!({"title": "Saturday", "direction": "low", "decimals": 1}),
    ));
    step(board.submit(json!({"player_id": ben, "value": 0.5})));
    step(board.patch(
        &format!("/players/{ana}"),
        json!({"name": "Anna", "external_id": null}),
    ));
    step(board.patch(&format!("/players/{ben}"), json!({"external_id": "a"})));
    step(board.delete(&format!("/rounds/{round}")));
    step(board.delete(&format!("/scores/{third}")));
    step(board.delete(&format!("/players/{cleo}")));
    step(board.post("/players", json!({"name": "Dora"})));
    step(board.patch(
        "",
        json!({"rule": "best", "ties": "ordinal", "visibility": "public"}),
    ));
    shows
}

fn any_moment_is_shown_as_it_was(app: &TestApp) {
    let board = app.board(json!({"title": "Friday", "ties": "dense"}));
    let shows = a_history(&board);
    for (revision, expected) in shows.iter().enumerate().skip(1) {
        let revision = i64::try_from(revision).unwrap();
        assert_eq!(
            &shown(&board, Some(revision)),
            expected,
            "revision {revision}"
        );
    }
    let [first, .., last] = [&shows[3], &shows[4], &shows[5]];
    assert_ne!(first, last);
}

fn every_moment_can_be_gone_back_to_and_left_again(app: &TestApp) {
    let board = app.board(json!({"title": "Friday", "ties": "dense"}));
    let mut shows = a_history(&board);
    for to in (1..shows.len()).rev() {
        let (to, from) = (i64::try_from(to).unwrap(), board.revision());
        let went = rewind(&board, to);
        if to == from {
            assert_eq!(
                went.expect(200).json,
                json!({"revision": from, "restored": to})
            );
            continue;
        }
        assert_eq!(
            went.expect(201).json,
            json!({"revision": from + 1, "restored": to})
        );
        assert_eq!(
            totals(&board, None),
            totals(&board, Some(to)),
            "back to {to}"
        );
        shows.push(shown(&board, None));
        let undone = undo(&board, from + 1).expect(201);
        assert_eq!(undone["undid"], json!([from + 1]));
        assert_eq!(
            seen(&shown(&board, None)),
            seen(&shows[usize::try_from(from).unwrap()]),
            "away from {to}"
        );
        shows.push(shown(&board, None));
    }
    for (revision, expected) in shows.iter().enumerate().skip(1) {
        let revision = i64::try_from(revision).unwrap();
        assert_eq!(
            &shown(&board, Some(revision)),
            expected,
            "revision {revision}"
        );
    }
    let game = board.read();
    game.has(json!({"visibility": "public", "decimals": 1}));
}

/// `[rank, name, external_id, total, entries, reached_at]` of every row.
fn totals(board: &Board, at: Option<i64>) -> Vec<Value> {
    let row = |row: &Value| {
        let player = &row["player"];
        json!([
            row["rank"],
            player["name"],
            player["external_id"],
            row["total"],
            row["entries"],
            row["reached_at"]
        ])
    };
    shown(board, at).iter().map(row).collect()
}

fn what_came_after_going_back_stays_when_that_is_undone(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let first = board.entry(&ana, 3);
    board.add(&ben, 4);
    rewind(&board, 3).expect(201);
    assert_eq!(board.table(), json!([[1, "Ana", 3], [null, "Ben", null]]));
    board.add(&ben, 9);
    undo(&board, 5).expect(201);
    assert_eq!(board.table(), json!([[1, "Ben", 13], [2, "Ana", 3]]));

    rewind(&board, 2).expect(201);
    board
        .post(&format!("/scores/{first}/restore"), json!({}))
        .expect(200);
    let refused = undo(&board, 8).problem(409, "undo_conflict");
    refused.has(json!({"revision": 9}));
    assert_eq!(board.table(), json!([[1, "Ana", 3], [null, "Ben", null]]));
}

fn a_replay_after_going_back_counts_nothing(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let score = json!({"player_id": ana, "value": 3, "client_id": uuid()});
    let first = board.submit(score.clone()).expect(201);
    rewind(&board, 2).expect(201);
    let again = board.submit(score).expect(200);
    assert_eq!(again["score"]["id"], first["score"]["id"]);
    assert_eq!(
        (&again["player"]["total"], &again["revision"]),
        (&Value::Null, &json!(4))
    );
    assert_eq!(board.table(), json!([[null, "Ana", null]]));
    let keyed = board.with("Idempotency-Key", &uuid());
    let back = |board: &crate::support::Client| {
        board.post("/rewind", json!({"to_revision": 3})).expect(201)
    };
    assert_eq!(back(&keyed).json, back(&keyed).json);
    assert_eq!(board.total(&ana), 3);
}

fn other_boards_and_links_stay(app: &TestApp) {
    let (board, other) = (app.any_board(), app.any_board());
    let [ana, dan] = [board.player("Ana"), other.player("Dan")];
    let (_, scorer) = crate::undo::scorer(app, &board);
    other.add(&dan, 1);
    board.add(&ana, 1);
    let before = (shown(&other, None), other.revision());
    rewind(&board, 1).expect(201);
    assert_eq!((shown(&other, None), other.revision()), before);
    let score = json!({"player_id": ana, "value": 1});
    scorer
        .post("/scores", score)
        .problem_at(422, "unknown_player", "/player_id");
    assert_eq!(board.get("/links").expect(200).rows().len(), 2);
}

fn a_moment_is_named_by_its_time_too(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    app.pass(60);
    let entry = board.add(&ana, 3);
    app.pass(60);
    board.add(&ana, 4);
    let time = entry["score"]["recorded_at"].as_str().unwrap();
    let at = |when: &str| board.get(&format!("/standings?at={when}"));
    assert_eq!(at(time).expect(200).json, at("3").expect(200).json);
    assert_eq!(at(time)["revision"], 3);
    let went = board.post("/rewind", json!({"to_time": time})).expect(201);
    assert_eq!(
        (&went["restored"], board.total(&ana)),
        (&json!(3), json!(3))
    );

    let around = board
        .get(&format!("/standings/around/{ana}?at=4&window=1"))
        .expect(200);
    assert_eq!(
        (&around["revision"], &around.rows()[0]["total"]),
        (&json!(4), &json!(7))
    );
    let place = board.get(&format!("/standings/{ana}?at=2")).expect(200);
    place.has(json!({"revision": 2, "rank": null, "total": null}));
    board
        .get(&format!("/standings/{ana}?at=1"))
        .problem(404, "not_found");
}

fn a_moment_that_never_was_is_refused(app: &TestApp) {
    let board = app.any_board();
    board.player("Ana");
    let at = |when: &str| board.get(&format!("/standings?at={when}"));
    for when in ["0", "3", "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"] {
        let refused = at(when).problem(404, "no_such_moment");
        assert!(
            refused["detail"]
                .as_str()
                .unwrap()
                .contains("is at revision 2"),
            "{}",
            refused.text
        );
    }
    at("yesterday").problem_at(400, "invalid_parameter", "at");
    let back = |body: Value| board.post("/rewind", body);
    for to in [0, 3] {
        back(json!({"to_revision": to})).problem(404, "no_such_moment");
    }
    back(json!({"to_time": "2020-01-01T00:00:00Z"})).problem(404, "no_such_moment");
    back(json!({})).problem_at(422, "invalid_fields", "/to_revision");
    back(json!({"to_revision": 1, "to_time": "2020-01-01T00:00:00Z"})).problem_at(
        422,
        "invalid_fields",
        "/to_time",
    );
    assert_eq!(board.revision(), 2);
}

fn pages_of_then_go_on_where_they_ended(app: &TestApp) {
    let board = app.any_board();
    let players = board.players(["Ana", "Anton", "Ben", "Berta"]);
    for (player, value) in players.iter().zip([4, 3, 2, 1]) {
        board.add(player, value);
    }
    board
        .delete(&format!("/players/{}", players[0]))
        .expect(204);
    let first = board.get("/standings?at=6&limit=3").expect(200);
    assert_eq!((first.rows().len(), &first["has_more"]), (3, &json!(true)));
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = board
        .get(&format!("/standings?at=6&limit=3&cursor={cursor}"))
        .expect(200);
    assert_eq!(second.rows().len(), 1);
    assert_eq!(second.rows()[0]["rank"], 4);
    let found = board.get("/standings?at=6&q=an").expect(200);
    assert_eq!(found.column("rank"), [json!(1), json!(2)]);
}

fn watchers_are_told(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    board.add(&ana, 3);
    board.add(&ana, 4);
    rewind(&board, 3).expect(201);
    let told = board
        .with("Accept", "application/json")
        .get("/events?after=4")
        .expect(200);
    let change = &told.json["data"][0];
    assert_eq!(change["action"], "game.rewound", "{}", told.text);
    assert_eq!(
        change["items"][1]["player"],
        json!({"id": ana, "total": 3, "rank": 1})
    );
}

both_engines!(
    any_moment_is_shown_as_it_was,
    every_moment_can_be_gone_back_to_and_left_again,
    what_came_after_going_back_stays_when_that_is_undone,
    a_replay_after_going_back_counts_nothing,
    other_boards_and_links_stay,
    a_moment_is_named_by_its_time_too,
    a_moment_that_never_was_is_refused,
    pages_of_then_go_on_where_they_ended,
    watchers_are_told,
);
