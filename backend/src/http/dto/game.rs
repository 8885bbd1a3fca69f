//! Games.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list;
use crate::domain::actor::{Caller, LinkRole};
use crate::domain::decimal::Decimal;
use crate::domain::entitlement::{Feature, Features};
use crate::domain::game::{
    self, Direction, Kind, Rule, Settings, State, TieBreak, TiebreakDirection, Ties, Visibility,
};
use crate::domain::id::{GameId, UserId};
use crate::domain::text::{Description, ExternalId, Short, Theme, TimeZone, Title};
use crate::domain::time::Timestamp;
use crate::http::routes::BASE;
use crate::services::logos::Look;

/// What the owner of a board decides. Only `title` is required; everything else has a default.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Friday", "direction": "high", "rule": "sum", "ties": "standard", "decimals": 0}))]
pub struct GameBody {
    /// Shown on top of the board.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "Friday")]
    pub title: Title,
    /// What the board is about.
    #[serde(default)]
    #[schema(value_type = String, max_length = 2000, default = "")]
    pub description: Description,
    /// Your own key for the board.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 128)]
    pub external_id: Option<ExternalId>,
    /// What the board looks like.
    #[serde(default)]
    #[schema(inline, value_type = KindWord, default = "leaderboard")]
    pub kind: Kind,
    /// Which total leads.
    #[serde(default)]
    #[schema(inline, value_type = DirectionWord, default = "high")]
    pub direction: Direction,
    /// How a player's entries fold into the total: added up, the best, the latest, or the mean
    /// rounded half to even.
    #[serde(default)]
    #[schema(inline, value_type = RuleWord, default = "sum")]
    pub rule: Rule,
    /// How equal totals are numbered: `standard` 1 1 3, `dense` 1 1 2, `ordinal` 1 2 3.
    #[serde(default)]
    #[schema(inline, value_type = TiesWord, default = "standard")]
    pub ties: Ties,
    /// Among equals, who stands first: who reached the total first, or last.
    #[serde(default)]
    #[schema(inline, value_type = TieBreakWord, default = "earliest")]
    pub tie_break: TieBreak,
    /// Whether an entry's second value counts after the total, and which leads.
    #[serde(default)]
    #[schema(inline, value_type = TiebreakDirectionWord, default = "none")]
    pub tiebreak_direction: TiebreakDirection,
    /// Digits after the point. May only grow.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 6, default = 0)]
    pub decimals: u8,
    /// Shown behind a total.
    #[serde(default)]
    #[schema(value_type = String, max_length = 32, default = "", example = "points")]
    pub unit: Short,
    /// What one tap adds.
    #[serde(default = "one")]
    #[schema(value_type = f64, minimum = -999_999_999_999_999i64, maximum = 999_999_999_999_999i64, default = 1, example = 1)]
    pub step: Decimal,
    /// The total at which the game is won.
    #[serde(default)]
    #[schema(value_type = Option<f64>, minimum = -999_999_999_999_999i64, maximum = 999_999_999_999_999i64)]
    pub target: Option<Decimal>,
    /// The board's days begin at midnight in this zone of the IANA database.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 64, default = "UTC", example = "Europe/Berlin")]
    pub timezone: TimeZone,
    /// Who may look. A private board needs an account.
    #[serde(default)]
    #[schema(inline, value_type = VisibilityWord, default = "unlisted")]
    pub visibility: Visibility,
    /// The look: a colour such as `#0072b2`, from which the app makes the board's accent, or a word of
    /// your own. Where payments are enabled, another one than none needs a product that unlocks `theme`.
    #[serde(default)]
    #[schema(value_type = String, max_length = 32, default = "")]
    pub theme: Theme,
}

fn one() -> Decimal {
    Decimal::new(1, 0)
}

impl TryFrom<GameBody> for Settings {
    type Error = crate::error::Error;

