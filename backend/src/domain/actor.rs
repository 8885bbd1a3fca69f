//! Who asks, and who did it.

use super::game::Game;
use super::id::{GameId, LinkId, PlayerId, SessionId, UserId};
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

/// A place at the board, taken by an invitation: a link whose holder plays one player.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// What proves it.
    pub link: Link,
    /// Whom its holder plays; `None`: the owner has not let them in yet.
    pub player: Option<PlayerId>,
    /// Whether the owner lets them enter their own scores.
    pub scores: bool,
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
    /// The holder of a link; of the role `join`, of an invitation.
    Link(Link),
    /// Somebody who came in by an invitation.
    Seat(Seat),
    /// A person who is logged in.
    Person(Person),
    /// The service itself, such as the demo board's hand.
    System,
}

/// Who did it, as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The role it acted in: that of its link (`own`, `score`, `join`), `user`, `operator`, `anonymous`,
    /// `system`.
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
            Self::Link(link) | Self::Seat(Seat { link, .. }) => {
                Actor::new(link.role.word(), Some(link.id.0))
            }
            Self::Person(person) => Actor::new(USER, Some(person.id.0)),
        }
    }

    /// The link that the caller came with.
    pub fn link(self) -> Option<Link> {
        match self {
            Self::Link(link) | Self::Seat(Seat { link, .. }) => Some(link),
            Self::Anonymous | Self::Person(_) | Self::System => None,
        }
    }

    /// The link that opens that board.
    pub fn link_on(self, game: GameId) -> Option<Link> {
        self.link().filter(|link| link.game == game)
    }

    /// Whether many come like this caller, each for themselves: strangers, and those with an invitation.
    pub fn is_shared(self) -> bool {
        match self {
            Self::Anonymous => true,
            Self::Link(link) => link.role == LinkRole::Join,
            Self::Seat(_) | Self::Person(_) | Self::System => false,
        }
    }

    /// Whether the caller holds a link that only lets them look.
    pub fn is_view_link(self) -> bool {
        self.link().is_some_and(|link| link.role == LinkRole::View)
    }

    /// The place that the caller took at that board.
    pub fn seat_on(self, game: GameId) -> Option<Seat> {
        match self {
            Self::Seat(seat) if seat.link.game == game => Some(seat),
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
            Self::Link(_) | Self::Seat(_) | Self::Anonymous => {
                self.link_on(game.id).map(|link| link.role)
            }
        }
    }

    /// Whether the caller may do that on that board.
    pub fn may(self, action: Action, game: &Game) -> bool {
        let Some(role) = self.role_on(game) else {
            return false;
        };
        match self.seat_on(game.id) {
            Some(seat) => seat.allows(action),
            None => role.allows(action),
        }
    }
}

/// What is asked of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Look.
    View,
    /// Take a place as a new player.
    Join,
    /// Look after the place that was taken.
    Sit,
    /// Change how a player is shown.
    Dress(PlayerId),
    /// Enter, amend and take back scores; whose, is asked when it is known.
    Play,
    /// Enter, amend and take back a player's scores.
    PlayFor(PlayerId),
    /// Enter scores, players and rounds.
    Score,
    /// Decide everything.
    Own,
}

impl LinkRole {
    /// Whether the role is enough for the action.
    fn allows(self, action: Action) -> bool {
        match action {
            Action::View => true,
            Action::Join => self == Self::Join,
            Action::Sit => false,
            Action::Dress(_) | Action::Play | Action::PlayFor(_) | Action::Score => {
                matches!(self, Self::Score | Self::Own)
            }
            Action::Own => self == Self::Own,
        }
    }
}

impl Seat {
    /// Whether the place is enough for the action: to look, and to be one's own player.
    fn allows(self, action: Action) -> bool {
        match action {
            Action::View | Action::Sit => true,
            Action::Dress(player) => self.player == Some(player),
            Action::Play => self.scores && self.player.is_some(),
            Action::PlayFor(player) => self.scores && self.player == Some(player),
            Action::Join | Action::Score | Action::Own => false,
        }
    }
}
