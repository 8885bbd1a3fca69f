//! Every command, with every flag, run as a process.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use clap::{CommandFactory, Parser};
use scorehold::cli::{Cli, EXIT_USAGE};

use super::{BELIEFS, Rows, production, unchanged};
use crate::support::{TestApp, both_engines};
use crate::two_worlds::NO_ARCHIVE;

/// What a command does with a database that is not what the helper believes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meets {
    /// It is refused: 77.
    Identity,
    /// It looks at the configuration only, and does nothing.
    Configuration,
    /// It needs no configuration at all.
    Nothing,
}

/// Every command by its name, and the ways to call it, which hold each of its flags.
const WALK: &[(&str, Meets, &[&[&str]])] = &[
    ("serve", Meets::Identity, &[&[]]),
    ("migrate", Meets::Identity, &[&[], &["--check"]]),
    ("config check", Meets::Configuration, &[&[]]),
    ("config print", Meets::Configuration, &[&[]]),
    ("openapi", Meets::Nothing, &[&[]]),
    (
        "maintenance on",
        Meets::Identity,
        &[&[], &["--full"], &["--full", "--reason", "Reset"]],
    ),
    ("maintenance off", Meets::Identity, &[&[]]),
    ("maintenance status", Meets::Identity, &[&[]]),
    ("operator add", Meets::Identity, &[&["ada@example.org"]]),
    ("operator remove", Meets::Identity, &[&["ada@example.org"]]),
    ("operator list", Meets::Identity, &[&[]]),
    (
        "purge",
        Meets::Identity,
        &[&["7h2kqm9xwd"], &["7h2kqm9xwd", "--confirm", "7h2kqm9xwd"]],
    ),
    (
        "backup",
        Meets::Identity,
        &[&["--into", "copy.db"], &["--into", "copy.db", "--dry-run"]],
    ),
    (
        "restore",
        Meets::Identity,
        &[
            &["--into", "copy.db"],
            &["--into", "copy.db", "--at", "latest", "--dry-run"],
        ],
    ),
    (
        "recover",
        Meets::Identity,
        &[&[], &["--dry-run", "--at", "latest"], &["--port", "5433"]],
    ),
    (
        "verify",
        Meets::Identity,
        &[&[], &["--game", "7h2kqm9xwd"], &["--restore"]],
    ),
    ("load", Meets::Identity, &[&["--demo"]]),
];

/// Words that somebody would try who wants a database to be empty.
const WISHES: [&str; 14] = [
    "reset",
    "drop",
    "drop-tables",
    "create-tables",
    "wipe",
    "truncate",
    "delete",
    "fresh",
    "clean",
    "init",
    "seed",
    "rollback",
    "revert",
    "redo",
];
/// Flags that such a wish is given with.
const INSISTENCE: [&str; 8] = [
    "--force",
    "--reset",
    "--drop",
    "--yes",
    "--all",
    "--down",
    "--revert",
    "--no-guard",
];

/// Every command that can be given, with its flags.
fn offered() -> Vec<(String, BTreeSet<String>)> {
    fn collect(prefix: &str, command: &clap::Command, found: &mut Vec<(String, BTreeSet<String>)>) {
        for sub in command.get_subcommands() {
            let name = format!("{prefix} {}", sub.get_name()).trim().to_owned();
            if sub.has_subcommands() {
                collect(&name, sub, found);
            } else {
                let flags = sub.get_arguments().filter_map(clap::Arg::get_long);
                let flags = flags.filter(|flag| !["help", "version", "config"].contains(flag));
                found.push((name, flags.map(|flag| format!("--{flag}")).collect()));
            }
        }
    }
    let mut found = Vec::new();
    collect("", &Cli::command(), &mut found);
    found
}

fn words(name: &str, flags: &[&str]) -> Vec<String> {
    let words = name.split_whitespace().chain(flags.iter().copied());
    words.map(str::to_owned).collect()
}

/// Nothing that is refused takes longer; a server that starts would never end.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs a command in an environment of its own: its exit code, and what it said.
fn run(arguments: &[String], variables: &[(String, String)]) -> (i32, String) {
    let child = Command::new(env!("CARGO_BIN_EXE_scorehold"))
        .args(arguments)
        .env_clear()
        .envs(variables.iter().cloned())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let id = child.id();
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait_with_output()));
    let Ok(output) = ended.recv_timeout(PATIENCE) else {
        Command::new("kill").arg(id.to_string()).status().unwrap();
        panic!("{arguments:?} goes on: nothing stopped it");
    };
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap_or(-1), said)
}

