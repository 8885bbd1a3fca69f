//! While a server is being looked after it refuses changes in words that clients understand, and goes on
//! with all that is safe.

use scorehold::domain::maintenance::{Fault, Mode};
use serde_json::{Value, json};

use crate::support::{Answer, Board, Client, TestApp, both_engines, uuid};

fn fault(mode: Mode) -> Fault {
    let why = "the archive does not answer".to_owned();
    Fault { mode, why }
}

/// Waits until a server has heard of it.
#[track_caller]
fn knows(server: &Client, mode: Option<&str>) -> Answer {
    server.until("/readyz", |ready| {
        ready["maintenance"]["mode"].as_str() == mode
    })
}

fn tap(board: &Board, player: &str, client_id: &str) -> Answer {
    board.submit(json!({"player_id": player, "value": 1, "client_id": client_id}))
}

fn a_person_stops_changes_on_every_server(app: &TestApp) {
    let other = app.second_server();
    let board = app.any_board();
    let (ana, client_id) = (board.player("Ana"), uuid());
    app.command(&["maintenance", "on", "--reason", "We move house."])
        .unwrap();
    for server in [app.root(), other.root()] {
        let ready = knows(&server, Some("read_only")).expect(200);
        assert_eq!(
            ready["maintenance"],
            json!({"mode": "read_only", "by": "person", "why": "We move house."})
        );
    }
    let refused = tap(&board, &ana, &client_id).problem(503, "maintenance");
    assert_eq!(refused["detail"], "We move house.");
    assert_eq!(refused["mode"], "read_only");
    assert_eq!(refused.need("Retry-After"), "5");
    app.command(&["maintenance", "off"]).unwrap();
    for server in [app.root(), other.root()] {
        knows(&server, None).expect(200);
    }
    tap(&board, &ana, &client_id).expect(201);
    tap(&board, &ana, &client_id).expect(200);
    assert_eq!(board.total(&ana), 1);
}

fn reading_and_watching_go_on(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let mut stream = board.stream("/events");
    assert_eq!(stream.next().name, "snapshot");
    app.breaks(fault(Mode::ReadOnly));
    assert_eq!(board.table(), json!([[null, "Ana", null]]));
    board.journal();
    let second = board.stream("/events").next();
    assert_eq!(second.data["player_count"], 1);
    app.mend();
    knows(&app.root(), None);
    board.add(&ana, 3);
    assert_eq!(stream.next().data["items"][0]["player"]["total"], 3);
}

/// Whoever asks for it, a middleware or not.
fn nothing_is_written_meanwhile(app: &TestApp) {
    let board = app.any_board();
    let before = board.revision();
    app.breaks(fault(Mode::ReadOnly));
    for (method, path) in [
        ("POST", "/players"),
        ("PATCH", ""),
        ("DELETE", ""),
        ("PUT", "/players/by-external/a"),
        ("POST", "/scores/batch"),
        ("POST", "/nothing"),
    ] {
        board
            .json(method, path, json!({"title": "x"}))
            .problem(503, "maintenance");
    }
    app.anonymous()
        .post("/games", json!({"title": "x"}))
        .problem(503, "maintenance");
    app.anonymous()
        .post("/auth/login", json!({}))
        .problem(503, "maintenance");
    let refused = app.attempt(|_| Ok(()));
    assert_eq!(refused.unwrap_err().code.name(), "maintenance");
    assert_eq!(board.revision(), before);
}

fn in_full_maintenance_only_the_operator_is_answered(app: &TestApp) {
    let board = app.any_board();
    app.command(&["maintenance", "on", "--full"]).unwrap();
    let ready = knows(&app.root(), Some("full"));
    assert_eq!(
        (ready.status, &ready["maintenance"]["why"]),
        (503, &Value::Null)
    );
    board.get("").problem(503, "maintenance");
    board.get("/standings").problem(503, "maintenance");
    board
        .post("/players", json!({"name": "Ana"}))
        .problem(503, "maintenance");
    app.root().get("/healthz").expect(200);
    app.root().get("/openapi.json").expect(200);
    app.root().get("/problems/maintenance").expect(200);
}

fn what_a_person_set_only_a_person_lifts_and_the_reverse(app: &TestApp) {
    let board = app.any_board();
    let by = |who: Option<&str>| {
        app.root().until("/readyz", |ready| {
            ready["maintenance"]["by"].as_str() == who
        })
    };
    app.command(&["maintenance", "on"]).unwrap();
    by(Some("person")).expect(200);
    app.breaks(fault(Mode::ReadOnly));
    let ready = by(Some("watchdog")).expect(503);
    assert_eq!(ready["maintenance"]["why"], "the archive does not answer");
    let refused = board
        .post("/players", json!({}))
        .problem(503, "maintenance");
    assert!(!refused.text.contains("archive"), "{}", refused.text);
    app.mend();
    by(Some("person")).expect(200);
    app.breaks(fault(Mode::ReadOnly));
    by(Some("watchdog"));
    app.command(&["maintenance", "off"]).unwrap();
    app.mend();
    by(None).expect(200);
    board.player("Ana");
}

both_engines!(
    a_person_stops_changes_on_every_server,
    reading_and_watching_go_on,
    nothing_is_written_meanwhile,
    in_full_maintenance_only_the_operator_is_answered,
    what_a_person_set_only_a_person_lifts_and_the_reverse,
);
