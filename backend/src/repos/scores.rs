//! Queries about scores: the ledger. Rows are inserted; of a row only the current value and the
//! void mark move.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::{Page, corrupt, millis, moment, one_row, scale, word};
use crate::db::schema::{players, rounds, scores};
use crate::db::{Conn, MultiBackend, on};
use crate::domain::actor::Actor;
use crate::domain::decimal::Decimal;
use crate::domain::id::{GameId, PlayerId, RoundId, ScoreId};
use crate::domain::score::{Amendable, Op, Score};
use crate::domain::tally::Reached;
use crate::domain::text::Text;
use crate::domain::time::Timestamp;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = scores)]
struct Row {
    game_id: i64,
    id: i64,
    player_id: i64,
    round_id: Option<i64>,
    revision: i64,
    item: i64,
    client_id: Option<Vec<u8>>,
    op: String,
    value: i64,
    scale: i32,
    tiebreak: Option<i64>,
    tiebreak_scale: Option<i32>,
    actor_role: String,
    actor_id: Option<i64>,
    recorded_at: i64,
    note: Option<String>,
    occurred_at: Option<i64>,
    amended_at: Option<i64>,
    value_now: Option<i64>,
    scale_now: Option<i32>,
    tiebreak_now: Option<i64>,
    tiebreak_scale_now: Option<i32>,
    voided_at: Option<i64>,
}

/// What may move of a row. The facts are not in it, so no update can touch them.
#[derive(AsChangeset)]
#[diesel(table_name = scores, treat_none_as_null = true)]
struct Movable {
    note: Option<String>,
    occurred_at: Option<i64>,
    amended_at: Option<i64>,
    value_now: Option<i64>,
    scale_now: Option<i32>,
    tiebreak_now: Option<i64>,
    tiebreak_scale_now: Option<i32>,
    voided_at: Option<i64>,
}

impl Row {
    fn new(game: GameId, score: &Score) -> Self {
        let (value, tiebreak) = score.written;
        let movable = Movable::from(score);
        Self {
            game_id: game.0,
            id: score.id.0,
            player_id: score.player.0,
            round_id: score.round.map(|round| round.0),
            revision: score.recorded.revision,
            item: score.recorded.item,
            client_id: score.client_id.map(|id| id.as_bytes().to_vec()),
            op: score.op.to_string(),
            value: value.units(),
            scale: i32::from(value.scale()),
            tiebreak: tiebreak.map(Decimal::units),
            tiebreak_scale: tiebreak.map(|tiebreak| i32::from(tiebreak.scale())),
            actor_role: score.actor.role.clone(),
            actor_id: score.actor.id,
            recorded_at: score.recorded.at.millis(),
            note: movable.note,
            occurred_at: movable.occurred_at,
            amended_at: movable.amended_at,
            value_now: movable.value_now,
            scale_now: movable.scale_now,
            tiebreak_now: movable.tiebreak_now,
            tiebreak_scale_now: movable.tiebreak_scale_now,
            voided_at: movable.voided_at,
        }
    }

    fn into_score(self) -> QueryResult<Score> {
        let written = (
            Decimal::new(self.value, scale(self.scale)?),
            decimal(self.tiebreak, self.tiebreak_scale)?,
        );
        let (value, tiebreak) = match decimal(self.value_now, self.scale_now)? {
            Some(value) => (value, decimal(self.tiebreak_now, self.tiebreak_scale_now)?),
            None => written,
        };
        let client_id = self.client_id.map(|bytes| Uuid::from_slice(&bytes));
        Ok(Score {
            id: ScoreId(self.id),
            player: PlayerId(self.player_id),
            round: self.round_id.map(RoundId),
            op: word(Op::from_word(&self.op), "scores.op")?,
            written,
            now: Amendable {
                value,
                tiebreak,
                note: self.note.map(Text::stored),
                occurred_at: moment(self.occurred_at),
            },
            client_id: client_id
                .transpose()
                .map_err(|_| corrupt("a client_id that is no UUID"))?,
            actor: Actor {
                role: self.actor_role,
                id: self.actor_id,
            },
            recorded: Reached {
                at: Timestamp::from_millis(self.recorded_at),
                revision: self.revision,
                item: self.item,
            },
            amended_at: moment(self.amended_at),
            voided_at: moment(self.voided_at),
        })
    }
}

