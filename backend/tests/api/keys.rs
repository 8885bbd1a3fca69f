//! `?key=`: a view link in an address.

use serde_json::json;

use crate::support::{Answer, Board, Process, TestApp, both_engines, id_of, uuid};

fn link(board: &Board, role: &str) -> Answer {
    let mut body = json!({"role": role, "name": "Wall"});
    if role == "join" {
        body["join"] = json!({"mode": "open", "scores": true});
    }
    board.post("/links", body).expect(201)
}

fn token(link: &Answer) -> String {
    link["token"].as_str().unwrap().to_owned()
}

/// A private board with two players and a round.
fn private_board(app: &TestApp) -> Board {
    let board = app
        .person("Ana")
        .board(json!({"title": "Class 4b", "visibility": "private"}));
    board.players(["Ana", "Ben"]);
    board
}

fn a_key_opens_what_its_link_opens(app: &TestApp) {
    let board = private_board(app);
    let key = token(&link(&board, "view"));
    let stranger = app.anonymous().with("Accept", "application/json");
    for path in [
        "",
        "/players",
        "/rounds",
        "/scores",
        "/standings",
        "/events",
    ] {
        let plain = board.path(path);
        stranger.get(&plain).problem(404, "not_found");
        let keyed = stranger.get(&format!("{plain}?key={key}")).expect(200);
        let sent = stranger.bearer(&key).get(&plain).expect(200);
        assert_eq!(keyed.json, sent.json, "{path}");
    }
    let game = stranger
        .get(&board.path(&format!("?key={key}")))
        .expect(200);
    assert_eq!(game["my_role"], "view");
    let mut stream = app
        .anonymous()
        .stream(&board.path(&format!("/events?after=1&key={key}")));
    assert_eq!(stream.next().data["action"], "player.added");
}

fn a_list_goes_on_with_its_key(app: &TestApp) {
    let board = private_board(app);
    let key = token(&link(&board, "view"));
    let stranger = app.anonymous();
    let path = board.path(&format!("/players?limit=1&key={key}"));
    let first = stranger.get(&path).expect(200);
    let next = first.need("Link");
    let next = next
        .trim_start_matches("</api/v1")
        .trim_end_matches(">; rel=\"next\"");
    let second = stranger.get(next).expect(200);
    assert_eq!(second.column("name"), [json!("Ben")]);
    // The cursor is of the list, whoever reads it.
    let cursor = first["next_cursor"].as_str().unwrap();
    let path = format!("/players?limit=1&cursor={cursor}");
    assert_eq!(board.get(&path).expect(200).json, second.json);
}

fn no_other_credential_may_stand_in_an_address(app: &TestApp) {
    let board = private_board(app);
    let invitation = link(&board, "join");
    let joined = app
        .anonymous()
        .bearer(&token(&invitation))
        .post(&board.path("/join"), json!({"name": "Zoe"}));
    let revoked = link(&board, "view");
    board
        .delete(&format!("/links/{}", id_of(&revoked.json)))
        .expect(204);
    let ticket = board.post("/events/ticket", json!({})).expect(201);
    let ticket = ticket["ticket"].as_str().unwrap().to_owned();
    let tokens = [
        token(&link(&board, "score")),
        token(&link(&board, "own")),
        token(&invitation),
        token(&joined.expect(201)),
        token(&revoked),
        board.token.clone(),
        ticket,
        String::new(),
        "shl_00000000000000000000000000000000".to_owned(),
    ];
    for token in tokens {
        for path in ["", "/standings", "/events", "/journal", "/seat"] {
            let path = board.path(&format!("{path}?key={token}"));
            let json = app.anonymous().with("Accept", "application/json");
            json.get(&path).problem(401, "invalid_credential");
        }
    }
}

fn a_key_is_read_once_and_only_to_look(app: &TestApp) {
    let board = private_board(app);
    let key = token(&link(&board, "view"));
    let keyed = |path: &str| board.path(&format!("{path}?key={key}"));
    let stranger = app.anonymous();
    stranger.get(&keyed("/journal")).problem(403, "forbidden");
    board
        .owner
        .get(&keyed(""))
        .problem(401, "invalid_credential");
    stranger
        .get(&format!("{}&key={key}", keyed("")))
        .problem(401, "invalid_credential");
    stranger
        .post(&keyed("/players"), json!({"name": "Eve"}))
        .problem(401, "unauthenticated");
    board
        .owner
        .post(&keyed("/players"), json!({"name": "Eve"}))
        .problem(400, "unknown_parameter");
    stranger
        .get(&format!("/games?key={key}"))
        .problem(400, "unknown_parameter");
    let other = app.any_board();
    stranger
        .get(&other.path(&format!("?key={key}")))
        .problem(404, "not_found");
}

fn the_log_never_shows_a_key(app: &TestApp) {
    let board = private_board(app);
    let [key, own] = ["view", "own"].map(|role| token(&link(&board, role)));
    let server = Process::serve(&app.database, &[("SCOREHOLD__LOG__LEVEL", "trace")]);
    let stranger = server.anonymous().with("Accept", "application/json");
    for (path, status) in [
        ("", 200),
        ("/standings", 200),
        ("/events", 200),
        ("/journal", 403),
        ("/players/plr_0000000000000", 404),
    ] {
        let path = board.path(&format!("{path}?key={key}"));
        stranger.get(&path).expect(status);
    }
    let wrong = board.path(&format!("/standings?limit=x&key={key}"));
    stranger.get(&wrong).problem(400, "invalid_parameter");
    let path = board.path(&format!("?key={own}"));
    stranger.get(&path).problem(401, "invalid_credential");
    let page = format!("/b/{}?key={key}", board.slug);
    let last = uuid();
    server
        .root()
        .with("Request-Id", &last)
        .get(&page)
        .expect(200);
    let log = server.log_until(|line| line["request_id"] == last);
    assert_eq!(
        log.iter()
            .filter(|line| line.contains("\"message\":\"request\""))
            .count(),
        8
    );
    for secret in [&key, &own] {
        assert!(log.iter().all(|line| !line.contains(&secret[4..])));
    }
}

both_engines!(
    a_key_opens_what_its_link_opens,
    a_list_goes_on_with_its_key,
    no_other_credential_may_stand_in_an_address,
    a_key_is_read_once_and_only_to_look,
    the_log_never_shows_a_key,
);
