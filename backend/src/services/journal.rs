//! The journal of a board: who changed what, and when.

use super::access;
use crate::db::Conn;
use crate::domain::actor::{Action, Caller};
use crate::domain::event::JournalRow;
use crate::domain::game::{Game, GameRef};
use crate::error::Result;
use crate::repos::{self, Page};

/// A part of the journal, the newest first.
///
/// # Errors
/// `unauthenticated`, `not_found`, `trashed`, `forbidden`.
pub fn list(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    before: Option<(i64, i64)>,
    limit: i64,
) -> Result<(Game, Page<JournalRow>)> {
    let game = access::inspect(conn, caller, game, Action::Own)?;
    let page = repos::journal::list(conn, game.id, before, limit)?;
    Ok((game, page))
}
