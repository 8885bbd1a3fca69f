//! Queries about games.

use diesel::prelude::*;

use super::{Page, Shelf, millis, moment, one_row, scale, within, word};
use crate::db::schema::games;
use crate::db::{Conn, MultiBackend};
use crate::domain::decimal::Decimal;
use crate::domain::game::{
    Direction, Game, GameRef, Kind, Rule, Settings, State, TieBreak, TiebreakDirection, Ties,
    Visibility,
};
use crate::domain::id::{GameId, UserId};
use crate::domain::text::{Text, Theme, TimeZone, fold_case};
use crate::domain::time::Timestamp;

#[derive(Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = games, treat_none_as_null = true)]
struct Row {
    id: i64,
    slug: String,
    external_id: Option<String>,
    title: String,
    description: String,
    kind: String,
    direction: String,
    rule: String,
    ties: String,
    tie_break: String,
    tiebreak_direction: String,
    decimals: i32,
    unit: String,
    step: i64,
    target: Option<i64>,
    timezone: String,
    visibility: String,
    theme: String,
    state: String,
    trashed_at: Option<i64>,
    season: i32,
    player_count: i64,
    round_count: i64,
    version: i64,
    revision: i64,
    journal_head: Vec<u8>,
    created_at: i64,
    updated_at: i64,
    owner_id: Option<i64>,
    title_folded: String,
}

impl From<&Game> for Row {
    fn from(game: &Game) -> Self {
        let settings = &game.settings;
        let units = |value: Decimal| value.units_at(settings.decimals).unwrap_or_default();
        Self {
            id: game.id.0,
            slug: game.slug.clone(),
            external_id: settings.external_id.as_ref().map(ToString::to_string),
            title: settings.title.to_string(),
            description: settings.description.to_string(),
            kind: settings.kind.to_string(),
            direction: settings.direction.to_string(),
            rule: settings.rule.to_string(),
            ties: settings.ties.to_string(),
            tie_break: settings.tie_break.to_string(),
            tiebreak_direction: settings.tiebreak_direction.to_string(),
            decimals: i32::from(settings.decimals),
            unit: settings.unit.to_string(),
            step: units(settings.step),
            target: settings.target.map(units),
            timezone: settings.timezone.as_str().to_owned(),
            visibility: settings.visibility.to_string(),
            theme: settings.theme.as_str().to_owned(),
            state: game.state.to_string(),
            trashed_at: millis(game.trashed_at),
            season: game.season,
            player_count: game.player_count,
            round_count: game.round_count,
            version: game.version,
            revision: game.revision,
            journal_head: game.journal_head.clone(),
            created_at: game.created_at.millis(),
            updated_at: game.updated_at.millis(),
            owner_id: game.owner.map(|owner| owner.0),
            title_folded: fold_case(settings.title.as_str()),
        }
    }
}

impl Row {
    fn into_game(self) -> QueryResult<Game> {
        let decimals = scale(self.decimals)?;
        let settings = Settings {
            title: Text::stored(self.title),
            description: Text::stored(self.description),
            external_id: self.external_id.map(Text::stored),
            kind: word(Kind::from_word(&self.kind), "games.kind")?,
            direction: word(Direction::from_word(&self.direction), "games.direction")?,
            rule: word(Rule::from_word(&self.rule), "games.rule")?,
            ties: word(Ties::from_word(&self.ties), "games.ties")?,
            tie_break: word(TieBreak::from_word(&self.tie_break), "games.tie_break")?,
            tiebreak_direction: word(
                TiebreakDirection::from_word(&self.tiebreak_direction),
                "games.tiebreak_direction",
            )?,
            decimals,
            unit: Text::stored(self.unit),
            step: Decimal::new(self.step, decimals),
            target: self.target.map(|target| Decimal::new(target, decimals)),
            timezone: TimeZone::stored(self.timezone),
            visibility: word(Visibility::from_word(&self.visibility), "games.visibility")?,
            theme: Theme::stored(self.theme),
        };
        Ok(Game {
            id: GameId(self.id),
            slug: self.slug,
            owner: self.owner_id.map(UserId),
            settings,
            state: word(State::from_word(&self.state), "games.state")?,
            trashed_at: moment(self.trashed_at),
            season: self.season,
            player_count: self.player_count,
            round_count: self.round_count,
            version: self.version,
            revision: self.revision,
            journal_head: self.journal_head,
            created_at: Timestamp::from_millis(self.created_at),
            updated_at: Timestamp::from_millis(self.updated_at),
        })
    }
}

/// Adds a game. A slug that is taken breaks a unique constraint.
pub fn insert(conn: &mut Conn, game: &Game) -> QueryResult<()> {
    diesel::insert_into(games::table)
        .values(Row::from(game))
        .execute(conn)
        .map(drop)
}

/// Writes a game back.
pub fn save(conn: &mut Conn, game: &Game) -> QueryResult<()> {
    diesel::update(games::table.find(game.id.0))
        .set(Row::from(game))
        .execute(conn)
        .and_then(one_row)
}