#[test]
fn the_walk_goes_through_every_command_with_every_flag() {
    let offered = offered();
    let names: BTreeSet<&str> = offered.iter().map(|(name, _)| name.as_str()).collect();
    let walked: BTreeSet<&str> = WALK.iter().map(|(name, ..)| *name).collect();
    assert_eq!(
        walked, names,
        "a command without a line in the walk, or a line without a command"
    );
    for (name, flags) in &offered {
        let (.., ways) = WALK.iter().find(|(walked, ..)| walked == name).unwrap();
        for flag in flags {
            let tried = ways.iter().any(|way| way.contains(&flag.as_str()));
            assert!(tried, "{name} {flag} is not in the walk");
        }
    }
}

#[test]
fn what_was_never_offered_is_refused_as_usage() {
    let refused = |words: &[String]| {
        let parsed = Cli::try_parse_from([&["scorehold".to_owned()], words].concat());
        assert!(
            parsed.is_err_and(|error| error.use_stderr()),
            "{words:?} is a command"
        );
    };
    for wish in WISHES {
        refused(&words(wish, &[]));
    }
    for (name, _, ways) in WALK {
        for way in *ways {
            for flag in INSISTENCE {
                refused(&words(name, &[*way, &[flag]].concat()));
            }
        }
    }
    let (code, _) = run(&words("reset", &["--force"]), &[]);
    assert_eq!(code, i32::from(EXIT_USAGE));
}

/// The environment is unset: 78, before anything is opened.
fn without_an_environment_nothing_begins(app: &TestApp) {
    let production = production(app);
    let before = Rows::of(&production.database);
    let mut variables: Vec<_> = production
        .database
        .variables("production", &NO_ARCHIVE)
        .collect();
    variables.retain(|(name, _)| name != "SCOREHOLD__ENVIRONMENT");
    for (name, meets, ways) in WALK {
        for way in *ways {
            let (code, said) = run(&words(name, way), &variables);
            let expected = if *meets == Meets::Nothing { 0 } else { 78 };
            assert_eq!(code, expected, "{name} {way:?}: {said}");
            assert_eq!(
                code == 78,
                said.contains("which environment?"),
                "{name}: {said}"
            );
        }
    }
    unchanged(&production, &before, "a command without an environment");
}

/// The environment is that of the helper's own machine, the address is that of production.
fn a_wrong_belief_is_refused_by_the_database(app: &TestApp) {
    let production = production(app);
    let before = Rows::of(&production.database);
    for belief in BELIEFS {
        let variables: Vec<_> = production.database.variables(belief, &NO_ARCHIVE).collect();
        for (name, meets, ways) in WALK {
            for way in *ways {
                let (code, said) = run(&words(name, way), &variables);
                let expected = if *meets == Meets::Identity { 77 } else { 0 };
                assert_eq!(code, expected, "{belief}: {name} {way:?}: {said}");
                let both = said.contains("production") && said.contains(belief);
                assert_eq!(code == 77, both, "{belief}: both sides are named: {said}");
            }
        }
        unchanged(&production, &before, belief);
    }
}

/// The same, told by a file.
fn a_file_with_a_wrong_belief_is_refused_too(app: &TestApp) {
    let production = production(app);
    let before = Rows::of(&production.database);
    let mut variables: Vec<_> = production
        .database
        .variables("production", &NO_ARCHIVE)
        .collect();
    variables.retain(|(name, _)| name != "SCOREHOLD__ENVIRONMENT");
    let file = std::env::temp_dir().join(format!("scorehold-walk-{}.toml", crate::support::uuid()));
    std::fs::write(&file, "environment = \"development\"\n").unwrap();
    for (name, meets, ways) in WALK {
        for way in *ways {
            let told = words(
                name,
                &[*way, &["--config", file.to_str().unwrap()]].concat(),
            );
            let (code, said) = run(&told, &variables);
            let expected = if *meets == Meets::Identity { 77 } else { 0 };
            assert_eq!(code, expected, "{told:?}: {said}");
        }
    }
    std::fs::remove_file(&file).unwrap();
    unchanged(&production, &before, "a file");
}

both_engines!(
    without_an_environment_nothing_begins,
    a_wrong_belief_is_refused_by_the_database,
    a_file_with_a_wrong_belief_is_refused_too,
);
