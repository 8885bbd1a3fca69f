//! The faults: each file is one of them, by its number in the list of what can happen to a database.

mod foreign;
pub mod harm;
mod inside;
mod mutation;
mod shot;
mod v10_machine;
mod v1_original;
mod v4_commands;
mod v5_schema;
mod v6_tests;
mod v7_rows;
mod v8_files;
mod v9_archiver;
pub mod v9_kills;

use anyhow::Result;

use harm::Harm;
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
    /// These go through; each is found and undone, and nothing that was acknowledged is lost.
    Undone(&'static [Harm]),
    /// The archive stalls, clients ask again in haste, and the machine is lost before it goes on.
    Stalled,
    /// Nothing can refuse it, and what would undo it is not there yet: said, never counted as held.
    NotBuilt(&'static str),
}

/// The faults of an engine, in the order in which they are fired.
pub fn all(engine: Engine) -> Vec<Fault> {
    match engine {
        Engine::Postgres => postgres(),
        Engine::Sqlite => sqlite(),
    }
}

fn refused(id: &'static str, what: &'static str, fire: fn(&Aim<'_>) -> Result<Vec<Shot>>) -> Fault {
    Fault {
        id,
        what,
        plan: Plan::Refused(fire),
    }
}

fn postgres() -> Vec<Fault> {
    let mut faults = vec![
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
            v5_schema::on_postgres,
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
    ];
    faults.extend(WITHOUT_ARCHIVE.map(|(id, what)| Fault {
        id,
        what,
        plan: Plan::NotBuilt("the archive of PostgreSQL"),
    }));
    faults
}

const fn undone(id: &'static str, what: &'static str, harms: &'static [Harm]) -> Fault {
    Fault {
        id,
        what,
        plan: Plan::Undone(harms),
    }
}

/// What PostgreSQL's archive is needed for.
const WITHOUT_ARCHIVE: [(&str, &str); 6] = [
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

fn sqlite() -> Vec<Fault> {
    vec![
        refused(
            "V1",
            "the incident of 2020 and diesel, inside our process",
            inside::fire,
        ),
        undone(
            "V1",
            "the incident of 2020, from a foreign process",
            foreign::V1,
        ),
        undone("V3", "the guards dropped, then the rows", foreign::V3),
        refused(
            "V4",
            "our own commands in the wrong environment",
            v4_commands::fire,
        ),
        refused(
            "V5",
            "diesel: revert and redo, from a foreign process",
            v5_schema::on_sqlite,
        ),
        undone(
            "V5",
            "diesel: reset; every table dropped, from a foreign process",
            foreign::V5,
        ),
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
        undone(
            "V8",
            "the files removed, replaced, cut, out of reach",
            v8_files::HARMS,
        ),
        Fault {
            id: "V9",
            what: "kill -9 of the server",
            plan: Plan::Killed(v9_kills::ON_SQLITE),
        },
        undone(
            "V9",
            "kill -9 and SIGSTOP of the archiver",
            v9_archiver::HARMS,
        ),
        Fault {
            id: "V9b",
            what: "the archiver stalled, requests sent again, the machine lost",
            plan: Plan::Stalled,
        },
        undone("V10", "the machine is lost", v10_machine::LOST),
        undone("V11", "it happens a second time", v10_machine::TWICE),
    ]
}
