//! Whether an SQLite database is still the one that was opened. No library can refuse another process on
//! the file; what such a process has done is found before the next change is acknowledged.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::identity::{self, Catalogue, Identity};
use super::tables::TABLES;
use super::{Conn, Connector, Role, guards, on, permits, promises};
use crate::config::DatabaseUrl;
use crate::domain::maintenance::Fault;

/// What the writer knows of its database.
#[derive(Debug)]
pub(super) struct Intact {
    url: DatabaseUrl,
    identity: Identity,
    seen: Option<Seen>,
}

#[derive(Debug)]
struct Seen {
    /// Moves when another connection has committed anything.
    commits: i64,
    /// Moves when anybody has changed the schema.
    schema: i64,
    /// What `scorehold migrate` has done so far.
    migrations: i64,
    /// What the archiver keeps in the file for itself.
    archivers: i64,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Intact {
    pub(super) fn new(url: DatabaseUrl, identity: Identity) -> Self {
        Self {
            url,
            identity,
            seen: None,
        }
    }

    /// A new connection counts anew.
    pub(super) fn forget(&mut self) {
        self.seen = None;
    }

    /// Looks, inside the transaction of the changes that are to come, and again before they are acknowledged.
    /// It costs a few microseconds as long as nobody else has written.
    ///
    /// # Errors
    /// Another program has done what only a restore cures.
    pub(super) fn check(&mut self, conn: &mut Conn) -> Result<(), Fault> {
        let commits = number(conn, COMMITS).map_err(unreadable)?;
        if self
            .seen
            .as_ref()
            .is_some_and(|seen| seen.commits == commits)
        {
            return Ok(());
        }
        is_whole(conn, &self.url, &self.identity)?;
        let now = Seen::read(conn, commits).map_err(unreadable)?;
        if let Some(before) = &self.seen
            && !now.follows(before)
        {
            return Err(Fault::full("another program has changed the schema"));
        }
        self.seen = Some(now);
        Ok(())
    }
}

const COMMITS: &str = "SELECT data_version AS number FROM pragma_data_version";
const SCHEMA: &str = "SELECT schema_version AS number FROM pragma_schema_version";
const ARCHIVERS: &str =
    "SELECT count(*) AS number FROM sqlite_schema WHERE name LIKE '\\_litestream%' ESCAPE '\\'";

impl Seen {
    fn read(conn: &mut Conn, commits: i64) -> QueryResult<Self> {
        Ok(Self {
            commits,
            schema: number(conn, SCHEMA)?,
            migrations: permits::migrations(conn)?,
            archivers: number(conn, ARCHIVERS)?,
        })
    }

    /// The schema is changed by our migrations, and once by the archiver as it comes.
    fn follows(&self, before: &Self) -> bool {
        self.schema == before.schema
            || self.migrations > before.migrations
            || self.archivers > before.archivers
    }
}

/// Looks at an SQLite file over a connection of its own.
///
/// # Errors
/// It is gone, damaged, or another one.
pub(super) fn look(url: &DatabaseUrl, expected: &Identity) -> Result<(), Fault> {
    let opened = Connector::new(url.clone(), Role::Reader).open();
    let mut conn = opened.map_err(|error| {
        Fault::read_only(format!("the database cannot be opened anew: {error}"))
    })?;
    is_whole(&mut conn, url, expected)
}

/// Whether a database that answers is the one that is meant.
///
/// # Errors
/// It is another one.
pub(super) fn is_ours(conn: &mut Conn, expected: &Identity) -> Result<(), Fault> {
    match identity::read(conn).map_err(unreadable)? {
        Catalogue::Marked(found) if found == *expected => Ok(()),
        other => Err(foreign(&other)),
    }
}

/// What stands there is not what was opened.
pub(super) fn foreign(found: &Catalogue) -> Fault {
    Fault::full(match found {
        Catalogue::Marked(found) => format!(
            "this is another database: instance {}, lineage {}, environment {}",
            found.id, found.lineage, found.environment
        ),
        Catalogue::Empty | Catalogue::Unmarked => {
            "the database no longer says who it is".to_owned()
        }
    })
}

fn is_whole(conn: &mut Conn, url: &DatabaseUrl, expected: &Identity) -> Result<(), Fault> {
    is_ours(conn, expected)?;
    has_all_tables(conn)?;
    is_guarded(conn)?;
    promises::check(conn, url).map_err(Fault::full)
}

/// A table that was dropped and made anew has its name, but not its guards.
fn is_guarded(conn: &mut Conn) -> Result<(), Fault> {
    let guarded = guards::look(conn).map_err(unreadable)?;
    let lacking = guarded.lacking_of_what_is_kept();
    match lacking.is_empty() {
        true => Ok(()),
        false => Err(Fault::full(format!(
            "guards are gone: {}",
            lacking.join(", ")
        ))),
    }
}

/// Whether nothing of the schema is gone.
///
/// # Errors
/// A table is.
pub(super) fn has_all_tables(conn: &mut Conn) -> Result<(), Fault> {
    has_tables(conn, TABLES.iter().map(|(table, _)| *table))
}

/// Whether these tables are there.
///
/// # Errors
/// One is not.
pub(super) fn has_tables(
    conn: &mut Conn,
    expected: impl Iterator<Item = &'static str>,
) -> Result<(), Fault> {
    match missing_of(conn, expected).map_err(unreadable)? {
        Some(table) => Err(Fault::full(format!("the table {table} is gone"))),
        None => Ok(()),
    }
}

/// The first of these tables that is not there.
pub(super) fn missing_of(
    conn: &mut Conn,
    mut expected: impl Iterator<Item = &'static str>,
) -> QueryResult<Option<&'static str>> {
    let tables = identity::table_names(conn)?;
    Ok(expected.find(|table| !tables.iter().any(|name| name == table)))
}

fn unreadable(error: diesel::result::Error) -> Fault {
    Fault::full(format!("the database cannot be read: {error}"))
}

fn number(conn: &mut Conn, sql: &str) -> QueryResult<i64> {
    let row: Number = on!(conn, c => diesel::sql_query(sql).get_result(c))?;
    Ok(row.number)
}
