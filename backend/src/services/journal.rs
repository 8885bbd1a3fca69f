//! The journal of a board: who changed what, and when.

use super::{access, history};
use crate::db::Conn;
use crate::domain::actor::{Action, Caller, LinkRole, USER};
use crate::domain::event::JournalRow;
use crate::domain::game::{Game, GameRef};
use crate::domain::id::PlayerId;
use crate::domain::returns::Returns;
use crate::domain::when::When;
use crate::error::{Code, Error, Result};
use crate::repos::{self, Page, journal};

/// What a part of the journal is asked for.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// What this link or account did; `true` for an account.
    pub actor: Option<(i64, bool)>,
    /// What was done to this player, or moved the total.
    pub player: Option<PlayerId>,
    /// From then on.
    pub since: Option<When>,
    /// Up to then.
    pub until: Option<When>,
    /// Before this (revision, item).
    pub before: Option<(i64, i64)>,
    /// Rows at most.
    pub limit: i64,
}

/// A row, and whether it still stands.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The row.
    pub row: JournalRow,
    /// The change that took it back.
    pub undone_by: Option<i64>,
    /// It can be undone, unless something later is in the way.
    pub can_undo: bool,
}

/// A part of the journal, the newest first. A score link reads what was done by it.
///
/// # Errors
/// `unauthenticated`, `not_found`, `trashed`, `forbidden`.
pub fn list(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    listing: Listing,
) -> Result<(Game, Page<Listed>)> {
    let game = access::inspect(conn, caller, game, Action::Score)?;
    let asked = journal::Listing {
        actor: whose(caller, &game, listing.actor)?,
        player: listing.player,
        since: match listing.since {
            Some(since) => Some(history::first_since(conn, &game, since)?),
            None => None,
        },
        until: match listing.until {
            Some(until) => Some(history::last_until(conn, &game, until)?),
            None => None,
        },
        before: listing.before,
        limit: listing.limit,
    };
    let page = journal::list(conn, game.id, &asked)?;
    let oldest = page.rows.last().map_or(0, |row| row.revision);
    let returns = Returns::of(&repos::history::returns(conn, game.id, oldest)?);
    let page = page.map(|row| {
        let undone_by = returns.undone_by(row.revision);
        let can_undo = undone_by.is_none() && history::goes_back(&row);
        Listed {
            row,
            undone_by,
            can_undo,
        }
    });
    Ok((game, page))
}

fn whose(caller: Caller, game: &Game, asked: Option<(i64, bool)>) -> Result<Option<(i64, bool)>> {
    if caller.role_on(game) == Some(LinkRole::Own) {
        return Ok(asked);
    }
    let actor = caller.actor();
    let own = actor.id.map(|id| (id, actor.role == USER));
    if asked.is_none() || asked == own {
        return Ok(own);
    }
    Err(Error::new(
        Code::Forbidden,
        "A score link reads what was done by it; the rest is for an owner.",
    ))
}
