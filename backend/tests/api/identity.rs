//! The database knows who it is: a server of another environment is refused before it writes anything.

use scorehold::db::migrate;
use scorehold::state::AppState;

use crate::support::{Database, TestApp, both_engines};
use crate::two_worlds::NO_ARCHIVE;

/// Everything in a database that a start could have touched.
fn rows(database: &Database) -> [i64; 3] {
    ["instance", "games", "journal"]
        .map(|table| database.number(&format!("SELECT count(*) AS number FROM {table}")))
}

/// The exit code with which a start is refused, and the message.
fn refusal(started: Result<AppState, scorehold::error::StartError>) -> (u8, String) {
    let error = started.err().expect("the server started");
    (error.exit, error.message)
}

fn a_database_of_another_environment_is_refused(app: &TestApp) {
    app.any_board();
    let before = rows(&app.database);
    for environment in ["development", "staging", "production"] {
        let config = app.database.config(environment, &NO_ARCHIVE);
        let (exit, message) = refusal(AppState::open(config.clone()));
        assert_eq!(exit, 77, "{message}");
        assert!(
            message.contains(environment) && message.contains("test"),
            "both sides are named: {message}"
        );
        assert_eq!(migrate::run(&config).unwrap_err().exit, 77);
    }
    assert_eq!(rows(&app.database), before);
}

fn a_database_of_another_instance_is_refused(app: &TestApp) {
    let other = (
        "SCOREHOLD__DATABASE__INSTANCE",
        "018f3b2e-7c1d-4a5e-9b8a-0123456789ab",
    );
    let config = app.database.config("test", &[other]);
    assert_eq!(refusal(AppState::open(config.clone())).0, 77);
    assert_eq!(migrate::run(&config).unwrap_err().exit, 77);
}

fn tables_without_a_marker_count_as_production(app: &TestApp) {
    let foreign = Database::empty(app.database.engine);
    foreign.execute("CREATE TABLE cakes (name TEXT)").unwrap();
    for environment in ["development", "test", "staging"] {
        let config = foreign.config(environment, &NO_ARCHIVE);
        assert_eq!(
            refusal(AppState::open(config.clone())).0,
            77,
            "{environment}"
        );
        assert_eq!(migrate::run(&config).unwrap_err().exit, 77, "{environment}");
    }
    foreign
        .execute("INSERT INTO cakes VALUES ('apple')")
        .unwrap();
}

fn an_empty_database_is_nobodys_yet(app: &TestApp) {
    let empty = Database::empty(app.database.engine);
    let config = empty.config("production", &NO_ARCHIVE);
    let (exit, message) = refusal(AppState::open(config.clone()));
    assert_eq!(exit, 78, "{message}");
    assert!(message.contains("scorehold migrate"), "{message}");
    if app.is_sqlite() {
        assert!(!empty.file().exists(), "a refused start has made a file");
    }
}

fn migrating_stamps_an_empty_database_once(app: &TestApp) {
    let empty = Database::empty(app.database.engine);
    let config = empty.config("staging", &NO_ARCHIVE);
    let first = migrate::run(&config).unwrap();
    assert!(first.stamped && !first.applied.is_empty());
    let again = migrate::run(&config).unwrap();
    assert!(!again.stamped && again.applied.is_empty());
    assert_eq!(
        empty.number("SELECT count(*) AS number FROM instance WHERE environment = 'staging'"),
        1
    );
    assert!(migrate::check(&config).unwrap().names.is_empty());
}

fn migrating_beside_a_running_server_does_no_harm(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    migrate::run(&app.database.config("test", &[])).unwrap();
    assert_eq!(board.add(&ana, 3)["player"]["total"], 3);
}

fn a_symbolic_link_is_not_followed(app: &TestApp) {
    if !app.is_sqlite() {
        return;
    }
    let place = Database::empty(app.database.engine);
    std::os::unix::fs::symlink(app.database.file(), place.file()).unwrap();
    let config = place.config("test", &[]);
    assert_eq!(refusal(AppState::open(config.clone())).0, 77);
    assert_eq!(migrate::run(&config).unwrap_err().exit, 77);
}

both_engines!(
    a_database_of_another_environment_is_refused,
    a_database_of_another_instance_is_refused,
    tables_without_a_marker_count_as_production,
    an_empty_database_is_nobodys_yet,
    migrating_stamps_an_empty_database_once,
    migrating_beside_a_running_server_does_no_harm,
    a_symbolic_link_is_not_followed,
);
