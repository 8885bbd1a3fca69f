//! Every code that the program knows is reached over HTTP, and has a page that explains it.

use std::collections::BTreeSet;

use scorehold::domain::maintenance::Fault;
use scorehold::error::Code;
use serde_json::json;

use crate::support::{Answer, Board, Shop, TestApp, both_engines, id_of, uuid};

/// Codes that no request can bring about on a sound server, and why.
const OUT_OF_REACH: [(&str, &str); 5] = [
    (
        "internal",
        "a fault of ours, which we do not know how to make",
    ),
    (
        "unavailable",
        "the database or the archive is out of reach: barrier.rs has it at the writer",
    ),
    ("busy", "4,096 changes wait at once"),
    ("rate_limited", "limits.rs has it"),
    ("board_full", "500 people sit at one board: join.rs has it"),
];

/// One request for each code.
fn refusals(app: &TestApp) -> Vec<Answer> {
    let board = app.board(json!({"title": "Codes", "visibility": "public"}));
    let all = [
        of_access(app, &board),
        of_requests(&board),
        of_the_trash(&board),
        of_scores(app, &board),
        of_rounds_and_times(&board),
        of_orders(app, &board),
        of_the_history(app),
    ];
    all.into_iter().flatten().collect()
}

fn of_access(app: &TestApp, board: &Board) -> Vec<Answer> {
    let private = json!({"title": "Ours", "visibility": "private"});
    let weak = app.anonymous().with("Idempotency-Key", "weak");
    let (ana, ben) = (app.person("Ana"), app.person("Ben"));
    let bens = app.any_board();
    let claim = json!({"own_token": bens.token});
    ben.post(&bens.path("/claim"), claim.clone()).expect(200);
    let again = json!({"email": ana.email, "password": "correct horse", "display_name": "Ana"});
    let guess = json!({"email": ana.email, "password": "wrong horse"});
    let change = json!({"current_password": "wrong horse", "new_password": "staple of horses"});
    let engine = app.database.engine;
    let closed = TestApp::start(engine);
    closed.breaks(Fault::full("the SQL file of diesel is gone"));
    let mute = TestApp::of_environment(engine, "staging", &[("SCOREHOLD__ARCHIVE__MODE", "off")]);
    let forgot = json!({"email": ana.email});
    vec![
        too_late(app, board),
        app.anonymous().post("/auth/register", again),
        app.anonymous().post("/auth/login", guess),
        app.anonymous().post("/auth/verify", json!({"token": "x"})),
        ana.put("/me/password", change),
        ana.post(&bens.path("/claim"), claim),
        mute.anonymous().post("/auth/password/forgot", forgot),
        closed.anonymous().get("/games"),
        app.anonymous().patch(&board.path(""), json!({})),
        app.anonymous().bearer("x").get(&board.path("")),
        app.any_board().owner.patch(&board.path(""), json!({})),
        app.anonymous().get("/nothing"),
        app.anonymous().get("/games/plr_0000000000000"),
        app.anonymous().post("/games", private),
        weak.post("/games", json!({"title": "Friday"})),
    ]
}

/// Somebody comes by an invitation by which nobody new comes in.
fn too_late(app: &TestApp, board: &Board) -> Answer {
    let off = json!({"role": "join", "name": "Table", "join": {"mode": "off"}});
    let invitation = board.post("/links", off).expect(201);
    let guest = app
        .anonymous()
        .bearer(invitation["token"].as_str().unwrap());
    guest.post(&board.path("/join"), json!({"name": "Eve"}))
}

fn of_the_history(app: &TestApp) -> Vec<Answer> {
    let board = app.any_board();
    let path = format!("/players/{}", board.player("Ana"));
    board.patch(&path, json!({"name": "Anna"})).expect(200);
    board.patch(&path, json!({"name": "Anne"})).expect(200);
    vec![
        board.post("/journal/3/undo", json!({})),
        board.post("/journal/1/undo", json!({})),
        board.get("/standings?at=9"),
    ]
}

fn of_requests(board: &Board) -> Vec<Answer> {
    let json_typed = board.with("Content-Type", "application/json");
    let long = "x".repeat(1024 * 1024);
    vec![
        json_typed.send("POST", "/players", "{"),
        board.send("POST", "/players", "name=Ana"),
        board.post("/players", json!({"name": long})),
        board.post("/players", json!({"name": ""})),
        board.get("/players?limit=0"),
        board.get("/players?colour=red"),
        board.get("/players?cursor=x"),
        board.with("Last-Event-ID", "x").get("/events"),
        board.owner.delete("/products"),
        board
            .with("If-Match", "\"99.1\"")
            .patch("", json!({"title": "x"})),
    ]
}

fn of_the_trash(board: &Board) -> Vec<Answer> {
    let (ana, ben) = (board.player("Ana"), board.player("Ben"));
    let score = format!("/scores/{}", board.entry(&ben, 1));
    board.delete(&score).expect(204);
    board.delete(&format!("/players/{ana}")).expect(204);
    vec![
        board.get(&format!("/players/{ana}")),
        board.get(&score),
        board.post("/restore", json!({})),
        board.submit(json!({"player_id": ana, "value": 1})),
    ]
}

