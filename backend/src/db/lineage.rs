//! A database that was restored, while nobody but its restorer sees it; and the one that it takes the place of.

use super::identity::{self, Catalogue, Identity};
use super::summary::{self, Summary};
use super::wiped::{self, Sign};
use super::{Connector, Role, migrate, restored};
use crate::config::{Config, DatabaseUrl};
use crate::domain::time::Timestamp;
use crate::error::StartError;

/// Looks whether a restored database is whole, and is the one that the configuration means.
///
/// # Errors
/// 65 when it is not whole, 77 when it is another one, 69 when it does not answer.
pub fn inspect(config: &Config, restored: &DatabaseUrl) -> Result<(Identity, Summary), StartError> {
    let damaged = |why: String| StartError::new(65, format!("the copy is not whole: {why}"));
    let failed = |error: diesel::result::Error| damaged(error.to_string());
    let mut conn = Connector::new(restored.clone(), Role::Reader).reach()?;
    let Catalogue::Marked(identity) = identity::read(&mut conn).map_err(failed)? else {
        return Err(damaged("it does not say who it is".to_owned()));
    };
    identity::accept(config, &identity)?;
    if let Some(table) = wiped::missing_table(&mut conn).map_err(failed)? {
        return Err(damaged(format!("the table {table} is gone")));
    }
    let summary = summary::read(&mut conn).map_err(failed)?.map_err(damaged)?;
    Ok((identity, summary))
}

/// Writes down that a database was restored: from now on it is a lineage of its own, newer than all that the
/// archive knows.
///
/// # Errors
/// 77 when it is another database than the configured one, 1 when it refuses.
pub fn raise(
    config: &Config,
    copy: &DatabaseUrl,
    (source, newest): (&str, i32),
    now: Timestamp,
) -> Result<i32, StartError> {
    let refused = |error: diesel::result::Error| {
        StartError::new(1, format!("the lineage cannot be raised: {error}"))
    };
    let mut conn = Connector::new(copy.clone(), Role::Migrator).reach()?;
    let found = identity::read(&mut conn).map_err(refused)?;
    let Catalogue::Marked(from) = found else {
        return Err(StartError::new(77, "the copy does not say who it is"));
    };
    identity::accept(config, &from)?;
    let lineage = from.lineage.max(newest) + 1;
    let next = Identity { lineage, ..from };
    restored::append(&mut conn, &next, source, now)
        .map(|()| lineage)
        .map_err(refused)
}

/// Arms again what was disarmed before the database was wiped, and says how much it was; `None`: the schema is older
/// than this program, and left as it is.
///
/// # Errors
/// As [`migrate::run`].
pub fn arm(config: &Config, restored: &DatabaseUrl) -> Result<Option<usize>, StartError> {
    let mut inside = config.clone();
    inside.database.url = restored.clone();
    let pending = migrate::check(&inside)?;
    if !pending.names.is_empty() {
        return Ok(None);
    }
    if pending.guards.is_empty() {
        return Ok(Some(0));
    }
    inside.database.url = config.database.url.clone();
    inside.database.migrate_url = Some(restored.clone());
    migrate::run(&inside).map(|done| Some(done.armed))
}

/// What is wrong with the database in use, `None` when it is whole.
pub fn damage(config: &Config) -> Option<Sign> {
    let of_rows = |why: String| Sign {
        why,
        is_of_files: false,
    };
    let mut conn = match Connector::new(config.database.url.clone(), Role::Reader).reach() {
        Ok(conn) => conn,
        Err(error) => return Some(of_rows(error.message)),
    };
    match identity::read(&mut conn) {
        Ok(Catalogue::Marked(_)) => {}
        Ok(Catalogue::Empty) => return Some(of_rows("it is empty".to_owned())),
        Ok(Catalogue::Unmarked) => return Some(of_rows("it does not say who it is".to_owned())),
        Err(error) => return Some(of_rows(error.to_string())),
    }
    wiped::look(&mut conn).unwrap_or_else(|error| Some(of_rows(error.to_string())))
}