impl From<&Score> for Movable {
    /// The current value stands beside the written one only once they differ.
    fn from(score: &Score) -> Self {
        let amended = (score.now.value, score.now.tiebreak) != score.written;
        let value = amended.then_some(score.now.value);
        let tiebreak = score.now.tiebreak.filter(|_| amended);
        Self {
            note: score.now.note.as_ref().map(ToString::to_string),
            occurred_at: millis(score.now.occurred_at),
            amended_at: millis(score.amended_at),
            value_now: value.map(Decimal::units),
            scale_now: value.map(|value| i32::from(value.scale())),
            tiebreak_now: tiebreak.map(Decimal::units),
            tiebreak_scale_now: tiebreak.map(|tiebreak| i32::from(tiebreak.scale())),
            voided_at: millis(score.voided_at),
        }
    }
}

fn decimal(units: Option<i64>, stored: Option<i32>) -> QueryResult<Option<Decimal>> {
    match (units, stored) {
        (Some(units), Some(stored)) => Ok(Some(Decimal::new(units, scale(stored)?))),
        (None, _) => Ok(None),
        (Some(_), None) => Err(corrupt("a value without its scale")),
    }
}

/// Adds an entry, unless its `client_id` stands on the board already: then `false`, and nothing is
/// written. The unique constraint decides.
pub fn insert(conn: &mut Conn, game: GameId, score: &Score) -> QueryResult<bool> {
    let row = Row::new(game, score);
    let inserted = on!(conn, c => diesel::insert_into(scores::table).values(&row).on_conflict_do_nothing().execute(c))?;
    Ok(inserted == 1)
}

/// Writes back what may move of an entry.
pub fn save(conn: &mut Conn, game: GameId, score: &Score) -> QueryResult<()> {
    diesel::update(scores::table.find((game.0, score.id.0)))
        .set(Movable::from(score))
        .execute(conn)
        .and_then(one_row)
}

/// Finds an entry, voided or not.
pub fn find(conn: &mut Conn, game: GameId, score: ScoreId) -> QueryResult<Option<Score>> {
    let row = scores::table
        .find((game.0, score.0))
        .first::<Row>(conn)
        .optional()?;
    row.map(Row::into_score).transpose()
}

/// Finds an entry by the client's own id, voided or not.
pub fn find_by_client(
    conn: &mut Conn,
    game: GameId,
    client_id: Uuid,
) -> QueryResult<Option<Score>> {
    let row = scores::table
        .filter(scores::game_id.eq(game.0))
        .filter(scores::client_id.eq(client_id.as_bytes().to_vec()))
        .first::<Row>(conn)
        .optional()?;
    row.map(Row::into_score).transpose()
}

/// A player's live entries in the order in which they arrived: not voided, their round not trashed.
pub fn live_of_player(conn: &mut Conn, game: GameId, player: PlayerId) -> QueryResult<Vec<Score>> {
    let trashed = rounds::table
        .filter(rounds::game_id.eq(game.0))
        .filter(rounds::trashed_at.is_not_null())
        .select(rounds::id.nullable());
    let rows: Vec<Row> = scores::table
        .filter(scores::game_id.eq(game.0))
        .filter(scores::player_id.eq(player.0))
        .filter(scores::voided_at.is_null())
        .filter(
            scores::round_id
                .is_null()
                .or(diesel::dsl::not(scores::round_id.eq_any(trashed))),
        )
        .order((scores::revision, scores::item))
        .load(conn)?;
    rows.into_iter().map(Row::into_score).collect()
}