fn of_scores(app: &TestApp, board: &Board) -> Vec<Answer> {
    let best = app.board(json!({"title": "Best", "rule": "best", "decimals": 1}));
    let (ana, eve, client_id) = (board.player("Ana"), best.player("Eve"), uuid());
    let score = |value: i64| json!({"player_id": ana, "value": value, "client_id": client_id});
    board.submit(score(1)).expect(201);
    vec![
        board.submit(score(2)),
        board.submit(json!({"player_id": ana, "value": 0.5})),
        board.submit(json!({"player_id": ana, "value": 999_999_999_999_999_i64})),
        board.submit(json!({"player_id": ana, "value": 1, "op": "set", "base_revision": 1})),
        board.submit(json!({"player_id": ana, "value": 1, "round_id": "rnd_0000000000000"})),
        best.submit(json!({"player_id": eve, "value": 1, "op": "set"})),
        best.patch("", json!({"decimals": 0})),
    ]
}

fn of_rounds_and_times(board: &Board) -> Vec<Answer> {
    let closed = json!({"label": "One", "external_id": "md-1", "state": "closed"});
    let round = id_of(&board.post("/rounds", &closed).expect(201).json);
    let ana = board.player("Ana");
    let own = format!("/links/{}", id_of(&board.get("/links").rows()[0]));
    vec![
        board.post("/rounds", closed),
        board.submit(json!({"player_id": ana, "value": 1, "round_id": round})),
        board.get("/standings?min_revision=9999"),
        board.delete(&own),
        board.post(&format!("{own}/rotate"), json!({})),
    ]
}

fn of_orders(app: &TestApp, board: &Board) -> Vec<Answer> {
    let free = json!({"product": "free", "game_id": board.id});
    let keyed = |key: &str| board.owner.with("Idempotency-Key", key);
    let order = keyed("1").post("/orders", &free).expect(201).location();
    board.owner.delete(&order).expect(204);
    let shop = Shop::open(app.database.engine, &[]);
    let sold = shop.any_board();
    let unlocked = json!({"product": "pass-7d", "game_id": sold.id});
    let theme = sold.patch("", json!({"theme": "dark"}));
    let paid = shop.fulfilled(&sold.owner, unlocked);
    let (svg, much) = (json!({"image": "PHN2Zz4="}), json!({"amount_minor": 901}));
    let draft = keyed("4").post("/orders", &free).expect(201).location();
    let elsewhere = json!({"product": "free", "game_id": app.any_board().id});
    vec![
        board.owner.patch(&order, json!({"quantity": 2})),
        board.owner.post("/orders", &free),
        keyed("1").post("/orders", elsewhere),
        keyed("2").post("/orders", json!({"product": "castle", "game_id": board.id})),
        keyed("3").post("/orders", json!({"product": "free"})),
        theme,
        board.put("/logo", svg),
        shop.step(&shop.operator, &paid, "refund", much),
        board.owner.post(&format!("{draft}/submit"), json!({})),
    ]
}

fn every_code_is_reached(app: &TestApp) {
    let status = |code: &str| {
        Code::ALL
            .iter()
            .find(|known| known.name() == code)
            .map_or(0, |known| known.status())
    };
    let mut reached = BTreeSet::new();
    for refusal in refusals(app) {
        let code = refusal["code"]
            .as_str()
            .unwrap_or_else(|| panic!("no problem: {refusal:?}"))
            .to_owned();
        refusal.problem(status(&code), &code);
        reached.insert(code);
    }
    let mut missing: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    missing.retain(|code| !reached.contains(*code));
    assert_eq!(
        missing,
        OUT_OF_REACH.iter().map(|(code, _)| *code).collect()
    );
}

fn every_code_has_a_page(app: &TestApp) {
    for code in Code::ALL {
        let page = app
            .root()
            .get(&format!("/problems/{}", code.name()))
            .expect(200);
        assert!(page.need("Content-Type").starts_with("text/html"));
        assert!(
            page.text.contains(code.name()) && page.text.contains(code.title()),
            "{}",
            page.text
        );
    }
    app.root().get("/problems/unheard_of").expect(404);
}

fn a_request_id_is_echoed(app: &TestApp) {
    let board = app.any_board();
    let named = board.owner.with("Request-Id", "req-2026.11:22");
    assert_eq!(
        named.get(&board.path("")).expect(200).need("Request-Id"),
        "req-2026.11:22"
    );
    let refused = named.get("/games/x").problem(404, "not_found");
    refused.has(json!({"request_id": "req-2026.11:22", "instance": "/api/v1/games/x"}));

    let [one, two] = [0, 1].map(|_| board.read().need("Request-Id"));
    assert!(!one.is_empty() && one != two);
    let implausible = board
        .with("Request-Id", &"x".repeat(500))
        .get("")
        .expect(200);
    assert!(implausible.need("Request-Id").len() < 500);
}

fn an_unknown_address_of_the_api_is_a_problem(app: &TestApp) {
    for path in [
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v2/games",
        "/api/",
        "/api/v1/games/",
        "/api/v1//games",
    ] {
        app.root().get(path).problem(404, "not_found");
    }
}

fn a_problem_says_nothing_of_the_inside(app: &TestApp) {
    for refusal in refusals(app) {
        let text = refusal.text.to_lowercase();
        for word in ["sql", "diesel", "panicked", "src/", "constraint", "rust"] {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }
}

both_engines!(
    every_code_is_reached,
    every_code_has_a_page,
    a_request_id_is_echoed,
    an_unknown_address_of_the_api_is_a_problem,
    a_problem_says_nothing_of_the_inside,
);
