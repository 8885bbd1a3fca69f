//! Queries about rounds.

use diesel::prelude::*;

use super::{Page, Shelf, millis, moment, one_row, word};
use crate::db::schema::rounds;
use crate::db::{Conn, MultiBackend};
use crate::domain::id::{GameId, RoundId};
use crate::domain::round::{Round, RoundDetails, RoundState};
use crate::domain::text::Text;
use crate::domain::time::Timestamp;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rounds, primary_key(game_id, id), treat_none_as_null = true)]
struct Row {
    game_id: i64,
    id: i64,
    number: i64,
    external_id: Option<String>,
    label: String,
    comment: String,
    state: String,
    trashed_at: Option<i64>,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

impl Row {
    fn new(game: GameId, round: &Round) -> Self {
        Self {
            game_id: game.0,
            id: round.id.0,
            number: round.number,
            external_id: round.details.external_id.as_ref().map(ToString::to_string),
            label: round.details.label.to_string(),
            comment: round.details.comment.to_string(),
            state: round.details.state.to_string(),
            trashed_at: millis(round.trashed_at),
            version: round.version,
            created_at: round.created_at.millis(),
            updated_at: round.updated_at.millis(),
        }
    }

    fn into_round(self) -> QueryResult<Round> {
        Ok(Round {
            id: RoundId(self.id),
            number: self.number,
            details: RoundDetails {
                label: Text::stored(self.label),
                external_id: self.external_id.map(Text::stored),
                comment: Text::stored(self.comment),
                state: word(RoundState::from_word(&self.state), "rounds.state")?,
            },
            trashed_at: moment(self.trashed_at),
            version: self.version,
            created_at: Timestamp::from_millis(self.created_at),
            updated_at: Timestamp::from_millis(self.updated_at),
        })
    }
}

/// Adds a round. An `external_id` that is taken breaks a unique constraint.
pub fn insert(conn: &mut Conn, game: GameId, round: &Round) -> QueryResult<()> {
    diesel::insert_into(rounds::table)
        .values(Row::new(game, round))
        .execute(conn)
        .map(drop)
}

/// Writes a round back.
pub fn save(conn: &mut Conn, game: GameId, round: &Round) -> QueryResult<()> {
    diesel::update(rounds::table.find((game.0, round.id.0)))
        .set(Row::new(game, round))
        .execute(conn)
        .and_then(one_row)
}

/// Finds a round, trashed or not.
pub fn find(conn: &mut Conn, game: GameId, round: RoundId) -> QueryResult<Option<Round>> {
    let row = rounds::table
        .find((game.0, round.0))
        .first::<Row>(conn)
        .optional()?;
    row.map(Row::into_round).transpose()
}

/// Finds a round by the integrator's key, trashed or not.
pub fn find_by_external(
    conn: &mut Conn,
    game: GameId,
    external_id: &str,
) -> QueryResult<Option<Round>> {
    let row = rounds::table
        .filter(rounds::game_id.eq(game.0))
        .filter(rounds::external_id.eq(external_id))
        .first::<Row>(conn)
        .optional()?;
    row.map(Row::into_round).transpose()
}

/// Every round of a game, trashed ones too, in the order of their numbers.
pub fn all(conn: &mut Conn, game: GameId) -> QueryResult<Vec<Round>> {
    let rows: Vec<Row> = rounds::table
        .filter(rounds::game_id.eq(game.0))
        .order(rounds::number)
        .load(conn)?;
    rows.into_iter().map(Row::into_round).collect()
}

/// What a list of rounds is asked for.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Live ones or the trash.
    pub shelf: Shelf,
    /// The highest number first.
    pub newest_first: bool,
    /// Beyond this number.
    pub after: Option<i64>,
    /// Rows at most.
    pub limit: i64,
}

/// Rounds in the order of their numbers.
pub fn list(conn: &mut Conn, game: GameId, listing: &Listing) -> QueryResult<Page<Round>> {
    let mut query = rounds::table
        .filter(rounds::game_id.eq(game.0))
        .into_boxed::<MultiBackend>();
    query = match listing.shelf {
        Shelf::Live => query.filter(rounds::trashed_at.is_null()),
        Shelf::Trash => query.filter(rounds::trashed_at.is_not_null()),
    };
    query = match (listing.newest_first, listing.after) {
        (true, Some(number)) => query.filter(rounds::number.lt(number)),
        (false, Some(number)) => query.filter(rounds::number.gt(number)),
        (_, None) => query,
    };
    query = match listing.newest_first {
        true => query.order(rounds::number.desc()),
        false => query.order(rounds::number),
    };
    let rows: Vec<Row> = query.limit(listing.limit + 1).load(conn)?;
    let found: QueryResult<Vec<Round>> = rows.into_iter().map(Row::into_round).collect();
    Ok(Page::cut(found?, listing.limit))
}
