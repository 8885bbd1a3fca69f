//! …/events/ticket: a browser's stream sends no header, so that a ticket goes into the address.

use serde_json::json;

use crate::support::{Board, TestApp, both_engines};

fn ticket(board: &Board) -> String {
    let made = board.post("/events/ticket", json!({})).expect(201);
    assert_eq!(made["expires_in"], 60);
    made["ticket"].as_str().unwrap().to_owned()
}

fn a_ticket_opens_one_stream(app: &TestApp) {
    let board = app.any_board();
    let path = board.path(&format!("/events?ticket={}", ticket(&board)));
    let mut stream = app.anonymous().stream(&path);
    assert_eq!(stream.next().name, "snapshot");
    board.player("Ana");
    assert_eq!(stream.next().id.as_deref(), Some("2"));
    app.anonymous()
        .get(&path)
        .problem(401, "invalid_credential");
}

fn a_ticket_is_used_once_whichever_server_is_asked(app: &TestApp) {
    let board = app.any_board();
    let other = app.second_server();
    let path = board.path(&format!("/events?after=0&ticket={}", ticket(&board)));
    other.anonymous().stream(&path).next();
    app.anonymous()
        .get(&path)
        .problem(401, "invalid_credential");
}

fn a_ticket_is_for_one_board(app: &TestApp) {
    let (board, other) = (app.any_board(), app.any_board());
    let path = other.path(&format!("/events?ticket={}", ticket(&board)));
    app.anonymous().get(&path).problem(404, "not_found");
}

fn a_ticket_opens_nothing_else(app: &TestApp) {
    let board = app.any_board();
    app.anonymous()
        .bearer(&ticket(&board))
        .get(&board.path(""))
        .problem(401, "invalid_credential");
    app.anonymous()
        .get(&board.public_path(&format!("?ticket={}", ticket(&board))))
        .problem(400, "unknown_parameter");
}

fn what_is_no_ticket_is_refused(app: &TestApp) {
    let board = app.any_board();
    let good = ticket(&board);
    let (head, signature) = good.rsplit_once('.').unwrap();
    let reversed: String = signature.chars().rev().collect();
    for wrong in [
        "x",
        "",
        &board.token,
        &format!("{head}."),
        &format!("{head}.{reversed}"),
    ] {
        let path = board.public_path(&format!("/events?ticket={wrong}"));
        app.anonymous()
            .get(&path)
            .problem(401, "invalid_credential");
    }
    app.anonymous()
        .stream(&board.path(&format!("/events?ticket={good}")))
        .next();
}

fn a_ticket_of_another_installation_is_worthless(app: &TestApp) {
    let board = app.any_board();
    let elsewhere = TestApp::of_environment(app.database.engine, "test", &[]);
    let foreign = ticket(&elsewhere.any_board());
    let path = board.public_path(&format!("/events?ticket={foreign}"));
    app.anonymous()
        .get(&path)
        .problem(401, "invalid_credential");
}

fn a_stranger_gets_a_ticket_where_a_stranger_may_look(app: &TestApp) {
    let board = app.any_board();
    app.anonymous()
        .post(&board.public_path("/events/ticket"), json!({}))
        .expect(201);
    app.anonymous()
        .post(&board.path("/events/ticket"), json!({}))
        .problem(404, "not_found");
}

both_engines!(
    a_ticket_opens_one_stream,
    a_ticket_is_used_once_whichever_server_is_asked,
    a_ticket_is_for_one_board,
    a_ticket_opens_nothing_else,
    what_is_no_ticket_is_refused,
    a_ticket_of_another_installation_is_worthless,
    a_stranger_gets_a_ticket_where_a_stranger_may_look,
);
