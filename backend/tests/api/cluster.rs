//! PostgreSQL with an archive: what is refused before anything happens. That nothing is lost is shown by
//! scripts/rehearse-recovery, on a cluster of its own with receivers and an archive.

use std::fs;

use clap::Parser;
use scorehold::cli::Cli;
use scorehold::error::StartError;
use scorehold::state::AppState;

use crate::support::{Database, Engine, uuid};

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
fn without_a_cluster_on_this_machine_nothing_is_backed_up_restored_recovered_or_rehearsed() {
    let database = Database::migrated(Engine::Postgres);
    for words in [
        &["backup"][..],
        &["restore", "--into", "/nowhere/new"],
        &["recover"],
        &["verify", "--restore"],
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

/// A rehearsal makes a directory, and removes it: its own, and never anything else.
#[test]
fn a_directory_in_which_something_lies_is_rehearsed_in_by_nobody() {
    let database = Database::migrated(Engine::Postgres);
    let clusters = std::env::temp_dir().join(format!("scorehold-{}", uuid()));
    let (aside, file) = ("lineage-1.rehearsal", "lineage-1.rehearsal/PG_VERSION");
    fs::create_dir_all(clusters.join(aside)).unwrap();
    fs::write(clusters.join(file), "16").unwrap();
    let settings = [("SCOREHOLD__CLUSTER__DIRECTORY", clusters.to_str().unwrap())];
    let rehearse = || command(&database, &["verify", "--restore"], &settings);
    let (exit, message) = rehearse();
    assert_eq!(exit, 73, "{message}");
    assert!(message.contains("holds PG_VERSION"), "{message}");
    fs::remove_file(clusters.join(file)).unwrap();
    let (exit, message) = rehearse();
    assert_eq!(exit, 69, "{message}");
    assert!(message.contains("is not running"), "{message}");
    assert!(!clusters.join(aside).exists());
    fs::remove_dir(clusters).unwrap();
    let noted = "SELECT count(*) AS number FROM rehearsals WHERE wrong IS NOT NULL";
    assert_eq!(database.number(noted), 2);
}
