//! Capability links.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::actor::{Caller, LinkRole};
use crate::domain::id::{LinkId, PlayerId};
use crate::domain::link::{self, JoinMode, KeptLink, LinkDetails};
use crate::domain::text::{Colour, Name};
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
    /// Look, and come in as a player of one's own.
    #[serde(rename = "join")]
    Join,
}

impl From<Role> for LinkRole {
    fn from(role: Role) -> Self {
        match role {
            Role::View => Self::View,
            Role::Score => Self::Score,
            Role::Own => Self::Own,
            Role::Join => Self::Join,
        }
    }
}

/// How people come in by an invitation.
#[derive(ToSchema)]
#[allow(dead_code, reason = "described in the document, never made")]
pub enum JoinWord {
    /// At once.
    #[schema(rename = "open")]
    Open,
    /// When the owner lets them in.
    #[schema(rename = "approve")]
    Approve,
    /// Nobody new comes in; those who are in stay.
    #[schema(rename = "off")]
    Off,
}

/// What is decided about an invitation.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"mode": "approve", "scores": true}))]
pub struct Terms {
    /// Whether people come in at once, when the owner lets them in, or not at all.
    #[schema(inline, value_type = JoinWord)]
    pub mode: JoinMode,
    /// Whether they may enter their own scores.
    #[serde(default)]
    pub scores: bool,
}

impl From<Terms> for link::Terms {
    fn from(Terms { mode, scores }: Terms) -> Self {
        Self { mode, scores }
    }
}

impl From<link::Terms> for Terms {
    fn from(link::Terms { mode, scores }: link::Terms) -> Self {
        Self { mode, scores }
    }
}

/// A link to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "score", "name": "Referee tablet", "expires_at": null}))]
pub struct LinkBody {
    /// What its holder may do: look, enter scores, decide everything, or come in as a player.
    #[schema(inline)]
    pub role: Role,
    /// Whom or what it is for.
    #[schema(value_type = String, min_length = 1, max_length = 60, example = "Referee tablet")]
    pub name: Name,
    /// From then on it opens nothing; `null`: it does not expire.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// How people come in by it: with the role `join`, and with no other.
    #[serde(default)]
    pub join: Option<Terms>,
}

impl LinkBody {
    /// The role and what was decided about it.
    pub fn parts(self) -> (LinkRole, LinkDetails) {
        let details = LinkDetails {
            name: self.name,
            expires_at: self.expires_at,
            join: self.join.map(link::Terms::from),
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
    /// How people come in by it, where it is an invitation.
    #[serde(default)]
    pub join: Option<Terms>,
}

impl From<LinkPatchBody> for LinkDetails {
    fn from(body: LinkPatchBody) -> Self {
        Self {
            name: body.name,
            expires_at: body.expires_at,
            join: body.join.map(link::Terms::from),
        }
    }
}

/// A link, without its token.
#[derive(Debug, Serialize, ToSchema)]
pub struct Link {
    /// The id. What was changed by the link names it in the journal.
    #[schema(value_type = String, example = "lnk_0C5Q0ZJ8G0N3F", pattern = "^lnk_[0-9A-HJKMNP-TV-Z]{13}$")]
    pub id: LinkId,
    /// What its holder may do: look, enter scores, decide everything, or come in as a player.
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
    /// How people come in by it; `null`: it is no invitation.
    #[schema(required)]
    pub join: Option<Terms>,
    /// The invitation by which somebody took this seat; `null`: it is no seat.
    #[schema(required, value_type = Option<String>, max_length = 17, example = "lnk_0C5Q0ZJ8G0N3F")]
    pub parent: Option<LinkId>,
    /// Whom the holder of this seat plays; `null`: nobody, or nobody yet.
    #[schema(required, value_type = Option<String>, max_length = 17, example = "plr_0C5Q0ZJ8G0N3B")]
    pub player_id: Option<PlayerId>,
    /// The colour that the holder of this seat would like.
    #[schema(required, value_type = Option<String>, max_length = 7)]
    pub colour: Option<Colour>,
    /// Whether you came with this one.
    pub current: bool,
    /// Moves when the link is edited, renewed or revoked.
    #[schema(minimum = 1)]
    pub version: i64,
}

impl Link {
    /// A link as a caller sees it.
    pub fn new(kept: &KeptLink, caller: Caller) -> Self {
        let place = kept.place.as_ref();
        Self {
            id: kept.link.id,
            role: kept.link.role,
            name: kept.details.name.clone(),
            created_at: kept.created_at,
            expires_at: kept.details.expires_at,
            revoked_at: kept.revoked_at,
            last_used_at: kept.last_used_at,
            join: kept.details.join.map(Terms::from),
            parent: place.map(|place| place.parent),
            player_id: place.and_then(|place| place.player),
            colour: place.and_then(|place| place.colour.clone()),
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
