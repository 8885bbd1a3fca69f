//! The faults: each file is one of them, by its number in the list of what can happen to a database.

mod mutation;
mod shot;
mod v1_original;
mod v4_commands;
mod v5_schema;
mod v6_tests;
mod v7_rows;
pub mod v9_kills;

use anyhow::Result;

pub use mutation::take_away;
pub use shot::{Answer, Shot};

use crate::args::Engine;
use crate::provision::Aim;
use v9_kills::Victim;

/// One fault on one engine.
pub struct Fault {
    /// Its number.
    pub id: &'static str,
    /// What is fired, in a few words.
    pub what: &'static str,
    /// What is to come of it.
    pub plan: Plan,
}

/// How a fault is to end.
pub enum Plan {
    /// Every shot is refused, and no row changes.
    Refused(fn(&Aim<'_>) -> Result<Vec<Shot>>),
    /// These are killed under load, and start again; nothing that was acknowledged is lost.
    Killed(&'static [Victim]),
    /// Nothing can refuse it, and what would undo it is not there yet: said, never counted as held.
    NotBuilt(&'static str),
}

/// The faults of an engine, in the order in which they are fired.
pub fn all(engine: Engine) -> Vec<Fault> {
    let (mut faults, elsewhere) = match engine {
        Engine::Postgres => (postgres(), "the archive of PostgreSQL"),
        Engine::Sqlite => (sqlite(), "the archive of SQLite"),
    };
    let undone = [
        ("V3", "V1 with the guards disarmed"),
        (
            "V8",
            "the files of the database removed, replaced, cut, out of reach",
        ),
        ("V9", "kill -9 and SIGSTOP of the archiver and the receiver"),
        ("V10", "the machine is lost"),
        ("V11", "the fault fires a second time"),
        ("V12", "the archive itself is damaged"),
    ];
    faults.extend(undone.map(|(id, what)| Fault {
        id,
        what,
        plan: Plan::NotBuilt(elsewhere),
    }));
    faults.sort_by_key(|fault| {
        fault
            .id
            .trim_start_matches('V')
            .parse::<u32>()
            .unwrap_or(u32::MAX)
    });
    faults
}

fn refused(id: &'static str, what: &'static str, fire: fn(&Aim<'_>) -> Result<Vec<Shot>>) -> Fault {
    Fault {
        id,
        what,
        plan: Plan::Refused(fire),
    }
}

fn postgres() -> Vec<Fault> {
    vec![
        refused(
            "V1",
            "the incident of 2020, as the server's own role",
            v1_original::as_runtime,
        ),
        refused(
            "V2",
            "the same as owner and as superuser",
            v1_original::as_mighty,
        ),
        refused(
            "V4",
            "our own commands in the wrong environment",
            v4_commands::fire,
        ),
        refused(
            "V5",
            "diesel and psql: reset, revert, redo, drop",
            v5_schema::fire,
        ),
        refused(
            "V6",
            "the tests with the settings of production",
            v6_tests::fire,
        ),
        refused(
            "V7",
            "rows emptied, deleted, overwritten",
            v7_rows::on_postgres,
        ),
        Fault {
            id: "V9",
            what: "kill -9 of the server and of PostgreSQL",
            plan: Plan::Killed(v9_kills::ON_POSTGRES),
        },
    ]
}

fn sqlite() -> Vec<Fault> {
    let foreign = "a foreign process on the file: nothing can refuse it; the archive of SQLite";
    vec![
        Fault {
            id: "V1",
            what: "the incident of 2020, from a foreign process",
            plan: Plan::NotBuilt(foreign),
        },
        refused(
            "V4",
            "our own commands in the wrong environment",
            v4_commands::fire,
        ),
        Fault {
            id: "V5",
            what: "diesel: reset, revert, redo",
            plan: Plan::NotBuilt(foreign),
        },
        refused(
            "V6",
            "the tests with the settings of production",
            v6_tests::fire,
        ),
        refused(
            "V7",
            "rows deleted and facts overwritten from a foreign process",
            v7_rows::on_sqlite,
        ),
        Fault {
            id: "V9",
            what: "kill -9 of the server",
            plan: Plan::Killed(v9_kills::ON_SQLITE),
        },
    ]
}
