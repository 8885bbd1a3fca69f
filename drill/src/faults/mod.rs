//! The faults: each file is one of them, by its number in the list of what can happen to a database.

mod copies;
mod foreign;
pub mod harm;
mod inside;
mod list;
mod mutation;
mod restore;
mod shot;
mod v10_machine;
mod v12_archive;
mod v12_cluster;
mod v1_original;
mod v4_commands;
mod v5_schema;
mod v6_tests;
mod v7_rows;
mod v8_cluster;
mod v8_files;
mod v8_full_disk;
mod v9_archiver;
pub mod v9_kills;

use anyhow::Result;

use harm::Harm;
pub use mutation::{disarm, take_away};
pub use shot::{Answer, Shot};

use crate::args::Engine;
use crate::provision::Aim;
use v9_kills::Victim;

/// One fault on one engine.
#[derive(Clone, Copy)]
pub struct Fault {
    /// Its number.
    pub id: &'static str,
    /// What is fired, in a few words.
    pub what: &'static str,
    /// What is to come of it.
    pub plan: Plan,
    /// In which rounds of a drill it is injected.
    pub rounds: Rounds,
}

/// In which rounds of a drill a fault is injected: in each where its moment is chosen by the seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounds {
    /// The first.
    First,
    /// Each.
    Each,
    /// After all others.
    Last,
}

/// Fires a fault, and says what came of each shot.
pub type Fire = fn(&Aim<'_>) -> Result<Vec<Shot>>;

/// How a fault is to end.
#[derive(Clone, Copy)]
pub enum Plan {
    /// Every shot is refused, and no row changes.
    Refused(Fire),
    /// These are killed under load, and start again; nothing that was acknowledged is lost.
    Killed(&'static [Victim]),
    /// These go through; each is found and undone, and nothing that was acknowledged is lost.
    Undone(&'static [Harm]),
    /// The archive stalls, clients ask again in haste, and the machine is lost before it goes on.
    Stalled,
    /// Somebody overwrites a board through a link of it, and its owner takes back what that link did.
    Leaked,
}

/// The faults of an engine, in the order in which they are injected.
pub fn all(engine: Engine) -> &'static [Fault] {
    match engine {
        Engine::Postgres => list::POSTGRES,
        Engine::Sqlite => list::SQLITE,
    }
}
