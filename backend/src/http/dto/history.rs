//! Undo and rewind.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};

use crate::domain::id::{LinkId, UserId};
use crate::domain::time::Timestamp;
use crate::domain::when::When;
use crate::error::{Code, Error, Result};
use crate::services::history::{By, Hindrance, Undone};

/// Whose changes are to be undone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"actor": "lnk_0C5Q0ZJ8G0N3F", "since": "2026-11-22T21:14:07.000Z"}))]
pub struct UndoBody {
    /// The link or the account, as the journal names it.
    #[schema(
        min_length = 1,
        max_length = 17,
        pattern = "^(lnk|usr)_[0-9A-HJKMNP-TV-Z]{13}$"
    )]
    pub actor: String,
    /// What was done in this revision or at this time, or later; without it, everything.
    #[serde(default)]
    #[schema(schema_with = since)]
    pub since: Option<When>,
    /// Undo what can be undone, and leave what others have changed since.
    #[serde(default)]
    pub keep_later: bool,
    /// Change nothing, and tell what would be done.
    #[serde(default)]
    pub dry_run: bool,
}

/// A revision as a number, or either as a text.
fn since() -> Schema {
    let revision = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(0));
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(40));
    let absent = ObjectBuilder::new().schema_type(Type::Null);
    let all = OneOfBuilder::new().item(revision).item(text).item(absent);
    all.build().into()
}

/// The number behind the id of a link or an account; `true` for an account.
pub fn actor_id(text: &str) -> Option<(i64, bool)> {
    let link = text.parse::<LinkId>().map(|link| (link.0, false));
    let user = || text.parse::<UserId>().map(|user| (user.0, true));
    link.or_else(|_| user()).ok()
}

impl TryFrom<UndoBody> for By {
    type Error = Error;

    fn try_from(body: UndoBody) -> Result<Self> {
        let (id, account) = actor_id(&body.actor).ok_or_else(|| {
            Error::field(
                Code::InvalidFields,
                "/actor",
                "invalid_id",
                "The id of a link (lnk_…) or of an account (usr_…) is expected.",
            )
        })?;
        Ok(Self {
            id,
            account,
            since: body.since,
            keep_later: body.keep_later,
            dry_run: body.dry_run,
        })
    }
}

/// What is left as it is, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct Left {
    /// The change that is not undone, or not whole.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// The id of what it changed.
    #[schema(max_length = 18)]
    pub entity: String,
    /// The field, or what does not go back at all: `links`, `board`, `visibility`, `decimals`; `rewind`
    /// is undone by itself.
    #[schema(max_length = 40)]
    pub field: String,
    /// The later change that is in the way; `null` where the field does not go back.
    #[schema(required, minimum = 1)]
    pub by: Option<i64>,
}

impl From<Hindrance> for Left {
    fn from(hindrance: Hindrance) -> Self {
        let Hindrance {
            revision,
            entity,
            field,
            by,
        } = hindrance;
        Self {
            revision,
            entity,
            field,
            by,
        }
    }
}

/// What was undone.
#[derive(Debug, Serialize, ToSchema)]
pub struct UndoAnswer {
    /// The board's revision now; undo it to have everything back.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// The changes that were taken back, the oldest first.
    #[schema(max_items = 100_000)]
    pub undid: Vec<i64>,
    /// What was left as it is.
    #[schema(max_items = 100_000)]
    pub left: Vec<Left>,
}

impl From<Undone> for UndoAnswer {
    fn from(undone: Undone) -> Self {
        Self {
            revision: undone.revision,
            undid: undone.undid,
            left: undone.left.into_iter().map(Left::from).collect(),
        }
    }
}

/// Where to go back to: a revision or a time.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to_revision": 1}))]
pub struct RewindBody {
    /// The board as this revision left it.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub to_revision: Option<i64>,
    /// The board as it was shown then.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to_time: Option<Timestamp>,
}

impl TryFrom<RewindBody> for When {
    type Error = Error;

    fn try_from(body: RewindBody) -> Result<Self> {
        match (body.to_revision, body.to_time) {
            (Some(revision), None) => Ok(Self::Revision(revision)),
            (None, Some(time)) => Ok(Self::Time(time)),
            (None, None) => Err(Error::field(
                Code::InvalidFields,
                "/to_revision",
                "missing_field",
                "Say where to by to_revision or to_time.",
            )),
            (Some(_), Some(_)) => Err(Error::field(
                Code::InvalidFields,
                "/to_time",
                "ambiguous",
                "Say where to by one of to_revision and to_time.",
            )),
        }
    }
}

/// Where the board stands after going back.
#[derive(Debug, Serialize, ToSchema)]
pub struct RewindAnswer {
    /// The board's revision now; undo it to be where you were.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// The revision that the board is like again.
    #[schema(minimum = 1)]
    pub restored: i64,
}
