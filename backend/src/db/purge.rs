//! The one deletion of what is kept: the rows of one board, by the migrate role, under a permit that names
//! it. The guards of the database let no other row go.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::Value;

use super::shapes::{Shape, shapes};
use super::{Conn, on, permits};
use crate::domain::time::Timestamp;

/// Rows of a board, by table.
pub type Rows = Vec<(String, i64)>;

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// How many rows of each table are a board's.
///
/// # Errors
/// The engine's.
pub(crate) fn count(conn: &mut Conn, game: i64) -> QueryResult<Rows> {
    let tables = tables(conn)?;
    let count = |(table, board): (String, String)| {
        let sql = format!("SELECT count(*) AS number FROM {table} WHERE {board} = $1");
        let query = diesel::sql_query(sql).bind::<BigInt, _>(game);
        let found: Number = on!(conn, c => query.get_result(c))?;
        Ok((table, found.number))
    };
    tables.into_iter().map(count).collect()
}

/// Deletes every row of a board that stands at that revision. Only from within: the use case asks whether
/// the board may go.
///
/// # Errors
/// The engine's; the transaction is then to be rolled back.
pub(crate) fn delete(
    conn: &mut Conn,
    now: Timestamp,
    game: i64,
    revision: i64,
) -> QueryResult<Rows> {
    let permit = permits::open_purge(conn, now, game, revision)?;
    let mut taken = Rows::new();
    for (table, board) in tables(conn)? {
        let sql = format!("DELETE FROM {table} WHERE {board} = $1");
        let query = diesel::sql_query(sql).bind::<BigInt, _>(game);
        let rows = on!(conn, c => query.execute(c))?;
        taken.push((table, i64::try_from(rows).unwrap_or(i64::MAX)));
    }
    let done = taken
        .iter()
        .map(|(table, rows)| (table.clone(), Value::from(*rows)));
    permits::close(conn, permit, &Value::Object(done.collect()))?;
    Ok(taken)
}

/// The tables whose rows belong to a board, with the column that says to which; those first that refer
/// to others.
fn tables(conn: &mut Conn) -> QueryResult<Vec<(String, String)>> {
    let of_a_board = |shape: Shape| Some((shape.table, shape.board?));
    let found = shapes(conn)?.into_iter().filter_map(of_a_board);
    Ok(found.rev().collect())
}
