//! What an entry of the ledger was at any revision.
//!
//! The facts of an entry never change; what counts of it moves by rows of the journal, and by cuts: a
//! rewind takes a whole segment of the history out at once. A cut has one row, however many entries it
//! moves, so what it did to each is worked out here, from the journal alone.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::event::JournalRow;
use super::id::ScoreId;
use super::time::Timestamp;

/// The action of a change that goes back to a revision.
pub const REWOUND: &str = "game.rewound";
/// The action of a change that undoes others.
pub const UNDONE: &str = "game.undone";

/// A segment of the history that a later change took out: entries stand again as they stood at `to`;
/// those that came after it, up to `from`, no longer count. What came after `from` stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// The change that cut.
    pub revision: i64,
    /// When.
    pub at: Timestamp,
    /// The last revision before the segment.
    pub to: i64,
    /// The last revision of the segment.
    pub from: i64,
}

impl Cut {
    /// The cut that a row of the journal tells of.
    pub fn of(row: &JournalRow) -> Option<Self> {
        if *row.action != *REWOUND && *row.action != *UNDONE {
            return None;
        }
        let number = |name: &str| row.after.as_ref()?.get(name)?.as_i64();
        Some(Self {
            revision: row.revision,
            at: row.at,
            to: number("to_revision")?,
            from: number("from_revision")?,
        })
    }

    /// The members by which a row tells of it.
    pub fn members(&self) -> Map<String, Value> {
        let member = |name: &str, revision: i64| (name.to_owned(), Value::from(revision));
        Map::from_iter([
            member("to_revision", self.to),
            member("from_revision", self.from),
        ])
    }

    /// Whether a revision lies in the segment.
    pub fn takes_out(&self, revision: i64) -> bool {
        self.to < revision && revision <= self.from
    }
}

/// One row of the journal about one entry.
#[derive(Debug, Clone)]
struct Deed {
    revision: i64,
    at: Timestamp,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Amended {
        before: Map<String, Value>,
        after: Map<String, Value>,
    },
    Voided,
    Restored,
}

/// What may move of an entry, as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Taken back then.
    pub voided_at: Option<Timestamp>,
    /// Amended then.
    pub amended_at: Option<Timestamp>,
    /// What was amended, as it became.
    pub amended: Map<String, Value>,
}

/// What happened to the entries of a board after they were made.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// In the order in which they were made.
    cuts: Vec<Cut>,
    deeds: HashMap<ScoreId, Vec<Deed>>,
}

impl Past {
    /// Learns from a row, in the order of the journal.
    pub fn learn(&mut self, row: &JournalRow) {
        if let Some(cut) = Cut::of(row) {
            self.cuts.push(cut);
        }
        let members = |value: &Option<Value>| match value {
            Some(Value::Object(members)) => members.clone(),
            _ => Map::new(),
        };
        let what = match &*row.action {
            "score.amended" => What::Amended {
                before: members(&row.before),
                after: members(&row.after),
            },
            "score.voided" => What::Voided,
            "score.restored" => What::Restored,
            _ => return,
        };
        let (revision, at) = (row.revision, row.at);
        let deeds = self.deeds.entry(ScoreId(row.entity)).or_default();
        deeds.push(Deed { revision, at, what });
    }

    /// Learns of a cut that is about to be made.
    #[must_use]
    pub fn with(mut self, cut: Cut) -> Self {
        self.cuts.push(cut);
        self
    }

    /// The cut that a revision made.
    pub fn cut_of(&self, revision: i64) -> Option<Cut> {
        let mut cuts = self.cuts.iter();
        cuts.find(|cut| cut.revision == revision).copied()
    }

    /// What an entry that was made at `made` was at a revision; `None` before it was there.
    pub fn entry(&self, score: ScoreId, made: i64, revision: i64) -> Option<Entry> {
        (made <= revision).then(|| self.known(score, made, revision))
    }

    fn known(&self, score: ScoreId, made: i64, revision: i64) -> Entry {
        let relevant = |cut: &&Cut| made < cut.revision && cut.revision <= revision;
        let last = self.cuts.iter().rev().find(relevant);
        let (mut entry, since) = match last {
            None => (Entry::default(), 0),
            Some(cut) => (self.after_cut(score, made, cut), cut.revision),
        };
        for deed in self.between(score, since, revision) {
            entry.take(deed);
        }
        entry
    }

    fn after_cut(&self, score: ScoreId, made: i64, cut: &Cut) -> Entry {
        let touched_since = self.between(score, cut.from + 1, cut.revision - 1).next();
        if made <= cut.to && touched_since.is_none() {
            return self.known(score, made, cut.to);
        }
        let mut entry = self.known(score, made, cut.revision - 1);
        if cut.takes_out(made) {
            entry.voided_at.get_or_insert(cut.at);
        }
        entry
    }

    /// The last revision after `since` that did something to an entry by name.
    pub fn touched_since(&self, score: ScoreId, since: i64) -> Option<i64> {
        self.between(score, since + 1, i64::MAX)
            .last()
            .map(|deed| deed.revision)
    }

    fn of(&self, score: ScoreId) -> &[Deed] {
        self.deeds.get(&score).map_or(&[], Vec::as_slice)
    }

    fn between(&self, score: ScoreId, first: i64, last: i64) -> impl Iterator<Item = &Deed> {
        let deeds = self.of(score).iter();
        deeds.filter(move |deed| (first..=last).contains(&deed.revision))
    }

    /// The fields that amendments ever touched, as they were when the entry was made.
    pub fn first_written(&self, score: ScoreId) -> Map<String, Value> {
        let mut written = Map::new();
        for deed in self.of(score).iter().rev() {
            if let What::Amended { before, .. } = &deed.what {
                written.extend(before.clone());
            }
        }
        written
    }
}

impl Entry {
    fn take(&mut self, deed: &Deed) {
        match &deed.what {
            What::Amended { after, .. } => {
                self.amended_at = Some(deed.at);
                self.amended.extend(after.clone());
            }
            What::Voided => self.voided_at = Some(deed.at),
            What::Restored => self.voided_at = None,
        }
    }
}
