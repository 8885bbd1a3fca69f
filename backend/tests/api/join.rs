//! …/join: one device, one player, by an invitation of the owner.

use serde_json::{Value, json};

use crate::support::{Answer, Board, Client, Engine, TestApp, both_engines, id_of, uuid};

/// An invitation, or a seat that was taken by one.
struct Guest {
    id: String,
    token: String,
    client: Client,
}

fn guest(app: &TestApp, board: &Board, link: &Answer) -> Guest {
    let text = |member: &str| link[member].as_str().unwrap().to_owned();
    Guest {
        id: text("id"),
        token: text("token"),
        client: app
            .anonymous()
            .bearer(&text("token"))
            .under(&board.path("")),
    }
}

fn invite(app: &TestApp, board: &Board, mode: &str, scores: bool) -> Guest {
    let join = json!({"mode": mode, "scores": scores});
    let body = json!({"role": "join", "name": "Table 1", "join": join});
    guest(app, board, &board.post("/links", body).expect(201))
}

/// Takes a seat.
fn sit(app: &TestApp, board: &Board, invitation: &Guest, name: &str) -> Guest {
    let seat = invitation.client.post("/join", json!({"name": name}));
    guest(app, board, &seat.expect(201))
}

fn an_invitation_says_how_people_come_in(app: &TestApp) {
    let board = app.any_board();
    let terms = json!({"mode": "approve", "scores": true});
    let body = json!({"role": "join", "name": "Table 1", "join": terms});
    let made = board.post("/links", body).expect(201);
    made.has(json!({"role": "join", "join": terms, "parent": null, "player_id": null}));
    let address = format!(
        "/b/{}/join#k={}",
        board.slug,
        made["token"].as_str().unwrap()
    );
    assert!(made["url"].as_str().unwrap().ends_with(&address));
    let path = format!("/links/{}", id_of(&made.json));
    let off = board
        .patch(&path, json!({"join": {"mode": "off"}}))
        .expect(200);
    off.has(json!({"join": {"mode": "off", "scores": true}, "version": 2}));
    assert_eq!(board.journal()[0]["before"], json!({"join": terms}));
}

fn who_joins_an_open_board_is_on_it(app: &TestApp) {
    let board = app.any_board();
    let invitation = invite(app, &board, "open", true);
    let mut stream = board.stream(&format!("/events?after={}", board.revision()));
    let body = json!({"name": "Ana", "colour": "#0072B2"});
    let seat = invitation.client.post("/join", body).expect(201);
    seat.has(json!({"name": "Ana", "colour": "#0072b2", "state": "joined", "scores": true}));
    assert_eq!(seat.location(), format!("/games/{}/seat", board.slug));
    let address = format!("/b/{}#k={}", board.slug, seat["token"].as_str().unwrap());
    assert!(seat["url"].as_str().unwrap().ends_with(&address));
    let ana = id_of(&seat["player"]);
    let player = board.get(&format!("/players/{ana}")).expect(200);
    assert_eq!(player.json, seat["player"]);
    player.has(json!({"name": "Ana", "colour": "#0072b2", "total": null, "rank": null}));

    let told = stream.next().data;
    assert_eq!(
        (&told["action"], &told["actor"]),
        (&json!("link.joined"), &json!({"role": "join"}))
    );
    assert_eq!(told["items"][1]["action"], "player.added");
    let seat = guest(app, &board, &seat);
    for row in &board.journal()[..2] {
        assert_eq!(row["actor"], json!({"role": "join", "id": seat.id}));
    }
    let list = board
        .get(&format!("/links?parent={}", invitation.id))
        .expect(200);
    assert_eq!(list.column("id"), [json!(seat.id)]);
    assert_eq!(list.rows()[0]["player_id"], ana);
    assert_eq!(seat.client.get("").expect(200)["my_role"], "join");
}

