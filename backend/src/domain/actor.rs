//! Who asks, and who did it.

use super::id::{GameId, LinkId};
use super::words;

words! {
    /// What a capability link lets its holder do with one board.
    LinkRole { View = "view", Score = "score", Own = "own", Join = "join" }
}

/// A capability for one board, proven by a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// The one board it opens.
    pub game: GameId,
    /// What it lets its holder do there.
    pub role: LinkRole,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Nobody we know.
    Anonymous,
    /// The holder of a link.
    Link(Link),
    /// The service itself, such as the demo board's hand.
    System,
}

/// Who did it, as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The role it acted in: `own`, `score`, `anonymous`, `system`.
    pub role: String,
    /// The link it came through.
    pub id: Option<i64>,
}

impl Caller {
    /// The caller as the journal keeps it.
    pub fn actor(self) -> Actor {
        match self {
            Self::Anonymous => Actor {
                role: "anonymous".to_owned(),
                id: None,
            },
            Self::System => Actor {
                role: "system".to_owned(),
                id: None,
            },
            Self::Link(link) => Actor {
                role: link.role.to_string(),
                id: Some(link.id.0),
            },
        }
    }

    /// The link that opens that board.
    pub fn link_on(self, game: GameId) -> Option<Link> {
        match self {
            Self::Link(link) if link.game == game => Some(link),
            _ => None,
        }
    }

    /// What the caller may do on that board.
    pub fn role_on(self, game: GameId) -> Option<LinkRole> {
        match self {
            Self::System => Some(LinkRole::Own),
            _ => self.link_on(game).map(|link| link.role),
        }
    }
}

/// What is asked of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Look.
    View,
    /// Enter scores, players and rounds.
    Score,
    /// Decide everything.
    Own,
}

impl LinkRole {
    /// Whether the role is enough for the action.
    pub fn allows(self, action: Action) -> bool {
        match action {
            Action::View => true,
            Action::Score => matches!(self, Self::Score | Self::Own),
            Action::Own => self == Self::Own,
        }
    }
}