    fn try_from(body: GameBody) -> Result<Self, Self::Error> {
        use crate::error::{Code, Error};
        let invalid = |pointer: &str, code: &str, detail: &str| {
            Err(Error::field(Code::InvalidFields, pointer, code, detail))
        };
        if body.decimals > crate::domain::decimal::MAX_SCALE {
            return invalid(
                "/decimals",
                "too_large",
                "At most 6 digits after the point.",
            );
        }
        let fits = |value: Decimal| value.units_at(body.decimals).is_some();
        if !fits(body.step) {
            return invalid(
                "/step",
                "too_many_decimals",
                "The step has more digits than the board shows.",
            );
        }
        if body.target.is_some_and(|target| !fits(target)) {
            return invalid(
                "/target",
                "too_many_decimals",
                "The target has more digits than the board shows.",
            );
        }
        Ok(Self {
            title: body.title,
            description: body.description,
            external_id: body.external_id,
            kind: body.kind,
            direction: body.direction,
            rule: body.rule,
            ties: body.ties,
            tie_break: body.tie_break,
            tiebreak_direction: body.tiebreak_direction,
            decimals: body.decimals,
            unit: body.unit,
            step: body.step,
            target: body.target,
            timezone: body.timezone,
            visibility: body.visibility,
            theme: body.theme,
        })
    }
}

/// A board.
#[derive(Debug, Serialize, ToSchema)]
pub struct Game {
    /// The id.
    #[schema(value_type = String, example = "game_0C5Q0ZJ8G0N3A", pattern = "^game_[0-9A-HJKMNP-TV-Z]{13}$")]
    pub id: GameId,
    /// The address of the board, `/b/<slug>`.
    #[schema(min_length = 10, max_length = 10, example = "7h2kqm9xwd")]
    pub slug: String,
    /// Your own key for the board.
    #[schema(required, value_type = Option<String>, max_length = 128)]
    pub external_id: Option<ExternalId>,
    /// Shown on top.
    #[schema(value_type = String, max_length = 100, example = "Friday")]
    pub title: Title,
    /// What the board is about.
    #[schema(value_type = String, max_length = 2000)]
    pub description: Description,
    /// What the board looks like.
    #[schema(inline, value_type = KindWord)]
    pub kind: Kind,
    /// Which total leads.
    #[schema(inline, value_type = DirectionWord)]
    pub direction: Direction,
    /// How entries fold into a total.
    #[schema(inline, value_type = RuleWord)]
    pub rule: Rule,
    /// How equal totals are numbered.
    #[schema(inline, value_type = TiesWord)]
    pub ties: Ties,
    /// Who of two equals stands first.
    #[schema(inline, value_type = TieBreakWord)]
    pub tie_break: TieBreak,
    /// Whether the second value counts, and which leads.
    #[schema(inline, value_type = TiebreakDirectionWord)]
    pub tiebreak_direction: TiebreakDirection,
    /// Digits after the point.
    #[schema(minimum = 0, maximum = 6)]
    pub decimals: u8,
    /// Shown behind a total.
    #[schema(value_type = String, max_length = 32)]
    pub unit: Short,
    /// What one tap adds.
    #[schema(value_type = f64)]
    pub step: Decimal,
    /// The total at which the game is won.
    #[schema(required, value_type = Option<f64>)]
    pub target: Option<Decimal>,
    /// The board's time zone.
    #[schema(value_type = String, max_length = 64)]
    pub timezone: TimeZone,
    /// Who may look.
    #[schema(inline, value_type = VisibilityWord)]
    pub visibility: Visibility,
    /// The look: a colour or a word. It is kept when what unlocks it ends; `entitlements` says whether it
    /// is to be shown.
    #[schema(value_type = String, max_length = 32, example = "#0072b2")]
    pub theme: Theme,
    /// Where the picture is that stands beside the title; null: there is none, or none is unlocked.
    #[schema(
        required,
        max_length = 100,
        example = "/api/v1/games/7h2kqm9xwd/logo?v=2c26b46b68ffc68f"
    )]
    pub logo: Option<String>,
    /// Whether views carry our mark.
    pub mark: bool,
    /// What is unlocked on this board: everything where nothing is sold.
    #[schema(inline, value_type = Vec<super::order::FeatureWord>, max_items = 4)]
    pub entitlements: Features,
    /// Whether it takes scores; `trashed` in the trash.
    #[schema(inline, value_type = StateWord)]
    pub state: &'static str,
    /// Moves by one with every accepted change of the board.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// The season, from 1.
    #[schema(minimum = 1)]
    pub season: i32,
    /// Players that are not in the trash.
    #[schema(minimum = 0)]
    pub player_count: i64,
    /// The account that owns the board, if one does; told to owners.
    #[schema(required, value_type = Option<String>, max_length = 17, example = "usr_0C5Q0ZJ8G0N3G")]
    pub owner: Option<UserId>,
    /// Made then.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Last changed then.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Moves when the board itself is edited, never by scores.
    #[schema(minimum = 1)]
    pub version: i64,
    /// What the credential that was sent lets you do here: `own`, `score`, `view` or `join`; `null`: none was sent.
    #[schema(required, inline, value_type = Option<super::link::Role>)]
    pub my_role: Option<LinkRole>,
    /// The token that owns a board made without an account: here, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "shl_4x1c8m0v5q2t7z9b3n6k1d8f0g5h2j7p", max_length = 36)]
    pub own_token: Option<String>,
}

