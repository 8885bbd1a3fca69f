//! `scorehold backup`, `restore` and `recover`.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::output::print;
use crate::config::Config;
use crate::error::StartError;
use crate::services::recovery::{self, At, Wanted};

#[derive(Debug, Args)]
pub struct Backup {
    /// The new file of an SQLite database; one that exists is refused
    #[arg(long, value_name = "NEW")]
    into: Option<PathBuf>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// The moment: a time such as 2026-11-22T21:14:07Z, a transaction of the archive, or latest; without it the
    /// newest
    #[arg(long, value_name = "MOMENT")]
    at: Option<At>,
    /// What is made; what exists is refused
    #[arg(long, value_name = "NEW")]
    into: PathBuf,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Recover {
    /// Go back to this moment, also when nothing seems to be wrong: a time, a transaction of the archive, or
    /// latest
    #[arg(long, value_name = "MOMENT")]
    at: Option<At>,
    /// The port of the new cluster of PostgreSQL; without it that of the old one
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// Takes a full copy of the database in use.
pub fn backup(asked: Backup, config: &Config) -> Result<(), StartError> {
    let Backup { into, dry_run } = asked;
    let wanted = Wanted {
        into,
        dry_run,
        ..Wanted::default()
    };
    recovery::back_up(config, &wanted, &timed())
}

/// Brings a moment back aside.
pub fn restore(asked: Restore, config: &Config) -> Result<(), StartError> {
    let Restore { at, into, dry_run } = asked;
    let wanted = Wanted {
        at,
        into: Some(into),
        dry_run,
        port: None,
    };
    recovery::restore(config, &wanted, &timed())
}

/// Brings the database back and puts it in use.
pub fn recover(asked: Recover, config: &Config) -> Result<(), StartError> {
    let Recover { at, port, dry_run } = asked;
    let wanted = Wanted {
        at,
        port,
        dry_run,
        into: None,
    };
    recovery::recover(config, &wanted, &timed())
}

/// Tries to bring everything back aside.
pub fn rehearse(config: &Config) -> Result<(), StartError> {
    recovery::rehearse(config, &timed())
}

/// Each line with the seconds since the command began.
fn timed() -> impl Fn(&str) -> Result<(), StartError> {
    let begun = Instant::now();
    move |line| {
        print(&format!(
            "{:>6.1} s  {line}\n",
            begun.elapsed().as_secs_f64()
        ))
    }
}
