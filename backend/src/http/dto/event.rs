//! Events and tickets.

use serde::Serialize;
use utoipa::ToSchema;

use super::standing::Standing;

/// A board as a watcher finds it: sent first on a new stream.
#[derive(Debug, Serialize, ToSchema)]
pub struct Snapshot {
    /// The board's revision.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// Players on the board.
    #[schema(minimum = 0)]
    pub player_count: i64,
    /// The first rows of the standings.
    #[schema(max_items = 100)]
    pub data: Vec<Standing>,
}

/// One accepted change, as watchers are told of it.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "described in the document; sent as it was serialised when it happened"
)]
pub struct Change {
    /// The board's revision after the change.
    #[schema(minimum = 1)]
    revision: i64,
    /// What was done.
    #[schema(max_length = 40, example = "score.added")]
    action: String,
    /// The parts; empty where `refetch` is set.
    #[schema(max_items = 20)]
    items: Vec<ChangeItem>,
    /// Who did it.
    actor: super::score::Actor,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: String,
    /// More than 20 parts: fetch the standings again.
    #[schema(required = false)]
    refetch: bool,
}

/// One part of a change.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "described in the document; sent as it was serialised when it happened"
)]
pub struct ChangeItem {
    /// What was done to it.
    #[schema(max_length = 40, example = "score.added")]
    action: String,
    /// The id of what changed.
    #[schema(max_length = 18, example = "scr_0C5Q0ZJ8G0N3C")]
    entity: String,
    /// The player whose total moved, as of this change.
    player: Option<MovedPlayer>,
}

/// Where a player stood after a change.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "described in the document; sent as it was serialised when it happened"
)]
pub struct MovedPlayer {
    /// The player.
    #[schema(max_length = 17, example = "plr_0C5Q0ZJ8G0N3B")]
    id: String,
    /// The total then.
    total: Option<f64>,
    /// The rank then.
    #[schema(minimum = 1)]
    rank: Option<i64>,
}

/// Changes for those who poll.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "described in the document; composed from serialised events"
)]
pub struct ChangeList {
    /// The changes, oldest first, without a gap.
    #[schema(max_items = 100)]
    data: Vec<Change>,
    /// The board's revision: ask again with `?after=` and the last revision you have.
    #[schema(minimum = 1)]
    revision: i64,
    /// Whether more changes follow.
    has_more: bool,
}

/// A ticket for one stream.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ticket {
    /// Goes into `?ticket=` of the stream, once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = true, value_type = String, max_length = 1000)]
    pub ticket: Option<String>,
    /// Seconds until it expires.
    #[schema(minimum = 0, maximum = 60)]
    pub expires_in: i64,
}
