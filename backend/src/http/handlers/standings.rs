//! `/games/{game}/standings`

use std::time::Duration;

use actix_web::get;
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;

use crate::db::Conn;
use crate::domain::actor::Caller;
use crate::domain::game::GameRef;
use crate::domain::id::PlayerId;
use crate::domain::ranking::{SortKey, Standing as Place};
use crate::domain::text::Search;
use crate::domain::when::When;
use crate::error::{Code, Error, Result};
use crate::http::answer::Answer;
use crate::http::dto::standing::{Around, OneStanding, Standing, Standings};
use crate::http::page::{Keyset, WideLimit, revision, whole};
use crate::http::parts::Parts;
use crate::http::request::Request;
use crate::services::standings::{self, Listing};
use crate::services::{games, history};

/// How long a read waits for `min_revision`.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it looks.
const LOOK: Duration = Duration::from_millis(50);

/// What standings are asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct StandingsQuery {
    /// Rows at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 1000)]
    limit: Option<WideLimit>,
    /// Where the last page ended: its `next_cursor`.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
    /// The beginning of a name, in any case. Ranks stay those of the whole board.
    #[param(value_type = Option<String>, max_length = 60)]
    q: Option<Search>,
    /// As it was shown at this revision or time (RFC 3339), with the settings and names of then.
    #[param(value_type = Option<String>, min_length = 1, max_length = 40)]
    at: Option<When>,
    /// Wait, up to 2 s, until the board has this revision.
    #[serde(default, deserialize_with = "revision")]
    #[param(minimum = 0)]
    min_revision: Option<i64>,
}

/// What a single place is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PlaceQuery {
    /// As it was shown at this revision or time (RFC 3339), with the settings and names of then.
    #[param(value_type = Option<String>, min_length = 1, max_length = 40)]
    at: Option<When>,
    /// Wait, up to 2 s, until the board has this revision.
    #[serde(default, deserialize_with = "revision")]
    #[param(minimum = 0)]
    min_revision: Option<i64>,
}

/// What the neighbourhood of a player is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AroundQuery {
    /// Rows on each side.
    #[serde(default, deserialize_with = "window")]
    #[param(minimum = 1, maximum = 50)]
    window: Option<i64>,
    /// As it was shown at this revision or time (RFC 3339), with the settings and names of then.
    #[param(value_type = Option<String>, min_length = 1, max_length = 40)]
    at: Option<When>,
    /// Wait, up to 2 s, until the board has this revision.
    #[serde(default, deserialize_with = "revision")]
    #[param(minimum = 0)]
    min_revision: Option<i64>,
}

fn window<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    whole(deserializer, 1, 50).map(Some)
}

/// Read the standings
///
/// The leader first; players without a score come last, without a rank. Ranks are exact on every
/// answer.
#[utoipa::path(tag = "standings", params(StandingsQuery), responses((status = 200, description = "A page of the standings.", body = Standings)))]
#[get("/games/{game}/standings")]
pub async fn read_standings(request: Request) -> Result<Answer> {
    wait_and_read(request, |parts, conn, caller| {
        let query: StandingsQuery = parts.query()?;
        let keyset = Keyset::new(
            &parts.path,
            &parts.query,
            query.limit.map(Into::into),
            query.cursor,
            25,
        );
        let listing = Listing {
            after: keyset.after()?.map(place),
            prefix: query.q,
            limit: keyset.limit,
        };
        let named = parts.game()?;
        let (game, page) = match query.at {
            Some(at) => {
                arrived(conn, caller, &named, query.min_revision)?;
                history::page_at(conn, caller, &named, (at, parts.now()), &listing)?
            }
            None => standings::page(conn, caller, &named, &listing)?,
        };
        reached(
            game.revision,
            query.min_revision.filter(|_| query.at.is_none()),
        )?;
        let last = page.rows.last().filter(|_| page.has_more);
        let next_cursor = last.map(|placed| keyset.next(numbers(standings::place(&game, placed))));
        let next = next_cursor.as_deref().map(|cursor| keyset.address(cursor));
        let (data, revision) = (Standing::rows(&game, &page.rows), game.revision);
        let body = Standings {
            revision,
            made_at: query.at.map(|_| game.updated_at),
            data,
            has_more: page.has_more,
            next_cursor,
        };
        Ok(Answer::ok(&body)?.etag(revision.to_string()).next(next))
    })
    .await
}

