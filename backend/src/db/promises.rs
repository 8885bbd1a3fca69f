//! Whether an SQLite database holds what was acknowledged last.

use diesel::prelude::*;

use super::schema::{games, permits};
use super::{Conn, permits as purposes};
use crate::archive::promise::Promise;
use crate::config::DatabaseUrl;

/// Looks for what the note beside it says, if there is one.
///
/// # Errors
/// It is not there: in words.
pub(super) fn check(conn: &mut Conn, url: &DatabaseUrl) -> Result<(), String> {
    let DatabaseUrl::Sqlite(file) = url else {
        return Ok(());
    };
    let Some(promise) = Promise::beside(file) else {
        return Ok(());
    };
    match is_kept(conn, promise) {
        Ok(true) => Ok(()),
        Ok(false) => Err(promise.broken(file)),
        Err(error) => Err(error.to_string()),
    }
}

/// The promise's board stands at that revision or a later one, or was purged since.
///
/// # Errors
/// The engine's.
pub(super) fn is_kept(conn: &mut Conn, promise: Promise) -> QueryResult<bool> {
    let stands: Option<i64> = games::table
        .find(promise.game.0)
        .select(games::revision)
        .first(conn)
        .optional()?;
    match stands {
        Some(revision) => Ok(revision >= promise.revision),
        None => is_purged(conn, promise.game.0),
    }
}

fn is_purged(conn: &mut Conn, game: i64) -> QueryResult<bool> {
    let purges: i64 = permits::table
        .filter(permits::game_id.eq(game))
        .filter(permits::purpose.eq(purposes::PURGE))
        .count()
        .get_result(conn)?;
    Ok(purges > 0)
}