fn a_seat_plays_its_own_player_only(app: &TestApp) {
    let board = app.any_board();
    let ben = board.player("Ben");
    let bens = board.entry(&ben, 5);
    let invitation = invite(app, &board, "open", true);
    let seat = sit(app, &board, &invitation, "Ana").client;
    let ana = id_of(&seat.get("/seat").expect(200)["player"]);
    let mine = |value: i64| json!({"player_id": ana, "value": value});
    let entry = id_of(&seat.post("/scores", mine(3)).expect(201)["score"]);
    seat.post("/scores/batch", json!({"items": [mine(1), mine(1)]}))
        .expect(201);
    seat.patch(&format!("/scores/{entry}"), json!({"value": 4}))
        .expect(200);
    assert_eq!(board.total(&ana), 6);
    seat.delete(&format!("/scores/{entry}")).expect(204);
    assert_eq!(board.total(&ana), 2);
    let looks = json!({"name": "Anna", "colour": "#d55e00", "avatar": "🦊"});
    seat.patch(&format!("/players/{ana}"), &looks)
        .expect(200)
        .has(looks);

    let revision = board.revision();
    let theirs = json!({"player_id": ben, "value": 1});
    let refused = [
        seat.post("/scores", &theirs),
        seat.post("/scores/batch", json!({"items": [mine(1), theirs]})),
        seat.patch(&format!("/scores/{bens}"), json!({"value": 50})),
        seat.delete(&format!("/scores/{bens}")),
        seat.post(&format!("/scores/{entry}/restore"), json!({})),
        seat.patch(&format!("/players/{ben}"), json!({"name": "Me"})),
        seat.patch(&format!("/players/{ana}"), json!({"external_id": "x"})),
        seat.patch(&format!("/players/{ana}"), json!({"position": 1})),
        seat.patch(&format!("/players/{ana}"), json!({"team": "Red"})),
        seat.delete(&format!("/players/{ana}")),
        seat.post("/players", json!({"name": "Second"})),
        seat.post("/rounds", json!({"label": "One", "scores": [mine(1)]})),
        seat.post("/join", json!({"name": "Second"})),
        seat.get("/links"),
        seat.patch("", json!({"title": "Mine"})),
    ];
    for answer in refused {
        answer.problem(403, "forbidden");
    }
    assert_eq!(board.revision(), revision);
}

fn scores_are_the_owners_to_allow(app: &TestApp) {
    let board = app.any_board();
    let invitation = invite(app, &board, "open", false);
    let seat = sit(app, &board, &invitation, "Ana").client;
    let ana = id_of(&seat.get("/seat").expect(200)["player"]);
    let score = json!({"player_id": ana, "value": 1});
    seat.post("/scores", &score).problem(403, "forbidden");
    seat.patch(&format!("/players/{ana}"), json!({"name": "Anna"}))
        .expect(200);
    let allow = |scores: bool| {
        let path = format!("/links/{}", invitation.id);
        board
            .patch(&path, json!({"join": {"scores": scores}}))
            .expect(200);
    };
    allow(true);
    assert_eq!(seat.get("/seat").expect(200)["scores"], true);
    seat.post("/scores", &score).expect(201);
    allow(false);
    seat.post("/scores", &score).problem(403, "forbidden");
}

fn who_waits_is_let_in_by_the_owner(app: &TestApp) {
    let board = app.any_board();
    let invitation = invite(app, &board, "approve", true);
    let seat = sit(app, &board, &invitation, "Ana");
    let waiting = seat.client.get("/seat").expect(200);
    waiting.has(json!({"id": seat.id, "name": "Ana", "state": "waiting", "player": null}));
    assert_eq!(board.read()["player_count"], 0);
    let list = board.get("/links?state=waiting").expect(200);
    assert_eq!(list.column("name"), [json!("Ana")]);

    let mut stream = seat
        .client
        .stream(&format!("/events?after={}", board.revision()));
    let path = format!("/links/{}/approve", seat.id);
    let approved = board.post(&path, json!({})).expect(200);
    approved.has(json!({"id": seat.id, "parent": invitation.id, "version": 2}));
    assert_eq!(stream.next().data["action"], "link.approved");
    let joined = seat.client.get("/seat").expect(200);
    joined.has(json!({"state": "joined", "scores": true}));
    assert_eq!(joined["player"]["id"], approved["player_id"]);
    assert_eq!(
        board.get("/links?state=waiting").expect(200).rows().len(),
        0
    );
    let score = json!({"player_id": approved["player_id"], "value": 1});
    seat.client.post("/scores", score).expect(201);

    let revision = board.revision();
    let again = board.post(&path, json!({})).expect(200);
    again.has(json!({"player_id": approved["player_id"], "version": 2}));
    assert_eq!(
        (board.revision(), &board.read()["player_count"]),
        (revision, &json!(1))
    );
}

