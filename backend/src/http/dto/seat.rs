//! Seats: what those who came in by an invitation see of their own.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::player::Player;
use crate::domain::id::LinkId;
use crate::domain::text::{Colour, Name};
use crate::domain::time::Timestamp;
use crate::services::seats::{Newcomer, SeatOnBoard};

/// Somebody who would like to come in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Ana", "colour": "#0072b2", "client_id": "0b0f3f0e-6a0b-4d57-9d3c-0f6f1b1d7c11"}))]
pub struct JoinBody {
    /// Shown on the board.
    #[schema(value_type = String, min_length = 1, max_length = 60, example = "Ana")]
    pub name: Name,
    /// The player's colour.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^#[0-9A-Fa-f]{6}$", max_length = 7, example = "#0072b2")]
    pub colour: Option<Colour>,
    /// A UUID that this device keeps: when it comes again with the same invitation it gets its seat back,
    /// as it is, and never a second one.
    #[serde(default)]
    pub client_id: Option<Uuid>,
}

impl From<JoinBody> for Newcomer {
    fn from(body: JoinBody) -> Self {
        Self {
            name: body.name,
            colour: body.colour,
            client_id: body.client_id,
        }
    }
}

super::game::word_schema!(SeatState { Waiting = "waiting", Joined = "joined", Closed = "closed" });

/// Your seat at a board.
#[derive(Debug, Serialize, ToSchema)]
pub struct Seat {
    /// The id of the link that it is.
    #[schema(value_type = String, example = "lnk_0C5Q0ZJ8G0N3F", pattern = "^lnk_[0-9A-HJKMNP-TV-Z]{13}$")]
    pub id: LinkId,
    /// What you called yourself when you came.
    #[schema(value_type = String, max_length = 60, example = "Ana")]
    pub name: Name,
    /// The colour that you asked for then.
    #[schema(required, value_type = Option<String>, max_length = 7)]
    pub colour: Option<Colour>,
    /// `waiting` until the owner lets you in, then `joined`; `closed` while your player is in the trash.
    #[schema(inline, value_type = SeatState)]
    pub state: &'static str,
    /// Whether you may enter your own scores.
    pub scores: bool,
    /// Whom you play; `null` while you wait.
    #[schema(required)]
    pub player: Option<Player>,
    /// Taken then.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl From<&SeatOnBoard> for Seat {
    fn from(seat: &SeatOnBoard) -> Self {
        let kept = &seat.kept;
        let place = kept.place.as_ref();
        Self {
            id: kept.link.id,
            name: kept.details.name.clone(),
            colour: place.and_then(|place| place.colour.clone()),
            state: match &seat.player {
                None => "waiting",
                Some((player, _)) if player.trashed_at.is_some() => "closed",
                Some(_) => "joined",
            },
            scores: seat.scores,
            player: seat
                .player
                .as_ref()
                .map(|placed| Player::new(&seat.game, placed)),
            created_at: kept.created_at,
        }
    }
}

/// A seat with its token: here, and never again.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "described in the document; the secrets join the answer when it is sent"
)]
pub struct SeatWithToken {
    #[schema(inline)]
    #[serde(flatten)]
    seat: Seat,
    /// The token, for `Authorization: Bearer`.
    #[schema(example = "shl_4x1c8m0v5q2t7z9b3n6k1d8f0g5h2j7p", max_length = 36)]
    token: String,
    /// The address that opens the board with this seat.
    #[schema(
        example = "https://scores.example/b/7h2kqm9xwd#k=shl_4x1c8m0v5q2t7z9b3n6k1d8f0g5h2j7p",
        max_length = 2000
    )]
    url: String,
}
