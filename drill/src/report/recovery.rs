//! How long the ways back took.

use serde::Serialize;

use super::{Entry, Report};
use crate::args::Engine;
use crate::limits;

/// One `scorehold recover`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recovered {
    /// After which harm.
    pub after: &'static str,
    /// From the command until the first change was accepted.
    pub back_after_s: f64,
    /// What it said meanwhile, each line with its second.
    pub said: Vec<String>,
}

impl Recovered {
    /// Whether it took longer than it may.
    fn is_too_slow(&self) -> bool {
        self.back_after_s > limits::RECOVERY_TIME.as_secs_f64()
    }
}

impl Report {
    /// Whether every way back kept the limit.
    pub fn keeps_time(&self) -> bool {
        let mut recoveries = self.faults.iter().flat_map(|entry| &entry.recoveries);
        !recoveries.any(Recovered::is_too_slow)
    }

    /// For each engine how long it took at the longest, and how long it may.
    pub fn times(&self) -> Vec<String> {
        let of = |engine| time_of(engine, &self.faults);
        [Engine::Postgres, Engine::Sqlite]
            .into_iter()
            .filter_map(of)
            .collect()
    }
}

/// `None`: nothing was recovered.
fn time_of(engine: Engine, faults: &[Entry]) -> Option<String> {
    let recovered = |entry: &&Entry| entry.engine == engine && !entry.recoveries.is_empty();
    let entries: Vec<&Entry> = faults.iter().filter(recovered).collect();
    let recoveries = || entries.iter().flat_map(|entry| &entry.recoveries);
    let slowest = recoveries().max_by(|a, b| a.back_after_s.total_cmp(&b.back_after_s))?;
    let since_fault = entries.iter().filter_map(|entry| entry.back_after_s);
    let since_fault = since_fault.fold(0.0, f64::max);
    let too_slow = recoveries().filter(|one| one.is_too_slow()).count();
    let kept = match too_slow {
        0 => "kept".to_owned(),
        many => format!("**exceeded {many} times**"),
    };
    Some(format!(
        "{:<10} back by `scorehold recover`: {} times; from the command to the first accepted change at most {:.1} s, \
         from the fault {since_fault:.1} s; the limit of {} s is {kept}",
        engine.name(),
        recoveries().count(),
        slowest.back_after_s,
        limits::RECOVERY_TIME.as_secs()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(seconds: &[f64]) -> Report {
        let recovered = |back_after_s: &f64| Recovered {
            after: "rm",
            back_after_s: *back_after_s,
            said: Vec::new(),
        };
        let mut entry = Entry::new(Engine::Sqlite, "V8", "files", 1);
        entry.back_after_s = Some(70.0);
        entry.recoveries = seconds.iter().map(recovered).collect();
        Report {
            seeds: vec![1],
            scores: 500,
            without: None,
            seconds: 1,
            faults: vec![entry],
            balances: Vec::new(),
            soundness: Vec::new(),
        }
    }

    #[test]
    fn a_way_back_that_takes_longer_than_a_minute_fails_the_drill() {
        let (kept, exceeded) = (report(&[12.0, 60.0]), report(&[60.1, 12.0]));
        assert!(kept.holds());
        assert!(!exceeded.holds());
        let said = |report: &Report| report.times().join("\n");
        assert!(said(&kept).ends_with("2 times; from the command to the first accepted change at most 60.0 s, from the fault 70.0 s; the limit of 60 s is kept"));
        assert!(said(&exceeded).ends_with("the limit of 60 s is **exceeded 1 times**"));
    }

    #[test]
    fn where_nothing_was_recovered_there_is_no_time() {
        assert!(report(&[]).times().is_empty() && report(&[]).holds());
    }
}