fn who_is_declined_is_out(app: &TestApp) {
    let board = app.any_board();
    let invitation = invite(app, &board, "approve", true);
    let device = json!({"name": "Ana", "client_id": uuid()});
    let seat = invitation.client.post("/join", &device).expect(201);
    let seat = guest(app, &board, &seat);
    board.delete(&format!("/links/{}", seat.id)).expect(204);
    seat.client.get("/seat").problem(401, "invalid_credential");
    board
        .post(&format!("/links/{}/approve", seat.id), json!({}))
        .problem(404, "not_found");
    invitation
        .client
        .post("/join", &device)
        .problem(409, "join_closed");
    assert_eq!(board.read()["player_count"], 0);
}

fn one_device_has_one_player(app: &TestApp) {
    let board = app.any_board();
    let invitation = invite(app, &board, "open", true);
    let device = json!({"name": "Ana", "client_id": uuid()});
    let first = invitation.client.post("/join", &device).expect(201);
    let again = invitation.client.post("/join", &device).expect(200);
    assert_eq!(first.json, again.json);
    let keyed = invitation.client.with("Idempotency-Key", &uuid());
    let first = keyed.post("/join", json!({"name": "Ben"})).expect(201);
    let again = keyed.post("/join", json!({"name": "Ben"})).expect(201);
    assert_eq!(first.json, again.json);
    assert_eq!(again.need("Idempotency-Replayed"), "true");
    // What others could guess would give them somebody's seat.
    invitation
        .client
        .with("Idempotency-Key", "1")
        .post("/join", json!({"name": "Eve"}))
        .problem(422, "weak_idempotency_key");
    assert_eq!(board.read()["player_count"], 2);
}

fn nobody_new_comes_in_when_the_door_is_closed(app: &TestApp) {
    let board = app.any_board();
    let invitation = invite(app, &board, "open", true);
    let device = json!({"name": "Ana", "client_id": uuid()});
    let seat = guest(
        app,
        &board,
        &invitation.client.post("/join", &device).expect(201),
    );
    let path = format!("/links/{}", invitation.id);
    board
        .patch(&path, json!({"join": {"mode": "off"}}))
        .expect(200);
    invitation
        .client
        .post("/join", json!({"name": "Ben"}))
        .problem(409, "join_closed");
    seat.client
        .get("/seat")
        .expect(200)
        .has(json!({"state": "joined"}));
    invitation.client.post("/join", &device).expect(200);
}

fn an_invitation_takes_its_seats_with_it(app: &TestApp) {
    let board = app.any_board();
    let [ended, kept] = [(); 2].map(|()| invite(app, &board, "open", true));
    let seats = ["Ana", "Ben"].map(|name| sit(app, &board, &ended, name));
    let other = sit(app, &board, &kept, "Cleo");
    let after = format!("/events?after={}", board.revision());
    let [first, second] = &seats;
    let streams = [first.client.stream(&after), second.client.stream(&after)];
    board.delete(&format!("/links/{}", ended.id)).expect(204);
    for stream in streams {
        assert_eq!(stream.rest(), []);
    }
    for seat in &seats {
        seat.client.get("/seat").problem(401, "invalid_credential");
    }
    other.client.get("/seat").expect(200);
    // The players stay: a board loses nothing by it.
    assert_eq!(board.read()["player_count"], 3);
    assert_eq!(
        board.get("/links?state=revoked").expect(200).rows().len(),
        3
    );
    assert_eq!(board.get("/links?state=live").expect(200).rows().len(), 3);
}

