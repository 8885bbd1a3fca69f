//! Use cases about players.

use serde_json::json;

use super::change::{Change, change};
use super::{Expected, access, expect, external_id_taken};
use crate::db::{Conn, Tx};
use crate::domain::actor::{Action, Caller};
use crate::domain::game::{Game, GameRef};
use crate::domain::id::PlayerId;
use crate::domain::player::{Player, Profile};
use crate::domain::tally::Tally;
use crate::domain::text::ExternalId;
use crate::error::{Code, Error, OnUnique, Result};
use crate::repos::players::Listing;
use crate::repos::standings::Placed;
use crate::repos::{self, Page};

/// A player as a read or a write answers it, on its board.
#[derive(Debug)]
pub struct OnBoard<T> {
    /// The board after it.
    pub game: Game,
    /// The player or players, with ranks.
    pub value: T,
}

/// Adds players, all or none.
///
/// # Errors
/// `external_id_taken`, with a pointer to the one.
pub fn add(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    profiles: Vec<Profile>,
) -> Result<OnBoard<Vec<Player>>> {
    let several = profiles.len() > 1;
    let changed = change(tx, caller, game, Action::Score, |change| {
        let added = profiles.into_iter().enumerate().map(|(place, profile)| {
            let prefix = if several {
                format!("/players/{place}")
            } else {
                String::new()
            };
            insert(change, profile).map_err(|error| error.within(&prefix))
        });
        added.collect::<Result<Vec<Player>>>()
    })?;
    Ok(OnBoard {
        game: changed.game,
        value: changed.value,
    })
}

fn insert(change: &mut Change<'_, '_>, profile: Profile) -> Result<Player> {
    let id = PlayerId(change.tx.next_id());
    insert_as(change, id, profile)
}

/// Adds a player whose id is known already.
pub(super) fn insert_as(
    change: &mut Change<'_, '_>,
    id: PlayerId,
    profile: Profile,
) -> Result<Player> {
    let player = Player {
        id,
        profile,
        trashed_at: None,
        version: 1,
        tally: Tally::default(),
        scored_revision: 0,
        created_at: change.tx.now,
        updated_at: change.tx.now,
    };
    let (game, rules) = (change.game.id, change.game.settings.rank_rules());
    repos::players::insert(change.conn(), game, &player, rules).on_unique(external_id_taken)?;
    change.game.player_count += 1;
    change.record(
        "player.added",
        player.id.0,
        None,
        Some(json!(player.profile)),
    );
    Ok(player)
}

/// Reads a player with the rank.
///
/// # Errors
/// `not_found`, `trashed`.
pub fn read(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    player: PlayerId,
) -> Result<OnBoard<Placed>> {
    let game = access::view(conn, caller, game)?;
    let player = find_live(conn, &game, player)?;
    placed(conn, game, player)
}

fn placed(conn: &mut Conn, game: Game, player: Player) -> Result<OnBoard<Placed>> {
    let rank = repos::standings::rank(conn, &game, &player)?;
    Ok(OnBoard {
        game,
        value: (player, rank),
    })
}

/// Finds a player that is not in the trash.
pub(super) fn find_live(conn: &mut Conn, game: &Game, player: PlayerId) -> Result<Player> {
    live(repos::players::find(conn, game.id, player)?)
}

fn live(found: Option<Player>) -> Result<Player> {
    let player = found.ok_or_else(|| Error::not_found("player on this board"))?;
    match player.trashed_at {
        None => Ok(player),
        Some(at) => Err(Error::new(
            Code::Trashed,
            format!("The player is in the trash since {at}."),
        )),
    }
}

/// Players in the order in which they were added, with their ranks.
///
/// # Errors
/// `not_found`, `trashed`.
pub fn list(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    listing: &Listing,
) -> Result<OnBoard<Page<Placed>>> {
    let game = access::view(conn, caller, game)?;
    let page = repos::players::list(conn, game.id, listing)?;
    let rows = repos::standings::ranked(conn, &game, page.rows)?;
    Ok(OnBoard {
        game,
        value: Page {
            rows,
            has_more: page.has_more,
        },
    })
}

