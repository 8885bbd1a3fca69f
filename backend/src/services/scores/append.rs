//! One more entry in the ledger, folded into its player's total, exactly once.

use serde_json::json;

use super::super::change::Change;
use super::moves::moved;
use crate::db::Conn;
use crate::domain::actor::Action;
use crate::domain::decimal::Decimal;
use crate::domain::game::{Game, Rule};
use crate::domain::id::{PlayerId, RoundId, ScoreId};
use crate::domain::player::Player;
use crate::domain::round::{Round, RoundState};
use crate::domain::score::{Amendable, NewScore, Op, PlayerRef, Score};
use crate::domain::tally::Entry;
use crate::error::{Code, Error, Result};
use crate::repos;
use crate::repos::journal::SCORE_ADDED;

/// An entry of the ledger, and whether it was there before.
pub type Appended = (Score, bool);

/// Adds several entries; `list` names them in pointers. The round that `filling` names takes them
/// even when it is closed: it is this change that makes it so.
pub fn append_all(
    change: &mut Change<'_, '_>,
    news: &[NewScore],
    list: &str,
    filling: Option<RoundId>,
) -> Result<Vec<Appended>> {
    let appended = news.iter().enumerate().map(|(place, new)| {
        append(change, new, filling).map_err(|error| error.within(&format!("/{list}/{place}")))
    });
    appended.collect()
}

/// Adds one entry to the ledger and folds it into its player's total.
///
/// The `client_id` is settled first, by its constraint: a retry is answered whatever has happened to
/// player and round meanwhile.
pub fn append(
    change: &mut Change<'_, '_>,
    new: &NewScore,
    filling: Option<RoundId>,
) -> Result<Appended> {
    let game = change.game.clone();
    let mut player = find_player(change.conn(), &game, &new.player)?;
    change.may(Action::PlayFor(player.id))?;
    let round = find_round(change.conn(), &game, new.round)?;
    let score = entry(change, new, player.id);
    if !repos::scores::insert(change.conn(), game.id, &score)? {
        return Ok((replay(change.conn(), &game, &score)?, true));
    }
    refuse_closed(&player, round.filter(|round| filling != Some(round.id)))?;
    refuse_overwriting(&game, &player, new)?;
    let entry = count(&game, &score)?;
    let folded = player.tally.with(entry, game.settings.fold_rules());
    player.tally = folded.map_err(|_| out_of_range())?;
    moved(change, &mut player)?;
    let facts = Some(json!(score.facts()));
    change.record_moved(SCORE_ADDED, score.id.0, None, facts, &player);
    Ok((score, false))
}

fn entry(change: &Change<'_, '_>, new: &NewScore, player: PlayerId) -> Score {
    Score {
        id: ScoreId(change.tx.next_id()),
        player,
        round: new.round,
        op: new.op,
        written: (new.value, new.tiebreak),
        now: Amendable {
            value: new.value,
            tiebreak: new.tiebreak,
            note: new.note.clone(),
            occurred_at: new.occurred_at,
        },
        client_id: new.client_id,
        actor: change.actor.clone(),
        recorded: change.next_place(),
        amended_at: None,
        voided_at: None,
    }
}

/// The first entry of a `client_id`, if this is the same score again.
fn replay(conn: &mut Conn, game: &Game, again: &Score) -> Result<Score> {
    let first = match again.client_id {
        Some(client_id) => repos::scores::find_by_client(conn, game.id, client_id)?,
        None => None,
    };
    let first = first
        .ok_or_else(|| Error::internal(&"an entry was refused without a client_id in its way"))?;
    let same = |score: &Score| (score.player, score.op, score.written.0.to_string());
    if same(&first) == same(again) {
        return Ok(first);
    }
    Err(Error::at(
        Code::ClientIdReused,
        "/client_id",
        format!(
            "This client_id stands for {}: {} {} for {}.",
            first.id, first.op, first.written.0, first.player
        ),
    ))
}

