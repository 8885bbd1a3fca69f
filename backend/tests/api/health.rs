//! /healthz, /readyz, /docs/ and what stands at the root.

use serde_json::json;

use crate::support::{Board, TestApp, both_engines};

fn the_process_is_healthy(app: &TestApp) {
    app.root().get("/healthz").expect(200);
}

fn the_server_is_ready_and_says_what_it_stands_on(app: &TestApp) {
    let ready = app.root().get("/readyz").expect(200);
    let text = ready.text.to_lowercase();
    for word in ["database", "schema", "archive", "guards"] {
        assert!(text.contains(word), "no word of {word} in {text}");
    }
    assert!(
        !text.contains("secret") && !text.contains("password") && !text.contains("postgres://"),
        "{text}"
    );
}

fn a_server_that_is_about_to_stop_is_healthy_but_not_ready(app: &TestApp) {
    let server = app.second_server();
    let board = Board::create(&server.anonymous(), json!({"title": "Friday"}));
    let mut stream = board.stream("/events");
    stream.next();
    server.drain();
    assert_eq!(server.root().get("/readyz").status, 503);
    server.root().get("/healthz").expect(200);
    assert_eq!(stream.rest(), []);
}

fn the_documentation_opens_with_a_policy_of_its_own(app: &TestApp) {
    let docs = app.root().get("/docs/").expect(200);
    assert!(docs.need("Content-Type").starts_with("text/html"));
    let policy = docs.need("Content-Security-Policy");
    assert!(
        policy.contains("default-src 'self'") || policy.contains("default-src 'none'"),
        "{policy}"
    );
    for foreign in ["//unpkg", "//cdn", "https://"] {
        assert!(!docs.text.contains(foreign), "{foreign} in {}", docs.text);
    }
}

fn the_documentation_loads_from_here_alone(app: &TestApp) {
    let docs = app.root().get("/docs/").expect(200);
    let mut files = 0;
    for quoted in docs
        .text
        .split(['"', '\''])
        .filter(|text| text.ends_with(".js") || text.ends_with(".css"))
    {
        let path = quoted.trim_start_matches("./").trim_start_matches("/docs/");
        app.root().get(&format!("/docs/{path}")).expect(200);
        files += 1;
    }
    assert!(files >= 2, "only {files} files in {}", docs.text);
}

fn answers_of_the_api_are_never_taken_for_something_else(app: &TestApp) {
    let board = app.any_board();
    for answer in [
        board.read(),
        app.anonymous().get("/games/x"),
        app.anonymous().post("/games", json!({})),
    ] {
        assert_eq!(answer.need("X-Content-Type-Options"), "nosniff");
    }
}

both_engines!(
    the_process_is_healthy,
    the_server_is_ready_and_says_what_it_stands_on,
    a_server_that_is_about_to_stop_is_healthy_but_not_ready,
    the_documentation_opens_with_a_policy_of_its_own,
    the_documentation_loads_from_here_alone,
    answers_of_the_api_are_never_taken_for_something_else,
);
