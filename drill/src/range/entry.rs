//! What the drill writes down of a fault.

use std::collections::BTreeMap;

use super::acknowledged;
use crate::compare::{Judgement, rows};
use crate::faults::{Answer, Shot};
use crate::load::Window;
use crate::oracle::Record;
use crate::provision::Recovery;
use crate::provision::disk::Unavailable;
use crate::report::{Ending, Entry, Recovered};

/// What a recovery itself adds: a lineage, and the permit by which it does.
const OF_RECOVERY: [&str; 2] = ["instance", "permits"];

impl Entry {
    /// Changes are accepted again, now, after a recovery.
    pub(super) fn was_recovered(&mut self, after: &'static str, recovery: &Recovery) {
        self.recoveries.push(Recovered {
            after,
            back_after_s: recovery.begun.elapsed().as_secs_f64(),
            said: recovery.said.lines().map(str::to_owned).collect(),
        });
    }

    /// That a fault could not be undone is a result, and no failure of the drill.
    pub(super) fn admit(&mut self, undone: anyhow::Result<()>) {
        let Err(error) = undone else { return };
        match error.downcast_ref::<Unavailable>() {
            Some(lacking) => self.lacking = Some(lacking.to_string()),
            None => self.remarks.push(format!("{error:#}")),
        }
    }

    pub(super) fn compare(&mut self, before: &[rows::Rows; 2], after: &[rows::Rows; 2]) {
        self.rows_compared = before.iter().map(rows::Rows::count).sum();
        for (before, after) in before.iter().zip(after) {
            let mut changed = before.changed(after);
            if self.ending == Ending::Undone {
                let gone = before.gone(after);
                for table in OF_RECOVERY {
                    match gone.get(table) {
                        Some(count) => changed.insert(table.to_owned(), *count),
                        None => changed.remove(table),
                    };
                }
            }
            for (table, count) in changed {
                self.rows_changed += count;
                self.remarks
                    .push(format!("{count} rows of {table} changed"));
            }
        }
    }

    pub(super) fn balance(&mut self, records: &[Record], judgement: &Judgement) {
        self.acknowledged = acknowledged(records);
        self.lost = judgement.lost.len();
        self.remarks.extend(judgement.examples());
    }

    pub(super) fn count(&mut self, shots: &[Shot]) {
        self.shots = shots.len();
        let mut refused_by = BTreeMap::new();
        for Shot { what, answer } in shots {
            match answer {
                Answer::Refused { by } => *refused_by.entry(*by).or_default() += 1,
                Answer::WentThrough => self.remarks.push(format!("went through: {what}")),
                Answer::Misfired(why) => self.remarks.push(format!("shows nothing: {what}: {why}")),
            }
        }
        self.refused_by = refused_by;
    }

    pub(super) fn note(&mut self, window: &Window) {
        self.longest_pause_ms = window.longest_pause.as_millis();
        self.asked_again = window.unknown;
        self.reasons.clone_from(&window.reasons);
        // Who finds no database may say so; it is no promise that was broken.
        if window.refused > 0 && self.ending != Ending::Undone {
            let Window {
                refused, reasons, ..
            } = window;
            self.remarks
                .push(format!("{refused} changes refused: {reasons:?}"));
        }
    }
}
