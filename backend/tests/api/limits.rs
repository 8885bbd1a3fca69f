//! How much one caller may ask for. Limits are off in the other tests.

use serde_json::json;

use crate::support::{Answer, Client, Engine, Shop, TestApp, both_engines};

/// Far more than any burst, so that a slow machine, on which the limit refills meanwhile, is refused too.
const MANY: usize = 20_000;

fn limited(app: &TestApp) -> TestApp {
    let engine = if app.is_sqlite() {
        Engine::Sqlite
    } else {
        Engine::Postgres
    };
    TestApp::of_environment(engine, "test", &[("SCOREHOLD__LIMITS__ENABLED", "true")])
}

/// Somebody at another address, told by a proxy on this machine.
fn at(client: &Client, address: &str) -> Client {
    client.with("X-Forwarded-For", address)
}

/// Asks until it is refused: how often it was not, and the refusal.
#[track_caller]
fn until_refused(ask: impl Fn() -> Answer) -> (usize, Answer) {
    for accepted in 0..MANY {
        let answer = ask();
        if answer.status == 429 {
            return (accepted, answer.problem(429, "rate_limited"));
        }
    }
    panic!("never refused");
}

fn boards_are_made_at_a_human_pace(app: &TestApp) {
    let app = limited(app);
    let here = at(&app.anonymous(), "192.0.2.1");
    let make = |client: &Client| client.post("/games", json!({"title": "Friday"}));
    let first = make(&here).expect(201);
    assert_eq!(first.need("RateLimit-Policy"), "\"create\";q=60;w=60");
    assert_eq!(first.need("RateLimit"), "\"create\";r=59;t=0");
    let (accepted, refusal) = until_refused(|| make(&here));
    assert!(accepted >= 59, "{accepted}");
    assert_eq!(refusal.need("Retry-After"), "1");
    assert_eq!(refusal.need("RateLimit"), "\"create\";r=0;t=1");
    let boards = app.database.number("SELECT count(*) AS number FROM games");
    assert_eq!(usize::try_from(boards).unwrap(), accepted + 1);

    make(&at(&app.anonymous(), "192.0.2.2")).expect(201);
    let slug = first["slug"].as_str().unwrap();
    here.get(&format!("/games/{slug}")).expect(200);
}

fn a_credential_has_its_own_limit(app: &TestApp) {
    let app = Shop::open(
        app.database.engine,
        &[("SCOREHOLD__LIMITS__ENABLED", "true")],
    );
    let (board, other) = (app.any_board(), app.any_board());
    let (accepted, _) = until_refused(|| board.get(""));
    assert!(accepted >= 299, "{accepted}");
    other.read();
}

fn guessing_is_slow(app: &TestApp) {
    let app = limited(app);
    let here = at(&app.anonymous(), "192.0.2.1");
    let (misses, _) = until_refused(|| here.get("/games/0000000000"));
    assert!(misses >= 60, "{misses}");
    let guess = here.bearer("shl_00000000000000000000000000000000");
    until_refused(|| guess.get("/games"));
}

fn switched_off_nothing_is_told(app: &TestApp) {
    let answer = app.anonymous().get("/games").expect(200);
    assert_eq!(answer.header("RateLimit"), None);
}

fn log_ins_to_one_account_are_few_wherever_they_come_from(app: &TestApp) {
    let app = limited(app);
    let ana = app.person("Ana");
    let nobody = format!("nobody-{}@example.org", crate::support::uuid());
    for email in [&ana.email, &nobody] {
        let mut place = 0;
        let mut try_from_anywhere = || {
            place += 1;
            let client = at(&app.anonymous(), &format!("198.51.100.{}", place % 250));
            client.post(
                "/auth/login",
                json!({"email": email, "password": "wrong horse"}),
            )
        };
        for _ in 0..10 {
            try_from_anywhere().problem(401, "invalid_login");
        }
        let refusal = try_from_anywhere().problem(429, "rate_limited");
        let wait: u64 = refusal.need("Retry-After").parse().unwrap();
        assert!((1..=30).contains(&wait), "{wait}");
    }
    // Whoever is logged in already goes on.
    ana.get("/me").expect(200);
}

fn accounts_are_made_at_a_human_pace(app: &TestApp) {
    let app = limited(app);
    let here = at(&app.anonymous(), "192.0.2.1");
    // A refused body counts too, and costs no hash.
    let (accepted, refusal) = until_refused(|| here.post("/auth/register", json!({})));
    assert!(accepted >= 60, "{accepted}");
    assert_eq!(refusal.need("RateLimit-Policy"), "\"entry\";q=60;w=120");
}

fn looking_back_has_its_own_limit(app: &TestApp) {
    let app = limited(app);
    let here = at(&app.anonymous(), "192.0.2.1");
    let slug = here.post("/games", json!({"title": "Friday"})).expect(201)["slug"].clone();
    let path = format!("/games/{}/standings", slug.as_str().unwrap());
    let (accepted, refusal) = until_refused(|| here.get(&format!("{path}?at=1")));
    assert!(accepted >= 120, "{accepted}");
    assert_eq!(refusal.need("RateLimit-Policy"), "\"history\";q=120;w=30");
    here.get(&path).expect(200);
}

both_engines!(
    looking_back_has_its_own_limit,
    log_ins_to_one_account_are_few_wherever_they_come_from,
    accounts_are_made_at_a_human_pace,
    boards_are_made_at_a_human_pace,
    a_credential_has_its_own_limit,
    guessing_is_slow,
    switched_off_nothing_is_told,
);