impl Game {
    /// A board as a caller sees it.
    pub fn new(game: &game::Game, caller: Caller, look: &Look) -> Self {
        let settings = game.settings.clone();
        let role = caller.role_on(game);
        Self {
            id: game.id,
            slug: game.slug.clone(),
            external_id: settings.external_id,
            title: settings.title,
            description: settings.description,
            kind: settings.kind,
            direction: settings.direction,
            rule: settings.rule,
            ties: settings.ties,
            tie_break: settings.tie_break,
            tiebreak_direction: settings.tiebreak_direction,
            decimals: settings.decimals,
            unit: settings.unit,
            step: settings.step,
            target: settings.target,
            timezone: settings.timezone,
            visibility: settings.visibility,
            theme: settings.theme,
            logo: look.logo.as_ref().map(|digest| logo(game, digest)),
            mark: !look.features.contain(Feature::Overlay),
            entitlements: look.features,
            state: match (game.trashed_at, game.state) {
                (Some(_), _) => "trashed",
                (None, State::Open) => "open",
                (None, State::Frozen) => "frozen",
                (None, State::Closed) => "closed",
            },
            revision: game.revision,
            season: game.season,
            player_count: game.player_count,
            owner: game.owner.filter(|_| role == Some(LinkRole::Own)),
            created_at: game.created_at,
            updated_at: game.updated_at,
            version: game.version,
            my_role: role,
            own_token: None,
        }
    }
}

fn logo(game: &game::Game, digest: &[u8]) -> String {
    let version: String = hex::encode(digest).chars().take(16).collect();
    format!("{BASE}/games/{}/logo?v={version}", game.slug)
}

/// A board to be moved to your account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"own_token": "shl_4x1c8m0v5q2t7z9b3n6k1d8f0g5h2j7p", "revoke_links": false}))]
pub struct ClaimBody {
    /// The `own_token` that the board's creation answered, or that of another own link.
    #[schema(min_length = 1, max_length = 100)]
    pub own_token: String,
    /// Whether the board's own links are worth nothing from now on.
    #[serde(default)]
    pub revoke_links: bool,
}

list! {
    /// One page of boards.
    GameList of Game
}

/// Declares how the words of an enumeration appear in the document.
macro_rules! word_schema {
    ($visibility:vis $name:ident { $($variant:ident = $word:literal),+ }) => {
        #[derive(ToSchema)]
        #[allow(dead_code, reason = "described in the document, never made")]
        $visibility enum $name { $(#[schema(rename = $word)] $variant),+ }
    };
}
pub(super) use word_schema;

word_schema!(KindWord { Leaderboard = "leaderboard", Scoresheet = "scoresheet", Versus = "versus", Counter = "counter" });
word_schema!(DirectionWord { High = "high", Low = "low" });
word_schema!(RuleWord { Sum = "sum", Best = "best", Latest = "latest", Average = "average" });
word_schema!(TiesWord { Standard = "standard", Dense = "dense", Ordinal = "ordinal" });
word_schema!(TieBreakWord { Earliest = "earliest", Latest = "latest" });
word_schema!(TiebreakDirectionWord { None = "none", High = "high", Low = "low" });
word_schema!(VisibilityWord { Unlisted = "unlisted", Public = "public", Private = "private" });
word_schema!(StateWord { Open = "open", Frozen = "frozen", Closed = "closed", Trashed = "trashed" });