/// Finds a game, trashed or not.
pub fn find(conn: &mut Conn, game: &GameRef) -> QueryResult<Option<Game>> {
    let row = match game {
        GameRef::Id(id) => games::table.find(id.0).first::<Row>(conn),
        GameRef::Slug(slug) => games::table.filter(games::slug.eq(slug)).first::<Row>(conn),
    };
    row.optional()?.map(Row::into_game).transpose()
}

/// Finds a game and holds its row until the end of the transaction: every writer of a board takes
/// this lock first. On SQLite the transaction itself holds the whole file.
pub fn lock(conn: &mut Conn, game: &GameRef) -> QueryResult<Option<Game>> {
    let Conn::Postgres(c) = conn else {
        return find(conn, game);
    };
    let row = match game {
        GameRef::Id(id) => games::table.find(id.0).for_update().first::<Row>(c),
        GameRef::Slug(slug) => games::table
            .filter(games::slug.eq(slug))
            .for_update()
            .first::<Row>(c),
    };
    row.optional()?.map(Row::into_game).transpose()
}

/// Whose boards a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whose {
    /// Everybody's: the public ones.
    #[default]
    Public,
    /// The one that a link opens, and the public ones.
    Link(GameId),
    /// Those of one account.
    Account(UserId),
}

/// What a list of games is asked for.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Live ones or the trash.
    pub shelf: Shelf,
    /// Whose.
    pub whose: Whose,
    /// Case-folded, somewhere in the title.
    pub search: String,
    /// The newest first.
    pub newest_first: bool,
    /// After this (created_at, id).
    pub after: Option<(i64, i64)>,
    /// Rows at most.
    pub limit: i64,
}

/// A page of games. The trash is for those only to whom a board belongs.
pub fn list(conn: &mut Conn, listing: &Listing) -> QueryResult<Page<Game>> {
    let public = games::visibility.eq(Visibility::Public.word());
    let mut query = games::table.into_boxed::<MultiBackend>();
    query = match listing.shelf {
        Shelf::Live => query.filter(games::trashed_at.is_null()),
        Shelf::Trash => query.filter(games::trashed_at.is_not_null()),
    };
    query = match (listing.whose, listing.shelf) {
        (Whose::Public, _) => query.filter(public),
        (Whose::Link(game), Shelf::Live) => query.filter(public.or(games::id.eq(game.0))),
        (Whose::Link(game), Shelf::Trash) => query.filter(games::id.eq(game.0)),
        (Whose::Account(user), _) => query.filter(games::owner_id.eq(user.0)),
    };
    if !listing.search.is_empty() {
        query = query.filter(
            games::title_folded
                .like(within(&listing.search))
                .escape('\\'),
        );
    }
    if let Some((created, id)) = listing.after {
        query = match listing.newest_first {
            true => query.filter(
                games::created_at
                    .lt(created)
                    .or(games::created_at.eq(created).and(games::id.lt(id))),
            ),
            false => query.filter(
                games::created_at
                    .gt(created)
                    .or(games::created_at.eq(created).and(games::id.gt(id))),
            ),
        };
    }
    query = match listing.newest_first {
        true => query.order((games::created_at.desc(), games::id.desc())),
        false => query.order((games::created_at, games::id)),
    };
    let rows: Vec<Row> = query.limit(listing.limit + 1).load(conn)?;
    let found: QueryResult<Vec<Game>> = rows.into_iter().map(Row::into_game).collect();
    Ok(Page::cut(found?, listing.limit))
}

/// All boards of an account, the oldest first, those in the trash among them.
pub fn of_owner(conn: &mut Conn, owner: UserId) -> QueryResult<Vec<Game>> {
    let rows: Vec<Row> = games::table
        .filter(games::owner_id.eq(owner.0))
        .order((games::created_at, games::id))
        .load(conn)?;
    rows.into_iter().map(Row::into_game).collect()
}

/// Boards asked for at once: databases bound the number of parameters.
const CHUNK: usize = 500;

/// The present revision of each of these boards.
pub fn revisions(
    conn: &mut Conn,
    games: impl Iterator<Item = GameId>,
) -> QueryResult<Vec<(GameId, i64)>> {
    let ids: Vec<i64> = games.map(|game| game.0).collect();
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(i64, i64)> = games::table
            .filter(games::id.eq_any(chunk.to_vec()))
            .select((games::id, games::revision))
            .load(conn)?;
        found.extend(
            rows.into_iter()
                .map(|(id, revision)| (GameId(id), revision)),
        );
    }
    Ok(found)
}

/// Some boards in the order of their ids, those in the trash among them.
pub fn ids(conn: &mut Conn, after: i64, limit: i64) -> QueryResult<Vec<GameId>> {
    let ids: Vec<i64> = games::table
        .filter(games::id.gt(after))
        .order(games::id)
        .limit(limit)
        .select(games::id)
        .load(conn)?;
    Ok(ids.into_iter().map(GameId).collect())
}
