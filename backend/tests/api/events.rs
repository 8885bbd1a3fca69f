//! …/events: live, in order, without a gap.

use serde_json::{Value, json};

use crate::support::{Board, Event, TestApp, both_engines, pretty};

/// A board that stands at revision 4: two players added as one change, then two scores.
fn running(app: &TestApp) -> (Board, [String; 2]) {
    let board = app.any_board();
    let players = board.players(["Ana", "Ben"]);
    board.add(&players[0], 3);
    board.add(&players[1], 5);
    (board, players)
}

fn ids(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.id.as_deref().unwrap()).collect()
}

fn a_stream_begins_with_a_snapshot(app: &TestApp) {
    let (board, _) = running(app);
    let mut stream = app.anonymous().stream(&board.public_path("/events"));
    let first = stream.next();
    assert_eq!((first.name.as_str(), first.id.as_deref()), ("snapshot", Some("4")));
    assert_eq!((&first.data["revision"], &first.data["player_count"]), (&json!(4), &json!(2)));
    assert_eq!(first.data["data"], board.standings()["data"]);
}

fn a_snapshot_holds_a_hundred_rows(app: &TestApp) {
    let board = app.any_board();
    let players: Vec<Value> = (0..105).map(|n| json!({"name": format!("Player {n}")})).collect();
    board.owner.post(&board.path("/players"), json!({"players": players})).expect(201);
    let first = board.owner.stream(&board.path("/events")).next();
    assert_eq!((first.data["data"].as_array().unwrap().len(), &first.data["player_count"]), (100, &json!(105)));
}