/// The players who have entries in a round.
pub fn players_of_round(
    conn: &mut Conn,
    game: GameId,
    round: RoundId,
) -> QueryResult<Vec<PlayerId>> {
    let ids: Vec<i64> = scores::table
        .filter(scores::game_id.eq(game.0))
        .filter(scores::round_id.eq(round.0))
        .select(scores::player_id)
        .distinct()
        .order(scores::player_id)
        .load(conn)?;
    Ok(ids.into_iter().map(PlayerId).collect())
}

/// What a list of entries is asked for.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The voided ones instead of those that stand.
    pub voided: bool,
    /// Of one player.
    pub player: Option<PlayerId>,
    /// Of some rounds.
    pub rounds: Option<Vec<RoundId>>,
    /// The newest first.
    pub newest_first: bool,
    /// Beyond this (revision, item).
    pub after: Option<(i64, i64)>,
    /// Rows at most.
    pub limit: i64,
}

/// Entries in the order in which they arrived; those of trashed players and rounds are left out.
pub fn list(conn: &mut Conn, game: GameId, listing: &Listing) -> QueryResult<Page<Score>> {
    let gone_players = players::table
        .filter(players::game_id.eq(game.0))
        .filter(players::trashed_at.is_not_null())
        .select(players::id);
    let gone_rounds = rounds::table
        .filter(rounds::game_id.eq(game.0))
        .filter(rounds::trashed_at.is_not_null())
        .select(rounds::id.nullable());
    let mut query = scores::table
        .filter(scores::game_id.eq(game.0))
        .filter(diesel::dsl::not(scores::player_id.eq_any(gone_players)))
        .filter(
            scores::round_id
                .is_null()
                .or(diesel::dsl::not(scores::round_id.eq_any(gone_rounds))),
        )
        .into_boxed::<MultiBackend>();
    query = match listing.voided {
        true => query.filter(scores::voided_at.is_not_null()),
        false => query.filter(scores::voided_at.is_null()),
    };
    if let Some(player) = listing.player {
        query = query.filter(scores::player_id.eq(player.0));
    }
    if let Some(rounds) = &listing.rounds {
        let ids: Vec<i64> = rounds.iter().map(|round| round.0).collect();
        query = query.filter(scores::round_id.eq_any(ids));
    }
    let (revision, item) = (scores::revision, scores::item);
    query = match (listing.newest_first, listing.after) {
        (true, Some((r, i))) => query.filter(revision.lt(r).or(revision.eq(r).and(item.lt(i)))),
        (false, Some((r, i))) => query.filter(revision.gt(r).or(revision.eq(r).and(item.gt(i)))),
        (_, None) => query,
    };
    query = match listing.newest_first {
        true => query.order((revision.desc(), item.desc())),
        false => query.order((revision, item)),
    };
    let rows: Vec<Row> = query.limit(listing.limit + 1).load(conn)?;
    let found: QueryResult<Vec<Score>> = rows.into_iter().map(Row::into_score).collect();
    Ok(Page::cut(found?, listing.limit))
}

/// Every entry of a board by its id.
pub type Ledger = HashMap<ScoreId, Score>;

/// The whole ledger of a board, voided entries too.
pub fn ledger(conn: &mut Conn, game: GameId) -> QueryResult<Ledger> {
    let entries = scores::table.filter(scores::game_id.eq(game.0));
    // Read from the engine itself: the type that stands for both costs a tenth of a look through every board.
    let rows: Vec<Row> = on!(conn, c => entries.load(c))?;
    // Of results a collection cannot tell how many they will be, and grows again and again.
    let mut ledger = Ledger::with_capacity(rows.len());
    for row in rows {
        let score = row.into_score()?;
        ledger.insert(score.id, score);
    }
    Ok(ledger)
}

/// Some entries by their ids, in no particular order.
pub fn by_ids(conn: &mut Conn, game: GameId, ids: &[i64]) -> QueryResult<Vec<Score>> {
    let rows: Vec<Row> = scores::table
        .filter(scores::game_id.eq(game.0))
        .filter(scores::id.eq_any(ids.to_vec()))
        .load(conn)?;
    rows.into_iter().map(Row::into_score).collect()
}
