//! The script of 2020 walked through everything that we offer: a helper that resets what it believes to be
//! a database of its own machine, and meets production. It comes by every command with every flag, and by
//! every public function that takes a connection, a database or where to find one. Nothing changes.
//!
//! A new command, a new flag or a new function without a line in the walk fails it.

mod commands;
mod functions;
mod rows;

use serde_json::json;

use crate::support::{TestApp, uuid};
use crate::two_worlds::NO_ARCHIVE;
use rows::Rows;

/// What a helper believes that is wrong about where it is.
const BELIEFS: [&str; 3] = ["development", "test", "staging"];

/// A server that is marked production, with two boards and everything on them.
fn production(app: &TestApp) -> TestApp {
    let app = TestApp::of_environment(app.database.engine, "production", &NO_ARCHIVE);
    let owner = app.person("Ana");
    for title in ["Friday", "Saturday"] {
        let board = owner.board(json!({"title": title}));
        let player = board.player("Ben");
        let score = board.entry(&player, 3);
        let amended = json!({"value": 4});
        board
            .patch(&format!("/scores/{score}"), amended)
            .expect(200);
        board.round("One");
        let link = json!({"role": "own", "name": "Tablet"});
        let token = board.post("/links", link).expect(201);
        let order = json!({"product": "free", "game_id": board.id});
        app.anonymous()
            .bearer(token["token"].as_str().unwrap())
            .with("Idempotency-Key", &uuid())
            .post("/orders", order)
            .expect(201);
    }
    app
}

/// Insists that not one row of one table has changed.
#[track_caller]
fn unchanged(production: &TestApp, before: &Rows, what: &str) {
    let now = Rows::of(&production.database);
    assert!(before.same(&now), "{what}: {}", before.difference(&now));
}
