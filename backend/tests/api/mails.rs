//! Mail: what is sent, to whom, and what its secrets are good for.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::json;

use crate::support::{Engine, Mail, PASSWORD, Person, TestApp, both_engines, mail, mails, uuid};

const VERIFY: &str = "Is this your address?";
const RESET: &str = "Choose a new password";

fn sent(app: &TestApp, to: &str, subject: &str) -> Mail {
    mail(&app.outbox(), to, subject)
}

fn a_new_person_is_asked_to_verify_the_address(app: &TestApp) {
    let ana = app.person("Ana");
    let mail = sent(app, &ana.email, VERIFY);
    assert!(mail.text.contains("/account/verify#t="), "{}", mail.text);
    let verify = || {
        app.anonymous()
            .post("/auth/verify", json!({"token": mail.secret()}))
    };
    verify()
        .expect(200)
        .has(json!({"id": ana.id, "verified": true}));
    verify().expect(200);
    ana.get("/me")
        .expect(200)
        .has(json!({"verified": true, "version": 2}));
    ana.post("/me/verification", json!({})).expect(202);
    app.pass(3 * 86_400);
    verify().problem_at(422, "invalid_token", "/token");
}

fn the_mail_can_be_sent_again(app: &TestApp) {
    let ana = app.person("Ana");
    ana.post("/me/verification", json!({})).expect(202);
    assert_eq!(mails(&app.outbox(), &ana.email, VERIFY, 2).len(), 2);
}

fn a_forgotten_password_is_chosen_anew_once(app: &TestApp) {
    let ana = app.person("Ana");
    app.anonymous()
        .post("/auth/password/forgot", json!({"email": ana.email}))
        .expect(202);
    let mail = sent(app, &ana.email, RESET);
    assert!(mail.text.contains("/account/reset#t="), "{}", mail.text);
    let reset = |token: &str, password: &str| {
        let body = json!({"token": token, "password": password, "delivery": "body"});
        app.anonymous().post("/auth/password/reset", body)
    };
    reset(&mail.secret(), "short").problem_at(422, "invalid_fields", "/password");
    let entered = reset(&mail.secret(), "staple of horses").expect(200);
    assert_eq!(entered["user"]["verified"], true);
    Person::entered(&app.anonymous(), &ana.email, &entered)
        .get("/me")
        .expect(200);
    ana.get("/me").problem(401, "invalid_credential");
    reset(&mail.secret(), "another password").problem_at(422, "invalid_token", "/token");
    let login = |password: &str| {
        app.anonymous().post(
            "/auth/login",
            json!({"email": ana.email, "password": password}),
        )
    };
    login(PASSWORD).problem(401, "invalid_login");
    login("staple of horses").expect(200);
}

fn a_token_is_good_for_its_purpose_and_hour_only(app: &TestApp) {
    let ana = app.person("Ana");
    let verify = sent(app, &ana.email, VERIFY).secret();
    app.anonymous()
        .post("/auth/password/forgot", json!({"email": ana.email}))
        .expect(202);
    let reset = sent(app, &ana.email, RESET).secret();
    let body = |token: &str| json!({"token": token, "password": PASSWORD});
    for token in [&*verify, &ana.access, "nonsense"] {
        app.anonymous()
            .post("/auth/password/reset", body(token))
            .problem_at(422, "invalid_token", "/token");
    }
    app.anonymous()
        .post("/auth/verify", json!({"token": reset}))
        .problem_at(422, "invalid_token", "/token");
    app.anonymous()
        .bearer(&reset)
        .get("/me")
        .problem(401, "invalid_credential");
    app.pass(3600);
    app.anonymous()
        .post("/auth/password/reset", body(&reset))
        .problem_at(422, "invalid_token", "/token");
}

fn nobody_learns_whether_an_address_has_an_account(app: &TestApp) {
    let ana = app.person("Ana");
    let nobody = format!("nobody-{}@example.org", uuid());
    let forgot = |email: &str| {
        app.anonymous()
            .post("/auth/password/forgot", json!({"email": email}))
            .expect(202)
    };
    assert_eq!(forgot(&nobody).text, forgot(&ana.email).text);
    sent(app, &ana.email, RESET);
    assert_eq!(
        app.database
            .number("SELECT count(*) AS number FROM mails WHERE attempts = 0"),
        0
    );
}

