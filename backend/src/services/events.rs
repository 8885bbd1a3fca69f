//! What watchers of a board are told: the same words live and on replay, because both are composed
//! from the rows of the journal.

use super::access;
use crate::db::{Conn, Tx};
use crate::domain::actor::Caller;
use crate::domain::event::{Change, Item, JournalRow, MAX_ITEMS, Role};
use crate::domain::game::{Game, GameRef};
use crate::domain::id::{GameId, LinkId, PlayerId, RoundId, ScoreId};
use crate::domain::time::Timestamp;
use crate::error::{Code, Error, Result};
use crate::repos;
use crate::repos::standings::Placed;

/// Rows of a snapshot.
pub const SNAPSHOT: i64 = 100;

/// One change, composed from its rows of the journal. `rows` is never empty.
pub fn compose(rows: &[JournalRow]) -> Change {
    let first = &rows[0];
    let refetch = rows.len() > MAX_ITEMS;
    let items = if refetch {
        Vec::new()
    } else {
        rows.iter().map(item).collect()
    };
    Change {
        game: first.game,
        revision: first.revision,
        action: first.action.to_string(),
        items,
        actor: Role {
            role: first.actor.role.clone(),
        },
        at: first.at,
        refetch,
    }
}

fn item(row: &JournalRow) -> Item {
    Item {
        action: row.action.to_string(),
        entity: entity(row),
        player: row.moved,
    }
}

/// The id of what a row is about, with the prefix of its kind.
pub fn entity(row: &JournalRow) -> String {
    match row.action.split_once('.').map_or("", |(kind, _)| kind) {
        "player" => PlayerId(row.entity).to_string(),
        "round" => RoundId(row.entity).to_string(),
        "score" => ScoreId(row.entity).to_string(),
        "link" => LinkId(row.entity).to_string(),
        _ => GameId(row.entity).to_string(),
    }
}

/// The changes after a revision, oldest first: at most `limit` of them, without a gap.
///
/// # Errors
/// Only those of the database.
pub fn after(conn: &mut Conn, game: GameId, revision: i64, limit: i64) -> Result<Vec<Change>> {
    let rows = repos::journal::after(conn, game, revision, limit)?;
    Ok(rows
        .chunk_by(|a, b| a.revision == b.revision)
        .map(compose)
        .collect())
}

/// A board as a watcher finds it: the revision, how many players, and the first rows.
///
/// # Errors
/// `not_found`, `trashed`.
pub fn snapshot(conn: &mut Conn, caller: Caller, game: &GameRef) -> Result<(Game, Vec<Placed>)> {
    let game = access::view(conn, caller, game)?;
    let page = repos::standings::page(conn, &game, None, None, SNAPSHOT)?;
    Ok((game, page.rows))
}

/// The board that a ticket is asked for.
///
/// # Errors
/// `not_found`, `trashed`: the board must be visible to the caller.
pub fn admit(tx: &mut Tx<'_>, caller: Caller, game: &GameRef) -> Result<Game> {
    access::view(tx.conn, caller, game)
}

/// Uses a ticket up.
///
/// # Errors
/// `invalid_credential` for one that was used before.
pub fn spend(tx: &mut Tx<'_>, ticket: &[u8], expires_at: Timestamp) -> Result<()> {
    if repos::requests::spend_ticket(tx.conn, ticket, tx.now, expires_at)? {
        return Ok(());
    }
    Err(Error::new(
        Code::InvalidCredential,
        "This ticket was used before. Ask for a new one.",
    ))
}
