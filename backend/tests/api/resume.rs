//! …/events after a break: from any place on, every change once, live or as JSON.

use serde_json::{Value, json};

use crate::events::{ids, running};
use crate::support::{Event, TestApp, both_engines};

fn after_zero_tells_everything(app: &TestApp) {
    let (board, [ana, _]) = running(app);
    let mut stream = board.stream("/events?after=0");
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
    let mut by_header = board.with("Last-Event-ID", "2").stream("/events");
    let mut by_address = board.stream("/events?after=2");
    let mut by_both = board.with("Last-Event-ID", "2").stream("/events?after=0");
    board.add(&ana, 1);
    for stream in [&mut by_header, &mut by_address, &mut by_both] {
        let told: Vec<Event> = (0..3).map(|_| stream.next()).collect();
        assert_eq!(ids(&told), ["3", "4", "5"]);
    }
}

fn what_is_replayed_is_what_was_told_live(app: &TestApp) {
    let board = app.any_board();
    let mut live = board.stream("/events");
    live.next();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let score = board.entry(&ana, 3);
    let round = json!({"label": "One", "scores": [{"player_id": ana, "value": 1}, {"player_id": ben, "value": 9}]});
    board.post("/rounds", round).expect(201);
    board
        .patch(&format!("/scores/{score}"), json!({"value": 4}))
        .expect(200);
    board.delete(&format!("/scores/{score}")).expect(204);
    board
        .post(&format!("/scores/{score}/restore"), json!({}))
        .expect(200);
    board.delete(&format!("/players/{ben}")).expect(204);
    board.patch("", json!({"rule": "best"})).expect(200);

    let told: Vec<Event> = (2..=9).map(|_| live.next()).collect();
    let mut replay = board.stream("/events?after=1");
    let replayed: Vec<Event> = (2..=9).map(|_| replay.next()).collect();
    assert_eq!(replayed, told);
    let actions: Vec<&str> = told
        .iter()
        .map(|event| event.data["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        &actions[3..6],
        ["score.amended", "score.voided", "score.restored"]
    );
}

fn pollers_get_the_same_as_json(app: &TestApp) {
    let (board, _) = running(app);
    let mut stream = board.stream("/events?after=0");
    let streamed: Vec<Value> = (0..4).map(|_| stream.next().data).collect();
    let poller = app.anonymous().with("Accept", "application/json");
    let polled = poller
        .get(&board.public_path("/events?after=0"))
        .expect(200);
    assert_eq!(*polled.rows(), streamed);
    polled.has(json!({"revision": 4, "has_more": false}));
    assert_eq!(
        *poller
            .get(&board.public_path("/events?after=2"))
            .expect(200)
            .rows(),
        streamed[2..]
    );
    assert!(
        poller
            .get(&board.public_path("/events?after=4"))
            .expect(200)
            .rows()
            .is_empty()
    );
}

fn a_place_that_is_none_is_refused(app: &TestApp) {
    let (board, _) = running(app);
    for wrong in ["-1", "x", "1.5", ""] {
        board
            .get(&format!("/events?after={wrong}"))
            .problem_at(400, "invalid_parameter", "after");
    }
    board
        .with("Last-Event-ID", "x")
        .get("/events")
        .problem(400, "invalid_header");
}

both_engines!(
    after_zero_tells_everything,
    a_broken_stream_goes_on_where_it_broke,
    what_is_replayed_is_what_was_told_live,
    pollers_get_the_same_as_json,
    a_place_that_is_none_is_refused,
);
