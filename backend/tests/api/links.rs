//! …/links: who else may do what on a board, and for how long.

use serde_json::{Value, json};

use crate::access::ask;
use crate::support::{Answer, Board, Client, Process, TestApp, both_engines, uuid};

/// Somebody who was given a link.
struct Guest {
    id: String,
    token: String,
    client: Client,
}

fn make(board: &Board, role: &str, name: &str) -> Answer {
    board
        .post("/links", json!({"role": role, "name": name}))
        .expect(201)
}

fn guest(app: &TestApp, board: &Board, role: &str) -> Guest {
    let made = make(board, role, "Guest");
    let text = |member: &str| made[member].as_str().unwrap().to_owned();
    let client = app.anonymous().bearer(&text("token"));
    Guest {
        id: text("id"),
        token: text("token"),
        client: client.under(&board.path("")),
    }
}

fn a_link_shows_its_token_once(app: &TestApp) {
    let board = app.any_board();
    let made = make(&board, "score", "Referee tablet");
    made.has(json!({
        "role": "score", "name": "Referee tablet", "version": 1,
        "expires_at": null, "revoked_at": null, "last_used_at": null,
    }));
    let (id, token) = (
        made["id"].as_str().unwrap(),
        made["token"].as_str().unwrap(),
    );
    assert!(id.starts_with("lnk_") && token.starts_with("shl_"));
    assert_eq!(made.location(), format!("/games/{}/links/{id}", board.slug));
    let address = format!("/b/{}#k={token}", board.slug);
    assert!(made["url"].as_str().unwrap().ends_with(&address));

    let list = board.get("/links").expect(200);
    assert_eq!(
        list.column("name"),
        [json!("Owner"), json!("Referee tablet")]
    );
    assert!(!list.text.contains("shl_"));
    let journal = board.get("/journal").expect(200);
    assert!(!journal.text.contains("shl_"));
}

fn a_link_made_twice_by_one_request_is_one(app: &TestApp) {
    let board = app.any_board();
    let once = board.with("Idempotency-Key", &uuid());
    let body = json!({"role": "view", "name": "Wall"});
    let (first, second) = (once.post("/links", &body), once.post("/links", &body));
    assert_eq!(first.expect(201).json, second.expect(201).json);
    assert_eq!(board.get("/links").rows().len(), 2);
}

fn each_role_may_do_what_it_says(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let score = json!({"player_id": ana, "value": 1});
    let [view, scorer, owner] =
        ["view", "score", "own"].map(|role| guest(app, &board, role).client);
    for client in [&view, &scorer, &owner] {
        client.get("/standings").expect(200);
    }
    view.post("/scores", &score).problem(403, "forbidden");
    for client in [&scorer, &owner] {
        client.post("/scores", &score).expect(201);
        client.post("/players", json!({"name": "Ben"})).expect(201);
    }
    for client in [&view, &scorer] {
        client.get("/links").problem(403, "forbidden");
        client
            .post("/links", json!({"role": "own", "name": "Me"}))
            .problem(403, "forbidden");
        client
            .patch("", json!({"title": "Mine"}))
            .problem(403, "forbidden");
        client.delete("").problem(403, "forbidden");
    }
    owner.patch("", json!({"title": "Ours"})).expect(200);
    owner.get("/links").expect(200);
}

fn a_board_says_what_its_reader_may_do(app: &TestApp) {
    let board = app.any_board();
    let mut tags = Vec::new();
    for role in ["own", "score", "view"] {
        let read = guest(app, &board, role).client.get("").expect(200);
        assert_eq!(read["my_role"], role);
        tags.push(read.need("ETag").split('.').skip(2).collect::<String>());
    }
    let stranger = app.anonymous().get(&board.public_path("")).expect(200);
    assert_eq!(stranger["my_role"], Value::Null);
    tags.push(stranger.need("ETag").split('.').skip(2).collect());
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 4, "two readers share a tag");
}

fn a_change_names_its_link(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let scorer = guest(app, &board, "score");
    let mut stream = app
        .anonymous()
        .stream(&board.public_path(&format!("/events?after={}", board.revision())));
    let score = json!({"player_id": ana, "value": 1});
    scorer.client.post("/scores", score).expect(201);
    assert_eq!(
        board.journal()[0]["actor"],
        json!({"role": "score", "id": scorer.id})
    );
    assert_eq!(stream.next().data["actor"], json!({"role": "score"}));
    let list = board.get("/links").expect(200);
    let used = list.rows().iter().find(|link| link["id"] == scorer.id);
    assert!(used.unwrap()["last_used_at"].is_string());
}