fn find_player(conn: &mut Conn, game: &Game, asked: &PlayerRef) -> Result<Player> {
    let (found, pointer) = match asked {
        PlayerRef::Id(id) => (repos::players::find(conn, game.id, *id)?, "/player_id"),
        PlayerRef::External(key) => (
            repos::players::find_by_external(conn, game.id, key.as_str())?,
            "/external_id",
        ),
    };
    found.ok_or_else(|| {
        Error::at(
            Code::UnknownPlayer,
            pointer,
            "There is no such player on this board.",
        )
    })
}

fn find_round(conn: &mut Conn, game: &Game, asked: Option<RoundId>) -> Result<Option<Round>> {
    let Some(id) = asked else { return Ok(None) };
    match repos::rounds::find(conn, game.id, id)? {
        Some(round) => Ok(Some(round)),
        None => Err(Error::at(
            Code::UnknownRound,
            "/round_id",
            "There is no such round on this board.",
        )),
    }
}

/// A new entry needs a player and a round that stand and are open.
fn refuse_closed(player: &Player, round: Option<Round>) -> Result<()> {
    let refused = |code, pointer, detail: String| Err(Error::at(code, pointer, detail));
    if player.trashed_at.is_some() {
        let detail = "The player is in the trash: restore it first.".to_owned();
        return refused(Code::UnknownPlayer, "/player_id", detail);
    }
    match round {
        Some(round) if round.trashed_at.is_some() => {
            let detail = format!("Round {} is in the trash: restore it first.", round.number);
            refused(Code::UnknownRound, "/round_id", detail)
        }
        Some(round) if round.details.state == RoundState::Closed => {
            let detail = format!("Round {} is closed.", round.number);
            refused(Code::RoundClosed, "/round_id", detail)
        }
        _ => Ok(()),
    }
}

/// A `set` that has seen an older total never overwrites a newer one.
fn refuse_overwriting(game: &Game, player: &Player, new: &NewScore) -> Result<()> {
    if new.op == Op::Set && game.settings.rule != Rule::Sum {
        return Err(Error::at(
            Code::OpNotAllowed,
            "/op",
            format!("The board's rule is {}: use add.", game.settings.rule),
        ));
    }
    let seen = new.base_revision.unwrap_or(i64::MAX);
    if new.op == Op::Add || player.scored_revision <= seen {
        return Ok(());
    }
    let total = player
        .tally
        .total
        .map(|total| Decimal::new(total, game.settings.decimals));
    let refused = Error::at(
        Code::PlayerChanged,
        "/base_revision",
        format!(
            "Revision {} moved this player's total after the one that you have seen.",
            player.scored_revision
        ),
    );
    Err(refused
        .with(
            "current",
            json!({"total": total, "revision": player.scored_revision}),
        )
        .with("yours", json!(new.value)))
}

/// The entry in units of the board, or why it cannot be one.
pub fn count(game: &Game, score: &Score) -> Result<Entry> {
    let decimals = game.settings.decimals;
    let fits = |value: Decimal, pointer: &str| match value.units_at(decimals) {
        Some(_) => Ok(()),
        None if value.scale_needed() <= decimals => Err(Error::at(
            Code::TotalOutOfRange,
            pointer,
            "At most 15 digits, decimals included.",
        )),
        None => Err(Error::at(
            Code::TooManyDecimals,
            pointer,
            format!("{value} has more decimals than the board, which has {decimals}."),
        )),
    };
    fits(score.now.value, "/value")?;
    score
        .now
        .tiebreak
        .map_or(Ok(()), |tiebreak| fits(tiebreak, "/tiebreak"))?;
    score.entry(decimals).ok_or_else(out_of_range)
}

/// A total that does not fit.
pub fn out_of_range() -> Error {
    Error::at(
        Code::TotalOutOfRange,
        "/value",
        "The total would have more than 15 digits, decimals included.",
    )
}
