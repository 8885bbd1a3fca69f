//! A database that was restored, while nobody but its restorer sees it; and the one that it takes the place of.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::identity::{self, Catalogue, Identity};
use super::summary::{self, Summary};
use super::tables::{Class, TABLES};
use super::{Conn, Connector, Role, intact, migrate, on, restored};
use crate::config::{Config, DatabaseUrl};
use crate::domain::time::Timestamp;
use crate::error::StartError;

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    answer: bool,
}

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
    if let Some(table) = missing_table(&mut conn).map_err(failed)? {
        return Err(damaged(format!("the table {table} is missing")));
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

/// Arms again what was disarmed before the database was wiped. A schema that is older than this program is
/// left as it is.
///
/// # Errors
/// As [`migrate::run`].
pub fn arm(config: &Config, restored: &DatabaseUrl) -> Result<usize, StartError> {
    let mut inside = config.clone();
    inside.database.url = restored.clone();
    let pending = migrate::check(&inside)?;
    if pending.names.is_empty() && !pending.guards.is_empty() {
        inside.database.url = config.database.url.clone();
        inside.database.migrate_url = Some(restored.clone());
        return migrate::run(&inside).map(|done| done.armed);
    }
    Ok(0)
}

/// What is wrong with the database in use, `None` when it is whole.
pub fn damage(config: &Config) -> Option<String> {
    let mut conn = match Connector::new(config.database.url.clone(), Role::Reader).reach() {
        Ok(conn) => conn,
        Err(error) => return Some(error.message),
    };
    match identity::read(&mut conn) {
        Ok(Catalogue::Marked(_)) => {}
        Ok(Catalogue::Empty) => return Some("it is empty".to_owned()),
        Ok(Catalogue::Unmarked) => return Some("it does not say who it is".to_owned()),
        Err(error) => return Some(error.to_string()),
    }
    match missing_table(&mut conn) {
        Ok(None) => emptied_table(&mut conn),
        Ok(Some(table)) => Some(format!("the table {table} is missing")),
        Err(error) => Some(error.to_string()),
    }
}

/// Boards without a change, or changes without a board: one of the two was emptied.
fn emptied_table(conn: &mut Conn) -> Option<String> {
    let emptied = [
        (
            "games",
            "NOT EXISTS (SELECT FROM games) AND EXISTS (SELECT FROM journal)",
        ),
        (
            "journal",
            "EXISTS (SELECT FROM games) AND NOT EXISTS (SELECT FROM journal)",
        ),
        (
            "scores",
            "NOT EXISTS (SELECT FROM scores) AND EXISTS (SELECT FROM players WHERE entries > 0)",
        ),
        (
            "players",
            "NOT EXISTS (SELECT FROM players) AND EXISTS (SELECT FROM scores)",
        ),
    ];
    let mut is_emptied = |condition: &str| {
        let sql = format!("SELECT {condition} AS answer");
        let answer = on!(&mut *conn, c => diesel::sql_query(&sql).get_result::<Answer>(c));
        answer.is_ok_and(|row| row.answer)
    };
    let (table, _) = emptied
        .into_iter()
        .find(|(_, condition)| is_emptied(condition))?;
    Some(format!("the table {table} was emptied"))
}

/// The first table that is not there although its rows are kept.
pub(super) fn missing_table(conn: &mut Conn) -> QueryResult<Option<&'static str>> {
    let is_kept = |class: &Class| !matches!(class, Class::Ephemeral);
    let kept = TABLES.iter().filter(|(_, class)| is_kept(class));
    intact::missing_of(conn, kept.map(|(name, _)| *name))
}
