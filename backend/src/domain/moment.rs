//! A board as it was at one revision, worked out from its journal.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::decimal::Decimal;
use super::event::JournalRow;
use super::game::Settings;
use super::id::{PlayerId, RoundId, ScoreId};
use super::past::{Entry, Past};
use super::player::Player;
use super::round::RoundDetails;
use super::score::{Op, Score};
use super::tally::{self, FoldRules, Reached, Tally};
use super::time::Timestamp;

/// A journal that cannot be what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(pub String);

/// What of an entry never changes, as far as it counts.
#[derive(Debug, Clone, Copy)]
pub struct Fact {
    /// The entry.
    pub id: ScoreId,
    /// Whose it is.
    pub player: PlayerId,
    /// The round it belongs to.
    pub round: Option<RoundId>,
    /// Adds or replaces.
    pub op: Op,
    /// What it was written with.
    pub written: (Decimal, Option<Decimal>),
    /// Where it stands in the board's history.
    pub recorded: Reached,
}

impl Fact {
    /// What of an entry never changes.
    pub fn of(score: &Score) -> Self {
        Self {
            id: score.id,
            player: score.player,
            round: score.round,
            op: score.op,
            written: score.written,
            recorded: score.recorded,
        }
    }
}

/// A player or a round, as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What was decided about it.
    pub details: Map<String, Value>,
    /// In the trash since then.
    pub trashed_at: Option<Timestamp>,
    /// How often it was edited.
    pub version: i64,
    /// Made then.
    pub created_at: Timestamp,
    /// Last edited then.
    pub updated_at: Timestamp,
}

/// A board as it was.
#[derive(Debug, Clone, Default)]
pub struct Moment {
    /// The revision.
    pub revision: i64,
    /// When that was.
    pub at: Option<Timestamp>,
    /// The settings, those that the journal told of.
    pub settings: Map<String, Value>,
    /// Everybody who was ever added.
    pub players: BTreeMap<PlayerId, Kept>,
    /// Every round that was ever made.
    pub rounds: BTreeMap<RoundId, Kept>,
    /// What happened to the entries.
    pub past: Past,
}

impl Moment {
    /// Learns from a row, in the order of the journal.
    pub fn learn(&mut self, row: &JournalRow) {
        self.past.learn(row);
        let (kind, deed) = row.action.split_once('.').unwrap_or_default();
        match kind {
            "game" if matches!(deed, "created" | "updated") => {
                self.settings.extend(members(&row.after));
            }
            "player" => learn(&mut self.players, PlayerId(row.entity), deed, row),
            "round" => learn(&mut self.rounds, RoundId(row.entity), deed, row),
            _ => {}
        }
    }

    /// The settings of then; what the journal did not yet know of is as it is now.
    ///
    /// # Errors
    /// Settings that are none.
    pub fn settings(&self, now: &Settings) -> Result<Settings, Unreadable> {
        overlaid(now, &self.settings)
    }

    /// Players that were not in the trash.
    pub fn player_count(&self) -> usize {
        let there = self
            .players
            .values()
            .filter(|kept| kept.trashed_at.is_none());
        there.count()
    }

    /// The players of then, with what they had.
    ///
    /// # Errors
    /// A profile that is none.
    pub fn players(&self, tallies: &HashMap<PlayerId, Tally>) -> Result<Vec<Player>, Unreadable> {
        let player = |(id, kept): (&PlayerId, &Kept)| {
            Ok(Player {
                id: *id,
                profile: read(kept.details.clone())?,
                trashed_at: kept.trashed_at,
                version: kept.version,
                tally: tallies.get(id).copied().unwrap_or_default(),
                scored_revision: 0,
                created_at: kept.created_at,
                updated_at: kept.updated_at,
            })
        };
        self.players.iter().map(player).collect()
    }

