//! Devices that are logged in: how they go on, and how they are logged out.

use std::time::Instant;

use serde_json::json;

use crate::support::{
    Answer, Board, Client, Engine, PASSWORD, Person, Stream, TestApp, both_engines,
};

fn refresh(app: &TestApp, token: &str) -> Answer {
    app.anonymous()
        .post("/auth/refresh", json!({"refresh_token": token}))
}

/// The token of an answer that goes on.
#[track_caller]
fn next(answer: &Answer) -> String {
    answer["refresh_token"]
        .as_str()
        .unwrap_or_else(|| panic!("{}", answer.text))
        .to_owned()
}

fn a_device_goes_on_with_new_tokens(app: &TestApp) {
    let ana = app.person("Ana");
    app.pass(700);
    ana.get("/me").problem(401, "invalid_credential");
    // The access token that has expired is not in the way.
    let renewed = ana
        .post("/auth/refresh", json!({"refresh_token": ana.refresh}))
        .expect(200);
    assert_ne!(next(&renewed), ana.refresh);
    let again = Person::entered(&app.anonymous(), &ana.email, &renewed);
    again.get("/me").expect(200);
}

fn a_lost_answer_is_answered_again_however_late(app: &TestApp) {
    let ana = app.person("Ana");
    let lost = next(&refresh(app, &ana.refresh).expect(200));
    app.pass(11 * 60);
    let found = next(&refresh(app, &ana.refresh).expect(200));
    assert_eq!(found, lost);
    refresh(app, &found).expect(200);
}

fn a_token_used_long_after_its_successor_ends_the_session(app: &TestApp) {
    let ana = app.person("Ana");
    let second = next(&refresh(app, &ana.refresh).expect(200));
    let third = next(&refresh(app, &second).expect(200));
    // Two tabs, a moment apart.
    assert_eq!(next(&refresh(app, &ana.refresh).expect(200)), third);
    app.pass(31);
    refresh(app, &ana.refresh).problem(401, "invalid_credential");
    refresh(app, &third).problem(401, "invalid_credential");
    ana.get("/me").problem(401, "invalid_credential");
    ana.log_in(&app.anonymous()).get("/me").expect(200);
}

fn a_session_lasts_sixty_days_from_its_last_use(app: &TestApp) {
    let ana = app.person("Ana");
    app.pass(59 * 86_400);
    let renewed = next(&refresh(app, &ana.refresh).expect(200));
    app.pass(59 * 86_400);
    let renewed = next(&refresh(app, &renewed).expect(200));
    app.pass(60 * 86_400);
    refresh(app, &renewed).problem(401, "invalid_credential");
}

fn a_foreign_or_invented_token_is_refused_alike(app: &TestApp) {
    let ana = app.person("Ana");
    let mut forged = ana.refresh.clone();
    let other = if &forged[66..67] == "0" { "1" } else { "0" };
    forged.replace_range(66..67, other);
    for token in ["", "shr_", "nonsense", &ana.access, &forged] {
        let answer = refresh(app, token);
        if token.is_empty() {
            answer.problem(401, "invalid_credential");
        } else {
            answer
                .problem(401, "invalid_credential")
                .has(json!({"detail": "Log in again."}));
        }
    }
    app.anonymous()
        .post("/auth/refresh", json!({}))
        .problem(401, "invalid_credential");
    refresh(app, &ana.refresh).expect(200);
}

/// A browser: it keeps the cookie, and says which page asks.
fn browser(app: &TestApp, cookie: &str, origin: &str) -> Client {
    app.anonymous()
        .with("Cookie", cookie)
        .with("Origin", origin)
}

