//! Queries about places. The index `players_standings` holds every board in the order of its
//! standings; ranks are counted along it and numbered in [`crate::domain::ranking`].

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer};

use super::Page;
use super::players::{Row, starting_with};
use crate::db::schema::players;
use crate::db::{Conn, MultiBackend, on};
use crate::domain::game::{Game, Ties};
use crate::domain::id::{GameId, PlayerId};
use crate::domain::player::Player;
use crate::domain::ranking::{Numbering, SortKey, Standing};

/// A player and the rank; `None` for one without a score.
pub type Placed = (Player, Option<i64>);

type Query = players::BoxedQuery<'static, MultiBackend>;

const COLUMNS: &str = "(standing, sort_total, sort_tiebreak, sort_reached, sort_item, id)";

/// Everybody on the board, in the order of the standings.
fn on_board(game: GameId) -> Query {
    players::table
        .filter(players::game_id.eq(game.0))
        .filter(players::standing.ne(Standing::Trashed as i32))
        .into_boxed()
}

fn in_order(query: Query) -> Query {
    query.order((
        players::standing,
        players::sort_total,
        players::sort_tiebreak,
        players::sort_reached,
        players::sort_item,
        players::id,
    ))
}

fn in_reverse(query: Query) -> Query {
    query.order((
        players::standing.desc(),
        players::sort_total.desc(),
        players::sort_tiebreak.desc(),
        players::sort_reached.desc(),
        players::sort_item.desc(),
        players::id.desc(),
    ))
}

/// A row comparison with a place: both engines walk the index with it.
fn beyond(query: Query, comparison: &str, key: SortKey, id: PlayerId) -> Query {
    query.filter(
        sql::<Bool>(&format!("{COLUMNS} {comparison} ("))
            .bind::<Integer, _>(key.standing as i32)
            .sql(", ")
            .bind::<BigInt, _>(key.total)
            .sql(", ")
            .bind::<BigInt, _>(key.tiebreak)
            .sql(", ")
            .bind::<BigInt, _>(key.reached)
            .sql(", ")
            .bind::<BigInt, _>(key.item)
            .sql(", ")
            .bind::<BigInt, _>(id.0)
            .sql(")"),
    )
}

fn load(conn: &mut Conn, query: Query, limit: i64) -> QueryResult<Vec<Player>> {
    let rows: Vec<Row> = query.limit(limit).load(conn)?;
    Ok(rows.into_iter().map(Row::into_player).collect())
}

fn key(game: &Game, player: &Player) -> SortKey {
    game.settings
        .rank_rules()
        .key(&player.tally, player.trashed_at.is_some())
}

/// A page of the standings, the leader first.
pub fn page(
    conn: &mut Conn,
    game: &Game,
    after: Option<(SortKey, PlayerId)>,
    prefix: Option<&str>,
    limit: i64,
) -> QueryResult<Page<Placed>> {
    let mut query = on_board(game.id);
    if let Some((key, id)) = after {
        query = beyond(query, ">", key, id);
    }
    if let Some(prefix) = prefix {
        query = query.filter(
            players::name_folded
                .like(starting_with(prefix))
                .escape('\\'),
        );
    }
    let found = Page::cut(load(conn, in_order(query), limit + 1)?, limit);
    let rows = match prefix {
        // Between two that match stand others that do not: each is counted by itself.
        Some(_) => ranked(conn, game, found.rows)?,
        None => numbered(conn, game, found.rows, after.is_none())?,
    };
    Ok(Page {
        rows,
        has_more: found.has_more,
    })
}

/// The players around one, `window` on each side, in the order of the standings.
pub fn around(
    conn: &mut Conn,
    game: &Game,
    player: Player,
    window: i64,
) -> QueryResult<Vec<Placed>> {
    let (key, id) = (key(game, &player), player.id);
    let mut rows = load(
        conn,
        in_reverse(beyond(on_board(game.id), "<", key, id)),
        window,
    )?;
    rows.reverse();
    rows.push(player);
    rows.extend(load(
        conn,
        in_order(beyond(on_board(game.id), ">", key, id)),
        window,
    )?);
    numbered(conn, game, rows, false)
}

/// Numbers consecutive rows: the first by counting, the others from it.
fn numbered(
    conn: &mut Conn,
    game: &Game,
    rows: Vec<Player>,
    from_top: bool,
) -> QueryResult<Vec<Placed>> {
    let ties = game.settings.ties;
    let pair = |player: &Player| {
        let key = key(game, player);
        (key.standing == Standing::Ranked).then_some((key.total, key.tiebreak))
    };
    let mut numbering = Numbering::from_top(ties);
    if let (false, Some(first)) = (from_top, rows.first())
        && let Some(first_pair) = pair(first)
    {
        let position = position(conn, game, first)?;
        let rank = rank(conn, game, first)?.unwrap_or(position + 1);
        numbering = Numbering::from_row(ties, position, rank, first_pair);
    }
    Ok(rows
        .into_iter()
        .map(|player| {
            let rank = pair(&player).map(|pair| numbering.next(pair));
            (player, rank)
        })
        .collect())
}

