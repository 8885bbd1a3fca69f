//! What a change looks like to those who watch a board, and to its journal.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::actor::Actor;
use super::decimal::Decimal;
use super::id::{GameId, PlayerId, UserId};
use super::time::Timestamp;

/// More items than this are not told one by one: the watcher fetches the standings again.
pub const MAX_ITEMS: usize = 20;

/// What is told once a transaction is safe.
#[derive(Debug, Clone)]
pub enum News {
    /// A board changed.
    Change(Change),
    /// Somebody was logged out, on one device or on several.
    LoggedOut(UserId),
}

impl From<Change> for News {
    fn from(change: Change) -> Self {
        Self::Change(change)
    }
}

/// One accepted change: one revision, one event.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// The board.
    #[serde(skip)]
    pub game: GameId,
    /// Its revision after the change.
    pub revision: i64,
    /// What was done, such as `score.added`.
    pub action: String,
    /// The parts; empty where `refetch` is set.
    pub items: Vec<Item>,
    /// Who did it: the role only, whoever watches.
    pub actor: Role,
    /// When.
    pub at: Timestamp,
    /// Too many parts to list: fetch again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub refetch: bool,
}

/// The actor as viewers see it.
#[derive(Debug, Clone, Serialize)]
pub struct Role {
    /// `own`, `score`, `join`, `user`, `anonymous` or `system`.
    pub role: String,
}

/// One part of a change.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    /// What was done to it.
    pub action: String,
    /// The id of what changed.
    pub entity: String,
    /// The player whose total moved, as of this change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player: Option<Moved>,
}

/// Where a player stood after a change. In the order of the names, which is that of the words that are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The player.
    pub id: PlayerId,
    /// The rank then.
    pub rank: Option<i64>,
    /// The total then.
    pub total: Option<Decimal>,
}

/// A row of the journal: one part of one change, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// The board.
    pub game: GameId,
    /// The change.
    pub revision: i64,
    /// The part, from 0.
    pub item: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What was done, such as `player.updated`.
    pub action: Arc<str>,
    /// The number behind the id of what changed.
    pub entity: i64,
    /// The changed fields as they were.
    pub before: Option<Value>,
    /// The changed fields as they are; of a new score composed from its facts.
    pub after: Option<Value>,
    /// Whose total moved, where it stood then.
    pub moved: Option<Moved>,
}
