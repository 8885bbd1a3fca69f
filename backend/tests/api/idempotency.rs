//! `Idempotency-Key`: a request that is sent again is answered as it was the first time.

use serde_json::json;

use crate::support::{Answer, Client, TestApp, both_engines, uuid};

/// What a client sees of an answer.
fn seen(answer: &Answer) -> (u16, &str, Option<String>, Option<String>) {
    (
        answer.status,
        &answer.text,
        answer.header("ETag"),
        answer.header("Location"),
    )
}

fn a_board_made_twice_is_one_board(app: &TestApp) {
    let stranger = app.anonymous().with("Idempotency-Key", &uuid());
    let first = stranger
        .post("/games", json!({"title": "Friday"}))
        .expect(201);
    let again = stranger
        .post("/games", json!({"title": "Friday"}))
        .expect(201);

    assert_eq!(seen(&again), seen(&first));
    assert!(again["own_token"].as_str().unwrap().starts_with("shl_"));
    assert_eq!(first.header("Idempotency-Replayed"), None);
    assert_eq!(again.need("Idempotency-Replayed"), "true");
    assert_eq!(
        app.database.number("SELECT count(*) AS number FROM games"),
        1
    );
}

fn the_token_of_a_replay_opens_the_board(app: &TestApp) {
    let (key, restarted) = (uuid(), app.second_server());
    let ask = |client: Client| {
        client
            .with("Idempotency-Key", &key)
            .post("/games", json!({"title": "Friday"}))
            .expect(201)
    };
    let (first, again) = (ask(app.anonymous()), ask(restarted.anonymous()));
    assert_eq!(again["own_token"], first["own_token"]);
    let owner = restarted
        .anonymous()
        .bearer(again["own_token"].as_str().unwrap());
    owner
        .patch(
            &format!("/games/{}", again["slug"].as_str().unwrap()),
            json!({"title": "Saturday"}),
        )
        .expect(200);
}

fn no_secret_is_stored(app: &TestApp) {
    let stranger = app.anonymous().with("Idempotency-Key", &uuid());
    let board = stranger
        .post("/games", json!({"title": "Friday"}))
        .expect(201);
    let token = board["own_token"].as_str().unwrap();
    let kept = "SELECT count(*) AS number FROM idempotency_keys WHERE answer LIKE '%Friday%'";
    assert_eq!(app.database.number(kept), 1);
    let secret = format!(
        "SELECT count(*) AS number FROM idempotency_keys WHERE answer LIKE '%{}%'",
        &token[4..]
    );
    assert_eq!(app.database.number(&secret), 0);
    let secret =
        "SELECT count(*) AS number FROM idempotency_keys WHERE answer LIKE '%shl#_%' ESCAPE '#'";
    assert_eq!(app.database.number(secret), 0);
}

fn another_body_is_refused(app: &TestApp) {
    let stranger = app.anonymous().with("Idempotency-Key", &uuid());
    stranger
        .post("/games", json!({"title": "Friday"}))
        .expect(201);
    stranger
        .post("/games", json!({"title": "Saturday"}))
        .problem(422, "idempotency_key_reused");
    assert_eq!(
        app.database.number("SELECT count(*) AS number FROM games"),
        1
    );
}

fn a_key_of_a_stranger_must_be_strong(app: &TestApp) {
    for weak in ["1", "friday", "00000000-0000-0000-0000-00000000000"] {
        let stranger = app.anonymous().with("Idempotency-Key", weak);
        stranger
            .post("/games", json!({"title": "Friday"}))
            .problem(422, "weak_idempotency_key");
    }
    assert_eq!(
        app.database.number("SELECT count(*) AS number FROM games"),
        0
    );
    let board = app.any_board();
    board
        .with("Idempotency-Key", "friday")
        .post("/players", json!({"name": "Ana"}))
        .expect(201);
}

fn a_key_that_is_none_is_refused(app: &TestApp) {
    let board = app.any_board();
    for wrong in ["", &"k".repeat(1000)] {
        let owner = board.with("Idempotency-Key", wrong);
        owner
            .post("/players", json!({"name": "Ana"}))
            .problem(400, "invalid_header");
    }
    assert_eq!(board.read()["player_count"], 0);
}

fn every_post_to_a_board_is_done_once(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let posts = [
        (board.path("/players"), json!({"name": "Ben"})),
        (
            board.path("/rounds"),
            json!({"label": "One", "scores": [{"player_id": ana, "value": 1}]}),
        ),
        (board.path("/scores"), json!({"player_id": ana, "value": 1})),
        (
            board.path("/scores/batch"),
            json!({"items": [{"player_id": ana, "value": 1}]}),
        ),
        (board.path("/events/ticket"), json!({})),
    ];
    for (path, body) in posts {
        let owner = board.owner.with("Idempotency-Key", &uuid());
        let first = owner.post(&path, &body).expect(201);
        let after = board.revision();
        let again = owner.post(&path, &body).expect(201);
        assert_eq!(seen(&again), seen(&first), "{path}");
        assert_eq!(again.need("Idempotency-Replayed"), "true");
        assert_eq!(board.revision(), after, "{path}");
    }
    assert_eq!(board.total(&ana), 3);
}

fn a_replay_is_the_first_answer_whatever_came_since(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let owner = board.with("Idempotency-Key", &uuid());
    let score = json!({"player_id": ana, "value": 3});
    let first = owner.post("/scores", &score).expect(201);
    board.add(&ana, 4);
    assert_eq!(owner.post("/scores", &score).expect(201).json, first.json);
}

fn a_refused_request_leaves_its_key_free(app: &TestApp) {
    let board = app.any_board();
    let owner = board.with("Idempotency-Key", "k1");
    owner
        .post("/players", json!({"name": ""}))
        .problem(422, "invalid_fields");
    owner.post("/players", json!({"name": "Ana"})).expect(201);
}

fn a_key_counts_for_one_path_and_one_principal(app: &TestApp) {
    let (board, other) = (app.any_board(), app.any_board());
    for board in [&board, &other] {
        let owner = board.with("Idempotency-Key", "k1");
        owner.post("/players", json!({"name": "Ana"})).expect(201);
        owner.post("/rounds", json!({"label": "One"})).expect(201);
    }
    let key = uuid();
    let body = json!({"title": "Friday"});
    let own = board
        .owner
        .with("Idempotency-Key", &key)
        .post("/games", &body)
        .expect(201);
    let strange = app
        .anonymous()
        .with("Idempotency-Key", &key)
        .post("/games", &body)
        .expect(201);
    assert_ne!(own["id"], strange["id"]);
}

fn a_replay_needs_the_credential_too(app: &TestApp) {
    let board = app.any_board();
    let key = uuid();
    board
        .with("Idempotency-Key", &key)
        .post("/players", json!({"name": "Ana"}))
        .expect(201);
    let stranger = app.anonymous().with("Idempotency-Key", &key);
    stranger
        .post(&board.path("/players"), json!({"name": "Ana"}))
        .problem(401, "unauthenticated");
}

both_engines!(
    a_board_made_twice_is_one_board,
    the_token_of_a_replay_opens_the_board,
    no_secret_is_stored,
    another_body_is_refused,
    a_key_of_a_stranger_must_be_strong,
    a_key_that_is_none_is_refused,
    every_post_to_a_board_is_done_once,
    a_replay_is_the_first_answer_whatever_came_since,
    a_refused_request_leaves_its_key_free,
    a_key_counts_for_one_path_and_one_principal,
    a_replay_needs_the_credential_too,
);
