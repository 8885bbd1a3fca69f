//! Two worlds in one process: a production-marked and a development application, hammered at the
//! same time, never see each other's rows. In 2020 one global connection was enough to lose everything.

use std::sync::Barrier;
use std::thread;

use diesel::connection::SimpleConnection;
use scorehold::db::{Connector, Role, migrate};
use serde_json::json;

use crate::support::{Board, Database, TestApp, both_engines};

pub const NO_ARCHIVE: [(&str, &str); 2] = [
    ("SCOREHOLD__ARCHIVE__MODE", "off"),
    ("SCOREHOLD__ARCHIVE__ACKNOWLEDGE_NO_ARCHIVE", "true"),
];

struct Worlds {
    production: TestApp,
    development: TestApp,
}

impl Worlds {
    fn open(app: &TestApp) -> Self {
        let engine = app.database.engine;
        Self {
            production: TestApp::of_environment(engine, "production", &NO_ARCHIVE),
            development: TestApp::of_environment(engine, "development", &[]),
        }
    }
}

const THREADS: usize = 3;
const BOARDS: usize = 4;
const SCORES: usize = 6;

/// Makes boards that carry the name of their world, and fills them.
fn hammer(app: &TestApp, world: &str) -> Vec<Board> {
    let fill = |_| {
        let board = app.board(json!({"title": world, "visibility": "public"}));
        let player = board.player(world);
        for value in 1..=SCORES {
            board.add(&player, value);
        }
        assert_eq!(board.total(&player), 21);
        board
    };
    (0..BOARDS).map(fill).collect()
}

fn they_never_see_each_others_rows(app: &TestApp) {
    let worlds = Worlds::open(app);
    let sides = [
        (&worlds.production, "production"),
        (&worlds.development, "development"),
    ];
    let start = Barrier::new(2 * THREADS);
    thread::scope(|scope| {
        for (app, world) in sides.iter().copied().flat_map(|side| [side; THREADS]) {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                hammer(app, world);
            });
        }
    });
    for (app, world) in sides {
        let count = |sql: &str| {
            app.database
                .number(&format!("SELECT count(*) AS number FROM {sql}"))
        };
        assert_eq!(count("games"), (THREADS * BOARDS) as i64, "{world}");
        assert_eq!(count(&format!("games WHERE title <> '{world}'")), 0);
        assert_eq!(count(&format!("players WHERE name <> '{world}'")), 0);
        assert_eq!(count("scores"), (THREADS * BOARDS * SCORES) as i64);
        assert_eq!(count("journal"), (THREADS * BOARDS * (SCORES + 2)) as i64);
        assert_eq!(
            count(&format!("instance WHERE environment <> '{world}'")),
            0
        );
        let listed = app.anonymous().get("/games?limit=100").expect(200);
        assert!(listed.column("title").iter().all(|title| title == world));
    }
}

fn a_token_of_one_is_worthless_in_the_other(app: &TestApp) {
    let worlds = Worlds::open(app);
    let board = worlds
        .production
        .board(json!({"title": "production", "visibility": "public"}));
    let twin = worlds.development.any_board();
    let foreign = worlds.development.anonymous().bearer(&board.token);
    foreign
        .get(&board.path(""))
        .problem(401, "invalid_credential");
    foreign
        .delete(&twin.path(""))
        .problem(401, "invalid_credential");
    worlds
        .development
        .anonymous()
        .get(&board.path(""))
        .problem(404, "not_found");
    board.get("").expect(200);
}

fn development_may_migrate_while_production_serves_and_refuses(app: &TestApp) {
    let worlds = Worlds::open(app);
    let board = worlds.production.any_board();
    let ana = board.player("Ana");
    let production = worlds
        .production
        .database
        .config("production", &NO_ARCHIVE)
        .database;
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..5 {
                let new = Database::empty(app.database.engine);
                migrate::run(&new.config("development", &[])).unwrap();
            }
        });
        for _ in 0..10 {
            board.add(&ana, 1);
            let mut conn = Connector::new(production.url.clone(), Role::Runtime)
                .open()
                .unwrap();
            for sql in ["DROP TABLE scores", "CREATE TABLE cakes (name TEXT)"] {
                conn.batch_execute(sql).unwrap_err();
            }
        }
    });
    assert_eq!(board.total(&ana), 10);
}

fn a_development_configuration_cannot_open_production(app: &TestApp) {
    let worlds = Worlds::open(app);
    worlds.production.any_board();
    let crossed = worlds.production.database.config("development", &[]);
    assert_eq!(
        scorehold::state::AppState::open(crossed.clone())
            .err()
            .map(|refusal| refusal.exit),
        Some(77)
    );
    assert_eq!(
        migrate::run(&crossed).err().map(|refusal| refusal.exit),
        Some(77)
    );
    assert_eq!(
        worlds
            .production
            .database
            .number("SELECT count(*) AS number FROM instance"),
        1
    );
}

both_engines!(
    they_never_see_each_others_rows,
    a_token_of_one_is_worthless_in_the_other,
    development_may_migrate_while_production_serves_and_refuses,
    a_development_configuration_cannot_open_production,
);
