//! Restores that were tried aside.

use diesel::prelude::*;

use crate::db::schema::rehearsals;
use crate::db::{Conn, on};
use crate::domain::rehearsal::{Rehearsal, Rehearsed};
use crate::domain::time::Timestamp;

/// Adds one. Of two at once the key refuses one.
///
/// # Errors
/// The engine's.
pub fn add(conn: &mut Conn, rehearsal: &Rehearsal) -> QueryResult<()> {
    let newest: Option<i64> = rehearsals::table
        .select(diesel::dsl::max(rehearsals::number))
        .first(conn)?;
    let row = (
        rehearsals::number.eq(newest.unwrap_or_default() + 1),
        rehearsals::points.eq(&rehearsal.points),
        rehearsals::wrong.eq(&rehearsal.wrong),
        rehearsals::at.eq(rehearsal.at.millis()),
    );
    on!(conn, c => diesel::insert_into(rehearsals::table).values(row).execute(c)).map(drop)
}

/// What is known of them.
///
/// # Errors
/// The engine's.
pub fn known(conn: &mut Conn) -> QueryResult<Rehearsed> {
    let last: Option<(String, Option<String>, i64)> = rehearsals::table
        .order(rehearsals::number.desc())
        .select((rehearsals::points, rehearsals::wrong, rehearsals::at))
        .first(conn)
        .optional()?;
    let verified: Option<i64> = rehearsals::table
        .filter(rehearsals::wrong.is_null())
        .order(rehearsals::number.desc())
        .select(rehearsals::at)
        .first(conn)
        .optional()?;
    Ok(Rehearsed {
        last: last.map(|(points, wrong, at)| Rehearsal {
            points,
            wrong,
            at: Timestamp::from_millis(at),
        }),
        verified_at: verified.map(Timestamp::from_millis),
    })
}
