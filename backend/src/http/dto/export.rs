//! Everything that is kept about a person.

use serde::Serialize;
use utoipa::ToSchema;

use super::game::Game;
use super::order::Order;
use super::user::{Session, User};
use crate::domain::actor::Caller;
use crate::services::accounts::Export;

/// Everything that is kept about you.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    /// The account.
    pub user: User,
    /// The devices that are logged in.
    #[schema(max_items = 1_000_000)]
    pub sessions: Vec<Session>,
    /// The boards, those in the trash among them.
    #[schema(max_items = 1_000_000)]
    pub games: Vec<Game>,
    /// The orders, and those of the boards.
    #[schema(max_items = 1_000_000)]
    pub orders: Vec<Order>,
}

impl Account {
    /// As its owner sees it.
    pub fn new(export: &Export, caller: Caller) -> Self {
        let sessions = export.sessions.iter();
        Self {
            user: User::from(&export.user),
            sessions: sessions
                .map(|session| Session::new(session, caller))
                .collect(),
            games: export
                .games
                .iter()
                .map(|(game, look)| Game::new(game, caller, look))
                .collect(),
            orders: export.orders.iter().map(Order::from).collect(),
        }
    }
}
