//! Backup, restore and recover, as an operator asks for them on the machine of the database.

mod cluster;
mod continues;
mod embedded;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::config::{Config, DatabaseUrl};
use crate::db::{identity, once};
use crate::domain::rehearsal::Rehearsal;
use crate::domain::time::{Clock, SystemClock, Timestamp};
use crate::error::StartError;
use crate::repos;

/// Tells whoever waits what happens now.
pub type Say<'a> = &'a dyn Fn(&str) -> Result<(), StartError>;

/// Where a person wants to go back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The newest state that the archive holds.
    Latest,
    /// A transaction: of an SQLite archive the last one that comes back, of PostgreSQL the one before which
    /// it stops.
    Transaction(u64),
    /// As it stood at a time.
    Time(Timestamp),
}

/// How many characters the number of a transaction has in an SQLite archive.
const HEXADECIMAL: usize = 16;

impl FromStr for At {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = match text.len() {
            HEXADECIMAL => u64::from_str_radix(text, 16).ok(),
            _ => text.parse().ok(),
        };
        match (text, number, text.parse()) {
            ("latest", ..) => Ok(Self::Latest),
            (_, Some(number), _) => Ok(Self::Transaction(number)),
            (.., Ok(time)) => Ok(Self::Time(time)),
            _ => Err("a time such as 2026-11-22T21:14:07Z, a transaction, or latest"),
        }
    }
}

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// `None`: all that is good.
    pub at: Option<At>,
    /// What is made; nothing that exists is ever written to.
    pub into: Option<PathBuf>,
    /// The port of a new cluster of PostgreSQL; without it that of the old one.
    pub port: Option<u16>,
    /// Tell what would be done, and do nothing.
    pub dry_run: bool,
}

/// Makes a full copy of the database in use.
///
/// # Errors
/// 73 when the target exists, 77 for a database of another identity, 69 when it is out of reach, 74 for the
/// disk.
pub fn back_up(config: &Config, wanted: &Wanted, say: Say<'_>) -> Result<(), StartError> {
    identity::refuse_other(config)?;
    match &config.database.url {
        DatabaseUrl::Sqlite(configured) => embedded::back_up(config, configured, wanted, say),
        DatabaseUrl::Postgres(_) => cluster::back_up(config, wanted, say),
    }
}

/// Brings a moment of the archive back aside. The database in use is not touched.
///
/// # Errors
/// 73 when the target exists, 66 when the archive has nothing of that moment, 65 when what it has is damaged,
/// 69 when it is out of reach, 74 for the disk, 77 when it is somebody else's.
pub fn restore(config: &Config, wanted: &Wanted, say: Say<'_>) -> Result<(), StartError> {
    identity::refuse_other(config)?;
    match &config.database.url {
        DatabaseUrl::Sqlite(configured) => embedded::restore(config, configured, wanted, say),
        DatabaseUrl::Postgres(_) => cluster::restore(config, wanted, say),
    }
}

/// Finds the last good point, restores it aside, looks it through, gives it a lineage and an archive of its
/// own, and puts it in use. What was there before is kept.
///
/// # Errors
/// As [`restore`]; then the database in use is what it was before.
pub fn recover(config: &Config, wanted: &Wanted, say: Say<'_>) -> Result<(), StartError> {
    identity::refuse_other(config)?;
    match (&config.database.url, wanted.port) {
        (DatabaseUrl::Sqlite(configured), None) => {
            embedded::recover(config, configured, wanted, say)
        }
        (DatabaseUrl::Sqlite(_), Some(_)) => Err(misused("an SQLite database has no --port")),
        (DatabaseUrl::Postgres(_), _) => cluster::recover(config, wanted, say),
    }
}

/// Restores the newest state and a random earlier one aside, compares them with the database in use, and notes what
/// came of it where every server sees it.
///
/// # Errors
/// 65 when something is missing in what comes back; otherwise as [`restore`].
pub fn rehearse(config: &Config, say: Say<'_>) -> Result<(), StartError> {
    identity::check(config)?;
    let tried = match &config.database.url {
        DatabaseUrl::Sqlite(configured) => embedded::rehearse(config, configured, say),
        DatabaseUrl::Postgres(_) => cluster::rehearse(config, say),
    };
    let rehearsal = Rehearsal {
        points: tried.as_ref().cloned().unwrap_or_default(),
        wrong: tried.as_ref().err().map(|error| error.message.clone()),
        at: SystemClock.now(),
    };
    once::write(config, |conn| Ok(repos::rehearsals::add(conn, &rehearsal)?))?;
    say(&format!("everything was there: {}", tried?))
}

/// Refuses to make a new database where the archive holds one: that would hide what is to be recovered.
///
/// # Errors
/// 78 when it does, 69 when nobody knows.
pub fn refuse_forgotten(config: &Config) -> Result<(), StartError> {
    match &config.database.url {
        DatabaseUrl::Sqlite(configured) => embedded::refuse_forgotten(config, configured),
        DatabaseUrl::Postgres(_) => Ok(()),
    }
}

/// A flag that belongs to the other engine.
fn misused(why: &str) -> StartError {
    StartError::new(64, format!("{why}; nothing was touched"))
}

/// A restore never overwrites.
///
/// # Errors
/// 73 when something is there, 74 when nobody can tell.
fn refuse_existing(target: &Path) -> Result<(), StartError> {
    match target.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(on_disk(target, &error)),
        Ok(_) => Err(StartError::new(
            73,
            format!(
                "{} is there already, and nothing was touched: name something new with --into",
                target.display()
            ),
        )),
    }
}

fn on_disk(place: &Path, error: &std::io::Error) -> StartError {
    StartError::new(74, format!("{}: {error}", place.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_time_a_transaction_or_the_newest() {
        assert_eq!("latest".parse(), Ok(At::Latest));
        assert_eq!("000000000000012d".parse(), Ok(At::Transaction(0x12d)));
        assert_eq!("731".parse(), Ok(At::Transaction(731)));
        let time = "2026-11-22T21:14:07Z";
        assert_eq!(time.parse(), Ok(At::Time(time.parse().unwrap())));
        for wrong in ["yesterday", "12d", "", "2026-11-22", "-1"] {
            assert!(wrong.parse::<At>().is_err(), "{wrong}");
        }
    }
}
