//! Submit a score, and read the ledger. The main use case of the product.

mod append;
mod moves;

use super::access;
use super::change::{Changed, change};
use crate::db::{Conn, Tx};
use crate::domain::actor::{Action, Caller};
use crate::domain::game::{Game, GameRef};
use crate::domain::id::ScoreId;
use crate::domain::player::Player;
use crate::domain::score::{NewScore, Score};
use crate::error::{Code, Error, Result};
use crate::repos::scores::Listing;
use crate::repos::standings::Placed;
use crate::repos::{self, Page};
use append::{Appended, append};

pub(super) use append::{append_all, out_of_range};
pub(super) use moves::refold;
pub use moves::{amend, restore, void};

/// A score handed in, and where its player stands now.
#[derive(Debug)]
pub struct Submitted {
    /// The entry.
    pub score: Score,
    /// The player with the rank.
    pub player: Placed,
    /// The entry was here already: nothing was counted twice.
    pub replayed: bool,
}

/// Scores handed in together, and the board after them.
#[derive(Debug)]
pub struct Batch {
    /// In the order in which they were handed in.
    pub items: Vec<Submitted>,
    /// The board.
    pub game: Game,
}

/// Takes one score.
///
/// # Errors
/// `unknown_player`, `unknown_round`, `round_closed`, `client_id_reused`, `op_not_allowed`,
/// `too_many_decimals`, `total_out_of_range`, `player_changed`.
pub fn submit(tx: &mut Tx<'_>, caller: Caller, game: &GameRef, new: &NewScore) -> Result<Batch> {
    let changed = change(tx, caller, game, Action::Play, |change| {
        Ok(vec![append(change, new, None)?])
    })?;
    answer(tx, changed)
}

/// Takes several scores, all or none.
///
/// # Errors
/// As [`submit`], with a pointer to the item.
pub fn submit_batch(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    news: &[NewScore],
) -> Result<Batch> {
    let changed = change(tx, caller, game, Action::Play, |change| {
        append_all(change, news, "items", None)
    })?;
    answer(tx, changed)
}

/// Where the players of new entries stand when everything is done.
fn answer(tx: &mut Tx<'_>, changed: Changed<Vec<Appended>>) -> Result<Batch> {
    let game = changed.game;
    let players = changed.value.iter().map(|(score, _)| {
        repos::players::find(tx.conn, game.id, score.player)?
            .ok_or_else(|| Error::not_found("player on this board"))
    });
    let players = players.collect::<Result<Vec<Player>>>()?;
    let placed = repos::standings::ranked(tx.conn, &game, players)?;
    let items = changed.value.into_iter().zip(placed);
    let items = items
        .map(|((score, replayed), player)| Submitted {
            score,
            player,
            replayed,
        })
        .collect();
    Ok(Batch { items, game })
}

/// Reads an entry.
///
/// # Errors
/// `not_found`, `voided`.
pub fn read(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    score: ScoreId,
) -> Result<(Game, Score)> {
    let game = access::view(conn, caller, game)?;
    let score = find_live(conn, &game, score)?;
    Ok((game, score))
}

fn find(conn: &mut Conn, game: &Game, score: ScoreId) -> Result<Score> {
    repos::scores::find(conn, game.id, score)?
        .ok_or_else(|| Error::not_found("score on this board"))
}

fn find_live(conn: &mut Conn, game: &Game, score: ScoreId) -> Result<Score> {
    let score = find(conn, game, score)?;
    match score.voided_at {
        None => Ok(score),
        Some(at) => Err(Error::new(
            Code::Voided,
            format!("The score was taken back at {at}."),
        )),
    }
}

/// Entries in the order in which they arrived.
///
/// # Errors
/// `not_found`, `trashed`.
pub fn list(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    listing: &Listing,
) -> Result<(Game, Page<Score>)> {
    let game = access::view(conn, caller, game)?;
    let page = repos::scores::list(conn, game.id, listing)?;
    Ok((game, page))
}
