//! A capability link as its board keeps it.

use serde::Serialize;
use uuid::Uuid;

use super::actor::Link;
use super::id::{LinkId, PlayerId};
use super::text::{Colour, Name};
use super::time::Timestamp;
use super::words;

words! {
    /// How people come in by an invitation.
    JoinMode {
        /// At once.
        Open = "open",
        /// When the owner lets them in.
        Approve = "approve",
        /// Nobody new comes in; those who are in stay.
        Off = "off",
    }
}

/// What the owner of a board decides about an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Terms {
    /// How people come in.
    pub mode: JoinMode,
    /// Whether they may enter their own scores.
    pub scores: bool,
}

/// What the owner of a board decides about a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkDetails {
    /// Whom or what it is for.
    pub name: Name,
    /// From then on it opens nothing; `None`: it does not expire.
    pub expires_at: Option<Timestamp>,
    /// How people come in by it; `None`: it is no invitation.
    pub join: Option<Terms>,
}

/// A place that somebody took by an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The invitation.
    pub parent: LinkId,
    /// Whom they play; `None`: the owner has not let them in yet.
    pub player: Option<PlayerId>,
    /// The colour that they would like.
    pub colour: Option<Colour>,
    /// By which their device is known again.
    pub client_id: Option<Uuid>,
}

/// One link, without its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptLink {
    /// The capability.
    pub link: Link,
    /// What was decided.
    pub details: LinkDetails,
    /// The place that it stands for; `None`: it is no seat.
    pub place: Option<Place>,
    /// Revoked since then, for ever.
    pub revoked_at: Option<Timestamp>,
    /// The last change that was made by it, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// Moves when the link is edited, renewed or revoked.
    pub version: i64,
    /// Made then.
    pub created_at: Timestamp,
}
