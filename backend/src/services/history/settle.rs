//! Writes a draft down: what moved, each part with its row in the journal, and the totals that moved
//! with it.

use std::collections::BTreeSet;

use serde_json::json;

use super::cutting::Cutting;
use super::draft::{Draft, Held};
use super::moves::{TRASHED, VOIDED};
use super::unreadable;
use crate::domain::id::{PlayerId, RoundId, ScoreId};
use crate::domain::moment::overlaid;
use crate::domain::player::Player;
use crate::domain::round::Round;
use crate::domain::score::Score;
use crate::error::{OnUnique, Result};
use crate::repos;
use crate::services::change::Change;
use crate::services::{external_id_taken, games, rounds, scores};

/// Makes a board what the draft says.
pub(super) fn settle(
    change: &mut Change<'_, '_>,
    draft: &Draft,
    cutting: Option<&Cutting>,
) -> Result<()> {
    let scores_differently = settings(change, draft)?;
    release_keys(change, draft)?;
    for held in draft.players.values().filter(|held| held.has_moved()) {
        player(change, held)?;
    }
    let mut shelved = Vec::new();
    for held in draft.rounds.values().filter(|held| held.has_moved()) {
        shelved.extend(round(change, held)?);
    }
    if let Some(cutting) = cutting {
        for (round, action) in shelved {
            change.record(action, round.0, None, None);
        }
        return cutting.apply(change, scores_differently);
    }
    write_scores(change, draft)?;
    for (round, action) in shelved {
        rounds::move_players(change, action, round)?;
    }
    record_scores(change, draft)?;
    if scores_differently {
        games::refold(change)?;
    }
    Ok(())
}

/// Whether totals or places move with them.
fn settings(change: &mut Change<'_, '_>, draft: &Draft) -> Result<bool> {
    if !draft.settings.has_moved() {
        return Ok(false);
    }
    let before = change.game.settings.clone();
    let after = draft.new_settings()?;
    change.game.settings = after.clone();
    change.game.version += 1;
    change.record(
        "game.updated",
        change.game.id.0,
        Some(json!(before)),
        Some(json!(after)),
    );
    Ok(before.scores_differently(&after))
}

/// Keys that change hands are let go first: at no time do two have the same.
fn release_keys(change: &mut Change<'_, '_>, draft: &Draft) -> Result<()> {
    let game = change.game.id;
    let players = draft.players.values().filter(|held| gives_up_key(held));
    let players: Vec<i64> = players.map(|held| held.thing.id.0).collect();
    let rounds = draft.rounds.values().filter(|held| gives_up_key(held));
    let rounds: Vec<i64> = rounds.map(|held| held.thing.id.0).collect();
    repos::history::release_players(change.conn(), game, &players)?;
    repos::history::release_rounds(change.conn(), game, &rounds)?;
    Ok(())
}

fn gives_up_key<T>(held: &Held<T>) -> bool {
    let key = |members: &serde_json::Map<_, _>| members.get("external_id").cloned();
    key(&held.was) != key(&held.now)
}

fn player(change: &mut Change<'_, '_>, held: &Held<Player>) -> Result<()> {
    let mut player = held.thing.clone();
    let before = player.profile.clone();
    player.profile = overlaid(&before, &held.now).map_err(unreadable)?;
    let action = match held.marked(TRASHED) {
        Some(true) => "player.trashed",
        Some(false) => "player.restored",
        None => "",
    };
    if let Some(trashed) = held.marked(TRASHED) {
        player.trashed_at = trashed.then_some(change.tx.now);
        change.game.player_count += if trashed { -1 } else { 1 };
        player.version += 1;
    }
    player.version += i64::from(player.profile != before);
    player.updated_at = change.tx.now;
    let (game, rules) = (change.game.id, change.game.settings.rank_rules());
    repos::players::save(change.conn(), game, &player, rules).on_unique(external_id_taken)?;
    let (before, after) = (json!(before), json!(player.profile));
    if before != after {
        change.record("player.updated", player.id.0, Some(before), Some(after));
    }
    if !action.is_empty() {
        change.record(action, player.id.0, None, None);
    }
    Ok(())
}

/// The round and what is to be said of it, if it goes into the trash or comes out.
fn round(
    change: &mut Change<'_, '_>,
    held: &Held<Round>,
) -> Result<Option<(RoundId, &'static str)>> {
    let mut round = held.thing.clone();
    let before = round.details.clone();
    round.details = overlaid(&before, &held.now).map_err(unreadable)?;
    let shelved = held.marked(TRASHED);
    if let Some(trashed) = shelved {
        round.trashed_at = trashed.then_some(change.tx.now);
        round.version += 1;
    }
    round.version += i64::from(round.details != before);
    round.updated_at = change.tx.now;
    let game = change.game.id;
    repos::rounds::save(change.conn(), game, &round).on_unique(external_id_taken)?;
    let (before, after) = (json!(before), json!(round.details));
    if before != after {
        change.record("round.updated", round.id.0, Some(before), Some(after));
    }
    Ok(shelved.map(|trashed| match trashed {
        true => (round.id, "round.trashed"),
        false => (round.id, "round.restored"),
    }))
}

/// Amended entries one by one, void marks many at a time.
fn write_scores(change: &mut Change<'_, '_>, draft: &Draft) -> Result<()> {
    let (game, now) = (change.game.id, change.tx.now);
    let moved = || draft.scores.values().filter(|held| held.has_moved());
    for held in moved() {
        if let Some(score) = amended(held, change)? {
            repos::scores::save(change.conn(), game, &score)?;
        }
    }
    for voided in [true, false] {
        let marked = moved().filter(|held| held.marked(VOIDED) == Some(voided));
        let ids: Vec<ScoreId> = marked.map(|held| held.thing.id).collect();
        repos::history::mark(change.conn(), game, &ids, voided.then_some(now))?;
    }
    Ok(())
}

fn amended(held: &Held<Score>, change: &Change<'_, '_>) -> Result<Option<Score>> {
    let mut score = held.thing.clone();
    score.now = overlaid(&score.now, &held.now).map_err(unreadable)?;
    if score.now == held.thing.now {
        return Ok(None);
    }
    score.amended_at = Some(change.tx.now);
    Ok(Some(score))
}

fn record_scores(change: &mut Change<'_, '_>, draft: &Draft) -> Result<()> {
    let moved = || draft.scores.values().filter(|held| held.has_moved());
    let players: BTreeSet<PlayerId> = moved().map(|held| held.thing.player).collect();
    let mut folded = std::collections::HashMap::new();
    for player in players {
        folded.insert(player, scores::refold(change, player)?);
    }
    for held in moved() {
        let (id, player) = (held.thing.id.0, &folded[&held.thing.player]);
        if let Some(score) = amended(held, change)? {
            let bodies = (Some(json!(held.thing.now)), Some(json!(score.now)));
            change.record_moved("score.amended", id, bodies.0, bodies.1, player);
        }
        match held.marked(VOIDED) {
            Some(true) => change.record_moved("score.voided", id, None, None, player),
            Some(false) => change.record_moved("score.restored", id, None, None, player),
            None => {}
        }
    }
    Ok(())
}
