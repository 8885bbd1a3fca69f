//! Queries about what was: rows of the journal by what they tell of, and the facts of the ledger.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::journal::Row;
use super::{corrupt, millis, scale, word};
use crate::db::Conn;
use crate::db::schema::{journal, players, rounds, scores};
use crate::domain::actor::USER;
use crate::domain::decimal::Decimal;
use crate::domain::event::JournalRow;
use crate::domain::id::{GameId, PlayerId, RoundId, ScoreId};
use crate::domain::moment::Fact;
use crate::domain::past::{REWOUND, UNDONE};
use crate::domain::score::Op;
use crate::domain::tally::Reached;
use crate::domain::time::Timestamp;

/// Ids of one statement: databases bound the number of parameters.
const CHUNK: usize = 1000;

/// In the words of the index `journal_deeds`: neither engine uses it for a bound parameter.
fn not_added() -> SqlLiteral<Bool> {
    sql::<Bool>("action <> 'score.added'")
}

fn entries(rows: Vec<Row>) -> QueryResult<Vec<JournalRow>> {
    rows.into_iter().map(Row::into_entry).collect()
}

/// Everything but new scores, oldest first, up to a revision: what a board was is worked out from
/// these rows and the facts of the ledger.
pub fn deeds(conn: &mut Conn, game: GameId, until: i64) -> QueryResult<Vec<JournalRow>> {
    let rows: Vec<Row> = journal::table
        .filter(journal::game_id.eq(game.0))
        .filter(not_added())
        .filter(journal::revision.le(until))
        .order((journal::revision, journal::item))
        .load(conn)?;
    entries(rows)
}

/// The changes after a revision that undid others or went back.
pub fn returns(conn: &mut Conn, game: GameId, after: i64) -> QueryResult<Vec<JournalRow>> {
    let rows: Vec<Row> = journal::table
        .filter(journal::game_id.eq(game.0))
        .filter(not_added())
        .filter(journal::action.eq_any([REWOUND, UNDONE]))
        .filter(journal::revision.gt(after))
        .order((journal::revision, journal::item))
        .load(conn)?;
    entries(rows)
}

/// The rows of one revision.
pub fn of_revision(conn: &mut Conn, game: GameId, revision: i64) -> QueryResult<Vec<JournalRow>> {
    let rows: Vec<Row> = journal::table
        .filter(journal::game_id.eq(game.0))
        .filter(journal::revision.eq(revision))
        .order(journal::item)
        .load(conn)?;
    entries(rows)
}

/// What a link or an account changed from a revision on, oldest first.
pub fn of_actor(
    conn: &mut Conn,
    game: GameId,
    actor: i64,
    account: bool,
    since: i64,
) -> QueryResult<Vec<JournalRow>> {
    let rows: Vec<Row> = journal::table
        .filter(journal::game_id.eq(game.0))
        .filter(journal::revision.ge(since))
        .filter(journal::actor_id.eq(actor))
        .order((journal::revision, journal::item))
        .load(conn)?;
    let mut rows = entries(rows)?;
    rows.retain(|row| (row.actor.role == USER) == account);
    Ok(rows)
}

/// The newest row after a revision about one thing, of those whose action begins with a kind.
pub fn later(
    conn: &mut Conn,
    game: GameId,
    entity: i64,
    after: i64,
) -> QueryResult<Vec<JournalRow>> {
    let rows: Vec<Row> = journal::table
        .filter(journal::game_id.eq(game.0))
        .filter(journal::revision.gt(after))
        .filter(not_added())
        .filter(journal::entity.eq(entity))
        .order((journal::revision.desc(), journal::item.desc()))
        .load(conn)?;
    entries(rows)
}

/// When a revision was made.
pub fn time_of(conn: &mut Conn, game: GameId, revision: i64) -> QueryResult<Option<Timestamp>> {
    let at: Option<i64> = journal::table
        .find((game.0, revision, 0))
        .select(journal::at)
        .first(conn)
        .optional()?;
    Ok(at.map(Timestamp::from_millis))
}

#[derive(Queryable)]
struct FactRow {
    id: i64,
    player_id: i64,
    round_id: Option<i64>,
    op: String,
    value: i64,
    scale: i32,
    tiebreak: Option<i64>,
    tiebreak_scale: Option<i32>,
    revision: i64,
    item: i64,
    recorded_at: i64,
}

impl FactRow {
    fn into_fact(self) -> QueryResult<Fact> {
        let tiebreak = match (self.tiebreak, self.tiebreak_scale) {
            (Some(units), Some(stored)) => Some(Decimal::new(units, scale(stored)?)),
            (None, _) => None,
            (Some(_), None) => return Err(corrupt("a value without its scale")),
        };
        Ok(Fact {
            id: ScoreId(self.id),
            player: PlayerId(self.player_id),
            round: self.round_id.map(RoundId),
            op: word(Op::from_word(&self.op), "scores.op")?,
            written: (Decimal::new(self.value, scale(self.scale)?), tiebreak),
            recorded: Reached {
                at: Timestamp::from_millis(self.recorded_at),
                revision: self.revision,
                item: self.item,
            },
        })
    }
}

/// The facts of all entries up to a revision, in the order in which they arrived.
pub fn facts(conn: &mut Conn, game: GameId, until: i64) -> QueryResult<Vec<Fact>> {
    let rows: Vec<FactRow> = scores::table
        .filter(scores::game_id.eq(game.0))
        .filter(scores::revision.le(until))
        .select((
            scores::id,
            scores::player_id,
            scores::round_id,
            scores::op,
            scores::value,
            scores::scale,
            scores::tiebreak,
            scores::tiebreak_scale,
            scores::revision,
            scores::item,
            scores::recorded_at,
        ))
        .load(conn)?;
    let facts: QueryResult<Vec<Fact>> = rows.into_iter().map(FactRow::into_fact).collect();
    let mut facts = facts?;
    facts.sort_unstable_by_key(|fact| (fact.recorded.revision, fact.recorded.item));
    Ok(facts)
}

/// Takes entries back, or lets them count again.
pub fn mark(
    conn: &mut Conn,
    game: GameId,
    some: &[ScoreId],
    voided_at: Option<Timestamp>,
) -> QueryResult<()> {
    let ids: Vec<i64> = some.iter().map(|score| score.0).collect();
    for chunk in ids.chunks(CHUNK) {
        let entries = scores::table
            .filter(scores::game_id.eq(game.0))
            .filter(scores::id.eq_any(chunk.to_vec()));
        let met = diesel::update(entries)
            .set(scores::voided_at.eq(millis(voided_at)))
            .execute(conn)?;
        super::rows(chunk.len(), met)?;
    }
    Ok(())
}

/// Lets players go of their `external_id`, before they get another.
pub fn release_players(conn: &mut Conn, game: GameId, some: &[i64]) -> QueryResult<()> {
    for chunk in some.chunks(CHUNK) {
        let released = players::table
            .filter(players::game_id.eq(game.0))
            .filter(players::id.eq_any(chunk.to_vec()));
        diesel::update(released)
            .set(players::external_id.eq(None::<String>))
            .execute(conn)?;
    }
    Ok(())
}

/// Lets rounds go of their `external_id`, before they get another.
pub fn release_rounds(conn: &mut Conn, game: GameId, some: &[i64]) -> QueryResult<()> {
    for chunk in some.chunks(CHUNK) {
        let released = rounds::table
            .filter(rounds::game_id.eq(game.0))
            .filter(rounds::id.eq_any(chunk.to_vec()));
        diesel::update(released)
            .set(rounds::external_id.eq(None::<String>))
            .execute(conn)?;
    }
    Ok(())
}
