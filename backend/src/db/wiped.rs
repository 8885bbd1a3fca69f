//! What a wipe leaves behind in a PostgreSQL that still answers: a table less, a table without rows, a table
//! without a file.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::tables::{Class, TABLES};
use super::{Conn, intact, on};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// In words.
    pub why: String,
    /// Its files were touched past PostgreSQL, so that the log knows nothing of it, and all of the rows.
    pub is_of_files: bool,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    answer: bool,
}

/// Boards without a change, changes without a board: one of the two was emptied.
const EMPTIED: [(&str, &str); 4] = [
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

/// The first sign that something of ours is gone.
///
/// # Errors
/// The engine's: a file that cannot be reached, a server that does not answer.
pub(super) fn look(conn: &mut Conn) -> QueryResult<Option<Sign>> {
    if let Some(table) = missing_table(conn)? {
        return Ok(Some(Sign {
            why: format!("the table {table} is gone"),
            is_of_files: false,
        }));
    }
    for (table, condition) in EMPTIED {
        // What is known of the rows lies in memory; how long a file is, the file system says.
        if holds(
            conn,
            &format!("pg_relation_size('{table}') = 0 AND EXISTS (SELECT FROM {table})"),
        )? {
            return Ok(Some(Sign {
                why: format!("the file of the table {table} is gone"),
                is_of_files: true,
            }));
        }
        if holds(conn, condition)? {
            return Ok(Some(Sign {
                why: format!("the table {table} was emptied"),
                is_of_files: is_cut(conn, table)?,
            }));
        }
    }
    Ok(None)
}

/// A file that was cut, while the indexes still hold rows: TRUNCATE makes them anew, each of one page.
fn is_cut(conn: &mut Conn, table: &str) -> QueryResult<bool> {
    let condition = format!(
        "pg_relation_size('{table}') = 0 AND pg_indexes_size('{table}') > \
         (SELECT count(*) * current_setting('block_size')::bigint FROM pg_index WHERE indrelid = '{table}'::regclass)"
    );
    holds(conn, &condition)
}

fn holds(conn: &mut Conn, condition: &str) -> QueryResult<bool> {
    let sql = format!("SELECT {condition} AS answer");
    let row: Answer = on!(conn, c => diesel::sql_query(&sql).get_result(c))?;
    Ok(row.answer)
}

/// The first table that is not there although its rows are kept.
pub(super) fn missing_table(conn: &mut Conn) -> QueryResult<Option<&'static str>> {
    let is_kept = |class: &Class| !matches!(class, Class::Ephemeral);
    let kept = TABLES.iter().filter(|(_, class)| is_kept(class));
    intact::missing_of(conn, kept.map(|(name, _)| *name))
}
