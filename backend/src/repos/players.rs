//! Queries about players.

use diesel::prelude::*;

use super::{Page, Shelf, millis, moment, one_row};
use crate::db::schema::players;
use crate::db::{Conn, MultiBackend};
use crate::domain::id::{GameId, PlayerId};
use crate::domain::player::{Player, Profile};
use crate::domain::ranking::{RankRules, SortKey};
use crate::domain::tally::{Reached, Tally};
use crate::domain::text::{Colour, Search, Text, fold_case};
use crate::domain::time::Timestamp;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
// The key is in no update: SQLite looks for rows that refer to a key as soon as one names it.
#[diesel(table_name = players, primary_key(game_id, id), treat_none_as_null = true)]
pub(super) struct Row {
    game_id: i64,
    pub(super) id: i64,
    name: String,
    name_folded: String,
    external_id: Option<String>,
    team: Option<String>,
    colour: Option<String>,
    avatar: Option<String>,
    position: Option<i32>,
    trashed_at: Option<i64>,
    version: i64,
    total: Option<i64>,
    tiebreak: Option<i64>,
    total_sum: i64,
    tiebreak_sum: i64,
    tiebreak_entries: i64,
    entries: i64,
    reached_at: Option<i64>,
    reached_revision: i64,
    reached_item: i64,
    scored_revision: i64,
    standing: i32,
    sort_total: i64,
    sort_tiebreak: i64,
    sort_reached: i64,
    sort_item: i64,
    created_at: i64,
    updated_at: i64,
}

impl Row {
    fn new(game: GameId, player: &Player, key: SortKey) -> Self {
        let (profile, tally) = (&player.profile, &player.tally);
        Self {
            game_id: game.0,
            id: player.id.0,
            name: profile.name.to_string(),
            name_folded: fold_case(profile.name.as_str()),
            external_id: profile.external_id.as_ref().map(ToString::to_string),
            team: profile.team.as_ref().map(ToString::to_string),
            colour: profile
                .colour
                .as_ref()
                .map(|colour| colour.as_str().to_owned()),
            avatar: profile.avatar.as_ref().map(ToString::to_string),
            position: profile.position,
            trashed_at: millis(player.trashed_at),
            version: player.version,
            total: tally.total,
            tiebreak: tally.tiebreak,
            total_sum: tally.total_sum,
            tiebreak_sum: tally.tiebreak_sum,
            tiebreak_entries: tally.tiebreak_entries,
            entries: tally.entries,
            reached_at: tally.reached.map(|reached| reached.at.millis()),
            reached_revision: tally.reached.map_or(0, |reached| reached.revision),
            reached_item: tally.reached.map_or(0, |reached| reached.item),
            scored_revision: player.scored_revision,
            standing: key.standing as i32,
            sort_total: key.total,
            sort_tiebreak: key.tiebreak,
            sort_reached: key.reached,
            sort_item: key.item,
            created_at: player.created_at.millis(),
            updated_at: player.updated_at.millis(),
        }
    }

    pub(super) fn into_player(self) -> Player {
        let reached = self.reached_at.map(|at| Reached {
            at: Timestamp::from_millis(at),
            revision: self.reached_revision,
            item: self.reached_item,
        });
        Player {
            id: PlayerId(self.id),
            profile: Profile {
                name: Text::stored(self.name),
                external_id: self.external_id.map(Text::stored),
                team: self.team.map(Text::stored),
                colour: self.colour.map(Colour::stored),
                avatar: self.avatar.map(Text::stored),
                position: self.position,
            },
            trashed_at: moment(self.trashed_at),
            version: self.version,
            tally: Tally {
                total: self.total,
                tiebreak: self.tiebreak,
                total_sum: self.total_sum,
                tiebreak_sum: self.tiebreak_sum,
                tiebreak_entries: self.tiebreak_entries,
                entries: self.entries,
                reached,
            },
            scored_revision: self.scored_revision,
            created_at: Timestamp::from_millis(self.created_at),
            updated_at: Timestamp::from_millis(self.updated_at),
        }
    }
}

/// Adds a player. An `external_id` that is taken breaks a unique constraint.
pub fn insert(conn: &mut Conn, game: GameId, player: &Player, rules: RankRules) -> QueryResult<()> {
    let row = Row::new(
        game,
        player,
        rules.key(&player.tally, player.trashed_at.is_some()),
    );
    diesel::insert_into(players::table)
        .values(row)
        .execute(conn)
        .map(drop)
}

/// Writes a player back, the place in the order included.
pub fn save(conn: &mut Conn, game: GameId, player: &Player, rules: RankRules) -> QueryResult<()> {
    let row = Row::new(
        game,
        player,
        rules.key(&player.tally, player.trashed_at.is_some()),
    );
    diesel::update(players::table.find((game.0, player.id.0)))
        .set(row)
        .execute(conn)
        .and_then(one_row)
}

/// Finds a player, trashed or not.
pub fn find(conn: &mut Conn, game: GameId, player: PlayerId) -> QueryResult<Option<Player>> {
    let row = players::table
        .find((game.0, player.0))
        .first::<Row>(conn)
        .optional()?;
    Ok(row.map(Row::into_player))
}

/// Finds a player by the integrator's key, trashed or not.
pub fn find_by_external(
    conn: &mut Conn,
    game: GameId,
    external_id: &str,
) -> QueryResult<Option<Player>> {
    let row = players::table
        .filter(players::game_id.eq(game.0))
        .filter(players::external_id.eq(external_id))
        .first::<Row>(conn)
        .optional()?;
    Ok(row.map(Row::into_player))
}

/// Every player of a game, trashed ones too, in the order of their ids.
pub fn all(conn: &mut Conn, game: GameId) -> QueryResult<Vec<Player>> {
    let rows: Vec<Row> = players::table
        .filter(players::game_id.eq(game.0))
        .order(players::id)
        .load(conn)?;
    Ok(rows.into_iter().map(Row::into_player).collect())
}

/// What a list of players is asked for.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Live ones or the trash.
    pub shelf: Shelf,
    /// The beginning of a name, in any case.
    pub prefix: Option<Search>,
    /// After this id.
    pub after: Option<i64>,
    /// Rows at most.
    pub limit: i64,
}

/// Players in the order in which they were added.
pub fn list(conn: &mut Conn, game: GameId, listing: &Listing) -> QueryResult<Page<Player>> {
    let mut query = players::table
        .filter(players::game_id.eq(game.0))
        .into_boxed::<MultiBackend>();
    query = match listing.shelf {
        Shelf::Live => query.filter(players::trashed_at.is_null()),
        Shelf::Trash => query.filter(players::trashed_at.is_not_null()),
    };
    if let Some(prefix) = &listing.prefix {
        query = query.filter(
            players::name_folded
                .like(starting_with(prefix.as_str()))
                .escape('\\'),
        );
    }
    if let Some(after) = listing.after {
        query = query.filter(players::id.gt(after));
    }
    let rows: Vec<Row> = query
        .order(players::id)
        .limit(listing.limit + 1)
        .load(conn)?;
    Ok(Page::cut(
        rows.into_iter().map(Row::into_player).collect(),
        listing.limit,
    ))
}

/// The LIKE pattern of a case-folded prefix.
pub(super) fn starting_with(prefix: &str) -> String {
    let mut pattern = fold_case(prefix)
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    pattern.push('%');
    pattern
}
