//! What the drill says: while it runs, in drill.json, and in drill.md.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal"
)]

mod recovery;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use crate::args::Engine;
use crate::limits;
pub use recovery::Recovered;

/// How a fault ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Every shot was refused, and no row changed.
    Refused,
    /// Something was killed, and everything is there again.
    Survived,
    /// It went through, was found and undone.
    Undone,
    /// The drill has failed.
    Failed,
    /// This machine lacks what it takes to inject it.
    NotHere,
}

/// One fault on one engine.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    pub engine: Engine,
    /// Of the round in which it was injected.
    pub seed: u64,
    pub fault: &'static str,
    pub what: &'static str,
    pub ending: Ending,
    /// How many statements or commands were sent.
    pub shots: usize,
    /// Which layer refused how many of them.
    pub refused_by: BTreeMap<&'static str, usize>,
    /// Rows compared before and after, by their content.
    pub rows_compared: usize,
    /// Rows that were gone, new or different afterwards.
    pub rows_changed: usize,
    /// Changes acknowledged by the end of the fault.
    pub acknowledged: usize,
    /// Acknowledged changes that were not there afterwards.
    pub lost: usize,
    /// The longest time without an acknowledged change while it was fired.
    pub longest_pause_ms: u128,
    /// How often a client had to ask again, and why.
    pub asked_again: usize,
    pub reasons: BTreeSet<String>,
    /// How long after the shot was over the server took no changes any more, at the longest.
    pub found_after_s: Option<f64>,
    /// How long after the fault the first change was accepted, at the longest.
    pub back_after_s: Option<f64>,
    /// What was undone by `scorehold recover`.
    pub recoveries: Vec<Recovered>,
    /// What this machine lacks.
    pub lacking: Option<String>,
    /// What went wrong.
    pub remarks: Vec<String>,
}

/// What was promised on an engine and what is there, once all faults are over.
#[derive(Debug, Clone, Serialize)]
pub struct Balance {
    pub engine: Engine,
    /// Read from the database, or through the API.
    pub through: &'static str,
    /// Changes acknowledged in the whole drill.
    pub acknowledged: usize,
    /// Those that are not there.
    pub lost: usize,
    /// Whatever else does not agree: totals, journals, scores that nobody sent.
    pub wrong: usize,
    /// A few of both.
    pub examples: Vec<String>,
}

impl Balance {
    /// The line that people read.
    pub fn line(&self) -> String {
        let Self {
            acknowledged,
            lost,
            wrong,
            through,
            ..
        } = self;
        let start = format!(
            "{:<10} through {through}: {lost} of {acknowledged} acknowledged changes lost",
            self.engine.name()
        );
        match self.examples.as_slice() {
            [] => format!("{start}; totals equal their scores, journals have no gap"),
            examples => format!("{start}, {wrong} disagreements: {}", examples.join("; ")),
        }
    }
}

/// What `scorehold verify` says of a copy, once all faults are over.
#[derive(Debug, Clone, Serialize)]
pub struct Soundness {
    pub engine: Engine,
    pub is_sound: bool,
    pub said: String,
}

impl Soundness {
    /// The line that people read.
    pub fn line(&self) -> String {
        let (engine, said) = (self.engine.name(), &self.said);
        match self.is_sound {
            true => format!("{engine:<10} `scorehold verify`: {said}"),
            false => format!("{engine:<10} `scorehold verify` FAILED: {said}"),
        }
    }
}

/// A whole drill.
#[derive(Debug, Serialize)]
pub struct Report {
    /// One for each round.
    pub seeds: Vec<u64>,
    pub scores: usize,
    pub without: Option<String>,
    pub seconds: u64,
    pub faults: Vec<Entry>,
    pub balances: Vec<Balance>,
    pub soundness: Vec<Soundness>,
}

/// Says something to whoever watches.
pub fn say(text: &str) {
    println!("{text}");
}

/// Says what is wrong.
pub fn complain(text: &str) {
    eprintln!("{text}");
}

impl Entry {
    /// One that nothing is known of yet.
    pub fn new(engine: Engine, fault: &'static str, what: &'static str, seed: u64) -> Self {
        Self {
            engine,
            seed,
            fault,
            what,
            ending: Ending::Refused,
            shots: 0,
            refused_by: BTreeMap::new(),
            rows_compared: 0,
            rows_changed: 0,
            acknowledged: 0,
            lost: 0,
            longest_pause_ms: 0,
            asked_again: 0,
            found_after_s: None,
            back_after_s: None,
            recoveries: Vec::new(),
            reasons: BTreeSet::new(),
            lacking: None,
            remarks: Vec::new(),
        }
    }

    /// The line that people read.
    pub fn line(&self) -> String {
        let start = format!("{:<10} {:<4} {}", self.engine.name(), self.fault, self.what);
        match self.ending {
            Ending::NotHere => format!("{start}: NOT POSSIBLE HERE: {}", self.wanting()),
            Ending::Refused => format!("{start}: {}", self.figures()),
            Ending::Survived => format!("{start}: {}", self.survival("killed")),
            Ending::Undone => format!("{start}: {}", self.survival("undone")),
            Ending::Failed => format!(
                "{start}: FAILED: {} rows changed; {} of {} acknowledged changes lost\n  {}",
                self.rows_changed,
                self.lost,
                self.acknowledged,
                self.foremost("\n  ")
            ),
        }
    }

    /// A harm was found so long after it had been done.
    pub fn was_found_after(&mut self, time: Duration) {
        longest(&mut self.found_after_s, time);
    }

    /// Changes were accepted again so long after a harm.
    pub fn was_back_after(&mut self, time: Duration) {
        longest(&mut self.back_after_s, time);
    }

