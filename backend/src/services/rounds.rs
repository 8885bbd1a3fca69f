//! Use cases about rounds.

use serde_json::json;

use super::change::{Change, Changed, change};
use super::scores::{append_all, refold};
use super::{Expected, access, expect, external_id_taken};
use crate::db::{Conn, Tx};
use crate::domain::actor::{Action, Caller};
use crate::domain::game::{Game, GameRef};
use crate::domain::id::{PlayerId, RoundId, ScoreId};
use crate::domain::round::{Round, RoundDetails, RoundState};
use crate::domain::score::{NewScore, Score};
use crate::domain::text::ExternalId;
use crate::error::{Code, Error, OnUnique, Result};
use crate::repos::rounds::Listing;
use crate::repos::{self, Page};

/// A round with its entries, on its board.
#[derive(Debug)]
pub struct RoundOnBoard {
    /// The board.
    pub game: Game,
    /// The round.
    pub round: Round,
    /// Its live entries in the order in which they arrived.
    pub scores: Vec<Score>,
    /// Those of this request that were here already.
    pub replayed: Vec<ScoreId>,
    /// The request made the round, or scores of it.
    pub created: bool,
}

/// A round and its live entries.
pub type RoundWithScores = (Round, Vec<Score>);

/// A round has at most this many entries in an answer: as many as a board can be sent at once.
const ENTRIES: i64 = 10_000;

/// Makes a round, with all its scores at once if they are there, all or none.
///
/// # Errors
/// `external_id_taken`, and those of a score with a pointer to it.
pub fn create(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    details: RoundDetails,
    scores: Vec<NewScore>,
) -> Result<RoundOnBoard> {
    let changed = change(tx, caller, game, Action::Score, |change| {
        let sent = scores.len();
        let (round, open) = match known_round(change, &scores)? {
            Some(known) => (known, false),
            None => (insert(change, details)?, true),
        };
        let replayed = fill(change, round.id, scores, open)?;
        let created = open || replayed.len() < sent;
        Ok((round, replayed, created))
    })?;
    answer(tx, changed)
}

/// The round that was made when these scores were sent before, if one of them is known.
fn known_round(change: &mut Change<'_, '_>, scores: &[NewScore]) -> Result<Option<Round>> {
    let game = change.game.id;
    for client_id in scores.iter().filter_map(|score| score.client_id) {
        let known = repos::scores::find_by_client(change.conn(), game, client_id)?;
        if let Some(round) = known.and_then(|score| score.round) {
            return Ok(repos::rounds::find(change.conn(), game, round)?);
        }
    }
    Ok(None)
}

fn insert(change: &mut Change<'_, '_>, details: RoundDetails) -> Result<Round> {
    let round = Round {
        id: RoundId(change.tx.next_id()),
        number: change.game.round_count + 1,
        details,
        trashed_at: None,
        version: 1,
        created_at: change.tx.now,
        updated_at: change.tx.now,
    };
    let game = change.game.id;
    repos::rounds::insert(change.conn(), game, &round).on_unique(external_id_taken)?;
    change.game.round_count += 1;
    change.record("round.added", round.id.0, None, Some(json!(round.details)));
    Ok(round)
}

/// Enters the scores of a round. One that this change has made, or found open, takes them even if
/// it is to be closed from now on.
fn fill(
    change: &mut Change<'_, '_>,
    round: RoundId,
    mut scores: Vec<NewScore>,
    open: bool,
) -> Result<Vec<ScoreId>> {
    for score in &mut scores {
        score.round = Some(round);
    }
    let appended = append_all(change, &scores, "scores", open.then_some(round))?;
    let replayed = appended.into_iter().filter(|(_, replayed)| *replayed);
    Ok(replayed.map(|(score, _)| score.id).collect())
}

fn answer(tx: &mut Tx<'_>, changed: Changed<(Round, Vec<ScoreId>, bool)>) -> Result<RoundOnBoard> {
    let (game, (round, replayed, created)) = (changed.game, changed.value);
    let scores = entries(tx.conn, &game, &[round.id])?;
    Ok(RoundOnBoard {
        game,
        round,
        scores,
        replayed,
        created,
    })
}

fn entries(conn: &mut Conn, game: &Game, rounds: &[RoundId]) -> Result<Vec<Score>> {
    let listing = repos::scores::Listing {
        rounds: Some(rounds.to_vec()),
        limit: ENTRIES,
        ..Default::default()
    };
    Ok(repos::scores::list(conn, game.id, &listing)?.rows)
}

/// Creates or updates the round of an integrator's key, entering the scores that are new.
///
/// # Errors
/// `trashed` when that round is in the trash, `round_closed`, `precondition_failed`.
pub fn put(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    external_id: &ExternalId,
    expected: Option<&Expected>,
    details: RoundDetails,
    scores: Vec<NewScore>,
) -> Result<RoundOnBoard> {
    let changed = change(tx, caller, game, Action::Score, |change| {
        let game = change.game.id;
        let found = repos::rounds::find_by_external(change.conn(), game, external_id.as_str())?;
        let open = found
            .as_ref()
            .is_none_or(|round| round.details.state == RoundState::Open);
        let (round, created) = match found {
            Some(found) => {
                let round = edit_round(change, live(Some(found))?, expected, |_| Ok(details))?;
                (round, false)
            }
            None if expected.is_some() => {
                return Err(Error::new(
                    Code::PreconditionFailed,
                    "There is no such round yet.",
                ));
            }
            None => (insert(change, details)?, true),
        };
        let replayed = fill(change, round.id, scores, open)?;
        Ok((round, replayed, created))
    })?;
    answer(tx, changed)
}

