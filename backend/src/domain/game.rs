//! A game: one board, its settings and its state.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::id::{GameId, NotAnId, UserId};
use super::ranking::RankRules;
use super::tally::FoldRules;
use super::text::{Description, ExternalId, Short, Theme, TimeZone, Title};
use super::time::Timestamp;
use super::{decimal::Decimal, words};

words! {
    /// What a board looks like and is for.
    Kind { Leaderboard = "leaderboard", Scoresheet = "scoresheet", Versus = "versus", Counter = "counter" }
}
words! {
    /// Which total leads.
    Direction { High = "high", Low = "low" }
}
words! {
    /// How entries fold into a total.
    Rule { Sum = "sum", Best = "best", Latest = "latest", Average = "average" }
}
words! {
    /// How equal totals are numbered: 1 1 3, 1 1 2 or 1 2 3.
    Ties { Standard = "standard", Dense = "dense", Ordinal = "ordinal" }
}
words! {
    /// Who of two equals stands first: who reached the total first, or last.
    TieBreak { Earliest = "earliest", Latest = "latest" }
}
words! {
    /// Whether an entry's second value counts, and which leads.
    TiebreakDirection { None = "none", High = "high", Low = "low" }
}
words! {
    /// Who may look: everybody who has the address, everybody, or only who was given a link.
    Visibility { Unlisted = "unlisted", Public = "public", Private = "private" }
}
words! {
    /// Whether the board takes scores.
    State { Open = "open", Frozen = "frozen", Closed = "closed" }
}

impl Direction {
    /// The total as a number that ascends from the leader down.
    pub fn ascending(self, total: i64) -> i64 {
        match self {
            Self::High => -total,
            Self::Low => total,
        }
    }
}

impl TiebreakDirection {
    /// The second value likewise; one that is absent comes after all others, and where the second
    /// value does not count all are equal.
    pub fn ascending(self, tiebreak: Option<i64>) -> i64 {
        match (self, tiebreak) {
            (Self::None, _) => 0,
            (_, None) => i64::MAX,
            (Self::High, Some(value)) => -value,
            (Self::Low, Some(value)) => value,
        }
    }
}

/// What the owner of a board decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Shown on top.
    pub title: Title,
    /// What the board is about.
    pub description: Description,
    /// The integrator's own key.
    pub external_id: Option<ExternalId>,
    /// What it looks like.
    pub kind: Kind,
    /// Which total leads.
    pub direction: Direction,
    /// How entries fold.
    pub rule: Rule,
    /// How ties are numbered.
    pub ties: Ties,
    /// Who of two equals stands first.
    pub tie_break: TieBreak,
    /// Whether the second value counts.
    pub tiebreak_direction: TiebreakDirection,
    /// Digits after the point, 0 to 6; may only grow.
    pub decimals: u8,
    /// Shown behind a total: "points", "km".
    pub unit: Short,
    /// What one tap adds.
    pub step: Decimal,
    /// The total at which the game is won.
    pub target: Option<Decimal>,
    /// The board's days begin at midnight there.
    pub timezone: TimeZone,
    /// Who may look.
    pub visibility: Visibility,
    /// The look: a colour or a word.
    pub theme: Theme,
}

impl Settings {
    /// The settings of a board that has a title and otherwise every default.
    pub fn titled(title: Title) -> Self {
        Self {
            title,
            description: Description::default(),
            external_id: None,
            kind: Kind::default(),
            direction: Direction::default(),
            rule: Rule::default(),
            ties: Ties::default(),
            tie_break: TieBreak::default(),
            tiebreak_direction: TiebreakDirection::default(),
            decimals: 0,
            unit: Short::default(),
            step: Decimal::new(1, 0),
            target: None,
            timezone: TimeZone::default(),
            visibility: Visibility::default(),
            theme: Theme::default(),
        }
    }

    /// What decides the fold.
    pub fn fold_rules(&self) -> FoldRules {
        FoldRules {
            rule: self.rule,
            direction: self.direction,
            tiebreak_direction: self.tiebreak_direction,
        }
    }

    /// What decides the order.
    pub fn rank_rules(&self) -> RankRules {
        RankRules {
            direction: self.direction,
            tiebreak_direction: self.tiebreak_direction,
            tie_break: self.tie_break,
            ties: self.ties,
        }
    }

    /// Whether a change to `next` moves a total or a place.
    pub fn scores_differently(&self, next: &Self) -> bool {
        (self.fold_rules(), self.tie_break, self.decimals)
            != (next.fold_rules(), next.tie_break, next.decimals)
    }
}

/// One board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Game {
    /// Its id.
    pub id: GameId,
    /// Its address: 10 characters, case-insensitive.
    pub slug: String,
    /// The account that owns it, beside its own links.
    pub owner: Option<UserId>,
    /// What its owner decided.
    pub settings: Settings,
    /// Whether it takes scores.
    pub state: State,
    /// In the trash since then.
    pub trashed_at: Option<Timestamp>,
    /// The season, from 1.
    pub season: i32,
    /// Players that are not in the trash.
    pub player_count: i64,
    /// Rounds ever made: the number of the newest one.
    pub round_count: i64,
    /// Moves when the board itself is edited, never by scores.
    pub version: i64,
    /// Moves by one with every accepted change.
    pub revision: i64,
    /// Where the hash chain of the journal stands.
    pub journal_head: Vec<u8>,
    /// Made then.
    pub created_at: Timestamp,
    /// Last changed then.
    pub updated_at: Timestamp,
}

/// How a board is named in a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GameRef {
    /// By its id.
    Id(GameId),
    /// By its address, in lower case.
    Slug(String),
}

impl FromStr for GameRef {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let slug = text.to_ascii_lowercase();
        if slug.len() == SLUG_LENGTH && slug.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Ok(Self::Slug(slug));
        }
        text.parse().map(Self::Id)
    }
}

/// Letters of a slug: Crockford base32 without vowels, so that no word comes out by chance.
pub const SLUG_ALPHABET: &[u8; 30] = b"0123456789bcdfghjkmnpqrstvwxyz";
/// Length of a slug.
pub const SLUG_LENGTH: usize = 10;
