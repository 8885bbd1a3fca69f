//! Who asks, and who did it.

use super::game::Game;
use super::id::{GameId, LinkId, SessionId, UserId};
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

/// A person who is logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub id: UserId,
    /// The device.
    pub session: SessionId,
    /// Whether the account may see and move payments.
    pub operator: bool,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Nobody we know.
    Anonymous,
    /// The holder of a link.
    Link(Link),
    /// A person who is logged in.
    Person(Person),
    /// The service itself, such as the demo board's hand.
    System,
}

/// Who did it, as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The role it acted in: that of its link (`own`, `score`), `user`, `operator`, `anonymous`, `system`.
    pub role: String,
    /// The link it came through, or the account.
    pub id: Option<i64>,
}

/// The role in which a person acts who is logged in.
pub const USER: &str = "user";
/// The role in which a person acts who looks after payments.
pub const OPERATOR: &str = "operator";

impl Actor {
    fn new(role: &str, id: Option<i64>) -> Self {
        Self {
            role: role.to_owned(),
            id,
        }
    }

    /// The id as the API writes it.
    pub fn public_id(&self) -> Option<String> {
        self.id.map(|id| match &*self.role {
            USER | OPERATOR => UserId(id).to_string(),
            _ => LinkId(id).to_string(),
        })
    }
}

impl Caller {
    /// The caller as the journal keeps it.
    pub fn actor(self) -> Actor {
        match self {
            Self::Anonymous => Actor::new("anonymous", None),
            Self::System => Actor::new("system", None),
            Self::Link(link) => Actor::new(link.role.word(), Some(link.id.0)),
            Self::Person(person) => Actor::new(USER, Some(person.id.0)),
        }
    }

    /// The link that opens that board.
    pub fn link_on(self, game: GameId) -> Option<Link> {
        match self {
            Self::Link(link) if link.game == game => Some(link),
            _ => None,
        }
    }

    /// The account that the caller is logged in to.
    pub fn person(self) -> Option<Person> {
        match self {
            Self::Person(person) => Some(person),
            _ => None,
        }
    }

    /// Whether the caller may see and move payments.
    pub fn is_operator(self) -> bool {
        self.person().is_some_and(|person| person.operator)
    }

    /// The caller as the ledger of orders keeps whoever moves payments.
    pub fn as_operator(self) -> Actor {
        Actor::new(OPERATOR, self.person().map(|person| person.id.0))
    }

    /// What the caller may do on that board.
    pub fn role_on(self, game: &Game) -> Option<LinkRole> {
        match self {
            Self::System => Some(LinkRole::Own),
            Self::Person(person) => (game.owner == Some(person.id)).then_some(LinkRole::Own),
            Self::Link(_) | Self::Anonymous => self.link_on(game.id).map(|link| link.role),
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
