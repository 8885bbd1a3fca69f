//! Scores.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::list;
use crate::domain::decimal::Decimal;
use crate::domain::game;
use crate::domain::id::{PlayerId, RoundId, ScoreId};
use crate::domain::score::{self, Amendable, NewScore, Op, PlayerRef};
use crate::domain::text::{ExternalId, Name, Note};
use crate::domain::time::Timestamp;
use crate::error::{Code, Error};
use crate::services::scores::{Batch, Submitted};

/// A score to be entered. Name the player by `player_id` or by your own `external_id`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"player_id": "plr_0C5Q0ZJ8G0N3B", "value": 3, "op": "add", "client_id": "0b0f3f0e-6a0b-4d57-9d3c-0f6f1b1d7c11"}))]
pub struct ScoreBody {
    /// The player.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 17, example = "plr_0C5Q0ZJ8G0N3B")]
    pub player_id: Option<PlayerId>,
    /// Your own key for the player, instead of `player_id`.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 128)]
    pub external_id: Option<ExternalId>,
    /// An exact decimal, as a number or a text.
    #[schema(value_type = f64, minimum = -999_999_999_999_999i64, maximum = 999_999_999_999_999i64, example = 3)]
    pub value: Decimal,
    /// `add` to the total, or `set` it (with the rule `sum` only).
    #[serde(default)]
    #[schema(inline, value_type = OpWord, default = "add")]
    pub op: Op,
    /// A second exact decimal, compared after the total: goal difference, time.
    #[serde(default)]
    #[schema(value_type = Option<f64>, minimum = -999_999_999_999_999i64, maximum = 999_999_999_999_999i64)]
    pub tiebreak: Option<Decimal>,
    /// The round it belongs to.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 17)]
    pub round_id: Option<RoundId>,
    /// A remark.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub note: Option<Note>,
    /// A UUID of your own: sent again, the same score is never counted twice.
    #[serde(default)]
    pub client_id: Option<Uuid>,
    /// When it happened, if not now. Shown, never folded by.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub occurred_at: Option<Timestamp>,
    /// For `set`: the revision you have seen. A newer score of that player is not overwritten.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub base_revision: Option<i64>,
}

impl TryFrom<ScoreBody> for NewScore {
    type Error = Error;

    fn try_from(body: ScoreBody) -> Result<Self, Error> {
        let invalid = |pointer: &str, code: &str, detail: &str| {
            Err(Error::field(Code::InvalidFields, pointer, code, detail))
        };
        let player = match (body.player_id, body.external_id) {
            (Some(id), None) => PlayerRef::Id(id),
            (None, Some(key)) => PlayerRef::External(key),
            (None, None) => {
                return invalid(
                    "/player_id",
                    "missing_field",
                    "Name the player by player_id or external_id.",
                );
            }
            (Some(_), Some(_)) => {
                return invalid(
                    "/external_id",
                    "ambiguous",
                    "Name the player by one of player_id and external_id.",
                );
            }
        };
        if body.base_revision.is_some_and(|revision| revision < 0) {
            return invalid("/base_revision", "out_of_range", "A revision is 0 or more.");
        }
        Ok(Self {
            player,
            op: body.op,
            value: body.value,
            tiebreak: body.tiebreak,
            round: body.round_id,
            note: body.note,
            client_id: body.client_id,
            occurred_at: body.occurred_at,
            base_revision: body.base_revision,
        })
    }
}

/// Turns the scores of a list; a fault is told with the place of its item.
pub fn new_scores(bodies: Vec<ScoreBody>, list: &str) -> Result<Vec<NewScore>, Error> {
    let turned = bodies.into_iter().enumerate().map(|(place, body)| {
        NewScore::try_from(body).map_err(|error| error.within(&format!("/{list}/{place}")))
    });
    turned.collect()
}

/// Up to 500 scores, all or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [{"player_id": "plr_0C5Q0ZJ8G0N3B", "value": 3, "client_id": "0b0f3f0e-6a0b-4d57-9d3c-0f6f1b1d7c11"}]}))]
pub struct BatchBody {
    /// The scores, in the order in which they count.
    #[schema(min_items = 1, max_items = 500)]
    pub items: Vec<ScoreBody>,
}

/// What may change about a score. It keeps its place in the ledger.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"value": 4}))]
pub struct AmendBody {
    /// The value that counts from now on.
    #[schema(value_type = f64, minimum = -999_999_999_999_999i64, maximum = 999_999_999_999_999i64)]
    pub value: Decimal,
    /// The second value.
    #[serde(default)]
    #[schema(value_type = Option<f64>, minimum = -999_999_999_999_999i64, maximum = 999_999_999_999_999i64)]
    pub tiebreak: Option<Decimal>,
    /// A remark.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub note: Option<Note>,
    /// When it happened.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub occurred_at: Option<Timestamp>,
}

impl TryFrom<AmendBody> for Amendable {
    type Error = Error;

