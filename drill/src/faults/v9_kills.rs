//! V9: something that runs is killed at a seeded moment, in the middle of what it does.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use fastrand::Rng;

use crate::provision::Scratch;

/// What is killed.
#[derive(Debug, Clone, Copy)]
pub enum Victim {
    /// `scorehold serve`.
    Application,
    /// The postmaster; its children end when they notice.
    Postgres,
}

/// On PostgreSQL: one after the other, twice.
pub const ON_POSTGRES: &[Victim] = &[
    Victim::Application,
    Victim::Postgres,
    Victim::Application,
    Victim::Postgres,
];
/// On SQLite there is nobody else.
pub const ON_SQLITE: &[Victim] = &[
    Victim::Application,
    Victim::Application,
    Victim::Application,
];

/// Kills, and starts again at once, as a supervisor would. Answers when it was killed.
pub fn kill(scratch: &mut Scratch, victim: Victim, rng: &mut Rng) -> Result<Instant> {
    thread::sleep(Duration::from_millis(rng.u64(100..600)));
    scratch.aim()?;
    let killed = Instant::now();
    match victim {
        Victim::Application => scratch.kill_application()?,
        Victim::Postgres => scratch.kill_postgres()?,
    }
    Ok(killed)
}