/// Changes a player; `edit` makes the new profile from the present one. Whoever plays the player changes
/// how it is shown, and nothing else.
///
/// # Errors
/// `forbidden`, `precondition_failed`, `external_id_taken`, and what `edit` refuses.
pub fn update(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    player: PlayerId,
    expected: Option<&Expected>,
    edit: impl FnOnce(&Profile) -> Result<Profile>,
) -> Result<OnBoard<Placed>> {
    let changed = change(tx, caller, game, Action::Dress(player), |change| {
        let game = change.game.clone();
        let player = find_live(change.conn(), &game, player)?;
        edit_player(change, player, expected, edit)
    })?;
    placed(tx.conn, changed.game, changed.value)
}

fn edit_player(
    change: &mut Change<'_, '_>,
    mut player: Player,
    expected: Option<&Expected>,
    edit: impl FnOnce(&Profile) -> Result<Profile>,
) -> Result<Player> {
    expect(expected, player.version)?;
    let before = player.profile.clone();
    player.profile = edit(&before)?;
    if player.profile == before {
        return Ok(player);
    }
    if !player.profile.differs_in_looks_alone(&before) {
        change.may(Action::Score)?;
    }
    save(change, &mut player)?;
    change.record(
        "player.updated",
        player.id.0,
        Some(json!(before)),
        Some(json!(player.profile)),
    );
    Ok(player)
}

/// Writes an edited player back as a new version.
fn save(change: &mut Change<'_, '_>, player: &mut Player) -> Result<()> {
    player.version += 1;
    player.updated_at = change.tx.now;
    let (game, rules) = (change.game.id, change.game.settings.rank_rules());
    repos::players::save(change.conn(), game, player, rules).on_unique(external_id_taken)
}

/// Creates or updates the player of an integrator's key; `true` when it was created.
///
/// # Errors
/// `trashed` when that player is in the trash, `precondition_failed`.
pub fn put(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    external_id: &ExternalId,
    expected: Option<&Expected>,
    profile: Profile,
) -> Result<(OnBoard<Placed>, bool)> {
    let changed = change(tx, caller, game, Action::Score, |change| {
        let game = change.game.id;
        match repos::players::find_by_external(change.conn(), game, external_id.as_str())? {
            Some(found) => Ok((
                edit_player(change, live(Some(found))?, expected, |_| Ok(profile))?,
                false,
            )),
            None if expected.is_some() => Err(Error::new(
                Code::PreconditionFailed,
                "There is no such player yet.",
            )),
            None => Ok((insert(change, profile)?, true)),
        }
    })?;
    let (player, created) = changed.value;
    Ok((placed(tx.conn, changed.game, player)?, created))
}

/// Puts a player into the trash, scores and all.
///
/// # Errors
/// `precondition_failed`.
pub fn trash(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    player: PlayerId,
    expected: Option<&Expected>,
) -> Result<()> {
    change(tx, caller, game, Action::Score, |change| {
        let game = change.game.clone();
        let mut player = find_live(change.conn(), &game, player)?;
        expect(expected, player.version)?;
        player.trashed_at = Some(change.tx.now);
        save(change, &mut player)?;
        change.game.player_count -= 1;
        change.record("player.trashed", player.id.0, None, None);
        Ok(())
    })?;
    Ok(())
}

/// Takes a player out of the trash, scores and all.
///
/// # Errors
/// `not_trashed`.
pub fn restore(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    player: PlayerId,
) -> Result<OnBoard<Placed>> {
    let changed = change(tx, caller, game, Action::Score, |change| {
        let game = change.game.id;
        let found = repos::players::find(change.conn(), game, player)?;
        let mut player = found.ok_or_else(|| Error::not_found("player on this board"))?;
        if player.trashed_at.take().is_none() {
            return Err(Error::new(
                Code::NotTrashed,
                "The player is not in the trash.",
            ));
        }
        save(change, &mut player)?;
        change.game.player_count += 1;
        change.record("player.restored", player.id.0, None, None);
        Ok(player)
    })?;
    placed(tx.conn, changed.game, changed.value)
}
