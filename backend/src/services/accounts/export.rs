//! Everything that is kept about a person.

use super::{existing, person};
use crate::db::Conn;
use crate::domain::actor::Caller;
use crate::domain::game::Game;
use crate::domain::order::Order;
use crate::domain::payment::Shop;
use crate::domain::session::Session;
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::error::Result;
use crate::repos;
use crate::repos::orders::{Listing, Whose};
use crate::services::logos::{self, Look};

/// Devices that are told at most.
const DEVICES: i64 = 1000;
/// Orders that are told at most.
const ORDERS: i64 = 10_000;

/// Everything that is kept about a person.
#[derive(Debug)]
pub struct Export {
    /// The account.
    pub user: User,
    /// The devices that are logged in.
    pub sessions: Vec<Session>,
    /// The boards, those in the trash among them.
    pub games: Vec<(Game, Look)>,
    /// The orders, and those of the boards.
    pub orders: Vec<Order>,
}

/// Everything that is kept about who asks.
///
/// # Errors
/// `unauthenticated`, `forbidden`.
pub fn export(conn: &mut Conn, shop: &Shop, caller: Caller, now: Timestamp) -> Result<Export> {
    let person = person(caller)?;
    let games = repos::games::of_owner(conn, person.id)?;
    let mut looks = logos::looks(conn, shop, games.iter(), now)?;
    let games = games.into_iter().map(|game| {
        let look = looks.remove(&game.id).unwrap_or_default();
        (game, look)
    });
    let orders = Listing {
        whose: Whose::Account(person.id),
        limit: ORDERS,
        ..Listing::default()
    };
    Ok(Export {
        user: existing(repos::users::find(conn, person.id)?)?,
        sessions: repos::sessions::list(conn, person.id, None, DEVICES, now)?.rows,
        games: games.collect(),
        orders: repos::orders::list(conn, &orders)?.rows,
    })
}
