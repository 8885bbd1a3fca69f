//! `/games`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::ShelfWord;
use crate::db::Conn;
use crate::domain::actor::{Caller, LinkRole};
use crate::domain::game;
use crate::domain::payment::Shop;
use crate::domain::secret::Token;
use crate::domain::text::{Search, fold_case};
use crate::domain::time::Timestamp;
use crate::error::Result;
use crate::http::answer::Answer;
use crate::http::dto::game::{ClaimBody, Game, GameBody, GameList};
use crate::http::page::{Keyset, Limit};
use crate::http::parts::Parts;
use crate::http::request::{Request, with_current};
use crate::http::routes::BASE;
use crate::repos::games::Listing;
use crate::services::logos::{self, Look};
use crate::services::{claims, games};

/// The answer says what its reader may do, so that two readers never share a tag.
fn etag(game: &game::Game, caller: Caller, look: &Look) -> String {
    let tag = format!("{}.{}", game.version, game.revision);
    let role = match caller.role_on(game) {
        Some(LinkRole::Own) => 3,
        Some(LinkRole::Score) => 2,
        Some(LinkRole::View) => 1,
        Some(LinkRole::Join) => 4,
        None => 0,
    };
    // What is unlocked comes and goes without a change of the board.
    match (role, look.features.lacking()) {
        (3, 0) => tag,
        (role, 0) => format!("{tag}.{role}"),
        (role, lacking) => format!("{tag}.{role}.{lacking}"),
    }
}

/// A board as its reader sees it.
pub(super) fn found(
    conn: &mut Conn,
    shop: &Shop,
    game: &game::Game,
    caller: Caller,
    now: Timestamp,
) -> Result<Answer> {
    let look = logos::look(conn, shop, game, now)?;
    let tag = etag(game, caller, &look);
    Ok(Answer::ok(&Game::new(game, caller, &look))?.etag(tag))
}

/// The board as it is now, in or out of the trash.
pub(super) fn current(
    conn: &mut Conn,
    caller: Caller,
    parts: &Parts,
    shop: &Shop,
) -> Result<serde_json::Value> {
    let game = games::read(conn, caller, &parts.game()?)?;
    let look = logos::look(conn, shop, &game, parts.now())?;
    Ok(json!(Game::new(&game, caller, &look)))
}

/// What a list of boards is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct GamesQuery {
    /// Rows at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    /// Where the last page ended: its `next_cursor`.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline, value_type = Option<GameSort>)]
    sort: GameSort,
    /// `trashed` lists the trash of your account, or of your own link.
    #[serde(default)]
    #[param(inline, value_type = Option<ShelfWord>)]
    state: ShelfWord,
    /// Somewhere in the title, in whatever case.
    #[param(value_type = Option<String>, max_length = 60)]
    q: Option<Search>,
}

/// The order of a list of boards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
enum GameSort {
    /// The newest first.
    #[default]
    #[serde(rename = "-created_at")]
    NewestFirst,
    /// The oldest first.
    #[serde(rename = "created_at")]
    OldestFirst,
}

/// List boards
///
/// Logged in: your own boards. Otherwise the public ones, and the one that your link opens.
#[utoipa::path(tag = "games", params(GamesQuery), responses((status = 200, description = "A page of boards.", body = GameList)))]
#[get("/games")]
pub async fn list_games(request: Request) -> Result<Answer> {
    let shop = request.state.shop.clone();
    request
        .read(move |parts, conn, caller| {
            let query: GamesQuery = parts.query()?;
            let keyset = Keyset::new(&parts.path, &parts.query, query.limit, query.cursor, 25);
            let listing = Listing {
                shelf: query.state.into(),
                newest_first: query.sort == GameSort::NewestFirst,
                after: keyset.after()?.map(|[created, id]| (created, id)),
                limit: keyset.limit,
                search: query.q.map(|q| fold_case(q.as_str())).unwrap_or_default(),
                ..Listing::default()
            };
            let page = games::list(conn, caller, listing)?;
            let looks = logos::looks(conn, &shop, page.rows.iter(), parts.now())?;
            let none = Look::default();
            keyset.answer(
                &page,
                |game| [game.created_at.millis(), game.id.0],
                |game| Game::new(game, caller, looks.get(&game.id).unwrap_or(&none)),
            )
        })
        .await
}

