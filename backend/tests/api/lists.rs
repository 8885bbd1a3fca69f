//! Lists by keyset: bounds, cursors, and every row exactly once while others are added.

use serde_json::{Value, json};

use crate::support::{Answer, Board, Client, TestApp, both_engines};

/// A board with 7 players, 7 rounds and 7 scores, and the addresses of its lists.
pub fn filled(app: &TestApp) -> (Board, Vec<String>) {
    let board = app.board(json!({"title": "Lists", "visibility": "public"}));
    for n in 0..7 {
        let player = board.player(&format!("Player {n}"));
        board.round(&format!("Round {n}"));
        board.add(&player, n);
    }
    let lists =
        ["/players", "/rounds", "/scores", "/standings", "/journal"].map(|list| board.path(list));
    (board, lists.to_vec())
}

/// What tells a row apart from the others of its list.
fn key(row: &Value) -> String {
    let ids = [
        &row["id"],
        &row["player"]["id"],
        &row["revision"],
        &row["item"],
        &row["entity"],
    ];
    ids.map(Value::to_string).join(" ")
}

fn next(client: &Client, page: &Answer, path: &str) -> Option<Answer> {
    let separator = if path.contains('?') { '&' } else { '?' };
    let cursor = page["next_cursor"].as_str();
    assert_eq!(cursor.is_some(), page["has_more"] == true);
    cursor.map(|cursor| {
        client
            .get(&format!("{path}{separator}cursor={cursor}"))
            .expect(200)
    })
}

pub fn every_page(client: &Client, path: &str) -> Vec<Value> {
    let mut page = client.get(path).expect(200);
    let mut rows = page.rows().clone();
    while let Some(following) = next(client, &page, path) {
        rows.extend(following.rows().clone());
        page = following;
    }
    rows
}

fn pages_together_are_the_whole(app: &TestApp) {
    let (board, lists) = filled(app);
    for path in lists {
        let whole = board.owner.get(&path).expect(200).rows().clone();
        assert!(whole.len() >= 7, "{path}");
        for limit in [1, 3] {
            assert_eq!(
                every_page(&board.owner, &format!("{path}?limit={limit}")),
                whole,
                "{path}"
            );
        }
    }
}

fn nothing_twice_and_nothing_missing_while_rows_are_added(app: &TestApp) {
    let (board, lists) = filled(app);
    for path in lists.iter().filter(|path| !path.ends_with("/standings")) {
        let address = format!("{path}?limit=2");
        let before: Vec<String> = every_page(&board.owner, path).iter().map(key).collect();
        let mut page = board.owner.get(&address).expect(200);
        let mut seen: Vec<String> = page.rows().iter().map(key).collect();
        while let Some(following) = next(&board.owner, &page, &address) {
            seen.extend(following.rows().iter().map(key));
            if seen.len() < 8 {
                board.add(&board.player("Late"), 1);
                board.round("Late");
            }
            page = following;
        }
        let mut once = seen.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), seen.len(), "{path} has a row twice");
        assert!(
            before.iter().all(|row| seen.contains(row)),
            "{path} lacks a row"
        );
    }
}

fn limits_have_bounds(app: &TestApp) {
    let (board, lists) = filled(app);
    for path in lists {
        let most = if path.ends_with("/standings") || path.ends_with("/players") {
            1000
        } else {
            100
        };
        let ask = |limit: &str| board.owner.get(&format!("{path}?limit={limit}"));
        assert_eq!(ask("1").expect(200).rows().len(), 1);
        ask(&most.to_string()).expect(200);
        for wrong in [
            "0",
            "-1",
            &(most + 1).to_string(),
            "many",
            "1.5",
            "",
            "99999999999999999999",
        ] {
            ask(wrong).problem_at(400, "invalid_parameter", "limit");
        }
    }
    app.anonymous()
        .get("/games?limit=101")
        .problem_at(400, "invalid_parameter", "limit");
}

fn twenty_five_is_the_default(app: &TestApp) {
    let board = app.any_board();
    let players: Vec<Value> = (0..30)
        .map(|n| json!({"name": format!("Player {n}")}))
        .collect();
    board
        .post("/players", json!({"players": players}))
        .expect(201);
    for n in 0..30 {
        board.round(&format!("Round {n}"));
    }
    assert_eq!(board.get("/rounds").expect(200).rows().len(), 25);
    let journal = board.get("/journal").expect(200);
    assert_eq!(
        (journal.rows().len(), &journal["has_more"]),
        (25, &json!(true))
    );
}

fn unknown_parameters_are_never_ignored(app: &TestApp) {
    let (board, lists) = filled(app);
    let things = [
        board.path(""),
        "/games".to_owned(),
        "/products".to_owned(),
        board.path("/events"),
    ];
    for path in lists.iter().chain(&things) {
        let client = board.owner.with("Accept", "application/json");
        client
            .get(&format!("{path}?colour=red"))
            .problem_at(400, "unknown_parameter", "colour");
    }
    board
        .get("/standings?when=3")
        .problem_at(400, "unknown_parameter", "when");
    board
        .post("/players?dry_run=1", json!({"name": "x"}))
        .problem(400, "unknown_parameter");
    board
        .get("/scores?voided=perhaps")
        .problem_at(400, "invalid_parameter", "voided");
    board
        .get("/players?limit=1&limit=2")
        .problem_at(400, "invalid_parameter", "limit");
    board
        .get("/players?state=gone")
        .problem_at(400, "invalid_parameter", "state");
    assert_eq!(board.read()["player_count"], 7);
}

both_engines!(
    pages_together_are_the_whole,
    nothing_twice_and_nothing_missing_while_rows_are_added,
    limits_have_bounds,
    twenty_five_is_the_default,
    unknown_parameters_are_never_ignored,
);