fn a_seat_ends_at_once(app: &TestApp) {
    let board = app.any_board();
    let invitation = invite(app, &board, "open", true);
    let seat = sit(app, &board, &invitation, "Ana");
    let ana = id_of(&seat.client.get("/seat").expect(200)["player"]);
    let stream = seat
        .client
        .stream(&format!("/events?after={}", board.revision()));
    board.delete(&format!("/links/{}", seat.id)).expect(204);
    assert_eq!(stream.rest(), []);
    seat.client
        .post("/scores", json!({"player_id": ana, "value": 1}))
        .problem(401, "invalid_credential");
    app.anonymous()
        .get(&board.public_path(&format!("?key={}", seat.token)))
        .problem(401, "invalid_credential");
}

fn who_was_removed_is_told(app: &TestApp) {
    let board = app.any_board();
    let invitation = invite(app, &board, "open", true);
    let seat = sit(app, &board, &invitation, "Ana").client;
    let ana = id_of(&seat.get("/seat").expect(200)["player"]);
    board.delete(&format!("/players/{ana}")).expect(204);
    assert_eq!(seat.get("/seat").expect(200)["state"], "closed");
    seat.post("/scores", json!({"player_id": ana, "value": 1}))
        .problem_at(422, "unknown_player", "/player_id");
    seat.patch(&format!("/players/{ana}"), json!({"name": "Anna"}))
        .problem(404, "trashed");
    board
        .post(&format!("/players/{ana}/restore"), json!({}))
        .expect(200);
    assert_eq!(seat.get("/seat").expect(200)["state"], "joined");
}

fn a_seat_says_when_it_was_last_used(app: &TestApp) {
    let board = app.any_board();
    let invitation = invite(app, &board, "open", true);
    let seat = sit(app, &board, &invitation, "Ana");
    let ana = id_of(&seat.client.get("/seat").expect(200)["player"]);
    let used = |id: &str| {
        let list = board.get("/links").expect(200);
        let link = list.rows().iter().find(|link| link["id"] == id).cloned();
        link.unwrap()["last_used_at"].clone()
    };
    assert!(used(&invitation.id).is_string() && used(&seat.id).is_null());
    let score = json!({"player_id": ana, "value": 1});
    seat.client.post("/scores", &score).expect(201);
    let first = used(&seat.id);
    seat.client.post("/scores", &score).expect(201);
    assert_eq!(used(&seat.id), first);
    app.pass(61);
    seat.client.post("/scores", &score).expect(201);
    assert_ne!(used(&seat.id), first);
}

fn a_private_board_opens_to_those_who_are_in(app: &TestApp) {
    let owner = app.person("Ana");
    let board = owner.board(json!({"title": "Class 4b", "visibility": "private"}));
    let invitation = invite(app, &board, "open", false);
    let seat = sit(app, &board, &invitation, "Ben");
    for path in ["", "/standings", "/seat", "/events?after=0"] {
        let reader = seat.client.with("Accept", "application/json");
        reader.get(path).expect(200);
    }
    let ticket = seat.client.post("/events/ticket", json!({})).expect(201);
    let path = format!(
        "/events?after=0&ticket={}",
        ticket["ticket"].as_str().unwrap()
    );
    let mut stream = app.anonymous().stream(&board.path(&path));
    assert_eq!(stream.next().data["action"], "game.created");
    app.anonymous()
        .get(&board.path(""))
        .problem(404, "not_found");
}

fn the_seats_of_a_board_are_counted(app: &TestApp) {
    let board = app.any_board();
    let invitation = invite(app, &board, "approve", false);
    let seats: Vec<Guest> = (0..500)
        .map(|_| sit(app, &board, &invitation, "Ana"))
        .collect();
    let one_more = || invitation.client.post("/join", json!({"name": "Ben"}));
    one_more().problem(409, "board_full");
    board.delete(&format!("/links/{}", seats[0].id)).expect(204);
    one_more().expect(201);
}

