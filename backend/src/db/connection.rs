//! One connection type for two engines, and how each kind of connection is opened.
//!
//! `on!` expands one diesel expression once per engine, for what the common backend cannot speak
//! (`on_conflict`, `for_update`, batch inserts).

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use super::statements::Watch;
use super::{hook, pointer};
use crate::config::DatabaseUrl;
use crate::error::StartError;

/// A connection to either engine.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// A PostgreSQL server.
    Postgres(PgConnection),
    /// An embedded SQLite file.
    Sqlite(SqliteConnection),
}

/// Runs the same diesel expression on the engine behind the connection.
macro_rules! on {
    ($conn:expr, $inner:ident => $query:expr) => {
        match $conn {
            $crate::db::Conn::Postgres($inner) => $query,
            $crate::db::Conn::Sqlite($inner) => $query,
        }
    };
}
pub(crate) use on;

/// What a connection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Looks only: every write is refused by the engine.
    Reader,
    /// The server's own: rows, never the schema.
    Runtime,
    /// `scorehold migrate` alone: the schema.
    Migrator,
    /// `scorehold purge` alone: takes the rows of the one board that its permit names.
    Purger,
}

/// How a role is told to SQLite: by name in the URI of a connection, as a number to its authorizer.
impl Role {
    const ALL: [Self; 4] = [Self::Reader, Self::Runtime, Self::Migrator, Self::Purger];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Runtime => "runtime",
            Self::Migrator => "migrator",
            Self::Purger => "purger",
        }
    }

    /// The mode in which SQLite opens the file; only the migrator makes a missing one.
    const fn mode(self) -> &'static str {
        match self {
            Self::Reader => "ro",
            Self::Runtime | Self::Purger => "rw",
            Self::Migrator => "rwc",
        }
    }

    pub(super) fn named(name: Option<&str>) -> Option<Self> {
        Self::ALL.into_iter().find(|role| Some(role.name()) == name)
    }

    /// 0 stands for no role.
    pub(super) fn number(role: Option<Self>) -> usize {
        role.map_or(0, |role| 1 + role as usize)
    }

    pub(super) fn numbered(number: usize) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|role| Self::number(Some(*role)) == number)
    }
}

/// Opens connections of one role to one database: an `r2d2` manager that dispatches on the URL's scheme.
///
/// The `establish` that diesel derives for [`Conn`] tries each engine in turn and hides the real error.
#[derive(Debug, Clone)]
pub struct Connector {
    url: DatabaseUrl,
    role: Role,
    archived: bool,
}

impl Connector {
    /// A connector for `url` whose connections have the rights of `role`.
    pub fn new(url: DatabaseUrl, role: Role) -> Self {
        Self {
            url,
            role,
            archived: false,
        }
    }

    /// The same for a database that has an archive.
    #[must_use]
    pub fn archived(self, archived: bool) -> Self {
        Self { archived, ..self }
    }

    /// Opens one connection.
    ///
    /// # Errors
    /// The engine's own error: no server, no such file, wrong password. A missing SQLite file is an
    /// error here; only the migrator makes one.
    pub fn open(&self) -> ConnectionResult<Conn> {
        let mut conn = match &self.url {
            DatabaseUrl::Postgres(url) => PgConnection::establish(url).map(Conn::Postgres)?,
            DatabaseUrl::Sqlite(path) => {
                let file = pointer::active(path)
                    .map_err(|error| ConnectionError::BadConnection(error.message))?;
                self.open_sqlite(&file).map(Conn::Sqlite)?
            }
        };
        conn.batch_execute(&self.settings())
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    }

    /// Opens one connection for a command or a start, which has no use for a reason of the engine's own.
    ///
    /// # Errors
    /// 69.
    pub fn reach(&self) -> Result<Conn, StartError> {
        self.open()
            .map_err(|error| StartError::unreachable(&self.url, &error))
    }

    /// An SQLite file, armed by the hook. Should anything have taken the hook away, nothing is opened.
    fn open_sqlite(&self, path: &Path) -> ConnectionResult<SqliteConnection> {
        let unarmed = || ConnectionError::BadConnection("SQLite's guard is not armed".to_owned());
        if !hook::install() {
            return Err(unarmed());
        }
        let (file, mode, role) = (escaped(path), self.role.mode(), self.role.name());
        let uri = format!("file:{file}?mode={mode}&scorehold={role}");
        let mut conn = SqliteConnection::establish(&uri)?;
        match conn.batch_execute("ATTACH ':memory:' AS unarmed") {
            Ok(()) => Err(unarmed()),
            Err(_) => Ok(conn),
        }
    }

    /// A reader changes nothing about the database that it finds, not even its journal mode.
    fn settings(&self) -> String {
        match (&self.url, self.role) {
            (DatabaseUrl::Sqlite(_), Role::Reader) => pragmas(&SQLITE),
            (DatabaseUrl::Sqlite(_), _) => {
                let archived: &[Pragma] = if self.archived { &SQLITE_ARCHIVED } else { &[] };
                pragmas(&SQLITE) + &pragmas(&SQLITE_WRITER) + &pragmas(archived)
            }
            (DatabaseUrl::Postgres(_), Role::Reader) => format!("{POSTGRES} {POSTGRES_READER}"),
            (DatabaseUrl::Postgres(_), _) => POSTGRES.to_owned(),
        }
    }
}

type Pragma = (&'static str, &'static str);

/// What every connection to SQLite is set to, and cannot be turned off again: `busy_timeout` first, so
/// that the others wait for their locks.
pub(super) const SQLITE: [Pragma; 4] = [
    ("busy_timeout", "5000"),
    ("foreign_keys", "ON"),
    ("recursive_triggers", "ON"),
    ("trusted_schema", "OFF"),
];
/// FULL: a commit is on disk before it is acknowledged.
pub(super) const SQLITE_WRITER: [Pragma; 3] = [
    // Of a new file; an old one keeps its own. Litestream works page by page, and so comes back in two thirds of the time.
    ("page_size", "8192"),
    ("journal_mode", "WAL"),
    ("synchronous", "FULL"),
];
/// The archiver alone decides when the log goes into the database: it must have read it before.
pub(super) const SQLITE_ARCHIVED: [Pragma; 1] = [("wal_autocheckpoint", "0")];

fn pragmas(pragmas: &[Pragma]) -> String {
    let set = |(name, value): &Pragma| format!("PRAGMA {name} = {value}; ");
    pragmas.iter().map(set).collect()
}

/// A commit is on disk, and with a receiver where there are some, before it is acknowledged, whatever the role
/// or the database was set to.
const POSTGRES: &str = "SET statement_timeout = '30s'; SET lock_timeout = '10s'; \
     SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = warning; \
     SELECT set_config('synchronous_commit', 'on', false) \
     WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply');";
const POSTGRES_READER: &str = "SET default_transaction_read_only = on;";

/// Percent-encodes what has a meaning in a SQLite URI.
fn escaped(path: &Path) -> String {
    path.to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23")
}

impl r2d2::ManageConnection for Connector {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        let mut conn = self.open().map_err(diesel::r2d2::Error::ConnectionError)?;
        conn.set_instrumentation(Watch::new(self.role));
        Ok(conn)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        conn.batch_execute("SELECT 1")
            .map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || diesel::r2d2::R2D2Connection::is_broken(conn)
    }
}
