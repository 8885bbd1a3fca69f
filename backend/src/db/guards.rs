//! The guards inside the database: triggers that keep ledgers from being rewritten.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::tables::{Class, TABLES};
use super::{Conn, on};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many guards there are to be: for each ledger one against deletion and one for its facts, and
/// the same for `instance`.
pub fn expected() -> i64 {
    let guarded =
        |table: &&(&str, Class)| matches!(table.1, Class::Ledger { .. }) || table.0 == "instance";
    i64::try_from(TABLES.iter().filter(guarded).count() * 2).unwrap_or(i64::MAX)
}

/// How many of them are armed. On PostgreSQL only those count that even replication cannot pass.
///
/// # Errors
/// The engine's.
pub fn armed(conn: &mut Conn) -> QueryResult<i64> {
    let sql = match conn {
        Conn::Postgres(_) => {
            "SELECT count(*) AS count FROM pg_catalog.pg_trigger \
             WHERE tgenabled = 'A' AND (tgname LIKE '%\\_keep' OR tgname LIKE '%\\_facts')"
        }
        Conn::Sqlite(_) => {
            "SELECT count(*) AS count FROM sqlite_schema \
             WHERE type = 'trigger' AND (name LIKE '%\\_keep' ESCAPE '\\' OR name LIKE '%\\_facts' ESCAPE '\\')"
        }
    };
    let found: Count = on!(conn, c => diesel::sql_query(sql).get_result(c))?;
    Ok(found.count)
}
