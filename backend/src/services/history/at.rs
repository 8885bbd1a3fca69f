//! The standings as they were shown at a moment: with the settings and the names of then.

use super::{moment, revision, unreadable};
use crate::db::Conn;
use crate::domain::actor::Caller;
use crate::domain::game::{Game, GameRef};
use crate::domain::id::PlayerId;
use crate::domain::ranking::{Numbering, Standing};
use crate::domain::text::fold_case;
use crate::domain::time::Timestamp;
use crate::domain::when::When;
use crate::error::{Error, Result};
use crate::repos::Page;
use crate::repos::standings::Placed;
use crate::services::access;
use crate::services::standings::{Listing, place};

/// A page of the standings of then, the leader first.
///
/// # Errors
/// `not_found`, `trashed`, `no_such_moment`.
pub fn page_at(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    (when, now): (When, Timestamp),
    listing: &Listing,
) -> Result<(Game, Page<Placed>)> {
    let (game, mut rows) = standings_at(conn, caller, game, when, now)?;
    if let Some(prefix) = &listing.prefix {
        let prefix = fold_case(prefix.as_str());
        rows.retain(|(player, _)| fold_case(player.profile.name.as_str()).starts_with(&prefix));
    }
    if let Some(after) = listing.after {
        rows.retain(|placed| place(&game, placed) > after);
    }
    Ok((game, Page::cut(rows, listing.limit)))
}

/// The players around one as they stood then, `window` on each side.
///
/// # Errors
/// As [`player_at`].
pub fn around_at(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    (when, now): (When, Timestamp),
    player: PlayerId,
    window: usize,
) -> Result<(Game, Vec<Placed>)> {
    let (game, rows) = standings_at(conn, caller, game, when, now)?;
    let place = find(&rows, player)?;
    let last = rows.len().min(place + window + 1);
    let rows = rows[place.saturating_sub(window)..last].to_vec();
    Ok((game, rows))
}

/// The place of one player as it was then.
///
/// # Errors
/// `not_found` for one who was not on the board then, `trashed`, `no_such_moment`.
pub fn player_at(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    (when, now): (When, Timestamp),
    player: PlayerId,
) -> Result<(Game, Placed)> {
    let (game, mut rows) = standings_at(conn, caller, game, when, now)?;
    let place = find(&rows, player)?;
    Ok((game, rows.swap_remove(place)))
}

fn find(rows: &[Placed], player: PlayerId) -> Result<usize> {
    let place = rows.iter().position(|(one, _)| one.id == player);
    place.ok_or_else(|| Error::not_found("player on the board of then"))
}

/// Every row, in order and numbered.
fn standings_at(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    when: When,
    now: Timestamp,
) -> Result<(Game, Vec<Placed>)> {
    let mut game = access::view(conn, caller, game)?;
    let revision = revision(conn, &game, when, now)?;
    let (moment, facts) = moment(conn, &game, revision)?;
    game.settings = moment.settings(&game.settings).map_err(unreadable)?;
    game.revision = revision;
    game.updated_at = moment.at.unwrap_or(game.updated_at);
    game.player_count = i64::try_from(moment.player_count()).unwrap_or(i64::MAX);
    let (rules, decimals) = (game.settings.fold_rules(), game.settings.decimals);
    let tallies = moment
        .tallies(&facts, rules, decimals)
        .map_err(unreadable)?;
    let mut players = moment.players(&tallies).map_err(unreadable)?;
    players.retain(|player| player.trashed_at.is_none());
    let rules = game.settings.rank_rules();
    players.sort_by_cached_key(|player| (rules.key(&player.tally, false), player.id));
    let mut numbering = Numbering::from_top(game.settings.ties);
    let placed = players.into_iter().map(|player| {
        let key = rules.key(&player.tally, false);
        let ranked = key.standing == Standing::Ranked;
        let rank = ranked.then(|| numbering.next((key.total, key.tiebreak)));
        (player, rank)
    });
    Ok((game, placed.collect()))
}