fn numbers((key, id): (SortKey, PlayerId)) -> [i64; 6] {
    [
        key.standing as i64,
        key.total,
        key.tiebreak,
        key.reached,
        key.item,
        id.0,
    ]
}

fn place([standing, total, tiebreak, reached, item, id]: [i64; 6]) -> (SortKey, PlayerId) {
    let standing = if standing == 0 {
        Place::Ranked
    } else {
        Place::Unscored
    };
    (
        SortKey {
            standing,
            total,
            tiebreak,
            reached,
            item,
        },
        PlayerId(id),
    )
}

/// Read the players around one
///
/// `window` rows on each side, with exact ranks.
#[utoipa::path(tag = "standings", params(AroundQuery), responses((status = 200, description = "The rows around the player.", body = Around)))]
#[get("/games/{game}/standings/around/{player}")]
pub async fn read_around(request: Request) -> Result<Answer> {
    wait_and_read(request, |parts, conn, caller| {
        let query: AroundQuery = parts.query()?;
        let (player, window) = (parts.id("player")?, query.window.unwrap_or(5));
        let named = parts.game()?;
        let (game, rows) = match query.at {
            Some(at) => {
                arrived(conn, caller, &named, query.min_revision)?;
                let window = usize::try_from(window).unwrap_or_default();
                history::around_at(conn, caller, &named, (at, parts.now()), player, window)?
            }
            None => standings::around(conn, caller, &named, player, window)?,
        };
        reached(
            game.revision,
            query.min_revision.filter(|_| query.at.is_none()),
        )?;
        let body = Around {
            revision: game.revision,
            data: Standing::rows(&game, &rows),
        };
        Ok(Answer::ok(&body)?.etag(game.revision.to_string()))
    })
    .await
}

/// Read the place of one player
///
/// Total and exact rank.
#[utoipa::path(tag = "standings", params(PlaceQuery), responses((status = 200, description = "The player's row.", body = OneStanding)))]
#[get("/games/{game}/standings/{player}")]
pub async fn read_standing(request: Request) -> Result<Answer> {
    wait_and_read(request, |parts, conn, caller| {
        let query: PlaceQuery = parts.query()?;
        let (named, player) = (parts.game()?, parts.id("player")?);
        let (game, placed) = match query.at {
            Some(at) => {
                arrived(conn, caller, &named, query.min_revision)?;
                history::player_at(conn, caller, &named, (at, parts.now()), player)?
            }
            None => standings::of_player(conn, caller, &named, player)?,
        };
        reached(
            game.revision,
            query.min_revision.filter(|_| query.at.is_none()),
        )?;
        let body = OneStanding {
            revision: game.revision,
            row: Standing::new(&game, &placed),
        };
        Ok(Answer::ok(&body)?.etag(game.revision.to_string()))
    })
    .await
}

/// Before a look back: whether the board itself has got that far here.
fn arrived(conn: &mut Conn, caller: Caller, game: &GameRef, wanted: Option<i64>) -> Result<()> {
    match wanted {
        Some(_) => reached(games::read(conn, caller, game)?.revision, wanted),
        None => Ok(()),
    }
}

fn reached(revision: i64, wanted: Option<i64>) -> Result<()> {
    match wanted {
        Some(wanted) if wanted > revision => Err(Error::new(
            Code::NotYet,
            format!("The board is at revision {revision} here, not yet at {wanted}."),
        )),
        _ => Ok(()),
    }
}

/// Reads again until the board has the revision asked for, or patience ends.
async fn wait_and_read(
    request: Request,
    work: fn(&Parts, &mut Conn, Caller) -> Result<Answer>,
) -> Result<Answer> {
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        match request.clone().read(work).await {
            Err(error) if error.code == Code::NotYet && tokio::time::Instant::now() < until => {
                tokio::time::sleep(LOOK).await;
            }
            settled => return settled,
        }
    }
}
