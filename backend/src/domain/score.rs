//! A score: one entry of a board's ledger.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actor::Actor;
use super::decimal::Decimal;
use super::id::{PlayerId, RoundId, ScoreId};
use super::tally::{Entry, Reached};
use super::text::{ExternalId, Note};
use super::time::Timestamp;
use super::words;

words! {
    /// Adds to the total, or replaces it.
    Op { Add = "add", Set = "set" }
}

/// Whose score it is: by our id or by the integrator's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlayerRef {
    /// By our id.
    Id(PlayerId),
    /// By the integrator's.
    External(ExternalId),
}

/// A score as it is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewScore {
    /// Whose it is.
    pub player: PlayerRef,
    /// Adds or replaces.
    pub op: Op,
    /// The value.
    pub value: Decimal,
    /// The second value.
    pub tiebreak: Option<Decimal>,
    /// The round it belongs to.
    pub round: Option<RoundId>,
    /// A remark.
    pub note: Option<Note>,
    /// The client's own id: the same one never counts twice on a board.
    pub client_id: Option<Uuid>,
    /// When it happened, if not now; shown, never folded by.
    pub occurred_at: Option<Timestamp>,
    /// For `set`: the revision that the caller has seen.
    pub base_revision: Option<i64>,
}

/// What may change about a score once it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendable {
    /// The value that counts now.
    pub value: Decimal,
    /// The second value that counts now.
    pub tiebreak: Option<Decimal>,
    /// The remark.
    pub note: Option<Note>,
    /// When it happened.
    pub occurred_at: Option<Timestamp>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// The id.
    pub id: ScoreId,
    /// Whose it is.
    pub player: PlayerId,
    /// The round it belongs to.
    pub round: Option<RoundId>,
    /// Adds or replaces.
    pub op: Op,
    /// What it was written with, for ever.
    pub written: (Decimal, Option<Decimal>),
    /// What counts now.
    pub now: Amendable,
    /// The client's own id.
    pub client_id: Option<Uuid>,
    /// Who entered it.
    pub actor: Actor,
    /// Where it stands in the board's history.
    pub recorded: Reached,
    /// Amended then.
    pub amended_at: Option<Timestamp>,
    /// Taken back then.
    pub voided_at: Option<Timestamp>,
}

impl Score {
    /// The entry as the fold sees it, in units of `decimals`. An entry never has more decimals than
    /// its board: those may only grow.
    pub fn entry(&self, decimals: u8) -> Option<Entry> {
        let tiebreak = match self.now.tiebreak {
            Some(tiebreak) => Some(tiebreak.units_at(decimals)?),
            None => None,
        };
        let value = self.now.value.units_at(decimals)?;
        Some(Entry {
            op: self.op,
            value,
            tiebreak,
            reached: self.recorded,
        })
    }

    /// The facts that never change, as the journal composes them.
    pub fn facts(&self) -> Facts {
        let (value, tiebreak) = self.written;
        Facts {
            client_id: self.client_id,
            op: self.op,
            player_id: self.player,
            round_id: self.round,
            tiebreak,
            value,
        }
    }
}

/// The facts of an entry. In the order of their names, which is that of the words that are hashed.
#[derive(Debug, Serialize)]
pub struct Facts {
    client_id: Option<Uuid>,
    op: Op,
    player_id: PlayerId,
    round_id: Option<RoundId>,
    tiebreak: Option<Decimal>,
    value: Decimal,
}