    fn survival(&self, what: &str) -> String {
        let Self {
            shots,
            lost,
            acknowledged,
            ..
        } = self;
        let back = self.back_after_s.unwrap_or_default();
        let found = self
            .found_after_s
            .map_or_else(String::new, |found| format!("found in {found:.2} s; "));
        let times = match shots {
            1 => "once".to_owned(),
            many => format!("{many} times"),
        };
        format!("{what} {times}; {found}{lost} of {acknowledged} lost, back in {back:.2} s")
    }

    fn figures(&self) -> String {
        let Self {
            shots,
            rows_changed,
            rows_compared,
            lost,
            acknowledged,
            ..
        } = self;
        let pause = self.longest_pause_ms;
        let again = match self.asked_again {
            0 => String::new(),
            count => format!(", {count} requests asked again"),
        };
        format!(
            "{shots} of {shots} shots refused ({}); {rows_changed} of {rows_compared} rows changed; \
             {lost} of {acknowledged} lost; longest pause {pause} ms{again}",
            self.layers()
        )
    }

    /// What is said first of what went wrong; drill.json has all of it.
    fn foremost(&self, between: &str) -> String {
        let shown: Vec<&str> = self.remarks.iter().take(8).map(String::as_str).collect();
        let more = self.remarks.len() - shown.len();
        let rest = if more > 0 {
            format!("{between}and {more} more")
        } else {
            String::new()
        };
        shown.join(between) + &rest
    }

    fn wanting(&self) -> &str {
        self.lacking.as_deref().unwrap_or_default()
    }

    fn layers(&self) -> String {
        let layers = self
            .refused_by
            .iter()
            .map(|(layer, count)| format!("{layer} {count}"));
        layers.collect::<Vec<_>>().join(", ")
    }
}

fn longest(so_far: &mut Option<f64>, time: Duration) {
    let seconds = time.as_secs_f64();
    *so_far = Some(so_far.map_or(seconds, |before| before.max(seconds)));
}

impl Report {
    /// Whether every fault that was fired ended as it should.
    pub fn holds(&self) -> bool {
        let balanced = self
            .balances
            .iter()
            .all(|balance| balance.lost + balance.wrong == 0);
        balanced
            && self.keeps_time()
            && self.soundness.iter().all(|one| one.is_sound)
            && self.count(Ending::Failed) == 0
            && self.count(Ending::NotHere) < self.faults.len()
    }

    fn count(&self, ending: Ending) -> usize {
        let ended = |entry: &&Entry| entry.ending == ending;
        self.faults.iter().filter(ended).count()
    }

    /// The last line: what was shown, and what was not.
    pub fn summary(&self) -> String {
        let failed = self.count(Ending::Failed);
        let not_here = self.count(Ending::NotHere);
        format!(
            "drill: {} passed, {failed} failed, {not_here} not possible here; {}, {} s",
            self.faults.len() - failed - not_here,
            self.rounds(),
            self.seconds
        )
    }

    fn rounds(&self) -> String {
        match self.seeds.as_slice() {
            [seed] => format!("seed {seed}"),
            seeds => {
                let seeds: Vec<String> = seeds.iter().map(u64::to_string).collect();
                format!("rounds of the seeds {}", seeds.join(", "))
            }
        }
    }

    /// The last lines: what of all that was promised is there, and how long the ways back took.
    pub fn conclusions(&self) -> Vec<String> {
        let balances = self.balances.iter().map(Balance::line);
        let soundness = self.soundness.iter().map(Soundness::line);
        balances.chain(soundness).chain(self.times()).collect()
    }

    /// Writes both files.
    pub fn write(&self, directory: &Path) -> Result<()> {
        std::fs::create_dir_all(directory)?;
        std::fs::write(
            directory.join("drill.json"),
            serde_json::to_string_pretty(self)? + "\n",
        )?;
        std::fs::write(directory.join("drill.md"), self.markdown()?)?;
        Ok(())
    }

    fn markdown(&self) -> Result<String> {
        let mut text = String::from("# A drill\n\n");
        writeln!(
            text,
            "Faults fired at a scratch copy that is really marked production, with {} scores and under load. {}.\n\n\
             The targets: no acknowledged change lost, and at most {} s from `scorehold recover` to the first \
             accepted change.\n",
            self.scores,
            self.summary(),
            limits::RECOVERY_TIME.as_secs()
        )?;
        if let Some(layer) = &self.without {
            writeln!(
                text,
                "The layer `{layer}` was taken away first: this drill is to fail.\n"
            )?;
        }
        writeln!(
            text,
            "| engine | seed | fault | what was fired | ended | shots | rows changed | lost | longest pause |"
        )?;
        writeln!(text, "|---|---|---|---|---|---|---|---|---|")?;
        for entry in &self.faults {
            let Entry {
                seed,
                fault,
                what,
                shots,
                rows_changed,
                rows_compared,
                lost,
                acknowledged,
                ..
            } = entry;
            let engine = entry.engine.name();
            let ended = match entry.ending {
                Ending::Refused => format!("refused ({})", entry.layers()),
                Ending::Survived => entry.survival("killed"),
                Ending::Undone => entry.survival("undone"),
                Ending::NotHere => format!("**not possible here**: {}", entry.wanting()),
                Ending::Failed => format!("**failed**: {}", entry.foremost("; ")),
            };
            let pause = entry.longest_pause_ms;
            writeln!(
                text,
                "| {engine} | {seed} | {fault} | {what} | {ended} | {shots} | {rows_changed} of {rows_compared} | \
                 {lost} of {acknowledged} | {pause} ms |"
            )?;
        }
        writeln!(text)?;
        for line in self.conclusions() {
            writeln!(text, "- {line}")?;
        }
        Ok(text)
    }
}
