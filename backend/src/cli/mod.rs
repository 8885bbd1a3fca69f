//! The commands: a second shell over the same services.

mod config;
mod demo;
mod maintenance;
mod migrate;
mod operator;
mod output;
mod purge;
mod recovery;
mod runtime;
mod serve;
mod verify;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, Faults, Purpose};
use crate::error::StartError;

/// The exit code of a wrong command line.
pub const EXIT_USAGE: u8 = 64;
/// The exit code of a database in which something is wrong.
const EXIT_DAMAGED: u8 = 65;
/// The exit code of a board that is not there.
const EXIT_NOT_FOUND: u8 = 66;
/// The exit code of output that cannot be written.
const EXIT_IO: u8 = 74;
/// The exit code of a wrong configuration.
const EXIT_CONFIG: u8 = 78;
/// The exit code of whatever has no code of its own.
const EXIT_FAILURE: u8 = 1;

/// An online scoreboard and leaderboard that cannot lose your scores.
///
/// Every setting is an environment variable, such as SCOREHOLD__ENVIRONMENT, or stands in the file
/// given with --config; `scorehold config print` lists them all.
#[derive(Debug, Parser)]
#[command(name = "scorehold", bin_name = "scorehold", version)]
pub struct Cli {
    /// Read settings from this TOML file; the environment still wins
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the app and the API
    Serve,
    /// Create what is missing of the database and bring its schema up to date
    Migrate(Migrate),
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the OpenAPI document
    Openapi,
    /// Let servers refuse changes for a while
    #[command(subcommand)]
    Maintenance(maintenance::Maintenance),
    /// Decide who may see and move payments
    #[command(subcommand)]
    Operator(operator::Operator),
    /// Delete a board for ever that lay in the trash for 30 days
    Purge(purge::Purge),
    /// Check that nothing is missing, and that every board is what its journal says
    Verify(Verify),
    /// Copy the database in use: SQLite into a new file, PostgreSQL as a full backup into its archive
    Backup(recovery::Backup),
    /// Bring a moment of the archive back, aside: into a new file, or a new cluster
    Restore(recovery::Restore),
    /// Bring the last good moment back and put it in use: the command for the day it happens
    Recover(recovery::Recover),
    /// Fill the database with boards
    Load(Load),
}

#[derive(Debug, Args)]
struct Migrate {
    /// Change nothing; fail and name what is pending
    #[arg(long)]
    check: bool,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Tell whether `serve` would accept the configuration
    Check,
    /// Print every key with its value and where that comes from, secrets redacted
    Print,
}

#[derive(Debug, Args)]
struct Verify {
    /// Only this board, by its slug or id
    #[arg(long, value_name = "BOARD")]
    game: Option<String>,
    /// Instead bring the newest state and a random earlier one back aside, and compare them with the database in use
    #[arg(long, conflicts_with = "game")]
    restore: bool,
}

#[derive(Debug, Args)]
struct Load {
    /// Create the demo board, unless it is there
    #[arg(long, required = true)]
    demo: bool,
}

impl Cli {
    /// Runs the command with these variables as its environment.
    pub fn run(self, vars: impl Iterator<Item = (String, String)>) -> Result<(), StartError> {
        let Self { config, command } = self;
        let load = |purpose| Config::load_for(purpose, config.as_deref(), vars);
        match command {
            Command::Serve => serve::run(load(Purpose::Serve)?),
            Command::Migrate(Migrate { check: false }) => {
                migrate::run(&load(Purpose::Migrate)?.config)
            }
            Command::Migrate(Migrate { check: true }) => {
                migrate::check(&load(Purpose::Migrate)?.config)
            }
            Command::Config(ConfigCommand::Check) => config::check(&load(Purpose::Check)?),
            Command::Config(ConfigCommand::Print) => config::print(&load(Purpose::Inspect)?),
            Command::Openapi => openapi(),
            Command::Maintenance(command) => {
                maintenance::run(command, &load(Purpose::Operate)?.config)
            }
            Command::Operator(command) => operator::run(command, load(Purpose::Serve)?.config),
            Command::Purge(command) => purge::run(&command, &load(Purpose::Migrate)?.config),
            Command::Verify(Verify { restore: true, .. }) => {
                recovery::rehearse(&load(Purpose::Operate)?.config)
            }
            Command::Verify(Verify { game, .. }) => {
                verify::run(&load(Purpose::Operate)?.config, game.as_deref())
            }
            Command::Backup(asked) => recovery::backup(asked, &load(Purpose::Operate)?.config),
            Command::Restore(asked) => recovery::restore(asked, &load(Purpose::Operate)?.config),
            Command::Recover(asked) => recovery::recover(asked, &load(Purpose::Operate)?.config),
            Command::Load(Load { demo: _ }) => demo::run(load(Purpose::Serve)?.config),
        }
    }
}

fn openapi() -> Result<(), StartError> {
    output::print(&crate::http::openapi::document().map_err(failure)?)
}

fn failure(error: impl std::fmt::Display) -> StartError {
    StartError::new(EXIT_FAILURE, error.to_string())
}

impl From<Faults> for StartError {
    fn from(faults: Faults) -> Self {
        Self::new(EXIT_CONFIG, faults.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(arguments: &[&str], vars: &[(&str, &str)]) -> Result<(), StartError> {
        let cli = Cli::try_parse_from([&["scorehold"], arguments].concat()).unwrap();
        cli.run(
            vars.iter()
                .map(|(name, value)| ((*name).into(), (*value).into())),
        )
    }

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_refuses_to_guess_the_environment() {
        for arguments in [
            &["serve"][..],
            &["migrate"],
            &["migrate", "--check"],
            &["config", "check"],
            &["config", "print"],
            &["operator", "add", "ana@example.org"],
            &["operator", "remove", "ana@example.org"],
            &["operator", "list"],
            &["verify"],
            &["load", "--demo"],
            &["backup"],
            &["restore", "--into", "/nowhere/new"],
            &["recover"],
            &["maintenance", "on"],
            &["maintenance", "off"],
            &["maintenance", "status"],
            &["backup", "--into", "new.db"],
            &["restore", "--at", "latest", "--into", "new.db"],
        ] {
            let error = run(arguments, &[]).unwrap_err();
            assert_eq!(error.exit, 78, "{arguments:?}");
            assert!(
                error.message.contains("which environment?"),
                "{arguments:?}: {}",
                error.message
            );
        }
    }

    #[test]
    fn the_file_may_be_named_behind_the_command() {
        let error = run(&["serve", "--config", "/nowhere/scorehold.toml"], &[]).unwrap_err();
        assert_eq!(error.exit, 78);
        assert!(
            error.message.contains("/nowhere/scorehold.toml"),
            "{}",
            error.message
        );
    }

    #[test]
    fn load_wants_to_be_told_what_to_load() {
        assert!(Cli::try_parse_from(["scorehold", "load"]).is_err());
    }
}