/// Boards up to this many players are numbered in one walk when several ranks are asked for.
const ONE_WALK: i64 = 20_000;

/// Gives each of some players the rank, whatever their order.
pub fn ranked(conn: &mut Conn, game: &Game, some: Vec<Player>) -> QueryResult<Vec<Placed>> {
    if some.len() > 4 && game.player_count <= ONE_WALK {
        let ranks = all_ranks(conn, game)?;
        return Ok(some
            .into_iter()
            .map(|player| {
                let rank = ranks.get(&player.id.0).copied();
                (player, rank)
            })
            .collect());
    }
    some.into_iter()
        .map(|player| rank(conn, game, &player).map(|rank| (player, rank)))
        .collect()
}

fn all_ranks(conn: &mut Conn, game: &Game) -> QueryResult<std::collections::HashMap<i64, i64>> {
    let query = on_board(game.id).filter(players::standing.eq(Standing::Ranked as i32));
    let places: Vec<(i64, i64, i64)> = in_order(query)
        .select((players::id, players::sort_total, players::sort_tiebreak))
        .load(conn)?;
    let mut numbering = Numbering::from_top(game.settings.ties);
    Ok(places
        .into_iter()
        .map(|(id, total, tiebreak)| (id, numbering.next((total, tiebreak))))
        .collect())
}

/// The rank of one player, counted: exact at once, whoever asks. `None` without a score or in the
/// trash.
pub fn rank(conn: &mut Conn, game: &Game, player: &Player) -> QueryResult<Option<i64>> {
    let key = key(game, player);
    if key.standing != Standing::Ranked {
        return Ok(None);
    }
    let better = match game.settings.ties {
        Ties::Ordinal => position(conn, game, player)?,
        Ties::Standard => better_pairs(game.id, key).count().get_result(conn)?,
        Ties::Dense => distinct_pairs(conn, game.id, key)?,
    };
    Ok(Some(better + 1))
}

/// How many ranked players stand before this one.
fn position(conn: &mut Conn, game: &Game, player: &Player) -> QueryResult<i64> {
    beyond(on_board(game.id), "<", key(game, player), player.id)
        .count()
        .get_result(conn)
}

fn better_pairs(game: GameId, key: SortKey) -> Query {
    on_board(game)
        .filter(players::standing.eq(Standing::Ranked as i32))
        .filter(
            sql::<Bool>("(sort_total, sort_tiebreak) < (")
                .bind::<BigInt, _>(key.total)
                .sql(", ")
                .bind::<BigInt, _>(key.tiebreak)
                .sql(")"),
        )
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn distinct_pairs(conn: &mut Conn, game: GameId, key: SortKey) -> QueryResult<i64> {
    let query = "SELECT count(*) AS count FROM (SELECT DISTINCT sort_total, sort_tiebreak FROM players \
                 WHERE game_id = $1 AND standing = 0 AND (sort_total, sort_tiebreak) < ($2, $3)) AS better";
    let found: Count = on!(conn, c => diesel::sql_query(query)
        .bind::<BigInt, _>(game.0)
        .bind::<BigInt, _>(key.total)
        .bind::<BigInt, _>(key.tiebreak)
        .get_result(c))?;
    Ok(found.count)
}

/// The place in the order that stands with each player, trashed ones too.
pub fn keys(conn: &mut Conn, game: GameId) -> QueryResult<Vec<(PlayerId, SortKey)>> {
    let rows: Vec<(i64, i32, i64, i64, i64, i64)> = players::table
        .filter(players::game_id.eq(game.0))
        .select((
            players::id,
            players::standing,
            players::sort_total,
            players::sort_tiebreak,
            players::sort_reached,
            players::sort_item,
        ))
        .load(conn)?;
    let all = [Standing::Ranked, Standing::Unscored, Standing::Trashed];
    rows.into_iter()
        .map(|(id, standing, total, tiebreak, reached, item)| {
            let standing = all.into_iter().find(|one| *one as i32 == standing);
            let standing = super::word(standing, "players.standing")?;
            let key = SortKey {
                standing,
                total,
                tiebreak,
                reached,
                item,
            };
            Ok((PlayerId(id), key))
        })
        .collect()
}
