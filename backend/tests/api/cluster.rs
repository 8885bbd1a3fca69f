//! PostgreSQL with an archive: what is refused before anything happens. That nothing is lost is shown by
//! scripts/rehearse-recovery, on a cluster of its own with receivers and an archive.

use clap::Parser;
use scorehold::cli::Cli;
use scorehold::error::StartError;
use scorehold::state::AppState;

use crate::support::{Database, Engine};

fn refusal(outcome: Result<(), StartError>) -> (u8, String) {
    let error = outcome.unwrap_err();
    (error.exit, error.message)
}

fn command(database: &Database, words: &[&str], settings: &[(&str, &str)]) -> (u8, String) {
    let words = std::iter::once("scorehold").chain(words.iter().copied());
    let command = Cli::try_parse_from(words).unwrap();
    refusal(command.run(database.variables("test", settings)))
}

#[test]
fn a_server_that_promises_more_than_its_database_keeps_does_not_start() {
    let database = Database::migrated(Engine::Postgres);
    for (mode, setting) in [
        ("barrier", "synchronous_standby_names = 'ANY 1"),
        ("async", "archive_mode = on and archive_command"),
    ] {
        let config = database.config("test", &[("SCOREHOLD__ARCHIVE__MODE", mode)]);
        let (exit, message) = refusal(AppState::open(config).map(drop));
        assert_eq!(exit, 78, "{message}");
        assert!(
            message.contains(mode) && message.contains(setting),
            "{message}"
        );
    }
}

#[test]
fn a_directory_that_exists_is_restored_into_by_nobody() {
    let database = Database::migrated(Engine::Postgres);
    let taken = std::env::temp_dir();
    let taken = taken.to_str().unwrap();
    let settings = [("SCOREHOLD__CLUSTER__DIRECTORY", taken)];
    let (exit, message) = command(&database, &["restore", "--into", taken], &settings);
    assert_eq!(exit, 73, "{message}");
    assert!(
        message.contains(taken) && message.contains("nothing was touched"),
        "{message}"
    );
}

#[test]
fn without_a_cluster_on_this_machine_nothing_is_backed_up_restored_or_recovered() {
    let database = Database::migrated(Engine::Postgres);
    for words in [
        &["backup"][..],
        &["restore", "--into", "/nowhere/new"],
        &["recover"],
    ] {
        let (exit, message) = command(&database, words, &[]);
        assert_eq!(exit, 78, "{words:?}: {message}");
        assert!(
            message.contains("SCOREHOLD__CLUSTER__DIRECTORY"),
            "{message}"
        );
    }
}

#[test]
fn a_flag_of_the_other_engine_is_refused() {
    let (sqlite, postgres) = (Engine::Sqlite, Engine::Postgres);
    for (engine, words) in [
        (sqlite, &["recover", "--port", "5433"][..]),
        (postgres, &["backup", "--into", "/nowhere/new"]),
    ] {
        let (exit, message) = command(&Database::migrated(engine), words, &[]);
        assert_eq!(exit, 64, "{words:?}: {message}");
        assert!(message.contains("nothing was touched"), "{message}");
    }
}
