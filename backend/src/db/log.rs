//! How far the write-ahead log of an SQLite database has come.

use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::Conn;

/// Asks for it, and moves nothing.
pub(super) const EXTENT: (&str, Option<&str>) = ("wal_checkpoint", Some("NOOP"));
const ASKS: &str = "PRAGMA wal_checkpoint = NOOP";

/// It differs behind every commit that has written anything: the log has grown by it, or was begun anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub(super) struct Extent {
    /// Pages in the log.
    #[diesel(sql_type = Integer, column_name = log)]
    _pages: i32,
    /// How many of them the file of the database has.
    #[diesel(sql_type = Integer, column_name = checkpointed)]
    _moved: i32,
}

impl Extent {
    /// Reads it, outside a transaction. A server keeps its log itself.
    pub(super) fn of(conn: &mut Conn) -> QueryResult<Option<Self>> {
        match conn {
            Conn::Sqlite(c) => diesel::sql_query(ASKS).get_result(c).map(Some),
            Conn::Postgres(_) => Ok(None),
        }
    }
}
