//! Submit a score, and take it back. The main use case of the product.

use serde_json::json;

use super::access;
use super::change::{Change, Changed, change};
use super::games::fold;
use crate::db::{Conn, Tx};
use crate::domain::actor::{Action, Caller};
use crate::domain::decimal::Decimal;
use crate::domain::game::{Game, GameRef, Rule};
use crate::domain::id::{PlayerId, RoundId, ScoreId};
use crate::domain::player::Player;
use crate::domain::round::RoundState;
use crate::domain::score::{Amendable, NewScore, Op, PlayerRef, Score};
use crate::error::{Code, Error, Result};
use crate::repos::journal::SCORE_ADDED;
use crate::repos::scores::Listing;
use crate::repos::standings::Placed;
use crate::repos::{self, Page};

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
    let changed = change(tx, caller, game, Action::Score, |change| {
        Ok(vec![append(change, new)?])
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
    let changed = change(tx, caller, game, Action::Score, |change| {
        append_all(change, news, "items")
    })?;
    answer(tx, changed)
}

/// An entry of the ledger, and whether it was there before.
pub(super) type Appended = (Score, bool);

/// Adds several entries; `list` names them in pointers.
pub(super) fn append_all(
    change: &mut Change<'_, '_>,
    news: &[NewScore],
    list: &str,
) -> Result<Vec<Appended>> {
    let appended = news.iter().enumerate().map(|(place, new)| {
        append(change, new).map_err(|error| error.within(&format!("/{list}/{place}")))
    });
    appended.collect()
}

/// Adds one entry to the ledger and folds it into its player's total.
///
/// The `client_id` is settled first, by its constraint: a retry is answered whatever has happened to
/// player and round meanwhile.
fn append(change: &mut Change<'_, '_>, new: &NewScore) -> Result<Appended> {
    let game = change.game.clone();
    let player = find_player(change.conn(), &game, &new.player)?;
    let score = entry(change, new, player.id);
    if let Some(round) = new.round {
        exists(change.conn(), &game, round)?;
    }
    if !repos::scores::insert(change.conn(), game.id, &score)? {
        return Ok((replay(change.conn(), &game, &score)?, true));
    }
    refuse_closed(change.conn(), &game, &player, new.round)?;
    refuse_overwriting(&game, &player, new)?;
    let entry = count(&game, &score)?;
    let mut player = player;
    player.tally = player
        .tally
        .with(entry, game.settings.fold_rules())
        .map_err(|_| out_of_range())?;
    moved(change, &mut player)?;
    change.record_moved(SCORE_ADDED, score.id.0, None, Some(score.facts()), &player);
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

fn exists(conn: &mut Conn, game: &Game, round: RoundId) -> Result<()> {
    match repos::rounds::find(conn, game.id, round)? {
        Some(_) => Ok(()),
        None => Err(Error::at(
            Code::UnknownRound,
            "/round_id",
            "There is no such round on this board.",
        )),
    }
}

/// A new entry needs a player and a round that stand and are open.
fn refuse_closed(
    conn: &mut Conn,
    game: &Game,
    player: &Player,
    round: Option<RoundId>,
) -> Result<()> {
    if player.trashed_at.is_some() {
        return Err(Error::at(
            Code::UnknownPlayer,
            "/player_id",
            "The player is in the trash: restore it first.",
        ));
    }
    let Some(id) = round else { return Ok(()) };
    match repos::rounds::find(conn, game.id, id)? {
        Some(round) if round.trashed_at.is_some() => Err(Error::at(
            Code::UnknownRound,
            "/round_id",
            "The round is in the trash: restore it first.",
        )),
        Some(round) if round.details.state == RoundState::Closed => Err(Error::at(
            Code::RoundClosed,
            "/round_id",
            format!("Round {} is closed.", round.number),
        )),
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
fn count(game: &Game, score: &Score) -> Result<crate::domain::tally::Entry> {
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
pub(super) fn out_of_range() -> Error {
    Error::at(
        Code::TotalOutOfRange,
        "/value",
        "The total would have more than 15 digits, decimals included.",
    )
}

/// Saves a player whose total this change moves.
fn moved(change: &mut Change<'_, '_>, player: &mut Player) -> Result<()> {
    player.scored_revision = change.next_place().revision;
    let (game, rules) = (change.game.id, change.game.settings.rank_rules());
    Ok(repos::players::save(change.conn(), game, player, rules)?)
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

/// Amends an entry; it keeps its place. `edit` makes the new values from the present ones.
///
/// # Errors
/// `voided`, `too_many_decimals`, `total_out_of_range`, and what `edit` refuses.
pub fn amend(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    score: ScoreId,
    edit: impl FnOnce(&Amendable) -> Result<Amendable>,
) -> Result<Batch> {
    move_entry(tx, caller, game, |change, board| {
        let mut score = find_live(change.conn(), board, score)?;
        let before = score.now.clone();
        score.now = edit(&before)?;
        count(board, &score)?;
        if score.now == before {
            return Ok((score, None));
        }
        score.amended_at = Some(change.tx.now);
        let bodies = (Some(json!(before)), Some(json!(score.now)));
        Ok((score, Some(("score.amended", bodies))))
    })
}

/// Takes an entry back.
///
/// # Errors
/// `voided` when it was already.
pub fn void(tx: &mut Tx<'_>, caller: Caller, game: &GameRef, score: ScoreId) -> Result<Batch> {
    move_entry(tx, caller, game, |change, board| {
        let mut score = find_live(change.conn(), board, score)?;
        score.voided_at = Some(change.tx.now);
        Ok((score, Some(("score.voided", (None, None)))))
    })
}

/// Lets an entry that was taken back count again, at its old place.
///
/// # Errors
/// `not_trashed` when it was not taken back.
pub fn restore(tx: &mut Tx<'_>, caller: Caller, game: &GameRef, score: ScoreId) -> Result<Batch> {
    move_entry(tx, caller, game, |change, board| {
        let mut score = find(change.conn(), board, score)?;
        if score.voided_at.take().is_none() {
            return Err(Error::new(
                Code::NotTrashed,
                "The score was not taken back.",
            ));
        }
        Ok((score, Some(("score.restored", (None, None)))))
    })
}

/// What is written down about an entry that moved: the action, then before and after.
type Deed = (
    &'static str,
    (Option<serde_json::Value>, Option<serde_json::Value>),
);

/// Changes what may move of an entry and folds its player anew.
fn move_entry(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    work: impl FnOnce(&mut Change<'_, '_>, &Game) -> Result<(Score, Option<Deed>)>,
) -> Result<Batch> {
    let changed = change(tx, caller, game, Action::Score, |change| {
        let board = change.game.clone();
        let (score, deed) = work(change, &board)?;
        if let Some((action, (before, after))) = deed {
            repos::scores::save(change.conn(), board.id, &score)?;
            let player = refold(change, score.player)?;
            change.record_moved(action, score.id.0, before, after, &player);
        }
        Ok(vec![(score, false)])
    })?;
    answer(tx, changed)
}

/// Folds a player anew, trashed or not.
pub(super) fn refold(change: &mut Change<'_, '_>, player: PlayerId) -> Result<Player> {
    let game = change.game.id;
    let found = repos::players::find(change.conn(), game, player)?;
    let mut player = found.ok_or_else(|| Error::not_found("player on this board"))?;
    player.tally = fold(change, &player)?;
    moved(change, &mut player)?;
    Ok(player)
}
