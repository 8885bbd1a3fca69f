//! A player of a board.

use serde::{Deserialize, Serialize};

use super::id::PlayerId;
use super::tally::Tally;
use super::text::{Colour, ExternalId, Name, Short};
use super::time::Timestamp;

/// What is decided about a player.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Shown on the board.
    pub name: Name,
    /// The integrator's own key, unique on the board.
    pub external_id: Option<ExternalId>,
    /// The team, by name.
    pub team: Option<Name>,
    /// The player's colour.
    pub colour: Option<Colour>,
    /// An emoji or a few letters.
    pub avatar: Option<Short>,
    /// Where the owner wants the player in a list that is not ranked.
    pub position: Option<i32>,
}

impl Profile {
    /// Whether nothing but name, colour and avatar differs.
    pub fn differs_in_looks_alone(&self, other: &Self) -> bool {
        let dressed = Self {
            name: other.name.clone(),
            colour: other.colour.clone(),
            avatar: other.avatar.clone(),
            ..self.clone()
        };
        dressed == *other
    }
}

/// One player.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Player {
    /// The id.
    pub id: PlayerId,
    /// What was decided.
    pub profile: Profile,
    /// In the trash since then.
    pub trashed_at: Option<Timestamp>,
    /// Moves when the player is edited, never by scores.
    pub version: i64,
    /// The fold of the entries.
    pub tally: Tally,
    /// The last revision that moved the fold.
    pub scored_revision: i64,
    /// Made then.
    pub created_at: Timestamp,
    /// Last edited then.
    pub updated_at: Timestamp,
}
