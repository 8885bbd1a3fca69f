//! Rounds.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list;
use super::score::{Score, ScoreBody};
use crate::domain::id::RoundId;
use crate::domain::round::{self, RoundDetails, RoundState};
use crate::domain::score;
use crate::domain::text::{ExternalId, Label, Note};
use crate::domain::time::Timestamp;
use crate::services::rounds::RoundOnBoard;

/// What is decided about a round.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"label": "Match day 1", "state": "closed"}))]
pub struct RoundPatchBody {
    /// Its name.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "Match day 1")]
    pub label: Label,
    /// Your own key for the round, unique on the board.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 128)]
    pub external_id: Option<ExternalId>,
    /// A remark.
    #[serde(default)]
    #[schema(value_type = String, max_length = 500, default = "")]
    pub comment: Note,
    /// Whether the round takes scores.
    #[serde(default)]
    #[schema(inline, value_type = RoundStateWord, default = "open")]
    pub state: RoundState,
}

impl TryFrom<RoundPatchBody> for RoundDetails {
    type Error = crate::error::Error;

    fn try_from(body: RoundPatchBody) -> Result<Self, Self::Error> {
        Ok(Self {
            label: body.label,
            external_id: body.external_id,
            comment: body.comment,
            state: body.state,
        })
    }
}

/// A round, with all its scores at once if they are known: all are entered, or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"label": "Match day 1", "external_id": "md-1", "scores": [{"player_id": "plr_0C5Q0ZJ8G0N3B", "value": 3, "tiebreak": 2}]}))]
pub struct RoundBody {
    /// Its name.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "Match day 1")]
    pub label: Label,
    /// Your own key for the round, unique on the board.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 128)]
    pub external_id: Option<ExternalId>,
    /// A remark.
    #[serde(default)]
    #[schema(value_type = String, max_length = 500, default = "")]
    pub comment: Note,
    /// Whether the round takes further scores.
    #[serde(default)]
    #[schema(inline, value_type = RoundStateWord, default = "open")]
    pub state: RoundState,
    /// The scores of the round.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub scores: Vec<ScoreBody>,
}

/// A round with its scores.
#[derive(Debug, Serialize, ToSchema)]
pub struct Round {
    /// The id.
    #[schema(value_type = String, example = "rnd_0C5Q0ZJ8G0N3D", pattern = "^rnd_[0-9A-HJKMNP-TV-Z]{13}$")]
    pub id: RoundId,
    /// From 1, in the order in which rounds were made.
    #[schema(minimum = 1)]
    pub number: i64,
    /// Your own key for the round.
    #[schema(required, value_type = Option<String>, max_length = 128)]
    pub external_id: Option<ExternalId>,
    /// Its name.
    #[schema(value_type = String, max_length = 100)]
    pub label: Label,
    /// A remark.
    #[schema(value_type = String, max_length = 500)]
    pub comment: Note,
    /// `open`, `closed`, or `trashed` in the trash.
    #[schema(inline, value_type = RoundStateAnswer)]
    pub state: &'static str,
    /// Its live scores in the order in which they arrived.
    #[schema(max_items = 10000)]
    pub scores: Vec<Score>,
    /// Moves when the round is edited, never by scores.
    #[schema(minimum = 1)]
    pub version: i64,
    /// Made then.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The board's revision, with an answer for one round.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub revision: Option<i64>,
}

super::game::word_schema!(RoundStateWord { Open = "open", Closed = "closed" });
super::game::word_schema!(RoundStateAnswer { Open = "open", Closed = "closed", Trashed = "trashed" });

impl Round {
    /// A round with its entries.
    pub fn new(round: &round::Round, scores: &[score::Score]) -> Self {
        let details = round.details.clone();
        Self {
            id: round.id,
            number: round.number,
            external_id: details.external_id,
            label: details.label,
            comment: details.comment,
            state: if round.trashed_at.is_some() {
                "trashed"
            } else {
                details.state.word()
            },
            scores: scores.iter().map(Score::from).collect(),
            version: round.version,
            created_at: round.created_at,
            revision: None,
        }
    }
}

impl From<&RoundOnBoard> for Round {
    fn from(found: &RoundOnBoard) -> Self {
        let mut round = Self::new(&found.round, &found.scores);
        for score in &mut round.scores {
            score.replayed = found.replayed.contains(&score.id);
        }
        round.revision = Some(found.game.revision);
        round
    }
}

list! {
    /// One page of rounds, in the order of their numbers.
    RoundList of Round
}
