//! Which changes of a board have been taken back, and by which.

use serde_json::Value;

use super::event::JournalRow;
use super::past::{Cut, UNDONE};

/// A change that took others back.
#[derive(Debug, Clone)]
struct Return {
    revision: i64,
    undid: Vec<i64>,
    cut: Option<Cut>,
}

impl Return {
    fn of(row: &JournalRow) -> Option<Self> {
        let cut = Cut::of(row);
        let undid = match &row.after {
            Some(after) if *row.action == *UNDONE => after.get("undid"),
            _ => None,
        };
        let undid = undid.and_then(Value::as_array);
        let undid: Vec<i64> = undid
            .into_iter()
            .flatten()
            .filter_map(Value::as_i64)
            .collect();
        (cut.is_some() || !undid.is_empty()).then_some(Self {
            revision: row.revision,
            undid,
            cut,
        })
    }

    fn took_back(&self, revision: i64) -> bool {
        let cut_out = self.cut.is_some_and(|cut| cut.takes_out(revision));
        cut_out || self.undid.contains(&revision)
    }
}

/// The changes that took others back and were not taken back themselves, the newest first.
#[derive(Debug, Clone, Default)]
pub struct Returns(Vec<Return>);

impl Returns {
    /// From rows of the journal in their order.
    pub fn of(rows: &[JournalRow]) -> Self {
        let mut standing = Self::default();
        for one in rows.iter().rev().filter_map(Return::of) {
            if standing.undone_by(one.revision).is_none() {
                standing.0.push(one);
            }
        }
        standing
    }

    /// The change that took a revision back, if it is so now.
    pub fn undone_by(&self, revision: i64) -> Option<i64> {
        let later = self.0.iter().filter(|one| one.revision > revision);
        let mut taken = later.filter(|one| one.took_back(revision));
        taken.next().map(|one| one.revision)
    }

    /// The newest cut after a revision that stands.
    pub fn cut_since(&self, revision: i64) -> Option<i64> {
        let mut cuts = self.0.iter().filter(|one| one.cut.is_some());
        cuts.next()
            .map(|one| one.revision)
            .filter(|cut| *cut > revision)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::domain::actor::Caller;
    use crate::domain::id::GameId;
    use crate::domain::time::Timestamp;

    fn row(revision: i64, action: &str, after: Value) -> JournalRow {
        JournalRow {
            game: GameId(1),
            revision,
            item: 0,
            at: Timestamp::from_millis(0),
            actor: Caller::System.actor(),
            action: Arc::from(action),
            entity: 1,
            before: None,
            after: Some(after),
            moved: None,
        }
    }

    #[test]
    fn what_was_taken_back_and_then_again_stands() {
        let rows = [
            row(5, "game.undone", json!({"undid": [4]})),
            row(6, "game.undone", json!({"undid": [3]})),
            row(7, "game.undone", json!({"undid": [5]})),
            row(
                9,
                "game.rewound",
                json!({"to_revision": 6, "from_revision": 8}),
            ),
        ];
        let undone = |rows: &[JournalRow]| {
            let returns = Returns::of(rows);
            (1..=9)
                .filter_map(|revision| Some((revision, returns.undone_by(revision)?)))
                .collect::<Vec<_>>()
        };
        assert_eq!(undone(&rows[..2]), [(3, 6), (4, 5)]);
        assert_eq!(undone(&rows[..3]), [(3, 6), (5, 7)]);
        // Going back before 7 takes back that 5 was taken back.
        assert_eq!(undone(&rows), [(3, 6), (4, 5), (7, 9), (8, 9)]);
        assert_eq!(Returns::of(&rows).cut_since(8), Some(9));
        assert_eq!(Returns::of(&rows).cut_since(9), None);
    }
}
