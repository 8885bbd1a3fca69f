//! A copy under load, and what one fault does to it.

mod entry;
mod leak;
mod undo;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::args::{Args, Engine, Layer};
use crate::compare::{self, Judgement, rows};
use crate::faults::{self, Fault, Plan};
use crate::load::{Board, Crowd, PATIENT, Work, board, bulk};
use crate::oracle::{self, Outcome, Record};
use crate::provision::{self, Scratch};
use crate::report::{Balance, Ending, Entry, Soundness, say};

/// A copy, the boards on it and what was promised of them.
pub struct Range {
    pub scratch: Scratch,
    seed: u64,
    /// How many rounds have begun.
    round: usize,
    /// All boards: the settled ones, of which no row changes any more, and then the busy ones.
    boards: Vec<Board>,
    /// The boards of which not every row is compared.
    apart: rows::Apart,
    oracles: PathBuf,
    /// What is still to be taken away before the first fault.
    layer: Option<Layer>,
}

const SETTLED: usize = 8;
const BUSY: usize = 4;
/// More scores than clients enter in time are on boards that are copied from theirs.
const BY_CLIENTS: usize = 20_000;

impl Range {
    /// Makes a copy with so many settled scores. Its archive begins with them.
    pub fn make(engine: Engine, args: &Args, seed: u64) -> Result<Self> {
        let mut scratch = provision::scratch(engine, args)?;
        scratch.start_alone()?;
        let address = scratch.address();
        let oracles = scratch.marker.directory.join("oracles");
        std::fs::create_dir(&oracles)?;
        let mut boards = board::make(&address, "Settled", SETTLED)?;
        board::furnish(&address, &boards)?;
        boards.extend(board::make(&address, "Busy", BUSY)?);
        let busy = numbers(&scratch, &boards[SETTLED..])?;
        let apart = rows::Apart { busy, bulk: None };
        let mut range = Self {
            scratch,
            seed,
            round: 0,
            boards,
            apart,
            oracles,
            layer: args.without,
        };
        let by_clients = args.scores.min(BY_CLIENTS);
        range
            .crowd("settled", &range.boards[..SETTLED], by_clients, PATIENT)?
            .wait()?;
        range.scratch.stop();
        if args.scores > by_clients {
            range.copy_boards(args.scores)?;
        }
        range.scratch.begin_archive()?;
        range.scratch.start()?;
        Ok(range)
    }

    /// All the further boards, and a look whether each of them is what its journal says.
    fn copy_boards(&mut self, scores: usize) -> Result<()> {
        let settled = numbers(&self.scratch, &self.boards[..SETTLED])?;
        let Scratch {
            production, marker, ..
        } = &self.scratch;
        let url = marker.roles.as_ref().map(|roles| roles.runtime.clone());
        let url = url.unwrap_or_else(|| production.url());
        let copied = bulk::add(production, &url, &settled, scores)?;
        self.apart.bulk = Some(copied);
        say(&format!("copied: {}", self.scratch.verify()?));
        Ok(())
    }

    /// Clients that go on until they are stopped, and choose by this seed.
    pub fn begin_round(&mut self, seed: u64) -> Result<Crowd> {
        (self.seed, self.round) = (seed, self.round + 1);
        let busy = &self.boards[SETTLED..];
        let crowd = self.crowd("under-fire", busy, usize::MAX, PATIENT)?;
        ensure!(crowd.pulse.goes_on(), "the clients are not answered");
        Ok(crowd)
    }

    fn crowd(
        &self,
        name: &str,
        boards: &[Board],
        scores: usize,
        patience: Duration,
    ) -> Result<Crowd> {
        Crowd::start(&Work {
            name: &format!("{name}-{}", self.round),
            address: &self.scratch.address(),
            boards,
            oracles: &self.oracles,
            seed: seed_of(self.seed, self.round, name),
            // Whoever has a goal takes larger steps.
            batches: if scores == usize::MAX { 5..30 } else { 50..200 },
            scores,
            patience,
        })
    }

    /// The rows of both databases, those of busy boards excepted.
    fn rows(&self) -> Result<[rows::Rows; 2]> {
        let Scratch {
            production,
            development,
            ..
        } = &self.scratch;
        Ok([
            rows::read(production, &self.apart)?,
            rows::read(development, &rows::Apart::default())?,
        ])
    }

    fn judge(&self, records: &[Record]) -> Judgement {
        // A database that cannot be read has kept nothing.
        let found = compare::database::read(&self.scratch.production, &self.boards);
        let found = found.unwrap_or_default();
        compare::judge(records, &self.boards, &found)
    }

