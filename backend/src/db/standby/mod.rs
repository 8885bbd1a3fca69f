//! The receivers of PostgreSQL's log outside the host, as the server itself sees them.
//!
//! A COMMIT waits for one of them (`synchronous_standby_names`). Should somebody cancel it while it waits,
//! PostgreSQL calls it done, with a warning that no client library hands on; so every commit is asked after.

mod confirm;
mod seen;
mod watch;

use super::{Conn, Connector, Role};
use crate::config::{ArchiveMode, Config, DatabaseUrl};
use crate::error::StartError;
pub(super) use confirm::confirm;
use seen::Seen;
pub(super) use watch::Standby;

/// Refuses a server whose database keeps less than `archive.mode` promises.
///
/// # Errors
/// 78 with the setting that is missing, 69 when the database is out of reach.
pub fn check(config: &Config) -> Result<(), StartError> {
    let (url, mode) = (&config.database.url, config.archive.mode);
    if mode == ArchiveMode::Off || matches!(url, DatabaseUrl::Sqlite(_)) {
        return Ok(());
    }
    let seen = seen(url)?;
    match seen.and_then(|seen| seen.lacking(mode)) {
        None => Ok(()),
        Some(lacking) => Err(StartError::new(
            78,
            format!("SCOREHOLD__ARCHIVE__MODE is {mode}, but {lacking}"),
        )),
    }
}

/// Whether a change could be acknowledged now.
///
/// # Errors
/// Why not, in words.
pub fn ready(url: &DatabaseUrl, mode: ArchiveMode) -> Result<(), String> {
    match seen(url) {
        Err(error) => Err(error.message),
        Ok(Some(seen)) if mode == ArchiveMode::Barrier && seen.received.is_none() => {
            Err(NOBODY.to_owned())
        }
        Ok(_) => Ok(()),
    }
}

const NOBODY: &str = "no receiver that commits wait for is connected";

fn seen(url: &DatabaseUrl) -> Result<Option<Seen>, StartError> {
    let mut conn = Connector::new(url.clone(), Role::Reader).reach()?;
    Seen::by(&mut conn).map_err(|error| StartError::unreachable(url, &error))
}
