//! Bodies that are no bodies: every extractor's refusal is a problem, and nothing is written.

use serde_json::json;

use crate::support::{TestApp, both_engines};

fn what_is_no_json_is_said_so(app: &TestApp) {
    let client = app.anonymous().with("Content-Type", "application/json");
    let deep = "[".repeat(200_000);
    let broken: [&[u8]; 8] = [
        b"{",
        b"{\"title\": }",
        b"title=Friday",
        b"{\"title\": \"a\"} x",
        b"{'title': 'a'}",
        b"\xff\xfe",
        b"{\"title\": \"\xff\"}",
        deep.as_bytes(),
    ];
    for body in broken {
        client
            .send("POST", "/games", body)
            .problem(400, "invalid_json");
    }
    client
        .send("POST", "/games", "")
        .problem(400, "invalid_json");
    assert_eq!(
        app.database.number("SELECT count(*) AS number FROM games"),
        0
    );
}

fn json_of_another_shape_is_invalid(app: &TestApp) {
    let board = app.any_board();
    for body in [
        json!([]),
        json!(null),
        json!("Friday"),
        json!(7),
        json!([{"title": "a"}]),
    ] {
        app.anonymous()
            .post("/auth/logout", &body)
            .problem(422, "invalid_fields");
        app.anonymous()
            .post("/games", &body)
            .problem(422, "invalid_fields");
        board.patch("", &body).problem(422, "invalid_fields");
        board.post("/players", &body).problem(422, "invalid_fields");
        board
            .post("/scores/batch", &body)
            .problem(422, "invalid_fields");
    }
    for empty in [
        json!({"players": []}),
        json!({"players": [1]}),
        json!({"players": {}}),
    ] {
        board
            .post("/players", &empty)
            .problem(422, "invalid_fields");
    }
    assert_eq!(board.revision(), 1);
}

fn other_media_types_are_not_understood(app: &TestApp) {
    let board = app.any_board();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "application/jsonp",
        "",
    ] {
        let owner = board.owner.with("Content-Type", kind);
        owner
            .send("POST", &board.path("/players"), "{\"name\": \"Ana\"}")
            .problem(415, "unsupported_media_type");
        owner
            .send("PATCH", &board.path(""), "{\"title\": \"x\"}")
            .problem(415, "unsupported_media_type");
    }
    board
        .owner
        .send("POST", &board.path("/players"), "{\"name\": \"Ana\"}")
        .problem(415, "unsupported_media_type");
    let merge = board
        .owner
        .with("Content-Type", "application/merge-patch+json");
    merge
        .send("POST", &board.path("/players"), "{\"name\": \"Ana\"}")
        .problem(415, "unsupported_media_type");
    assert_eq!(board.revision(), 1);
}

fn parameters_of_a_media_type_do_no_harm(app: &TestApp) {
    let board = app.any_board();
    for kind in [
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/json;charset=UTF-8",
    ] {
        let owner = board.owner.with("Content-Type", kind);
        owner
            .send("POST", &board.path("/players"), "{\"name\": \"Ana\"}")
            .expect(201);
    }
}

fn a_body_has_a_limit(app: &TestApp) {
    let board = app.any_board();
    let name = |length: usize| json!({"name": "x".repeat(length)});
    board
        .post("/players", name(1024 * 1024))
        .problem(413, "body_too_large");
    board
        .post("/players", name(900 * 1024))
        .problem(422, "invalid_fields");
    board.player("Ana");
    assert_eq!(board.revision(), 2);
}

fn a_pointer_escapes_what_a_pointer_must(app: &TestApp) {
    let board = app.any_board();
    let body = json!({"name": "Ana", "a/b~c": 1});
    board
        .post("/players", body)
        .problem_at(422, "invalid_fields", "/a~1b~0c");
}

both_engines!(
    what_is_no_json_is_said_so,
    json_of_another_shape_is_invalid,
    other_media_types_are_not_understood,
    parameters_of_a_media_type_do_no_harm,
    a_body_has_a_limit,
    a_pointer_escapes_what_a_pointer_must,
);
