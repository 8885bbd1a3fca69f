//! The journal.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::event::MovedPlayer;
use super::list;
use super::score::Actor;
use crate::domain::event::Moved;
use crate::domain::time::Timestamp;
use crate::services::events::entity;
use crate::services::journal::Listed;

/// One part of one change: who, when, what, before and after.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalEntry {
    /// The board's revision after the change.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// The part of the change, from 0.
    #[schema(minimum = 0)]
    pub item: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What was done.
    #[schema(max_length = 40, example = "player.updated")]
    pub action: String,
    /// The id of what changed.
    #[schema(max_length = 18)]
    pub entity: String,
    /// The changed fields as they were.
    #[schema(required, value_type = Option<Object>)]
    pub before: Option<Value>,
    /// The changed fields as they became.
    #[schema(required, value_type = Option<Object>)]
    pub after: Option<Value>,
    /// The player whose total moved by it, as of then.
    #[schema(required, value_type = Option<MovedPlayer>)]
    pub player: Option<Moved>,
    /// It can be undone, unless a later change of the same field is in the way.
    pub can_undo: bool,
    /// The change that took it back.
    #[schema(required, minimum = 1)]
    pub undone_by: Option<i64>,
}

impl From<&Listed> for JournalEntry {
    fn from(listed: &Listed) -> Self {
        let row = &listed.row;
        Self {
            revision: row.revision,
            item: row.item,
            at: row.at,
            actor: Actor {
                role: row.actor.role.clone(),
                id: row.actor.public_id(),
            },
            action: row.action.to_string(),
            entity: entity(row),
            before: row.before.clone(),
            after: row.after.clone(),
            player: row.moved,
            can_undo: listed.can_undo,
            undone_by: listed.undone_by,
        }
    }
}

list! {
    /// One page of the journal, the newest first.
    JournalList of JournalEntry
}