    /// What everybody had, folded from the ledger in the order in which it came; `decimals` are those
    /// in which totals are counted.
    ///
    /// # Errors
    /// A total that does not fit.
    pub fn tallies(
        &self,
        facts: &[Fact],
        rules: FoldRules,
        decimals: u8,
    ) -> Result<HashMap<PlayerId, Tally>, Unreadable> {
        let mut tallies: HashMap<PlayerId, Tally> = HashMap::new();
        for fact in facts {
            let Some(entry) = self.counting(fact) else {
                continue;
            };
            let folded = tallies.entry(fact.player).or_default();
            let entry = counted(fact, &entry, decimals)?;
            *folded = folded
                .with(entry, rules)
                .map_err(|tally::OutOfRange| Unreadable("a total is out of range".to_owned()))?;
        }
        Ok(tallies)
    }

    /// The entry if it counted.
    fn counting(&self, fact: &Fact) -> Option<Entry> {
        let made = fact.recorded.revision;
        let entry = self.past.entry(fact.id, made, self.revision)?;
        let round = fact.round.and_then(|round| self.rounds.get(&round));
        let gone = round.is_some_and(|round| round.trashed_at.is_some());
        (entry.voided_at.is_none() && !gone).then_some(entry)
    }
}

fn learn<K: Ord>(all: &mut BTreeMap<K, Kept>, id: K, deed: &str, row: &JournalRow) {
    if deed == "added" {
        let kept = Kept {
            details: members(&row.after),
            trashed_at: None,
            version: 1,
            created_at: row.at,
            updated_at: row.at,
        };
        all.insert(id, kept);
        return;
    }
    let Some(kept) = all.get_mut(&id) else { return };
    let trashed = match deed {
        "updated" => kept.trashed_at,
        "trashed" => kept.trashed_at.or(Some(row.at)),
        "restored" => None,
        _ => return,
    };
    // A round that goes or comes has a row for each player whose total moves by it.
    if deed == "updated" || trashed != kept.trashed_at {
        kept.details.extend(members(&row.after));
        kept.trashed_at = trashed;
        kept.version += 1;
        kept.updated_at = row.at;
    }
}

fn members(value: &Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(members)) => members.clone(),
        _ => Map::new(),
    }
}

fn counted(fact: &Fact, entry: &Entry, decimals: u8) -> Result<tally::Entry, Unreadable> {
    let (mut value, mut tiebreak) = fact.written;
    if let Some(amended) = entry.amended.get("value") {
        value = read_value(amended)?;
    }
    if let Some(amended) = entry.amended.get("tiebreak") {
        tiebreak = read_value(amended)?;
    }
    let units = |value: Decimal| {
        let units = value.units_at(decimals);
        units.ok_or_else(|| Unreadable(format!("{value} does not fit {decimals} decimals")))
    };
    Ok(tally::Entry {
        op: fact.op,
        value: units(value)?,
        tiebreak: tiebreak.map(units).transpose()?,
        reached: fact.recorded,
    })
}

/// A thing with some of its members as they were.
///
/// # Errors
/// Members that do not belong there.
pub fn overlaid<T: Serialize + DeserializeOwned>(
    thing: &T,
    members: &Map<String, Value>,
) -> Result<T, Unreadable> {
    let mut all = fields(thing)?;
    all.extend(members.clone());
    read(all)
}

/// The members of a thing, as the journal writes them.
///
/// # Errors
/// What is no object.
pub fn fields(thing: &impl Serialize) -> Result<Map<String, Value>, Unreadable> {
    match serde_json::to_value(thing) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(Unreadable("a thing without members".to_owned())),
    }
}

/// What was decided about a round.
///
/// # Errors
/// Details that are none.
pub fn round_details(kept: &Kept) -> Result<RoundDetails, Unreadable> {
    read(kept.details.clone())
}

fn read<T: DeserializeOwned>(members: Map<String, Value>) -> Result<T, Unreadable> {
    read_value(&Value::Object(members))
}

fn read_value<T: DeserializeOwned>(value: &Value) -> Result<T, Unreadable> {
    T::deserialize(value).map_err(|error| Unreadable(error.to_string()))
}