fn a_link_is_brought_to_whoever_is_to_have_it(app: &TestApp) {
    let board = app.any_board();
    let link = &board.get("/links").json["data"][0]["id"];
    let path = format!("/links/{}/mail", link.as_str().unwrap());
    let to = format!("me-{}@example.org", uuid());
    board.post(&path, json!({"email": to})).expect(202);
    let mail = sent(app, &to, "Your board: Friday");
    assert_eq!(mail.secret(), board.token);
    assert!(
        mail.text.contains(&format!("/b/{}#k=", board.slug)),
        "{}",
        mail.text
    );
    board.get("").expect(200).has(json!({"revision": 1}));
    board
        .post(&path, json!({"email": "nobody"}))
        .problem_at(422, "invalid_fields", "/email");
    app.any_board()
        .owner
        .post(&board.path(&path), json!({"email": to}))
        .problem(404, "not_found");
    board
        .post("/links/lnk_0000000000000/mail", json!({"email": to}))
        .problem(404, "not_found");
}

/// An SMTP server that takes one mail after each of its answers to `RCPT`.
fn smtp(answers: &'static [&'static str]) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let (taken, mails) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let (stream, _) = listener.accept().unwrap();
            let mail = converse(BufReader::new(stream), answer);
            if taken.send(mail).is_err() {
                return;
            }
        }
    });
    (url, mails)
}

fn converse(mut stream: BufReader<std::net::TcpStream>, to_rcpt: &str) -> String {
    let say = |stream: &mut BufReader<std::net::TcpStream>, text: &str| {
        stream
            .get_mut()
            .write_all(format!("{text}\r\n").as_bytes())
            .unwrap();
    };
    let (mut mail, mut inside) = (String::new(), false);
    say(&mut stream, "220 here");
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).unwrap_or(0) == 0 {
            return mail;
        }
        match &*line.to_uppercase() {
            ".\r\n" => {
                inside = false;
                say(&mut stream, "250 taken");
            }
            _ if inside => mail.push_str(&line),
            "DATA\r\n" => {
                inside = true;
                say(&mut stream, "354 go on");
            }
            "QUIT\r\n" => {
                say(&mut stream, "221 bye");
                return mail;
            }
            rcpt if rcpt.starts_with("RCPT") => say(&mut stream, to_rcpt),
            _ => say(&mut stream, "250 ok"),
        }
    }
}

fn by_smtp(app: &TestApp, url: &str) -> TestApp {
    let engine = if app.is_sqlite() {
        Engine::Sqlite
    } else {
        Engine::Postgres
    };
    let settings = [
        ("SCOREHOLD__MAIL__SMTP_URL", url),
        ("SCOREHOLD__MAIL__FROM", "Scores <scores@example.org>"),
        ("SCOREHOLD__SERVER__PUBLIC_URL", "https://scores.example"),
    ];
    TestApp::of_environment(engine, "test", &settings)
}

fn mail_goes_by_smtp_and_is_tried_again(app: &TestApp) {
    let (url, taken) = smtp(&["451 not now", "250 ok", "250 ok"]);
    let app = by_smtp(app, &url);
    let ana = app.person("Ana");
    let wait = Duration::from_secs(20);
    assert_eq!(taken.recv_timeout(wait).unwrap(), "", "refused");
    app.pass(61);
    // Another reason for mail wakes the deliverer.
    ana.log_in(&app.anonymous());
    let raw = taken.recv_timeout(wait).unwrap();
    let mail = Mail::read(&raw);
    assert!(raw.contains("From: Scores <scores@example.org>"), "{raw}");
    assert!(
        mail.text
            .contains("https://scores.example/account/verify#t="),
        "{}",
        mail.text
    );
    app.anonymous()
        .post("/auth/verify", json!({"token": mail.secret()}))
        .expect(200);
}

fn a_server_without_mail_says_so_and_registers(app: &TestApp) {
    let engine = if app.is_sqlite() {
        Engine::Sqlite
    } else {
        Engine::Postgres
    };
    let settings = [("SCOREHOLD__ARCHIVE__MODE", "off")];
    let app = TestApp::of_environment(engine, "staging", &settings);
    let ana = app.person("Ana");
    app.anonymous()
        .post("/auth/password/forgot", json!({"email": ana.email}))
        .problem(503, "mail_disabled");
    ana.post("/me/verification", json!({}))
        .problem(503, "mail_disabled");
    ana.get("/me").expect(200).has(json!({"verified": false}));
}

both_engines!(
    a_new_person_is_asked_to_verify_the_address,
    the_mail_can_be_sent_again,
    a_forgotten_password_is_chosen_anew_once,
    a_token_is_good_for_its_purpose_and_hour_only,
    nobody_learns_whether_an_address_has_an_account,
    a_link_is_brought_to_whoever_is_to_have_it,
    mail_goes_by_smtp_and_is_tried_again,
    a_server_without_mail_says_so_and_registers,
);
