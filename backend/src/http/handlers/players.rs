//! `/games/{game}/players`

use actix_web::{delete, get, patch, post, put};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use super::ShelfWord;
use crate::db::Conn;
use crate::domain::actor::Caller;
use crate::domain::id::PlayerId;
use crate::domain::player::Profile;
use crate::domain::text::Search;
use crate::error::{Code, Error, Result};
use crate::http::answer::Answer;
use crate::http::decode;
use crate::http::dto::player::{
    Added, AddedPlayers, OneOrMorePlayers, Player, PlayerBody, PlayerList, PlayersBody,
};
use crate::http::page::{Keyset, WideLimit};
use crate::http::parts::Parts;
use crate::http::request::{Request, with_current};
use crate::http::routes::BASE;
use crate::repos::players::Listing;
use crate::repos::standings::Placed;
use crate::services::players::{self, OnBoard};

/// Players added at once at most.
const MAX_PLAYERS: usize = 1000;

fn etag(on_board: &OnBoard<Placed>) -> String {
    format!("{}.{}", on_board.value.0.version, on_board.game.revision)
}

fn view(on_board: &OnBoard<Placed>) -> Player {
    Player::new(&on_board.game, &on_board.value)
}

fn found(on_board: &OnBoard<Placed>) -> Result<Answer> {
    Ok(Answer::ok(&view(on_board))?.etag(etag(on_board)))
}

fn made(on_board: &OnBoard<Placed>) -> Result<Answer> {
    let address = format!(
        "{BASE}/games/{}/players/{}",
        on_board.game.slug, on_board.value.0.id
    );
    Ok(Answer::created(&view(on_board))?
        .etag(etag(on_board))
        .location(address))
}

/// The player as it is now.
fn current(conn: &mut Conn, caller: Caller, parts: &Parts) -> Result<Value> {
    Ok(json!(view(&players::read(
        conn,
        caller,
        &parts.game()?,
        parts.id("player")?
    )?)))
}

/// What a list of players is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PlayersQuery {
    /// Rows at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 1000)]
    limit: Option<WideLimit>,
    /// Where the last page ended: its `next_cursor`.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
    /// The beginning of a name, in any case.
    #[param(value_type = Option<String>, max_length = 60)]
    q: Option<Search>,
    /// `trashed` lists the trash.
    #[serde(default)]
    #[param(inline, value_type = Option<ShelfWord>)]
    state: ShelfWord,
}

/// List players
///
/// In the order in which they were added; the order of the ranks is that of the standings.
#[utoipa::path(tag = "players", params(PlayersQuery), responses((status = 200, description = "A page of players.", body = PlayerList)))]
#[get("/games/{game}/players")]
pub async fn list_players(request: Request) -> Result<Answer> {
    request
        .read(|parts, conn, caller| {
            let query: PlayersQuery = parts.query()?;
            let limit = query.limit.map(Into::into);
            let keyset = Keyset::new(&parts.path, &parts.query, limit, query.cursor, 25);
            let listing = Listing {
                shelf: query.state.into(),
                prefix: query.q,
                after: keyset.after()?.map(|[id]| id),
                limit: keyset.limit,
            };
            let OnBoard { game, value: page } =
                players::list(conn, caller, &parts.game()?, &listing)?;
            keyset.answer(
                &page,
                |(player, _)| [player.id.0],
                |placed| Player::new(&game, placed),
            )
        })
        .await
}

/// Add players
///
/// One, or a list of them: all are added, or none.
#[utoipa::path(tag = "players", request_body = OneOrMorePlayers, responses(
    (status = 201, description = "The player; for a list, the players and the revision.", body = Added)))]
#[post("/games/{game}/players")]
pub async fn add_players(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let body: Value = parts.json()?;
            if body.get("players").is_none() {
                let profile = decode::typed::<PlayerBody>(body)?.try_into()?;
                let added = players::add(tx, caller, &parts.game()?, vec![profile])?;
                let player = added
                    .value
                    .into_iter()
                    .next()
                    .ok_or_else(|| Error::internal(&"no player was added"))?;
                return made(&OnBoard {
                    game: added.game,
                    value: (player, None),
                });
            }
            let added = players::add(tx, caller, &parts.game()?, several(body)?)?;
            let data = added
                .value
                .into_iter()
                .map(|player| Player::new(&added.game, &(player, None)))
                .collect();
            Answer::created(&AddedPlayers {
                data,
                revision: added.game.revision,
            })
        })
        .await
}