fn every_change_follows_at_once(app: &TestApp) {
    let (board, [ana, _]) = running(app);
    let mut stream = app.anonymous().stream(&board.public_path("/events"));
    stream.next();
    board.add(&ana, 4);
    let change = stream.next();
    assert_eq!((change.name.as_str(), change.id.as_deref()), ("change", Some("5")));
    insta::assert_snapshot!(pretty(&change.data), @r#"
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
    board.owner.patch(&board.path(""), json!({"title": "Saturday"})).expect(200);
    assert_eq!(stream.next().id.as_deref(), Some("6"));
}

fn after_zero_tells_everything(app: &TestApp) {
    let (board, [ana, _]) = running(app);
    let mut stream = board.owner.stream(&board.path("/events?after=0"));
    let told: Vec<Event> = (0..4).map(|_| stream.next()).collect();
    assert_eq!(ids(&told), ["1", "2", "3", "4"]);
    assert!(told.iter().all(|event| event.name == "change"));
    assert_eq!(told[1].data["items"].as_array().unwrap().len(), 2);
    assert_eq!(told[2].data["items"][0]["player"]["total"], 3);
    board.add(&ana, 1);
    assert_eq!(stream.next().id.as_deref(), Some("5"));
}

fn a_broken_stream_goes_on_where_it_broke(app: &TestApp) {
    let (board, [ana, _]) = running(app);
    let mut by_header = board.owner.with("Last-Event-ID", "2").stream(&board.path("/events"));
    let mut by_address = board.owner.stream(&board.path("/events?after=2"));
    let mut by_both = board.owner.with("Last-Event-ID", "2").stream(&board.path("/events?after=0"));
    board.add(&ana, 1);
    for stream in [&mut by_header, &mut by_address, &mut by_both] {
        let told: Vec<Event> = (0..3).map(|_| stream.next()).collect();
        assert_eq!(ids(&told), ["3", "4", "5"]);
    }
}

fn what_is_replayed_is_what_was_told_live(app: &TestApp) {
    let board = app.any_board();
    let mut live = board.owner.stream(&board.path("/events"));
    live.next();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let score = board.entry(&ana, 3);
    let round = json!({"label": "One", "scores": [{"player_id": ana, "value": 1}, {"player_id": ben, "value": 9}]});
    board.owner.post(&board.path("/rounds"), round).expect(201);
    board.owner.patch(&board.path(&format!("/scores/{score}")), json!({"value": 4})).expect(200);
    board.owner.delete(&board.path(&format!("/scores/{score}"))).expect(204);
    board.owner.post(&board.path(&format!("/scores/{score}/restore")), json!({})).expect(200);
    board.owner.delete(&board.path(&format!("/players/{ben}"))).expect(204);
    board.owner.patch(&board.path(""), json!({"rule": "best"})).expect(200);

    let told: Vec<Event> = (2..=9).map(|_| live.next()).collect();
    let mut replay = board.owner.stream(&board.path("/events?after=1"));
    let replayed: Vec<Event> = (2..=9).map(|_| replay.next()).collect();
    assert_eq!(replayed, told);
    let actions: Vec<&str> = told.iter().map(|event| event.data["action"].as_str().unwrap()).collect();
    assert_eq!(&actions[3..6], ["score.amended", "score.voided", "score.restored"]);
}

fn more_than_twenty_items_are_to_be_fetched(app: &TestApp) {
    let (board, [ana, _]) = running(app);
    let mut stream = board.owner.stream(&board.path("/events?after=4"));
    for count in [20, 21] {
        let items = vec![json!({"player_id": ana, "value": 1}); count];
        board.owner.post(&board.path("/scores/batch"), json!({"items": items})).expect(201);
        let change = stream.next();
        assert_eq!(change.data["refetch"] == true, count == 21, "{count}");
        let told = change.data["items"].as_array().map_or(0, Vec::len);
        assert_eq!(told, if count == 21 { 0 } else { 20 });
    }
}

fn a_replay_that_changed_nothing_is_no_event(app: &TestApp) {
    let (board, [ana, ben]) = running(app);
    let mut stream = board.owner.stream(&board.path("/events?after=4"));
    let score = json!({"player_id": ana, "value": 1, "client_id": "018f3b2e-7c1d-4a5e-9b8a-0123456789ab"});
    board.submit(score.clone()).expect(201);
    board.submit(score).expect(200);
    board.submit(json!({"player_id": ana, "value": 0.5})).expect(422);
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

fn another_boards_changes_are_not_told(app: &TestApp) {
    let ((board, [ana, _]), (other, [eve, _])) = (running(app), running(app));
    let mut stream = board.owner.stream(&board.path("/events?after=4"));
    other.add(&eve, 100);
    board.add(&ana, 1);
    assert_eq!(stream.next().data["items"][0]["player"]["id"], ana);
}

fn pollers_get_the_same_as_json(app: &TestApp) {
    let (board, _) = running(app);
    let mut stream = board.owner.stream(&board.path("/events?after=0"));
    let streamed: Vec<Value> = (0..4).map(|_| stream.next().data).collect();
    let poller = app.anonymous().with("Accept", "application/json");
    let polled = poller.get(&board.public_path("/events?after=0")).expect(200);
    assert_eq!(*polled.rows(), streamed);
    assert_eq!((&polled["revision"], &polled["has_more"]), (&json!(4), &json!(false)));
    assert_eq!(*poller.get(&board.public_path("/events?after=2")).expect(200).rows(), streamed[2..]);
    assert!(poller.get(&board.public_path("/events?after=4")).expect(200).rows().is_empty());
}

fn a_stream_ends_when_its_board_goes_to_the_trash(app: &TestApp) {
    let (board, _) = running(app);
    let stream = app.anonymous().stream(&board.public_path("/events?after=4"));
    board.owner.delete(&board.path("")).expect(204);
    let told = stream.rest();
    assert!(told.iter().all(|event| event.data["action"] == "game.trashed"), "{told:?}");
    app.anonymous().get(&board.public_path("/events")).problem(404, "trashed");
}

fn a_place_that_is_none_is_refused(app: &TestApp) {
    let (board, _) = running(app);
    for wrong in ["-1", "x", "1.5", ""] {
        board.owner.get(&board.path(&format!("/events?after={wrong}"))).problem_at(400, "invalid_parameter", "after");
    }
    board.owner.with("Last-Event-ID", "x").get(&board.path("/events")).problem(400, "invalid_header");
}

both_engines!(
    a_stream_begins_with_a_snapshot,
    a_snapshot_holds_a_hundred_rows,
    every_change_follows_at_once,
    after_zero_tells_everything,
    a_broken_stream_goes_on_where_it_broke,
    what_is_replayed_is_what_was_told_live,
    more_than_twenty_items_are_to_be_fetched,
    a_replay_that_changed_nothing_is_no_event,
    two_viewers_see_the_same,
    another_boards_changes_are_not_told,
    pollers_get_the_same_as_json,
    a_stream_ends_when_its_board_goes_to_the_trash,
    a_place_that_is_none_is_refused,
);
