//! The oracle: what was acknowledged, kept outside of the system that acknowledged it. Each client has
//! a file of its own, and goes on only when its line is on disk.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Promised: if it is not there afterwards, it is lost.
    Acknowledged,
    /// It has not happened.
    Refused,
    /// No answer, or none that decides: it may have happened.
    Unknown,
}

/// What one request does to one score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// The score, by the client's own id.
    pub client_id: Uuid,
    /// Its state afterwards.
    pub state: State,
}

/// What counts of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Whose it is.
    pub player: String,
    /// `add` or `set`.
    pub op: String,
    /// The value that counts.
    pub value: i64,
    /// Taken back.
    pub voided: bool,
}

/// One line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// The board, by its slug.
    pub board: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The board's revision, where the answer says it.
    pub revision: Option<i64>,
    /// What it did, or may have done.
    pub effects: Vec<Effect>,
}

/// The pen of one client.
pub struct Oracle(File);

impl Oracle {
    /// A new file.
    pub fn new(directory: &Path, client: &str) -> Result<Self> {
        let path = directory.join(format!("{client}.jsonl"));
        File::create_new(&path)
            .map(Self)
            .with_context(|| format!("cannot make {}", path.display()))
    }

    /// Returns when the line is on disk.
    pub fn write(&mut self, record: &Record) -> Result<()> {
        let line = serde_json::to_string(record)? + "\n";
        self.0.write_all(line.as_bytes())?;
        Ok(self.0.sync_data()?)
    }
}

/// What all clients wrote down, each in its own order.
pub fn read(directory: &Path) -> Result<Vec<Record>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    files.sort();
    let mut records = Vec::new();
    for file in files {
        for line in std::fs::read_to_string(file)?.lines() {
            records.push(serde_json::from_str(line)?);
        }
    }
    Ok(records)
}

/// What must be there of one score.
#[derive(Debug, Clone, Default)]
pub struct Promise {
    /// Its board.
    pub board: String,
    /// The last state that was acknowledged; `None`: none ever was.
    pub acknowledged: Option<State>,
    /// States that later requests may have brought it to.
    pub possible: Vec<State>,
}

impl Promise {
    /// Whether what is there is what was promised, or what may have happened since.
    pub fn is_kept_by(&self, found: Option<&State>) -> bool {
        match found {
            Some(state) => {
                self.acknowledged.as_ref() == Some(state) || self.possible.contains(state)
            }
            None => self.acknowledged.is_none(),
        }
    }
}

/// The promises of all records. A score is changed by the client alone that entered it, so their
/// order is known.
pub fn promises(records: &[Record]) -> HashMap<Uuid, Promise> {
    let mut promises: HashMap<Uuid, Promise> = HashMap::new();
    for record in records {
        for Effect { client_id, state } in &record.effects {
            let promise = promises.entry(*client_id).or_default();
            promise.board.clone_from(&record.board);
            match record.outcome {
                Outcome::Acknowledged => {
                    promise.acknowledged = Some(state.clone());
                    promise.possible.clear();
                }
                Outcome::Unknown => promise.possible.push(state.clone()),
                Outcome::Refused => {}
            }
        }
    }
    promises
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(outcome: Outcome, value: i64) -> Record {
        let state = state(value);
        let client_id = Uuid::nil();
        Record {
            board: "b".to_owned(),
            outcome,
            revision: None,
            effects: vec![Effect { client_id, state }],
        }
    }

    fn state(value: i64) -> State {
        State {
            player: "p".to_owned(),
            op: "add".to_owned(),
            value,
            voided: false,
        }
    }

    fn kept(records: &[Record], found: Option<i64>) -> bool {
        promises(records)[&Uuid::nil()].is_kept_by(found.map(state).as_ref())
    }

    #[test]
    fn what_was_acknowledged_must_be_there_with_its_value() {
        let records = [record(Outcome::Acknowledged, 3)];
        assert!(kept(&records, Some(3)));
        assert!(!kept(&records, Some(4)));
        assert!(!kept(&records, None));
    }

    #[test]
    fn what_is_unknown_may_have_happened_or_not() {
        let records = [
            record(Outcome::Acknowledged, 3),
            record(Outcome::Unknown, 4),
        ];
        assert!(kept(&records, Some(3)) && kept(&records, Some(4)));
        assert!(!kept(&records, None));
        assert!(kept(&records[1..], None) && kept(&records[1..], Some(4)));
    }

    #[test]
    fn an_acknowledgement_ends_doubt_and_a_refusal_changes_nothing() {
        let unknown = record(Outcome::Unknown, 4);
        let records = [unknown.clone(), record(Outcome::Acknowledged, 4)];
        assert!(!kept(&records, None));
        let records = [
            record(Outcome::Acknowledged, 3),
            record(Outcome::Refused, 4),
        ];
        assert!(!kept(&records, Some(4)));
    }

    #[test]
    fn lines_are_read_as_they_were_written() {
        let directory = std::env::temp_dir().join(format!("oracle-{}", Uuid::new_v4()));
        std::fs::create_dir(&directory).unwrap();
        let mut oracle = Oracle::new(&directory, "a").unwrap();
        oracle.write(&record(Outcome::Acknowledged, 3)).unwrap();
        oracle.write(&record(Outcome::Unknown, 4)).unwrap();
        let outcomes: Vec<_> = read(&directory)
            .unwrap()
            .iter()
            .map(|read| read.outcome)
            .collect();
        std::fs::remove_dir_all(&directory).unwrap();
        assert_eq!(outcomes, [Outcome::Acknowledged, Outcome::Unknown]);
    }
}
