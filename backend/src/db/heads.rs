//! Where the journals of boards end, and whether a copy of a database is a former state of it: then the journal of
//! every board still goes through where the copy ends.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool};

use super::{Conn, on};

/// Where the journal of a board ends.
#[derive(Debug, QueryableByName)]
pub(super) struct Head {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    pub revision: i64,
    #[diesel(sql_type = Binary)]
    pub journal_head: Vec<u8>,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    answer: bool,
}

/// A board that was purged is in the copy alone.
const GOES_THROUGH: &str = "SELECT NOT EXISTS (SELECT 1 FROM games WHERE id = $1) OR EXISTS \
     (SELECT 1 FROM journal WHERE game_id = $1 AND revision = $2 AND hash = $3) AS answer";

/// Every board's, in the order of their ids.
pub(super) fn each(
    conn: &mut Conn,
    mut look: impl FnMut(&Head) -> QueryResult<()>,
) -> QueryResult<()> {
    const SOME: &str =
        "SELECT id, revision, journal_head FROM games WHERE id > $1 ORDER BY id LIMIT 1000";
    let mut after = i64::MIN;
    loop {
        let query = diesel::sql_query(SOME).bind::<BigInt, _>(after);
        let heads: Vec<Head> = on!(&mut *conn, c => query.load(c))?;
        let Some(last) = heads.last() else {
            return Ok(());
        };
        after = last.id;
        heads.iter().try_for_each(&mut look)?;
    }
}

/// The boards of a copy, by id, that the database does not continue.
///
/// # Errors
/// The engine's.
pub fn strangers(copy: &mut Conn, database: &mut Conn) -> QueryResult<Vec<i64>> {
    let mut strangers = Vec::new();
    each(copy, |head| {
        if !goes_through(database, head)? {
            strangers.push(head.id);
        }
        Ok(())
    })?;
    Ok(strangers)
}

fn goes_through(database: &mut Conn, head: &Head) -> QueryResult<bool> {
    let query = diesel::sql_query(GOES_THROUGH)
        .bind::<BigInt, _>(head.id)
        .bind::<BigInt, _>(head.revision)
        .bind::<Binary, _>(&head.journal_head);
    let found: Answer = on!(database, c => query.get_result(c))?;
    Ok(found.answer)
}
