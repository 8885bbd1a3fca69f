//! What people have said about maintenance.

use diesel::prelude::*;

use super::word;
use crate::db::schema::maintenance;
use crate::db::{Conn, on};
use crate::domain::maintenance::{Announcement, Mode};
use crate::domain::time::Timestamp;

/// No maintenance.
const OFF: &str = "off";

#[derive(Queryable)]
struct Row {
    mode: String,
    reason: Option<String>,
    at: i64,
}

/// The last word.
///
/// # Errors
/// The engine's.
pub fn last(conn: &mut Conn) -> QueryResult<Option<Announcement>> {
    let row: Option<Row> = maintenance::table
        .order(maintenance::number.desc())
        .select((maintenance::mode, maintenance::reason, maintenance::at))
        .first(conn)
        .optional()?;
    row.map(announcement).transpose()
}

/// Adds a word, which rules from now on. Of two at once the key refuses one.
///
/// # Errors
/// The engine's.
pub fn add(conn: &mut Conn, said: &Announcement) -> QueryResult<()> {
    let newest: Option<i64> = maintenance::table
        .select(diesel::dsl::max(maintenance::number))
        .first(conn)?;
    let row = (
        maintenance::number.eq(newest.unwrap_or_default() + 1),
        maintenance::mode.eq(said.mode.map_or(OFF, Mode::word)),
        maintenance::reason.eq(said.reason.clone()),
        maintenance::at.eq(said.at.millis()),
    );
    on!(conn, c => diesel::insert_into(maintenance::table).values(row).execute(c)).map(drop)
}

fn announcement(row: Row) -> QueryResult<Announcement> {
    let mode = match row.mode.as_str() {
        OFF => None,
        mode => Some(word(Mode::from_word(mode), "maintenance.mode")?),
    };
    Ok(Announcement {
        mode,
        reason: row.reason,
        at: Timestamp::from_millis(row.at),
    })
}
