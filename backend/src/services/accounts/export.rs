//! Everything that is kept about a person.

use super::{existing, person};
use crate::db::Conn;
use crate::domain::actor::Caller;
use crate::domain::game::Game;
use crate::domain::session::Session;
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::error::Result;
use crate::repos;

/// Devices that are told at most.
const DEVICES: i64 = 1000;

/// Everything that is kept about a person.
#[derive(Debug)]
pub struct Export {
    /// The account.
    pub user: User,
    /// The devices that are logged in.
    pub sessions: Vec<Session>,
    /// The boards, those in the trash among them.
    pub games: Vec<Game>,
}

/// Everything that is kept about who asks.
///
/// # Errors
/// `unauthenticated`, `forbidden`.
pub fn export(conn: &mut Conn, caller: Caller, now: Timestamp) -> Result<Export> {
    let person = person(caller)?;
    Ok(Export {
        user: existing(repos::users::find(conn, person.id)?)?,
        sessions: repos::sessions::list(conn, person.id, None, DEVICES, now)?.rows,
        games: repos::games::of_owner(conn, person.id)?,
    })
}
