//! A capability link as its board keeps it.

use serde::Serialize;

use super::actor::Link;
use super::text::Name;
use super::time::Timestamp;

/// What the owner of a board decides about a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkDetails {
    /// Whom or what it is for.
    pub name: Name,
    /// From then on it opens nothing; `None`: it does not expire.
    pub expires_at: Option<Timestamp>,
}

/// One link, without its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptLink {
    /// The capability.
    pub link: Link,
    /// What was decided.
    pub details: LinkDetails,
    /// Revoked since then, for ever.
    pub revoked_at: Option<Timestamp>,
    /// The last change that was made by it, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// Moves when the link is edited, renewed or revoked.
    pub version: i64,
    /// Made then.
    pub created_at: Timestamp,
}
