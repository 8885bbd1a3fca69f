//! Capability links.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::actor::{Caller, LinkRole};
use crate::domain::id::LinkId;
use crate::domain::link::{KeptLink, LinkDetails};
use crate::domain::text::Name;
use crate::domain::time::Timestamp;

/// What a link lets its holder do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
pub enum Role {
    /// Look.
    #[serde(rename = "view")]
    View,
    /// Enter scores, players and rounds.
    #[serde(rename = "score")]
    Score,
    /// Decide everything.
    #[serde(rename = "own")]
    Own,
}

impl From<Role> for LinkRole {
    fn from(role: Role) -> Self {
        match role {
            Role::View => Self::View,
            Role::Score => Self::Score,
            Role::Own => Self::Own,
        }
    }
}

/// A link to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "score", "name": "Referee tablet", "expires_at": null}))]
pub struct LinkBody {
    /// What its holder may do: look, enter scores, or decide everything.
    #[schema(inline)]
    pub role: Role,
    /// Whom or what it is for.
    #[schema(value_type = String, min_length = 1, max_length = 60, example = "Referee tablet")]
    pub name: Name,
    /// From then on it opens nothing; `null`: it does not expire.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

impl LinkBody {
    /// The role and what was decided about it.
    pub fn parts(self) -> (LinkRole, LinkDetails) {
        let details = LinkDetails {
            name: self.name,
            expires_at: self.expires_at,
        };
        (self.role.into(), details)
    }
}

/// What may change about a link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"expires_at": "2027-01-31T22:00:00.000Z"}))]
pub struct LinkPatchBody {
    /// Whom or what it is for.
    #[schema(value_type = String, min_length = 1, max_length = 60)]
    pub name: Name,
    /// From then on it opens nothing; `null`: it does not expire.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

impl From<LinkPatchBody> for LinkDetails {
    fn from(body: LinkPatchBody) -> Self {
        Self {
            name: body.name,
            expires_at: body.expires_at,
        }
    }
}

/// A link, without its token.
#[derive(Debug, Serialize, ToSchema)]
pub struct Link {
    /// The id. What was changed by the link names it in the journal.
    #[schema(value_type = String, example = "lnk_0C5Q0ZJ8G0N3F", pattern = "^lnk_[0-9A-HJKMNP-TV-Z]{13}$")]
    pub id: LinkId,
    /// What its holder may do: look, enter scores, or decide everything.
    #[schema(inline, value_type = Role)]
    pub role: LinkRole,
    /// Whom or what it is for.
    #[schema(value_type = String, max_length = 60, example = "Referee tablet")]
    pub name: Name,
    /// Made then.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// From then on it opens nothing; `null`: it does not expire.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// Revoked then, for ever.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
    /// The last change that was made by it, to the minute.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    /// Whether you came with this one.
    pub current: bool,
    /// Moves when the link is edited, renewed or revoked.
    #[schema(minimum = 1)]
    pub version: i64,
}

impl Link {
    /// A link as a caller sees it.
    pub fn new(kept: &KeptLink, caller: Caller) -> Self {
        Self {
            id: kept.link.id,
            role: kept.link.role,
            name: kept.details.name.clone(),
            created_at: kept.created_at,
            expires_at: kept.details.expires_at,
            revoked_at: kept.revoked_at,
            last_used_at: kept.last_used_at,
            current: caller.link_on(kept.link.game) == Some(kept.link),
            version: kept.version,
        }
    }
}

/// A link with its token: here, and never again.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "described in the document; the secrets join the answer when it is sent"
)]
pub struct LinkWithToken {
    #[schema(inline)]
    #[serde(flatten)]
    link: Link,
    /// The token, for `Authorization: Bearer`.
    #[schema(example = "shl_4x1c8m0v5q2t7z9b3n6k1d8f0g5h2j7p", max_length = 36)]
    token: String,
    /// The address that opens the board with this link. The token stands behind `#`, which browsers
    /// send to nobody.
    #[schema(
        example = "https://scores.example/b/7h2kqm9xwd#k=shl_4x1c8m0v5q2t7z9b3n6k1d8f0g5h2j7p",
        max_length = 2000
    )]
    url: String,
}

super::list! {
    /// One page of links.
    LinkList of Link
}