    fn try_from(body: AmendBody) -> Result<Self, Error> {
        Ok(Self {
            value: body.value,
            tiebreak: body.tiebreak,
            note: body.note,
            occurred_at: body.occurred_at,
        })
    }
}

/// Who did something, as viewers see it: the role only.
#[derive(Debug, Serialize, ToSchema)]
pub struct Actor {
    /// The role of a link (`own`, `score`), `user` for a person who is logged in, `anonymous` or `system`.
    #[schema(max_length = 20, example = "own")]
    pub role: String,
    /// The link it came through, or the account; for owners.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 17, example = "lnk_0C5Q0ZJ8G0N3F")]
    pub id: Option<String>,
}

/// One entry of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub struct Score {
    /// The id.
    #[schema(value_type = String, example = "scr_0C5Q0ZJ8G0N3C", pattern = "^scr_[0-9A-HJKMNP-TV-Z]{13}$")]
    pub id: ScoreId,
    /// The player.
    #[schema(value_type = String, max_length = 17)]
    pub player_id: PlayerId,
    /// The round.
    #[schema(required, value_type = Option<String>, max_length = 17)]
    pub round_id: Option<RoundId>,
    /// `add` or `set`.
    #[schema(inline, value_type = OpWord)]
    pub op: Op,
    /// The value that counts.
    #[schema(value_type = f64)]
    pub value: Decimal,
    /// The second value that counts.
    #[schema(required, value_type = Option<f64>)]
    pub tiebreak: Option<Decimal>,
    /// A remark.
    #[schema(required, value_type = Option<String>, max_length = 500)]
    pub note: Option<Note>,
    /// The client's own id.
    #[schema(required)]
    pub client_id: Option<Uuid>,
    /// Who entered it.
    pub actor: Actor,
    /// When it happened.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub occurred_at: Option<Timestamp>,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
    /// The board's revision that recorded it.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// Taken back then.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub voided_at: Option<Timestamp>,
    /// It was here already: nothing was counted twice.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub replayed: bool,
}

super::game::word_schema!(OpWord { Add = "add", Set = "set" });

impl From<&score::Score> for Score {
    fn from(score: &score::Score) -> Self {
        let now = score.now.clone();
        Self {
            id: score.id,
            player_id: score.player,
            round_id: score.round,
            op: score.op,
            value: now.value,
            tiebreak: now.tiebreak,
            note: now.note,
            client_id: score.client_id,
            actor: Actor {
                role: score.actor.role.clone(),
                id: None,
            },
            occurred_at: now.occurred_at,
            recorded_at: score.recorded.at,
            revision: score.recorded.revision,
            voided_at: score.voided_at,
            replayed: false,
        }
    }
}

list! {
    /// One page of scores, in the order in which they arrived.
    ScoreList of Score
}

/// Where a player stands now.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlayerPlace {
    /// The player.
    #[schema(value_type = String, max_length = 17)]
    pub id: PlayerId,
    /// The name.
    #[schema(value_type = String, max_length = 60)]
    pub name: Name,
    /// The total; `null` without a score.
    #[schema(required, value_type = Option<f64>)]
    pub total: Option<Decimal>,
    /// The exact rank; `null` without a score.
    #[schema(required, minimum = 1)]
    pub rank: Option<i64>,
}

/// A score that was entered, and where its player stands now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScoreAnswer {
    /// The entry.
    pub score: Score,
    /// The player.
    pub player: PlayerPlace,
    /// The board's revision.
    #[schema(minimum = 1)]
    pub revision: i64,
}

/// One score of a batch, and where its player stands now.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchItem {
    /// The entry.
    pub score: Score,
    /// The player.
    pub player: PlayerPlace,
    /// It was here already: nothing was counted twice.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub replayed: bool,
}

/// The scores of a batch, and the board's revision after it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchAnswer {
    /// In the order in which they were sent.
    #[schema(max_items = 500)]
    pub data: Vec<BatchItem>,
    /// The board's revision.
    #[schema(minimum = 1)]
    pub revision: i64,
}

impl BatchItem {
    fn new(game: &game::Game, item: &Submitted) -> Self {
        let (player, rank) = &item.player;
        let total = player
            .tally
            .total
            .map(|total| Decimal::new(total, game.settings.decimals));
        let player = PlayerPlace {
            id: player.id,
            name: player.profile.name.clone(),
            total,
            rank: *rank,
        };
        Self {
            score: Score::from(&item.score),
            player,
            replayed: item.replayed,
        }
    }
}

impl From<&Batch> for BatchAnswer {
    fn from(batch: &Batch) -> Self {
        let data = batch
            .items
            .iter()
            .map(|item| BatchItem::new(&batch.game, item))
            .collect();
        Self {
            data,
            revision: batch.game.revision,
        }
    }
}

impl ScoreAnswer {
    /// The answer for a batch of one; `None` for an empty one.
    pub fn of(batch: &Batch) -> Option<Self> {
        let BatchItem { score, player, .. } = BatchItem::new(&batch.game, batch.items.first()?);
        Some(Self {
            score,
            player,
            revision: batch.game.revision,
        })
    }
}
