//! Players.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list;
use crate::domain::decimal::Decimal;
use crate::domain::game;
use crate::domain::id::PlayerId;
use crate::domain::player::Profile;
use crate::domain::text::{Colour, ExternalId, Name, Short};
use crate::domain::time::Timestamp;
use crate::repos::standings::Placed;

/// What is decided about a player.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Ana", "external_id": "u-17"}))]
pub struct PlayerBody {
    /// Shown on the board.
    #[schema(value_type = String, min_length = 1, max_length = 60, example = "Ana")]
    pub name: Name,
    /// Your own key for the player, unique on the board.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 128)]
    pub external_id: Option<ExternalId>,
    /// The team, by name.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 60)]
    pub team: Option<Name>,
    /// The player's colour.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^#[0-9A-Fa-f]{6}$", max_length = 7, example = "#0072b2")]
    pub colour: Option<Colour>,
    /// An emoji or a few letters.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 32)]
    pub avatar: Option<Short>,
    /// The place in a list that is not ranked.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub position: Option<i32>,
}

impl TryFrom<PlayerBody> for Profile {
    type Error = crate::error::Error;

    fn try_from(body: PlayerBody) -> Result<Self, Self::Error> {
        if body
            .position
            .is_some_and(|position| !(0..=1_000_000).contains(&position))
        {
            return Err(crate::error::Error::field(
                crate::error::Code::InvalidFields,
                "/position",
                "out_of_range",
                "A position is 0 to 1000000.",
            ));
        }
        Ok(Self {
            name: body.name,
            external_id: body.external_id,
            team: body.team,
            colour: body.colour,
            avatar: body.avatar,
            position: body.position,
        })
    }
}

/// Several players at once, all or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"players": [{"name": "Ana"}, {"name": "Ben"}]}))]
pub struct PlayersBody {
    /// The players, in the order in which they are added.
    #[schema(min_items = 1, max_items = 1000)]
    pub players: Vec<PlayerBody>,
}

/// One player or several.
#[derive(ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "described in the document, never made")]
pub enum OneOrMorePlayers {
    /// One player.
    One(PlayerBody),
    /// Several players.
    Several(PlayersBody),
}

/// A player.
#[derive(Debug, Serialize, ToSchema)]
pub struct Player {
    /// The id.
    #[schema(value_type = String, example = "plr_0C5Q0ZJ8G0N3B", pattern = "^plr_[0-9A-HJKMNP-TV-Z]{13}$")]
    pub id: PlayerId,
    /// Shown on the board.
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
    /// `active`, or `trashed` in the trash.
    #[schema(inline, value_type = PlayerState)]
    pub state: &'static str,
    /// The total; `null` without a score, which is not 0.
    #[schema(required, value_type = Option<f64>)]
    pub total: Option<Decimal>,
    /// The exact rank; `null` without a score.
    #[schema(required, minimum = 1)]
    pub rank: Option<i64>,
    /// Live entries.
    #[schema(minimum = 0)]
    pub entries: i64,
    /// Moves when the player is edited, never by scores.
    #[schema(minimum = 1)]
    pub version: i64,
    /// Added then.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

super::game::word_schema!(PlayerState { Active = "active", Trashed = "trashed" });

impl Player {
    /// A player of a game, with the rank.
    pub fn new(game: &game::Game, (player, rank): &Placed) -> Self {
        let (profile, decimals) = (player.profile.clone(), game.settings.decimals);
        Self {
            id: player.id,
            name: profile.name,
            external_id: profile.external_id,
            team: profile.team,
            colour: profile.colour,
            avatar: profile.avatar,
            position: profile.position,
            state: if player.trashed_at.is_some() {
                "trashed"
            } else {
                "active"
            },
            total: player
                .tally
                .total
                .map(|total| Decimal::new(total, decimals)),
            rank: *rank,
            entries: player.tally.entries,
            version: player.version,
            created_at: player.created_at,
        }
    }
}

list! {
    /// One page of players, in the order in which they were added.
    PlayerList of Player
}

/// The players that were added, and the board's revision after it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddedPlayers {
    /// The players.
    #[schema(max_items = 1000)]
    pub data: Vec<Player>,
    /// The board's revision.
    #[schema(minimum = 1)]
    pub revision: i64,
}

/// What was added: one player, or several.
#[derive(ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "described in the document, never made")]
pub enum Added {
    /// One player was sent.
    One(Player),
    /// A list was sent.
    Several(AddedPlayers),
}
