//! Clients that enter, amend and take back scores, and note what they were promised.

pub mod board;
pub mod bulk;
pub mod client;
mod plan;
mod pulse;
mod worker;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Result, anyhow};

pub use board::{Board, Fold};
pub use pulse::{Pulse, Window};
use worker::Worker;

use crate::oracle::Oracle;

/// Several clients at work.
pub struct Crowd {
    /// What they have in common.
    pub pulse: Arc<Pulse>,
    clients: Vec<JoinHandle<Result<()>>>,
}

/// How a crowd works.
pub struct Work<'a> {
    /// Names its oracles.
    pub name: &'a str,
    pub address: &'a str,
    pub boards: &'a [Board],
    pub oracles: &'a Path,
    pub seed: u64,
    /// How many scores a batch has.
    pub batches: Range<usize>,
    /// How many scores it enters before it stops by itself.
    pub scores: usize,
    /// How long a client waits for one answer before it asks again.
    pub patience: Duration,
}

/// Nothing takes longer, unless it hangs.
pub const PATIENT: Duration = Duration::from_secs(10);

const CLIENTS: u64 = 6;

impl Crowd {
    /// Sends them to work.
    pub fn start(work: &Work<'_>) -> Result<Self> {
        let pulse = Arc::new(Pulse::new(work.scores));
        let mut clients = Vec::new();
        for number in 0..CLIENTS {
            let oracle = Oracle::new(work.oracles, &format!("{}-{number}", work.name))?;
            let worker = Worker::new(work, number, oracle, pulse.clone());
            clients.push(thread::spawn(move || worker.work()));
        }
        Ok(Self { pulse, clients })
    }

    /// Returns when all have stopped by themselves.
    pub fn wait(self) -> Result<()> {
        for client in self.clients {
            client
                .join()
                .map_err(|_| anyhow!("a client of the drill panicked"))??;
        }
        Ok(())
    }

    /// Has all of them stop.
    pub fn stop(self) -> Result<()> {
        self.pulse.stop();
        self.wait()
    }
}