/// Create a board
///
/// It belongs to the account that you are logged in to. No account is needed: without one the answer
/// carries `own_token` once. Keep it: it is the right to edit.
#[utoipa::path(tag = "games", request_body = GameBody, responses(
    (status = 201, description = "The board; made without an account, with `own_token`.", body = Game)))]
#[post("/games")]
pub async fn create_game(request: Request) -> Result<Answer> {
    let (secrets, shop) = (request.state.secrets.clone(), request.state.shop.clone());
    request
        .write(move |parts, tx, caller| {
            let settings = parts.json::<GameBody>()?.try_into()?;
            let created = games::create(tx, caller, &secrets, &shop, settings)?;
            let game = created.game;
            let owner = created.link.map_or(caller, Caller::Link);
            let answer = found(tx.conn, &shop, &game, owner, tx.now)?
                .status(201)
                .location(format!("{BASE}/games/{}", game.slug));
            Ok(match created.link {
                Some(link) => answer.own_token(link),
                None => answer,
            })
        })
        .await
}

/// Read a board
///
/// By id or slug. A stranger reads an unlisted board by its slug only.
#[utoipa::path(tag = "games", responses((status = 200, description = "The board.", body = Game)))]
#[get("/games/{game}")]
pub async fn read_game(request: Request) -> Result<Answer> {
    let shop = request.state.shop.clone();
    request
        .read(move |parts, conn, caller| {
            let game = games::read(conn, caller, &parts.game()?)?;
            found(conn, &shop, &game, caller, parts.now())
        })
        .await
}

/// Change a board
///
/// A merge patch: what is absent stays, `null` goes back to the default.
#[utoipa::path(tag = "games", request_body(content((GameBody = "application/merge-patch+json"), (GameBody = "application/json"))),
    responses((status = 200, description = "The board as it is now.", body = Game)))]
#[patch("/games/{game}")]
pub async fn update_game(request: Request) -> Result<Answer> {
    let shop = request.state.shop.clone();
    request
        .known()?
        .write(move |parts, tx, caller| {
            let (game, expected) = (parts.game()?, parts.expected()?);
            let updated = games::update(tx, caller, &game, &shop, expected.as_ref(), |settings| {
                parts.patched::<GameBody>(settings)?.try_into()
            });
            let game = with_current(updated, || current(tx.conn, caller, parts, &shop))?;
            found(tx.conn, &shop, &game, caller, tx.now)
        })
        .await
}

/// Put a board into the trash
///
/// Whole, for 30 days; it comes back by `POST …/restore`.
#[utoipa::path(tag = "games", responses((status = 204, description = "It is in the trash.")))]
#[delete("/games/{game}")]
pub async fn trash_game(request: Request) -> Result<Answer> {
    let shop = request.state.shop.clone();
    request
        .known()?
        .write(move |parts, tx, caller| {
            let (game, expected) = (parts.game()?, parts.expected()?);
            let trashed = games::trash(tx, caller, &game, expected.as_ref());
            with_current(trashed, || current(tx.conn, caller, parts, &shop))?;
            Ok(Answer::no_content())
        })
        .await
}

/// Take a board out of the trash
///
/// With everything on it.
#[utoipa::path(tag = "games", responses((status = 200, description = "The board as it is now.", body = Game)))]
#[post("/games/{game}/restore")]
pub async fn restore_game(request: Request) -> Result<Answer> {
    let shop = request.state.shop.clone();
    request
        .known()?
        .write(move |parts, tx, caller| {
            let game = games::restore(tx, caller, &parts.game()?)?;
            found(tx.conn, &shop, &game, caller, tx.now)
        })
        .await
}

/// Move a board to your account
///
/// Asked by whoever is logged in; the right is the board's own token. Its links go on working unless
/// `revoke_links` is set.
#[utoipa::path(tag = "games", request_body = ClaimBody, responses((status = 200, description = "The board as it is now.", body = Game)))]
#[post("/games/{game}/claim")]
pub async fn claim_game(request: Request) -> Result<Answer> {
    let shop = request.state.shop.clone();
    request
        .known()?
        .write(move |parts, tx, caller| {
            let body: ClaimBody = parts.json()?;
            let token = Token::parse(&body.own_token);
            let game = parts.game()?;
            let claimed = claims::claim(tx, caller, &game, token.as_ref(), body.revoke_links)?;
            found(tx.conn, &shop, &claimed, caller, tx.now)
        })
        .await
}