/// Reads a round with its entries.
///
/// # Errors
/// `not_found`, `trashed`.
pub fn read(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    round: RoundId,
) -> Result<RoundOnBoard> {
    let game = access::view(conn, caller, game)?;
    let round = live(repos::rounds::find(conn, game.id, round)?)?;
    let scores = entries(conn, &game, &[round.id])?;
    Ok(RoundOnBoard {
        game,
        round,
        scores,
        replayed: Vec::new(),
        created: false,
    })
}

fn live(found: Option<Round>) -> Result<Round> {
    let round = found.ok_or_else(|| Error::not_found("round on this board"))?;
    match round.trashed_at {
        None => Ok(round),
        Some(at) => Err(Error::new(
            Code::Trashed,
            format!("The round is in the trash since {at}."),
        )),
    }
}

/// Rounds in the order of their numbers, with their entries.
///
/// # Errors
/// `not_found`, `trashed`.
pub fn list(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    listing: &Listing,
) -> Result<(Game, Page<RoundWithScores>)> {
    let game = access::view(conn, caller, game)?;
    let page = repos::rounds::list(conn, game.id, listing)?;
    let ids: Vec<RoundId> = page.rows.iter().map(|round| round.id).collect();
    let mut scores = entries(conn, &game, &ids)?;
    let page = page.map(|round| {
        let (own, others) = scores
            .drain(..)
            .partition(|score| score.round == Some(round.id));
        scores = others;
        (round, own)
    });
    Ok((game, page))
}

/// Changes a round; `edit` makes the new details from the present ones.
///
/// # Errors
/// `precondition_failed`, `external_id_taken`, and what `edit` refuses.
pub fn update(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    round: RoundId,
    expected: Option<&Expected>,
    edit: impl FnOnce(&RoundDetails) -> Result<RoundDetails>,
) -> Result<RoundOnBoard> {
    let changed = change(tx, caller, game, Action::Score, |change| {
        let game = change.game.id;
        let round = live(repos::rounds::find(change.conn(), game, round)?)?;
        Ok((
            edit_round(change, round, expected, edit)?,
            Vec::new(),
            false,
        ))
    })?;
    answer(tx, changed)
}

fn edit_round(
    change: &mut Change<'_, '_>,
    mut round: Round,
    expected: Option<&Expected>,
    edit: impl FnOnce(&RoundDetails) -> Result<RoundDetails>,
) -> Result<Round> {
    expect(expected, round.version)?;
    let before = round.details.clone();
    round.details = edit(&before)?;
    if round.details == before {
        return Ok(round);
    }
    save(change, &mut round)?;
    change.record(
        "round.updated",
        round.id.0,
        Some(json!(before)),
        Some(json!(round.details)),
    );
    Ok(round)
}

/// Writes an edited round back as a new version.
fn save(change: &mut Change<'_, '_>, round: &mut Round) -> Result<()> {
    round.version += 1;
    round.updated_at = change.tx.now;
    let game = change.game.id;
    repos::rounds::save(change.conn(), game, round).on_unique(external_id_taken)
}

/// Puts a round into the trash: its entries stop counting.
///
/// # Errors
/// `precondition_failed`.
pub fn trash(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    round: RoundId,
    expected: Option<&Expected>,
) -> Result<()> {
    change(tx, caller, game, Action::Score, |change| {
        let game = change.game.id;
        let mut round = live(repos::rounds::find(change.conn(), game, round)?)?;
        expect(expected, round.version)?;
        round.trashed_at = Some(change.tx.now);
        save(change, &mut round)?;
        move_players(change, "round.trashed", round.id)
    })?;
    Ok(())
}

/// Takes a round out of the trash: its entries count again, at their old places.
///
/// # Errors
/// `not_trashed`.
pub fn restore(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    round: RoundId,
) -> Result<RoundOnBoard> {
    let changed = change(tx, caller, game, Action::Score, |change| {
        let game = change.game.id;
        let found = repos::rounds::find(change.conn(), game, round)?;
        let mut round = found.ok_or_else(|| Error::not_found("round on this board"))?;
        if round.trashed_at.take().is_none() {
            return Err(Error::new(
                Code::NotTrashed,
                "The round is not in the trash.",
            ));
        }
        save(change, &mut round)?;
        move_players(change, "round.restored", round.id)?;
        Ok((round, Vec::new(), false))
    })?;
    answer(tx, changed)
}

/// Folds everybody anew who has entries in a round that went or came back. One part of the change
/// per player, so that watchers see every total that moved.
pub(super) fn move_players(
    change: &mut Change<'_, '_>,
    action: &str,
    round: RoundId,
) -> Result<()> {
    let game = change.game.id;
    let players: Vec<PlayerId> = repos::scores::players_of_round(change.conn(), game, round)?;
    if players.is_empty() {
        change.record(action, round.0, None, None);
    }
    for player in players {
        let player = refold(change, player)?;
        change.record_moved(action, round.0, None, None, &player);
    }
    Ok(())
}
