//! Standings.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::decimal::Decimal;
use crate::domain::game;
use crate::domain::id::PlayerId;
use crate::domain::text::{Colour, ExternalId, Name, Short};
use crate::domain::time::Timestamp;
use crate::repos::standings::Placed;

/// The player of a row.
#[derive(Debug, Serialize, ToSchema)]
pub struct StandingPlayer {
    /// The id.
    #[schema(value_type = String, max_length = 17, example = "plr_0C5Q0ZJ8G0N3B")]
    pub id: PlayerId,
    /// The name.
    #[schema(value_type = String, max_length = 60, example = "Ana")]
    pub name: Name,
    /// Your own key for the player.
    #[schema(required, value_type = Option<String>, max_length = 128)]
    pub external_id: Option<ExternalId>,
    /// The team, by name.
    #[schema(required, value_type = Option<String>, max_length = 60)]
    pub team: Option<Name>,
    /// The player's colour.
    #[schema(required, value_type = Option<String>, max_length = 7)]
    pub colour: Option<Colour>,
    /// An emoji or a few letters.
    #[schema(required, value_type = Option<String>, max_length = 32)]
    pub avatar: Option<Short>,
    /// The place in a list that is not ranked.
    #[schema(required)]
    pub position: Option<i32>,
    /// Moves when the player is edited.
    #[schema(minimum = 1)]
    pub version: i64,
}

/// One row of the standings.
#[derive(Debug, Serialize, ToSchema)]
pub struct Standing {
    /// The exact rank; `null` without a score.
    #[schema(required, minimum = 1)]
    pub rank: Option<i64>,
    /// The player.
    pub player: StandingPlayer,
    /// The total; `null` without a score, which is not 0.
    #[schema(required, value_type = Option<f64>)]
    pub total: Option<Decimal>,
    /// The second value.
    #[schema(required, value_type = Option<f64>)]
    pub tiebreak: Option<Decimal>,
    /// Live entries.
    #[schema(minimum = 0)]
    pub entries: i64,
    /// When the present total was reached.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub reached_at: Option<Timestamp>,
}

impl Standing {
    /// A row of a game's standings.
    pub fn new(game: &game::Game, (player, rank): &Placed) -> Self {
        let (profile, tally) = (player.profile.clone(), &player.tally);
        let shown = |units: i64| Decimal::new(units, game.settings.decimals);
        Self {
            rank: *rank,
            player: StandingPlayer {
                id: player.id,
                name: profile.name,
                external_id: profile.external_id,
                team: profile.team,
                colour: profile.colour,
                avatar: profile.avatar,
                position: profile.position,
                version: player.version,
            },
            total: tally.total.map(shown),
            tiebreak: tally.tiebreak.map(shown),
            entries: tally.entries,
            reached_at: tally.reached.map(|reached| reached.at),
        }
    }

    /// The rows of a game's standings.
    pub fn rows(game: &game::Game, placed: &[Placed]) -> Vec<Self> {
        placed.iter().map(|one| Self::new(game, one)).collect()
    }
}

/// A part of the standings, the leader first; players without a score come last.
#[derive(Debug, Serialize, ToSchema)]
pub struct Standings {
    /// The board's revision that these are the standings of.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// With `?at=`: when that revision was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String, format = DateTime)]
    pub made_at: Option<Timestamp>,
    /// The rows.
    #[schema(max_items = 1000)]
    pub data: Vec<Standing>,
    /// Whether more rows follow.
    pub has_more: bool,
    /// Ask again with `?cursor=` and this for the next page.
    #[schema(required, max_length = 200)]
    pub next_cursor: Option<String>,
}

/// The players around one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Around {
    /// The board's revision that these are the standings of.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// The rows, the player's own among them.
    #[schema(max_items = 101)]
    pub data: Vec<Standing>,
}

/// The place of one player.
#[derive(Debug, Serialize, ToSchema)]
pub struct OneStanding {
    /// The board's revision that this is the place at.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// The row.
    #[serde(flatten)]
    pub row: Standing,
}
