//! A round of a board: a match day, a hand, a lesson.

use serde::{Deserialize, Serialize};

use super::id::RoundId;
use super::text::{ExternalId, Label, Note};
use super::time::Timestamp;
use super::words;

words! {
    /// Whether the round takes scores.
    RoundState { Open = "open", Closed = "closed" }
}

/// What is decided about a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundDetails {
    /// Its name.
    pub label: Label,
    /// The integrator's own key, unique on the board.
    pub external_id: Option<ExternalId>,
    /// A remark.
    pub comment: Note,
    /// Whether it takes scores.
    pub state: RoundState,
}

/// One round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The id.
    pub id: RoundId,
    /// From 1, in the order in which rounds were made.
    pub number: i64,
    /// What was decided.
    pub details: RoundDetails,
    /// In the trash since then.
    pub trashed_at: Option<Timestamp>,
    /// Moves when the round is edited, never by scores.
    pub version: i64,
    /// Made then.
    pub created_at: Timestamp,
    /// Last edited then.
    pub updated_at: Timestamp,
}
