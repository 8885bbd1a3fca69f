//! What is unlocked: where nothing is sold everything, otherwise what orders gave.

use std::collections::HashMap;

use serde_json::json;

use crate::db::{Conn, Tx};
use crate::domain::actor::{Caller, Seat};
use crate::domain::catalogue::Grant;
use crate::domain::entitlement::{Entitlement, Feature, Features, Scope};
use crate::domain::game::{Game, GameRef};
use crate::domain::id::{GameId, UserId};
use crate::domain::order::Order;
use crate::domain::payment::Shop;
use crate::domain::time::Timestamp;
use crate::error::{Code, Error, Result};
use crate::repos;

/// Gives what a fulfilled order gives. What the board or account has of the same product already is
/// made longer.
pub(super) fn grant(tx: &mut Tx<'_>, order: &Order) -> Result<()> {
    let Grant {
        features,
        days,
        scope,
    } = order.grant;
    if features == Features::NONE {
        return Ok(());
    }
    let game = board_of(order);
    let days = days.map(|days| days * i64::from(order.details.quantity));
    let valid_until = match days {
        None => None,
        Some(days) => Some(last_end(tx, order, game)?.plus_seconds(days * 86_400)),
    };
    let entitlement = Entitlement {
        order: order.id,
        game,
        user: order.user,
        scope,
        product: order.product.clone(),
        features,
        valid_from: tx.now,
        valid_until,
        ended_at: None,
    };
    Ok(repos::entitlements::insert(tx.conn, &entitlement)?)
}

/// What is for every board of an account is for all of them, also where one was named.
fn board_of(order: &Order) -> Option<GameId> {
    let for_all = order.grant.scope == Scope::Account && order.user.is_some();
    order.game.filter(|_| !for_all)
}

/// When what is there already of the same product ends; now, where there is none.
fn last_end(tx: &mut Tx<'_>, order: &Order, game: Option<GameId>) -> Result<Timestamp> {
    let (games, users) = match game {
        Some(game) => (vec![game.0], Vec::new()),
        None => (Vec::new(), order.user.iter().map(|user| user.0).collect()),
    };
    let valid = repos::entitlements::valid(tx.conn, games, users, tx.now)?;
    let same = valid.into_iter().filter(|one| one.product == order.product);
    let ends = same.filter_map(|one| one.valid_until);
    Ok(ends.max().unwrap_or(tx.now))
}

/// Ends what an order gave: its money went back.
pub(super) fn end(tx: &mut Tx<'_>, order: &Order) -> Result<()> {
    Ok(repos::entitlements::end(tx.conn, order.id, tx.now)?)
}

/// What is unlocked on a board.
///
/// # Errors
/// Only those of the database.
pub fn of_board(conn: &mut Conn, shop: &Shop, game: &Game, now: Timestamp) -> Result<Features> {
    let all = of_boards(conn, shop, std::iter::once(game), now)?;
    Ok(all.get(&game.id).copied().unwrap_or_default())
}

/// What is unlocked on each of these boards.
///
/// # Errors
/// Only those of the database.
pub fn of_boards<'a>(
    conn: &mut Conn,
    shop: &Shop,
    games: impl Iterator<Item = &'a Game>,
    now: Timestamp,
) -> Result<HashMap<GameId, Features>> {
    let boards: Vec<(GameId, Option<UserId>)> = games.map(|game| (game.id, game.owner)).collect();
    if shop.is_closed() {
        return Ok(boards
            .into_iter()
            .map(|(game, _)| (game, Features::ALL))
            .collect());
    }
    let games = boards.iter().map(|(game, _)| game.0).collect();
    let users = boards.iter().filter_map(|(_, owner)| Some((*owner)?.0));
    let valid = repos::entitlements::valid(conn, games, users.collect(), now)?;
    let of = |(game, owner)| (game, unlocked(&valid, game, owner));
    Ok(boards.into_iter().map(of).collect())
}

fn unlocked(valid: &[Entitlement], game: GameId, owner: Option<UserId>) -> Features {
    let counts = |one: &&Entitlement| match one.game {
        Some(board) => board == game,
        None => one.scope == Scope::Account && one.user == owner,
    };
    let counting = valid.iter().filter(counts);
    counting.fold(Features::NONE, |all, one| all.with(one.features))
}

/// What is unlocked wherever a caller goes: for a link that of its board, for a person that of all
/// their boards.
///
/// # Errors
/// Only those of the database.
pub fn of_caller(conn: &mut Conn, shop: &Shop, caller: Caller, now: Timestamp) -> Result<Features> {
    match caller {
        _ if shop.is_closed() => Ok(Features::ALL),
        Caller::Link(link) | Caller::Seat(Seat { link, .. }) => {
            let game = repos::games::find(conn, &GameRef::Id(link.game))?;
            game.map_or(Ok(Features::NONE), |game| of_board(conn, shop, &game, now))
        }
        Caller::Person(person) => of_account(conn, person.id, now),
        Caller::Anonymous | Caller::System => Ok(Features::NONE),
    }
}

fn of_account(conn: &mut Conn, user: UserId, now: Timestamp) -> Result<Features> {
    let valid = repos::entitlements::valid(conn, Vec::new(), vec![user.0], now)?;
    let all = valid.iter().filter(|one| one.scope == Scope::Account);
    Ok(all.fold(Features::NONE, |all, one| all.with(one.features)))
}

/// Refuses what a board has not been unlocked for. What its owner ordered for one board without naming
/// it becomes this board's.
///
/// # Errors
/// `product_required`.
pub(super) fn require(
    tx: &mut Tx<'_>,
    shop: &Shop,
    game: &Game,
    feature: Feature,
    pointer: &str,
) -> Result<()> {
    if of_board(tx.conn, shop, game, tx.now)?.contain(feature) || bind(tx, game, feature)? {
        return Ok(());
    }
    Err(required(shop, feature, pointer))
}

/// As [`require`], for a board that a caller is about to make.
pub(super) fn require_of(
    tx: &mut Tx<'_>,
    shop: &Shop,
    caller: Caller,
    feature: Feature,
    pointer: &str,
) -> Result<()> {
    let unlocked = match caller {
        Caller::Link(_) | Caller::Seat(_) if !shop.is_closed() => Features::NONE,
        _ => of_caller(tx.conn, shop, caller, tx.now)?,
    };
    if unlocked.contain(feature) {
        return Ok(());
    }
    Err(required(shop, feature, pointer))
}

fn bind(tx: &mut Tx<'_>, game: &Game, feature: Feature) -> Result<bool> {
    let Some(owner) = game.owner else {
        return Ok(false);
    };
    let valid = repos::entitlements::valid(tx.conn, Vec::new(), vec![owner.0], tx.now)?;
    let fits = |one: &&Entitlement| one.scope == Scope::Board && one.features.contain(feature);
    for one in valid.iter().filter(fits) {
        if repos::entitlements::bind(tx.conn, one.order, game.id)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn required(shop: &Shop, feature: Feature, pointer: &str) -> Error {
    let products = shop.sellers_of(feature);
    let detail = format!(
        "This board has not been unlocked for {feature}. What unlocks it: {}.",
        match products.is_empty() {
            true => "nothing that is sold here".to_owned(),
            false => products.join(", "),
        }
    );
    Error::at(Code::ProductRequired, pointer, detail).with("products", json!(products))
}