fn a_browser_goes_on_by_its_cookie(app: &TestApp) {
    let ana = app.person("Ana");
    let login = json!({"email": ana.email, "password": crate::support::PASSWORD});
    let entered = app.anonymous().post("/auth/login", login).expect(200);
    let cookie = entered
        .need("Set-Cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let own = app.root().address();
    let renewed = browser(app, &cookie, &own)
        .post("/auth/refresh", json!({}))
        .expect(200);
    let kept = renewed
        .need("Set-Cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    assert_ne!(kept, cookie);
    browser(app, &kept, "https://evil.example")
        .post("/auth/refresh", json!({}))
        .problem(403, "forbidden");
    browser(app, &kept, "https://evil.example")
        .post("/auth/logout", json!({}))
        .problem(403, "forbidden");
    let form = browser(app, &kept, &own).with("Content-Type", "text/plain");
    form.send("POST", "/auth/refresh", "{}")
        .problem(415, "unsupported_media_type");
    let out = browser(app, &kept, &own)
        .post("/auth/logout", json!({}))
        .expect(204);
    assert!(out.need("Set-Cookie").contains("Max-Age=0"));
    browser(app, &kept, &own)
        .post("/auth/refresh", json!({}))
        .problem(401, "invalid_credential");
}

fn the_cookie_is_for_tls_only_where_there_is_tls(app: &TestApp) {
    let engine = if app.is_sqlite() {
        Engine::Sqlite
    } else {
        Engine::Postgres
    };
    let settings = [("SCOREHOLD__SERVER__PUBLIC_URL", "https://scores.example")];
    let app = TestApp::of_environment(engine, "test", &settings);
    let body =
        json!({"email": "ana@example.org", "password": "correct horse", "display_name": "Ana"});
    let made = app.anonymous().post("/auth/register", body).expect(201);
    assert!(made.need("Set-Cookie").ends_with("; Secure"));
}

fn logging_out_ends_this_device_only(app: &TestApp) {
    let ana = app.person("Ana");
    let phone = ana.log_in(&app.anonymous());
    app.anonymous()
        .post("/auth/logout", json!({"refresh_token": ana.refresh}))
        .expect(204);
    app.anonymous()
        .post("/auth/logout", json!({"refresh_token": ana.refresh}))
        .expect(204);
    app.anonymous().post("/auth/logout", json!({})).expect(204);
    for token in ["a\0b".to_owned(), "a".repeat(2001)] {
        app.anonymous()
            .post("/auth/logout", json!({"refresh_token": token}))
            .problem_at(422, "invalid_fields", "/refresh_token");
    }
    ana.get("/me").problem(401, "invalid_credential");
    phone.get("/me").expect(200);
}

fn devices_are_listed_and_logged_out(app: &TestApp) {
    let ana = app.person("Ana");
    let phone = ana.log_in(&app.anonymous().with("User-Agent", "Phone/1"));
    let list = ana.get("/me/sessions").expect(200);
    assert_eq!(list.column("current"), [true, false]);
    assert_eq!(list.column("agent")[1], "Phone/1");
    let id = list.column("id")[1].as_str().unwrap().to_owned();
    let one = format!("/me/sessions/{id}");
    assert_eq!(ana.get(&one).expect(200).json, list.rows()[1]);
    let ben = app.person("Ben");
    ben.get(&one).problem(404, "not_found");
    ben.delete(&one).problem(404, "not_found");
    ana.get("/me/sessions/plr_0000000000000")
        .problem(404, "wrong_id_type");
    ana.delete(&one).expect(204);
    phone.get("/me").problem(401, "invalid_credential");
    refresh(app, &phone.refresh).problem(401, "invalid_credential");
    ana.delete(&one).problem(404, "not_found");
    assert_eq!(ana.get("/me/sessions").expect(200).rows().len(), 1);
}

fn a_stream_ends_with_its_session(app: &TestApp) {
    let ana = app.person("Ana");
    let board = ana.board(json!({"title": "Ours", "visibility": "private"}));
    let ticket = board.post("/events/ticket", json!({})).expect(201);
    let path = format!(
        "/games/{}/events?after=1&ticket={}",
        board.id,
        ticket["ticket"].as_str().unwrap()
    );
    let by_ticket = app.anonymous().stream(&path);
    let by_header = board.stream("/events?after=1");
    let phone = ana.log_in(&app.anonymous());
    app.anonymous()
        .post("/auth/logout", json!({"refresh_token": ana.refresh}))
        .expect(204);
    // With the second one the server would have found out by itself.
    assert_eq!((by_ticket.pings(), by_header.pings()), (1, 1));
    phone.get("/me").expect(200);
}

/// Somebody who watches a board of theirs, and what they watch it with.
fn watcher(app: &TestApp, server: &Client, name: &str) -> (Person, Board, Stream) {
    let person = app.person(name);
    let board = person.board(json!({"title": "Ours", "visibility": "private"}));
    let there = server.bearer(&person.access);
    let stream = there.stream(&board.path("/events?after=1"));
    (person, board, stream)
}

fn whatever_ends_a_session_ends_its_streams(app: &TestApp) {
    let here = app.anonymous();
    let (ana, _, revoked) = watcher(app, &here, "Ana");
    let (ben, _, left) = watcher(app, &here, "Ben");
    let (cleo, _, changed) = watcher(app, &here, "Cleo");
    let (_, board, mut kept) = watcher(app, &here, "Dan");
    let ids = ana.get("/me/sessions").expect(200).column("id");
    let path = format!("/me/sessions/{}", ids[0].as_str().unwrap());
    ana.delete(&path).expect(204);
    ben.delete("/me").expect(204);
    let phone = cleo.log_in(&here);
    let body = json!({"current_password": PASSWORD, "new_password": "a quite new sentence"});
    phone.put("/me/password", body).expect(204);
    for stream in [revoked, left, changed] {
        assert_eq!(stream.pings(), 1);
    }
    board.player("Eve");
    assert_eq!(kept.next().data["action"], "player.added");
}

fn a_log_out_on_one_server_ends_streams_of_the_other(app: &TestApp) {
    let other = app.second_server();
    let (ana, _, stream) = watcher(app, &other.anonymous(), "Ana");
    let out = json!({"refresh_token": ana.refresh});
    let told = Instant::now();
    app.anonymous().post("/auth/logout", out).expect(204);
    assert_eq!(stream.pings(), 1);
    let seconds = told.elapsed().as_secs_f64();
    assert!(seconds < 5.0, "{seconds}");
}

both_engines!(
    a_device_goes_on_with_new_tokens,
    a_lost_answer_is_answered_again_however_late,
    a_token_used_long_after_its_successor_ends_the_session,
    a_session_lasts_sixty_days_from_its_last_use,
    a_foreign_or_invented_token_is_refused_alike,
    a_browser_goes_on_by_its_cookie,
    the_cookie_is_for_tls_only_where_there_is_tls,
    logging_out_ends_this_device_only,
    devices_are_listed_and_logged_out,
    a_stream_ends_with_its_session,
    whatever_ends_a_session_ends_its_streams,
    a_log_out_on_one_server_ends_streams_of_the_other,
);
