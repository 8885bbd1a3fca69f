//! A restored SQLite file, before it is anybody's database: looked through, and given its lineage.

use std::path::Path;

use diesel::prelude::*;

use super::schema::instance;
use super::summary::{self, Examined};
use super::transaction::{begin_write, commit, roll_back};
use super::{Conn, Connector, Identity, Role, on, promises};
use crate::archive::promise::Promise;
use crate::config::DatabaseUrl;
use crate::domain::time::Timestamp;

/// Looks through a file from end to end.
///
/// # Errors
/// What was found, in words.
pub fn examine(file: &Path) -> Result<Examined, String> {
    summary::examine(&mut open(file, Role::Reader)?)
}

/// Looks for the change that was acknowledged last, if one is known.
///
/// # Errors
/// It is not there: in words.
pub fn keeps(file: &Path, promise: Option<Promise>) -> Result<(), String> {
    let Some(promise) = promise else {
        return Ok(());
    };
    match promises::is_kept(&mut open(file, Role::Reader)?, promise) {
        Ok(true) => Ok(()),
        Ok(false) => Err("something that was acknowledged is not in it".to_owned()),
        Err(error) => Err(words(error)),
    }
}

/// Writes down that this is another lineage of the same database, and where it comes from. Afterwards the file
/// stands alone, without a log beside it.
///
/// # Errors
/// The engine's, in words.
pub fn begin_lineage(
    file: &Path,
    before: &Identity,
    (lineage, restored_from): (i32, &str),
    now: Timestamp,
) -> Result<(), String> {
    let mut conn = open(file, Role::Migrator)?;
    let next = Identity {
        lineage,
        ..before.clone()
    };
    append(&mut conn, &next, restored_from, now).map_err(words)
}

/// Writes a lineage down, as one transaction.
pub(super) fn append(
    conn: &mut Conn,
    next: &Identity,
    restored_from: &str,
    now: Timestamp,
) -> QueryResult<()> {
    begin_write(conn)?;
    match add(conn, next, restored_from, now) {
        Ok(()) => commit(conn),
        Err(error) => {
            roll_back(conn);
            Err(error)
        }
    }
}

fn add(conn: &mut Conn, next: &Identity, restored_from: &str, now: Timestamp) -> QueryResult<()> {
    let row = (
        instance::lineage.eq(next.lineage),
        instance::id.eq(&next.id),
        instance::environment.eq(&next.environment),
        instance::restored_from.eq(restored_from),
        instance::created_at.eq(now.millis()),
    );
    on!(conn, c => diesel::insert_into(instance::table).values(row).execute(c)).map(drop)
}

fn open(file: &Path, role: Role) -> Result<Conn, String> {
    let url = DatabaseUrl::Sqlite(file.to_path_buf());
    Connector::new(url, role)
        .open()
        .map_err(|error| error.to_string())
}

fn words(error: diesel::result::Error) -> String {
    error.to_string()
}
