//! HEAD, OPTIONS, 405 and CORS: on every path that the document names.

use serde_json::{Value, json};

use crate::support::{Answer, Board, Client, TestApp, both_engines};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Every path of the served document with the methods it has, with real ids where they matter.
fn paths(app: &TestApp, board: &Board) -> Vec<(String, Vec<String>)> {
    let document = app.root().get("/openapi.json").expect(200);
    let ana = board.player("Ana");
    let score = board.entry(&ana, 3);
    let round = board.round("One");
    let order = json!({"product": "free", "quantity": 1, "game_id": board.id});
    let order = board
        .owner
        .with("Idempotency-Key", "k")
        .post("/orders", order)
        .expect(201);
    let ids = [
        ("{game}", &*board.id),
        ("{player}", &ana),
        ("{score}", &score),
        ("{round}", &round),
    ];
    let more = [
        ("{order}", order["id"].as_str().unwrap()),
        ("{external_id}", "x"),
        ("{code}", "not_found"),
    ];
    let concrete = |path: &str| {
        ids.iter()
            .chain(&more)
            .fold(path.to_owned(), |path, (name, id)| path.replace(name, id))
    };
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 20, "only {} paths", paths.len());
    let methods = |item: &Value| {
        METHODS
            .iter()
            .map(|method| (*method).to_owned())
            .filter(|method| item.get(method.to_lowercase()).is_some())
            .collect()
    };
    paths
        .iter()
        .map(|(path, item)| (concrete(path), methods(item)))
        .collect()
}

fn words(header: &str) -> Vec<String> {
    header
        .split(',')
        .map(|word| word.trim().to_uppercase())
        .collect()
}

fn another_method_is_not_allowed_and_the_others_are_named(app: &TestApp) {
    let board = app.any_board();
    for (path, methods) in paths(app, &board) {
        for method in METHODS
            .iter()
            .copied()
            .chain(["PROPFIND"])
            .filter(|method| !methods.iter().any(|m| m == method))
        {
            for client in [app.root(), at_root(app, &board)] {
                let refused = client
                    .json(method, &path, json!({}))
                    .problem(405, "method_not_allowed");
                let allowed = words(&refused.need("Allow"));
                for method in &methods {
                    assert!(
                        allowed.contains(method),
                        "{path}: {method} is missing in {allowed:?}"
                    );
                }
                assert_eq!(
                    allowed.contains(&"HEAD".to_owned()),
                    methods.contains(&"GET".to_owned()),
                    "{path} {allowed:?}"
                );
                assert!(!allowed.contains(&method.to_owned()), "{path}: {allowed:?}");
            }
        }
    }
}

fn head_is_get_without_a_body(app: &TestApp) {
    let board = app.any_board();
    let gets = paths(app, &board)
        .into_iter()
        .filter(|(_, methods)| methods.contains(&"GET".to_owned()));
    for (path, _) in gets.filter(|(path, _)| !path.ends_with("/events")) {
        let client = at_root(app, &board);
        let (get, head) = (client.get(&path), client.send("HEAD", &path, ""));
        assert_eq!(
            (head.status, head.text.as_str()),
            (get.status, ""),
            "{path}"
        );
        for header in [
            "Content-Type",
            "ETag",
            "Link",
            "Cache-Control",
            "Content-Length",
        ] {
            assert_eq!(
                head.header(header),
                get.header(header),
                "{header} of {path}"
            );
        }
    }
}

fn head_of_a_stream_ends_at_once(app: &TestApp) {
    let board = app.any_board();
    let head =
        board
            .owner
            .with("Accept", "text/event-stream")
            .send("HEAD", &board.path("/events"), "");
    assert_eq!((head.status, head.text.as_str()), (200, ""));
}

fn head_of_what_is_absent_is_as_absent(app: &TestApp) {
    for path in ["/api/v1/games/game_0000000000000", "/api/v1/nothing"] {
        let head = app.root().send("HEAD", path, "");
        assert_eq!((head.status, head.text.as_str()), (404, ""), "{path}");
    }
}

/// The owner, for paths from the root.
fn at_root(app: &TestApp, board: &Board) -> Client {
    app.root().bearer(&board.token)
}

fn options_name_the_methods(app: &TestApp) {
    let board = app.any_board();
    for (path, methods) in paths(app, &board) {
        let options = app.root().send("OPTIONS", &path, "");
        assert!(
            [200, 204].contains(&options.status),
            "{path}: {}",
            options.status
        );
        let allowed = words(&options.need("Allow"));
        assert!(
            methods.iter().all(|method| allowed.contains(method)),
            "{path}: {allowed:?}"
        );
    }
}

fn preflight(app: &TestApp, path: &str, method: &str) -> Answer {
    let browser = app
        .root()
        .with("Origin", "https://scores.example.org")
        .with("Access-Control-Request-Method", method);
    browser
        .with(
            "Access-Control-Request-Headers",
            "authorization,content-type,if-match,idempotency-key",
        )
        .send("OPTIONS", path, "")
}

fn browsers_of_other_origins_may_do_everything(app: &TestApp) {
    let board = app.any_board();
    let api = paths(app, &board)
        .into_iter()
        .filter(|(path, _)| path.starts_with("/api/v1"));
    for (path, methods) in api {
        for method in methods {
            let answer = preflight(app, &path, &method);
            assert!(
                [200, 204].contains(&answer.status),
                "{method} {path}: {}",
                answer.status
            );
            assert_eq!(answer.need("Access-Control-Allow-Origin"), "*");
            assert_eq!(answer.header("Access-Control-Allow-Credentials"), None);
            assert!(
                words(&answer.need("Access-Control-Allow-Methods")).contains(&method),
                "{method} {path}"
            );
            let headers = words(&answer.need("Access-Control-Allow-Headers"));
            for header in [
                "AUTHORIZATION",
                "CONTENT-TYPE",
                "IF-MATCH",
                "IDEMPOTENCY-KEY",
            ] {
                assert!(
                    headers.contains(&header.to_owned()) || headers == ["*"],
                    "{header} {path}: {headers:?}"
                );
            }
        }
    }
}

fn browsers_of_other_origins_may_read_our_headers(app: &TestApp) {
    let board = app.any_board();
    let browser = app.root().with("Origin", "https://scores.example.org");
    let seen = [
        browser
            .get(&format!("/api/v1{}", board.public_path("")))
            .expect(200),
        browser.get("/api/v1/games/game_0000000000000").expect(404),
        browser.get("/api/v1/nothing").expect(404),
        browser
            .json("PATCH", &format!("/api/v1{}", board.path("")), json!({}))
            .expect(401),
        browser.send("DELETE", "/api/v1/products", "").expect(405),
        browser.send("POST", "/api/v1/games", "{").expect(415),
    ];
    let names = "ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, Request-Id, Idempotency-Replayed";
    for answer in seen {
        assert_eq!(answer.need("Access-Control-Allow-Origin"), "*");
        assert_eq!(answer.header("Access-Control-Allow-Credentials"), None);
        let exposed = words(&answer.need("Access-Control-Expose-Headers"));
        for name in words(names) {
            assert!(
                exposed.contains(&name),
                "{name} is not exposed: {exposed:?}"
            );
        }
    }
}

both_engines!(
    another_method_is_not_allowed_and_the_others_are_named,
    head_is_get_without_a_body,
    head_of_a_stream_ends_at_once,
    head_of_what_is_absent_is_as_absent,
    options_name_the_methods,
    browsers_of_other_origins_may_do_everything,
    browsers_of_other_origins_may_read_our_headers,
);