fn several(body: Value) -> Result<Vec<Profile>> {
    let PlayersBody { players } = decode::typed(body)?;
    if !(1..=MAX_PLAYERS).contains(&players.len()) {
        let detail = format!("1 to {MAX_PLAYERS} players at once.");
        return Err(Error::field(
            Code::InvalidFields,
            "/players",
            "wrong_length",
            detail,
        ));
    }
    let profiles = players.into_iter().enumerate().map(|(place, player)| {
        Profile::try_from(player).map_err(|error| error.within(&format!("/players/{place}")))
    });
    profiles.collect()
}

/// Create or update a player by your own key
///
/// 201 when the player is new, 200 when one with this `external_id` was there.
#[utoipa::path(tag = "players", request_body = PlayerBody, responses(
    (status = 200, description = "The player was there and is as asked for now.", body = Player),
    (status = 201, description = "The player is new.", body = Player)))]
#[put("/games/{game}/players/by-external/{external_id}")]
pub async fn put_player(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let (key, mut body) = (parts.external_id()?, parts.json::<PlayerBody>()?);
            same_key(body.external_id.as_ref(), &key)?;
            body.external_id = Some(key.clone());
            let (game, expected) = (parts.game()?, parts.expected()?);
            let put = players::put(tx, caller, &game, &key, expected.as_ref(), body.try_into()?)?;
            match put {
                (on_board, true) => made(&on_board),
                (on_board, false) => found(&on_board),
            }
        })
        .await
}

/// The key of the body, if there is one, is that of the path.
pub(super) fn same_key<T: PartialEq>(body: Option<&T>, path: &T) -> Result<()> {
    match body {
        Some(key) if key != path => Err(Error::field(
            Code::InvalidFields,
            "/external_id",
            "differs_from_path",
            "The path names another external_id.",
        )),
        _ => Ok(()),
    }
}

/// Read a player
///
/// With total and exact rank.
#[utoipa::path(tag = "players", responses((status = 200, description = "The player.", body = Player)))]
#[get("/games/{game}/players/{player}")]
pub async fn read_player(request: Request) -> Result<Answer> {
    request
        .read(|parts, conn, caller| {
            found(&players::read(
                conn,
                caller,
                &parts.game()?,
                parts.id("player")?,
            )?)
        })
        .await
}

/// Change a player
///
/// A merge patch: what is absent stays, `null` clears.
#[utoipa::path(tag = "players", request_body(content((PlayerBody = "application/merge-patch+json"), (PlayerBody = "application/json"))),
    responses((status = 200, description = "The player as it is now.", body = Player)))]
#[patch("/games/{game}/players/{player}")]
pub async fn update_player(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let (game, player, expected) = (
                parts.game()?,
                parts.id::<PlayerId>("player")?,
                parts.expected()?,
            );
            let updated =
                players::update(tx, caller, &game, player, expected.as_ref(), |profile| {
                    parts.patched::<PlayerBody>(profile)?.try_into()
                });
            found(&with_current(updated, || current(tx.conn, caller, parts))?)
        })
        .await
}

/// Put a player into the trash
///
/// Scores and all; both come back by `POST …/restore`.
#[utoipa::path(tag = "players", responses((status = 204, description = "The player is in the trash.")))]
#[delete("/games/{game}/players/{player}")]
pub async fn trash_player(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let (game, player, expected) = (parts.game()?, parts.id("player")?, parts.expected()?);
            let trashed = players::trash(tx, caller, &game, player, expected.as_ref());
            with_current(trashed, || current(tx.conn, caller, parts))?;
            Ok(Answer::no_content())
        })
        .await
}

/// Take a player out of the trash
///
/// With all scores.
#[utoipa::path(tag = "players", responses((status = 200, description = "The player as it is now.", body = Player)))]
#[post("/games/{game}/players/{player}/restore")]
pub async fn restore_player(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            found(&players::restore(
                tx,
                caller,
                &parts.game()?,
                parts.id("player")?,
            )?)
        })
        .await
}