fn one_minute_of_use_is_written_down_once(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let scorer = guest(app, &board, "score");
    let server = Process::serve(&app.database, &[("SCOREHOLD__LOG__LEVEL", "trace")]);
    let client = server.anonymous().bearer(&scorer.token);
    let last = uuid();
    for id in [&uuid(), &uuid(), &last] {
        let score = json!({"player_id": ana, "value": 1});
        let client = client.with("Request-Id", id);
        client.post(&board.path("/scores"), score).expect(201);
    }
    let log = server.log_until(|line| line["request_id"] == *last);
    let sent = |words: &str| log.iter().filter(|line| line.contains(words)).count();
    let quote = if app.is_sqlite() { "`" } else { "\\\"" };
    assert_eq!(sent(&format!("INSERT INTO {quote}journal{quote}")), 3);
    assert_eq!(sent(&format!("UPDATE {quote}links{quote}")), 1);
}

fn what_is_no_longer_valid_is_refused_like_what_never_was(app: &TestApp) {
    let board = app.any_board();
    let [revoked, expired, rotated] = [(); 3].map(|()| guest(app, &board, "own"));
    board.delete(&format!("/links/{}", revoked.id)).expect(204);
    expire(app, &board, &expired);
    board
        .post(&format!("/links/{}/rotate", rotated.id), json!({}))
        .expect(200);
    let never = app
        .anonymous()
        .bearer("shl_00000000000000000000000000000000")
        .under(&board.path(""));
    let mut answers: Vec<String> = [revoked.client, expired.client, rotated.client, never]
        .iter()
        .flat_map(|client| {
            [
                client.get(""),
                client.post("/players", json!({"name": "Eve"})),
            ]
        })
        .map(|answer| {
            let answer = answer.problem(401, "invalid_credential");
            answer["detail"].to_string()
        })
        .collect();
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(board.read()["player_count"], 0);
}

/// Lets a link's time pass.
fn expire(app: &TestApp, board: &Board, link: &Guest) {
    let ends = "2999-01-01T00:00:00.000Z";
    board
        .patch(&format!("/links/{}", link.id), json!({"expires_at": ends}))
        .expect(200);
    app.database
        .execute("UPDATE links SET expires_at = 1 WHERE expires_at > 1")
        .unwrap();
}

fn revoking_is_for_ever_and_stays_visible(app: &TestApp) {
    let board = app.any_board();
    let link = guest(app, &board, "score");
    let path = format!("/links/{}", link.id);
    board.delete(&path).expect(204);
    board.delete(&path).problem(404, "not_found");
    board
        .patch(&path, json!({"name": "Back"}))
        .problem(404, "not_found");
    board
        .post(&format!("{path}/rotate"), json!({}))
        .problem(404, "not_found");
    let list = board.get("/links").expect(200);
    assert!(list.rows()[1]["revoked_at"].is_string());
    assert_eq!(board.journal()[0]["action"], "link.revoked");
    assert_eq!(board.journal()[0]["entity"], link.id);
}

fn a_stream_ends_with_its_link(app: &TestApp) {
    let board = app.any_board();
    let [gone, kept] = [(); 2].map(|()| guest(app, &board, "view"));
    let after = format!("/events?after={}", board.revision());
    let ticket = gone.client.post("/events/ticket", json!({})).expect(201);
    let ticketed = format!("{after}&ticket={}", ticket["ticket"].as_str().unwrap());
    let ending = [
        gone.client.stream(&after),
        app.anonymous().stream(&board.path(&ticketed)),
    ];
    let mut lasting = kept.client.stream(&after);
    board.delete(&format!("/links/{}", gone.id)).expect(204);
    for stream in ending {
        assert_eq!(stream.rest(), []);
    }
    assert_eq!(lasting.next().data["action"], "link.revoked");
    board.player("Ana");
    assert_eq!(lasting.next().data["action"], "player.added");
}

fn a_renewed_link_has_one_token(app: &TestApp) {
    let board = app.any_board();
    let link = guest(app, &board, "score");
    let once = board.with("Idempotency-Key", &uuid());
    let path = format!("/links/{}/rotate", link.id);
    let renewed = once.post(&path, json!({})).expect(200);
    assert_eq!(once.post(&path, json!({})).expect(200).json, renewed.json);
    renewed.has(json!({"id": link.id, "role": "score", "version": 2}));
    let token = renewed["token"].as_str().unwrap();
    assert_ne!(token, link.token);
    let again = app.anonymous().bearer(token).under(&board.path(""));
    again.post("/players", json!({"name": "Ana"})).expect(201);
    link.client.get("").problem(401, "invalid_credential");
}

