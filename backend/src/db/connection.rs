//! One connection type for two engines, and how each kind of connection is opened.
//!
//! `on!` expands one diesel expression once per engine, for what the common backend cannot speak
//! (`on_conflict`, `for_update`, batch inserts).

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use crate::config::DatabaseUrl;

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
}

/// Opens connections of one role to one database: an `r2d2` manager that dispatches on the URL's scheme.
///
/// The `establish` that diesel derives for [`Conn`] tries each engine in turn and hides the real error.
#[derive(Debug, Clone)]
pub struct Connector {
    url: DatabaseUrl,
    role: Role,
}

impl Connector {
    /// A connector for `url` whose connections have the rights of `role`.
    pub fn new(url: DatabaseUrl, role: Role) -> Self {
        Self { url, role }
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
                SqliteConnection::establish(&self.sqlite_uri(path)).map(Conn::Sqlite)?
            }
        };
        self.settings(&conn)
            .iter()
            .try_for_each(|settings| conn.batch_execute(settings))
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    }

    /// A reader changes nothing about the database that it finds, not even its journal mode.
    fn settings(&self, conn: &Conn) -> &'static [&'static str] {
        match (conn, self.role) {
            (Conn::Sqlite(_), Role::Reader) => &[SQLITE],
            (Conn::Sqlite(_), Role::Runtime | Role::Migrator) => &[SQLITE, SQLITE_WRITER],
            (Conn::Postgres(_), Role::Reader) => &[POSTGRES, POSTGRES_READER],
            (Conn::Postgres(_), Role::Runtime | Role::Migrator) => &[POSTGRES],
        }
    }

    fn sqlite_uri(&self, path: &Path) -> String {
        let mode = match self.role {
            Role::Reader => "ro",
            Role::Runtime => "rw",
            Role::Migrator => "rwc",
        };
        format!("file:{}?mode={mode}", escaped(path))
    }
}

/// `busy_timeout` comes first, so that the others wait for their locks.
const SQLITE: &str = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; \
     PRAGMA recursive_triggers = ON; PRAGMA trusted_schema = OFF;";
/// FULL: a commit is on disk before it is acknowledged.
const SQLITE_WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
const POSTGRES: &str = "SET statement_timeout = '30s'; SET lock_timeout = '10s'; \
     SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = warning;";
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
        self.open().map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        conn.batch_execute("SELECT 1")
            .map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || diesel::r2d2::R2D2Connection::is_broken(conn)
    }
}

/// The SQLite file behind a URL, if it is one.
pub fn sqlite_file(url: &DatabaseUrl) -> Option<PathBuf> {
    match url {
        DatabaseUrl::Sqlite(path) => Some(path.clone()),
        DatabaseUrl::Postgres(_) => None,
    }
}
