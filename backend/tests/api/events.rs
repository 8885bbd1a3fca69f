//! …/events: live, in order, without a gap.

use serde_json::{Value, json};

use crate::support::{Board, Event, TestApp, assert_answer, both_engines};

/// A board that stands at revision 4: two players added as one change, then two scores.
pub fn running(app: &TestApp) -> (Board, [String; 2]) {
    let board = app.any_board();
    let players = board.players(["Ana", "Ben"]);
    board.add(&players[0], 3);
    board.add(&players[1], 5);
    (board, players)
}

pub fn ids(events: &[Event]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event.id.as_deref().unwrap())
        .collect()
}

fn a_stream_begins_with_a_snapshot(app: &TestApp) {
    let (board, _) = running(app);
    let mut stream = app.anonymous().stream(&board.public_path("/events"));
    let first = stream.next();
    assert_eq!(
        (first.name.as_str(), first.id.as_deref()),
        ("snapshot", Some("4"))
    );
    assert_eq!(
        (&first.data["revision"], &first.data["player_count"]),
        (&json!(4), &json!(2))
    );
    assert_eq!(first.data["data"], board.standings()["data"]);
}

fn a_snapshot_holds_a_hundred_rows(app: &TestApp) {
    let board = app.any_board();
    let players: Vec<Value> = (0..105)
        .map(|n| json!({"name": format!("Player {n}")}))
        .collect();
    board
        .post("/players", json!({"players": players}))
        .expect(201);
    let first = board.stream("/events").next();
    assert_eq!(
        (
            first.data["data"].as_array().unwrap().len(),
            &first.data["player_count"]
        ),
        (100, &json!(105))
    );
}

fn every_change_follows_at_once(app: &TestApp) {
    let (board, [ana, _]) = running(app);
    let mut stream = app.anonymous().stream(&board.public_path("/events"));
    stream.next();
    board.add(&ana, 4);
    let change = stream.next();
    assert_eq!(
        (change.name.as_str(), change.id.as_deref()),
        ("change", Some("5"))
    );
    assert_answer!(change.data, @r#"
    {
      "action": "score.added",
      "actor": {
        "role": "own"
      },
      "at": "[time]",
      "items": [
        {
          "action": "score.added",
          "entity": "[scr]",
          "player": {
            "id": "[plr]",
            "rank": 1,
            "total": 7
          }
        }
      ],
      "revision": 5
    }
    "#);
    board.patch("", json!({"title": "Saturday"})).expect(200);
    assert_eq!(stream.next().id.as_deref(), Some("6"));
}

fn more_than_twenty_items_are_to_be_fetched(app: &TestApp) {
    let (board, [ana, _]) = running(app);
    let mut stream = board.stream("/events?after=4");
    for count in [20, 21] {
        let items = vec![json!({"player_id": ana, "value": 1}); count];
        board
            .post("/scores/batch", json!({"items": items}))
            .expect(201);
        let change = stream.next();
        assert_eq!(change.data["refetch"] == true, count == 21, "{count}");
        let told = change.data["items"].as_array().map_or(0, Vec::len);
        assert_eq!(told, if count == 21 { 0 } else { 20 });
    }
}

fn a_replay_that_changed_nothing_is_no_event(app: &TestApp) {
    let (board, [ana, ben]) = running(app);
    let mut stream = board.stream("/events?after=4");
    let score =
        json!({"player_id": ana, "value": 1, "client_id": "018f3b2e-7c1d-4a5e-9b8a-0123456789ab"});
    board.submit(score.clone()).expect(201);
    board.submit(score).expect(200);
    board
        .submit(json!({"player_id": ana, "value": 0.5}))
        .expect(422);
    board.add(&ben, 1);
    assert_eq!(ids(&[stream.next(), stream.next()]), ["5", "6"]);
}

fn two_viewers_see_the_same(app: &TestApp) {
    let (board, [ana, _]) = running(app);
    let path = board.public_path("/events?after=4");
    let (mut one, mut two) = (app.anonymous().stream(&path), app.anonymous().stream(&path));
    for value in 1..=5 {
        board.add(&ana, value);
    }
    for _ in 1..=5 {
        assert_eq!(one.next(), two.next());
    }
}

/// A browser must be able to tell a quiet board from a dead connection, and one that waits behind a
/// proxy that the stream is open.
fn a_stream_shows_at_once_that_it_lives(app: &TestApp) {
    let (board, _) = running(app);
    board.stream("/events?after=4").ping();
}

fn another_boards_changes_are_not_told(app: &TestApp) {
    let ((board, [ana, _]), (other, [eve, _])) = (running(app), running(app));
    let mut stream = board.stream("/events?after=4");
    other.add(&eve, 100);
    board.add(&ana, 1);
    assert_eq!(stream.next().data["items"][0]["player"]["id"], ana);
}

fn going_to_the_trash_and_coming_back_are_changes_too(app: &TestApp) {
    let (board, _) = running(app);
    let mut stream = app
        .anonymous()
        .stream(&board.public_path("/events?after=4"));
    board.delete("").expect(204);
    let gone = stream.next();
    assert_eq!(
        (gone.id.as_deref(), &gone.data["action"]),
        (Some("5"), &json!("game.trashed"))
    );
    app.anonymous()
        .get(&board.public_path("/events"))
        .problem(404, "trashed");

    board.post("/restore", json!({})).expect(200);
    let mut stream = app
        .anonymous()
        .stream(&board.public_path("/events?after=5"));
    assert_eq!(stream.next().data["action"], "game.restored");
}

both_engines!(
    going_to_the_trash_and_coming_back_are_changes_too,
    a_stream_begins_with_a_snapshot,
    a_snapshot_holds_a_hundred_rows,
    a_stream_shows_at_once_that_it_lives,
    every_change_follows_at_once,
    more_than_twenty_items_are_to_be_fetched,
    a_replay_that_changed_nothing_is_no_event,
    two_viewers_see_the_same,
    another_boards_changes_are_not_told,
);