fn a_link_does_not_renew_itself(app: &TestApp) {
    let board = app.any_board();
    let second = guest(app, &board, "own");
    let list = board.get("/links").expect(200);
    assert_eq!(list.column("current"), [json!(true), json!(false)]);
    second
        .client
        .post(&format!("/links/{}/rotate", second.id), json!({}))
        .problem(409, "link_in_use");
    second.client.get("").expect(200);
}

fn a_board_always_has_an_owner(app: &TestApp) {
    let board = app.any_board();
    let links = board.get("/links").expect(200);
    let first = format!("/links/{}", links.rows()[0]["id"].as_str().unwrap());
    let ends = json!({"expires_at": "2999-01-01T00:00:00.000Z"});
    board.delete(&first).problem(409, "last_own_link");
    board.patch(&first, &ends).problem(409, "last_own_link");
    let unchanged = board.get("/links").expect(200);
    assert_eq!(unchanged.rows()[0]["version"], 1);

    let second = guest(app, &board, "own");
    second.client.delete(&first).expect(204);
    board.get("").problem(401, "invalid_credential");
    second
        .client
        .delete(&format!("/links/{}", second.id))
        .problem(409, "last_own_link");
}

fn a_link_can_be_named_and_limited(app: &TestApp) {
    let board = app.any_board();
    let made = make(&board, "score", "Tablet");
    let path = format!("/links/{}", made["id"].as_str().unwrap());
    let ends = "2999-01-01T00:00:00.000Z";
    let edit = json!({"name": "Ana's phone", "expires_at": ends});
    let seen = board.with("If-Match", &made.need("ETag"));
    let edited = seen.patch(&path, &edit).expect(200);
    edited.has(json!({"name": "Ana's phone", "expires_at": ends, "version": 2}));
    let lost = seen.patch(&path, json!({"name": "Ben's phone"}));
    assert_eq!(
        lost.problem(412, "precondition_failed")["current"]["name"],
        "Ana's phone"
    );
    board
        .patch(&path, json!({"expires_at": null}))
        .expect(200)
        .has(json!({"expires_at": null, "version": 3}));
    assert_eq!(board.journal()[0]["before"], json!({"expires_at": ends}));
}

fn bad_links_are_refused(app: &TestApp) {
    let board = app.any_board();
    let revision = board.revision();
    let bad = [
        (json!({"role": "king", "name": "x"}), "/role"),
        (json!({"name": "x"}), "/role"),
        (json!({"role": "view", "name": ""}), "/name"),
        (
            json!({"role": "view", "name": "x", "expires_at": "soon"}),
            "/expires_at",
        ),
        (
            json!({"role": "view", "name": "x", "expires_at": "2020-01-01T00:00:00Z"}),
            "/expires_at",
        ),
        (
            json!({"role": "view", "name": "x", "token": "mine"}),
            "/token",
        ),
    ];
    for (body, pointer) in bad {
        board
            .post("/links", body)
            .problem_at(422, "invalid_fields", pointer);
    }
    let link = guest(app, &app.any_board(), "view");
    for (method, path, body) in [
        ("PATCH", format!("/links/{}", link.id), json!({"name": "x"})),
        ("DELETE", format!("/links/{}", link.id), Value::Null),
        ("POST", format!("/links/{}/rotate", link.id), json!({})),
    ] {
        ask(&board, &(method, path, body)).problem(404, "not_found");
    }
    assert_eq!(board.revision(), revision);
}

both_engines!(
    a_link_shows_its_token_once,
    a_link_made_twice_by_one_request_is_one,
    each_role_may_do_what_it_says,
    a_board_says_what_its_reader_may_do,
    a_change_names_its_link,
    one_minute_of_use_is_written_down_once,
    what_is_no_longer_valid_is_refused_like_what_never_was,
    revoking_is_for_ever_and_stays_visible,
    a_stream_ends_with_its_link,
    a_renewed_link_has_one_token,
    a_link_does_not_renew_itself,
    a_board_always_has_an_owner,
    a_link_can_be_named_and_limited,
    bad_links_are_refused,
);
