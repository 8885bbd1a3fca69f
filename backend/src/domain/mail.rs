//! What is sent by mail: why, to whom, and what the mail says once its secrets are made.

use serde::{Deserialize, Serialize};

use super::id::{GameId, LinkId, UserId};
use super::jwt;
use super::time::Timestamp;
use super::user::Email;
use super::words;

words! {
    /// Why a mail is sent.
    Kind { Verify = "verify", Reset = "reset", Changed = "changed", Moved = "moved", Link = "link" }
}

/// A mail to be sent: what it is about, by ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// Show that the address is theirs.
    Verify(UserId),
    /// Choose a new password.
    Reset(UserId),
    /// Their password was changed.
    Changed(UserId),
    /// Their address was changed: told to the old one.
    Moved(UserId),
    /// The link of a board that they made.
    Link(GameId, LinkId),
}

impl Errand {
    /// Puts an errand together from its parts; `None` where they do not fit.
    pub fn of(kind: Kind, user: Option<UserId>, link: Option<(GameId, LinkId)>) -> Option<Self> {
        match kind {
            Kind::Verify => user.map(Self::Verify),
            Kind::Reset => user.map(Self::Reset),
            Kind::Changed => user.map(Self::Changed),
            Kind::Moved => user.map(Self::Moved),
            Kind::Link => link.map(|(game, link)| Self::Link(game, link)),
        }
    }

    /// Why it is sent.
    pub fn kind(self) -> Kind {
        match self {
            Self::Verify(_) => Kind::Verify,
            Self::Reset(_) => Kind::Reset,
            Self::Changed(_) => Kind::Changed,
            Self::Moved(_) => Kind::Moved,
            Self::Link(..) => Kind::Link,
        }
    }

    /// The account that it is about.
    pub fn user(self) -> Option<UserId> {
        match self {
            Self::Verify(user) | Self::Reset(user) | Self::Changed(user) | Self::Moved(user) => {
                Some(user)
            }
            Self::Link(..) => None,
        }
    }

    /// The link that it brings.
    pub fn link(self) -> Option<(GameId, LinkId)> {
        match self {
            Self::Link(game, link) => Some((game, link)),
            _ => None,
        }
    }
}

/// A mail that waits to be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its number.
    pub id: i64,
    /// What it is about.
    pub errand: Errand,
    /// To whom.
    pub address: Email,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is to be tried next.
    pub due_at: Timestamp,
    /// Nobody waits for it after this.
    pub expires_at: Timestamp,
}

/// What a mailed token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The address is theirs. Good for three days.
    Verify,
    /// They may choose a new password. Good for an hour.
    Reset,
}

impl Proof {
    /// The kind of token.
    pub const fn kind(self) -> jwt::Kind {
        match self {
            Self::Verify => jwt::Kind {
                typ: "verify+jwt",
                seconds: 3 * 86_400,
            },
            Self::Reset => jwt::Kind {
                typ: "reset+jwt",
                seconds: 3600,
            },
        }
    }
}

/// What a mailed token says: for whom, and of which state of the account. When that state is over, the
/// token is worthless, so that it works once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailed {
    /// The account.
    pub sub: UserId,
    /// A digest of the state.
    pub of: String,
}

/// A mail as it is handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub to: Email,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}
