//! Use cases about places.

use super::access;
use crate::db::Conn;
use crate::domain::actor::Caller;
use crate::domain::game::{Game, GameRef};
use crate::domain::id::PlayerId;
use crate::domain::ranking::SortKey;
use crate::domain::text::Search;
use crate::error::Result;
use crate::repos::standings::Placed;
use crate::repos::{self, Page};

/// What a page of the standings is asked for.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Beyond this place.
    pub after: Option<(SortKey, PlayerId)>,
    /// The beginning of a name, in any case.
    pub prefix: Option<Search>,
    /// Rows at most.
    pub limit: i64,
}

/// A page of the standings, the leader first.
///
/// # Errors
/// `not_found`, `trashed`.
pub fn page(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    listing: &Listing,
) -> Result<(Game, Page<Placed>)> {
    let game = access::view(conn, caller, game)?;
    let prefix = listing.prefix.as_ref().map(Search::as_str);
    let page = repos::standings::page(conn, &game, listing.after, prefix, listing.limit)?;
    Ok((game, page))
}

/// The players around one, `window` on each side.
///
/// # Errors
/// `not_found`, `trashed`.
pub fn around(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    player: PlayerId,
    window: i64,
) -> Result<(Game, Vec<Placed>)> {
    let game = access::view(conn, caller, game)?;
    let player = super::players::find_live(conn, &game, player)?;
    let rows = repos::standings::around(conn, &game, player, window)?;
    Ok((game, rows))
}

/// The place of one player.
///
/// # Errors
/// `not_found`, `trashed`.
pub fn of_player(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    player: PlayerId,
) -> Result<(Game, Placed)> {
    let on_board = super::players::read(conn, caller, game, player)?;
    Ok((on_board.game, on_board.value))
}

/// The place of a row, from which the next page goes on.
pub fn place(game: &Game, placed: &Placed) -> (SortKey, PlayerId) {
    let player = &placed.0;
    (
        game.settings
            .rank_rules()
            .key(&player.tally, player.trashed_at.is_some()),
        player.id,
    )
}