    /// Injects one fault under load, and compares while the clients rest.
    pub fn inject(&mut self, fault: &Fault, crowd: &Crowd) -> Result<Entry> {
        let mut entry = Entry::new(self.scratch.marker.engine, fault.id, fault.what, self.seed);
        crowd.pulse.pause()?;
        // At the last moment: a server that finds its guards gone takes no changes, and nobody would see what
        // they have held off.
        if let Some(layer) = self.layer.take() {
            faults::take_away(layer, &self.scratch.aim()?)?;
        }
        let before = self.rows()?;
        crowd.pulse.resume();
        let begun = Instant::now();
        match fault.plan {
            Plan::Refused(fire) => entry.count(&fire(&self.scratch.aim()?)?),
            Plan::Killed(victims) => self.kill(victims, crowd, &mut entry)?,
            Plan::Undone(harms) => {
                let undone = self.undo(harms, crowd, &mut entry);
                entry.admit(undone);
            }
            Plan::Stalled => {
                let undone = self.stall(crowd, &mut entry);
                entry.admit(undone);
            }
            Plan::Leaked => {
                let undone = self.leak(&mut entry);
                entry.admit(undone);
            }
        }
        // What has failed already ends the drill: nobody waits for it.
        if !entry.remarks.is_empty() {
            crowd.pulse.stop();
        } else if !crowd.pulse.goes_on() {
            entry.remarks.push("writes do not go on".to_owned());
            crowd.pulse.stop();
        }
        entry.note(&crowd.pulse.window(begun));
        crowd.pulse.pause()?;
        match self.rows() {
            Ok(after) => entry.compare(&before, &after),
            unreadable => entry.admit(unreadable.map(drop)),
        }
        let records = oracle::read(&self.oracles)?;
        entry.balance(&records, &self.judge(&records));
        crowd.pulse.resume();
        if !entry.remarks.is_empty() {
            entry.ending = Ending::Failed;
        } else if entry.lacking.is_some() {
            entry.ending = Ending::NotHere;
        }
        Ok(entry)
    }

    /// Whether every board is what its journal says, when all is quiet.
    pub fn soundness(&self) -> Soundness {
        let looked = self.scratch.verify();
        Soundness {
            engine: self.scratch.marker.engine,
            is_sound: looked.is_ok(),
            said: looked.unwrap_or_else(|error| format!("{error:#}")),
        }
    }

    /// What was promised and what is there, when all is quiet.
    pub fn balances(&self) -> Result<[Balance; 2]> {
        let records = oracle::read(&self.oracles)?;
        let address = self.scratch.address();
        let through_api = compare::api::read(&address, &self.boards).unwrap_or_default();
        let judgements = [
            ("the database", self.judge(&records)),
            (
                "the API",
                compare::judge(&records, &self.boards, &through_api),
            ),
        ];
        Ok(judgements.map(|(through, judgement)| Balance {
            engine: self.scratch.marker.engine,
            through,
            acknowledged: acknowledged(&records),
            lost: judgement.lost.len(),
            wrong: judgement.wrong.len(),
            examples: judgement.examples(),
        }))
    }
}

/// No two crowds choose alike: the ids that clients give to scores are chosen too, and a second score of one id is
/// none.
fn seed_of(seed: u64, round: usize, name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (seed, round, name).hash(&mut hasher);
    hasher.finish()
}

/// What the database calls these boards.
fn numbers(scratch: &Scratch, boards: &[Board]) -> Result<Vec<String>> {
    let slugs = compare::database::slugs(boards);
    let sql = format!("SELECT id FROM games WHERE slug IN ({slugs})");
    let numbers: Vec<String> = scratch
        .production
        .query(&sql)?
        .into_iter()
        .flatten()
        .collect();
    ensure!(
        numbers.len() == boards.len(),
        "{} boards are numbered {numbers:?}",
        boards.len()
    );
    Ok(numbers)
}

fn acknowledged(records: &[Record]) -> usize {
    let acknowledged = records
        .iter()
        .filter(|record| record.outcome == Outcome::Acknowledged);
    acknowledged.map(|record| record.effects.len()).sum()
}

#[cfg(test)]
mod tests {
    use super::seed_of;

    #[test]
    fn a_crowd_chooses_again_what_it_chose_and_nobody_else_does() {
        assert_eq!(seed_of(1, 1, "hasty"), seed_of(1, 1, "hasty"));
        let others = [(2, 1, "hasty"), (1, 2, "hasty"), (1, 1, "under-fire")];
        for (seed, round, name) in others {
            assert_ne!(seed_of(seed, round, name), seed_of(1, 1, "hasty"));
        }
    }
}