fn people_come_in_at_a_human_pace(app: &TestApp) {
    let engine = if app.is_sqlite() {
        Engine::Sqlite
    } else {
        Engine::Postgres
    };
    let app = TestApp::of_environment(engine, "test", &[("SCOREHOLD__LIMITS__ENABLED", "true")]);
    let board = app.any_board();
    let invitation = invite(&app, &board, "open", true);
    let here = invitation.client.with("X-Forwarded-For", "192.0.2.1");
    let join = |client: &Client| client.post("/join", json!({"name": "Ana"}));
    assert_eq!(
        join(&here).expect(201).need("RateLimit-Policy"),
        "\"join\";q=60;w=60"
    );
    let refused = (0..20_000)
        .map(|_| join(&here))
        .find(|answer| answer.status == 429);
    refused.unwrap().problem(429, "rate_limited");
    join(&invitation.client.with("X-Forwarded-For", "192.0.2.2")).expect(201);
}

fn bad_invitations_are_refused(app: &TestApp) {
    let board = app.any_board();
    let invitation = invite(app, &board, "open", true);
    let view = board
        .post("/links", json!({"role": "view", "name": "Wall"}))
        .expect(201);
    let revision = board.revision();
    let terms = json!({"mode": "open", "scores": true});
    for (body, pointer) in [
        (json!({"role": "join", "name": "x"}), "/join"),
        (json!({"role": "view", "name": "x", "join": terms}), "/join"),
        (
            json!({"role": "join", "name": "x", "join": {"scores": true}}),
            "/join/mode",
        ),
        (
            json!({"role": "join", "name": "x", "join": {"mode": "ajar"}}),
            "/join/mode",
        ),
        (
            json!({"role": "join", "name": "x", "join": {"mode": "off", "seats": 3}}),
            "/join/seats",
        ),
    ] {
        board
            .post("/links", body)
            .problem_at(422, "invalid_fields", pointer);
    }
    for (link, patch) in [
        (&invitation.id, json!({"join": null})),
        (&id_of(&view.json), json!({"join": terms})),
    ] {
        board
            .patch(&format!("/links/{link}"), patch)
            .problem_at(422, "invalid_fields", "/join");
    }
    board
        .post(&format!("/links/{}/approve", invitation.id), json!({}))
        .problem(404, "not_found");
    let elsewhere = app.any_board();
    let away = app
        .anonymous()
        .bearer(&invitation.token)
        .under(&elsewhere.path(""));
    away.post("/join", json!({"name": "x"}))
        .problem(404, "not_found");
    board
        .post("/join", json!({"name": "x"}))
        .problem(403, "forbidden");
    board.get("/seat").problem(403, "forbidden");
    assert_eq!(board.get("/links?state=odd").status, 400);
    assert_eq!(
        (board.revision(), &board.read()["player_count"]),
        (revision, &Value::from(0))
    );
}

fn bad_newcomers_are_refused(app: &TestApp) {
    let board = app.any_board();
    let invitation = invite(app, &board, "open", true);
    let revision = board.revision();
    for (body, pointer) in [
        (json!({}), "/name"),
        (json!({"name": ""}), "/name"),
        (json!({"name": "x", "colour": "red"}), "/colour"),
        (json!({"name": "x", "client_id": "mine"}), "/client_id"),
        (json!({"name": "x", "external_id": "x"}), "/external_id"),
    ] {
        invitation
            .client
            .post("/join", body)
            .problem_at(422, "invalid_fields", pointer);
    }
    assert_eq!(board.revision(), revision);
}

both_engines!(
    an_invitation_says_how_people_come_in,
    who_joins_an_open_board_is_on_it,
    a_seat_plays_its_own_player_only,
    scores_are_the_owners_to_allow,
    who_waits_is_let_in_by_the_owner,
    who_is_declined_is_out,
    one_device_has_one_player,
    nobody_new_comes_in_when_the_door_is_closed,
    an_invitation_takes_its_seats_with_it,
    a_seat_ends_at_once,
    who_was_removed_is_told,
    a_seat_says_when_it_was_last_used,
    a_private_board_opens_to_those_who_are_in,
    the_seats_of_a_board_are_counted,
    people_come_in_at_a_human_pace,
    bad_invitations_are_refused,
    bad_newcomers_are_refused,
);
