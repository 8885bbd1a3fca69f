//! The faults of each engine, in the order in which they are injected.

use super::harm::Harm;
use super::v9_kills::{self, Victim};
use super::{
    Fault, Fire, Plan, Rounds, foreign, inside, v1_original, v4_commands, v5_schema, v6_tests,
    v7_rows, v8_cluster, v8_files, v8_full_disk, v9_archiver, v10_machine, v12_archive,
    v12_cluster,
};

/// A server of its own.
pub(super) const POSTGRES: &[Fault] = &[
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
    MISLED,
    refused(
        "V5",
        "diesel and psql: reset, revert, redo, drop",
        v5_schema::on_postgres,
    ),
    TESTS,
    refused(
        "V7",
        "rows emptied, deleted, overwritten",
        v7_rows::on_postgres,
    ),
    killed(
        "V9",
        "kill -9 of the server and of PostgreSQL",
        v9_kills::ON_POSTGRES,
    ),
    LEAKED,
    undone(
        "V3",
        "V1 with the guards disarmed, as superuser",
        foreign::V3_POSTGRES,
    ),
    undone(
        "V9",
        "kill -9 and SIGSTOP of both receivers",
        v9_archiver::HARMS,
    ),
    STALLED,
    LOST,
    TWICE,
    undone(
        "V8",
        "the files of the cluster removed, cut, out of reach",
        v8_cluster::HARMS,
    ),
    refused(
        "V12",
        "log and backups damaged, another's, the target taken",
        v12_cluster::fire,
    ),
    full(v8_full_disk::ON_POSTGRES),
];

/// A file inside the program.
pub(super) const SQLITE: &[Fault] = &[
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
    MISLED,
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
    TESTS,
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
    killed("V9", "kill -9 of the server", v9_kills::ON_SQLITE),
    undone(
        "V9",
        "kill -9 and SIGSTOP of the archiver",
        v9_archiver::HARMS,
    ),
    STALLED,
    LOST,
    TWICE,
    refused(
        "V12",
        "the archive damaged, another's, the target taken",
        v12_archive::fire,
    ),
    LEAKED,
    full(v8_full_disk::ON_SQLITE),
];

/// The last of all: the copy stays on its small disks, which nobody can remove with its data.
const fn full(harms: &'static [Harm]) -> Fault {
    let what = "the disk of the database full, the disk of the archive full";
    Fault {
        rounds: Rounds::Last,
        ..undone("V8", what, harms)
    }
}

const MISLED: Fault = refused(
    "V4",
    "our own commands in the wrong environment",
    v4_commands::fire,
);

const TESTS: Fault = refused(
    "V6",
    "the tests with the settings of production",
    v6_tests::fire,
);

const LOST: Fault = Fault {
    rounds: Rounds::Each,
    ..undone("V10", "the machine is lost", v10_machine::LOST)
};

const TWICE: Fault = undone("V11", "it happens a second time", v10_machine::TWICE);

const STALLED: Fault = Fault {
    id: "V9b",
    what: "the archive stalled, requests sent again, the machine lost",
    plan: Plan::Stalled,
    rounds: Rounds::Each,
};

const LEAKED: Fault = Fault {
    id: "V13",
    what: "a board overwritten through a leaked link, taken back by its owner",
    plan: Plan::Leaked,
    rounds: Rounds::First,
};

const fn refused(id: &'static str, what: &'static str, fire: Fire) -> Fault {
    fault(id, what, Plan::Refused(fire), Rounds::First)
}

const fn killed(id: &'static str, what: &'static str, victims: &'static [Victim]) -> Fault {
    fault(id, what, Plan::Killed(victims), Rounds::Each)
}

const fn undone(id: &'static str, what: &'static str, harms: &'static [Harm]) -> Fault {
    fault(id, what, Plan::Undone(harms), Rounds::First)
}

const fn fault(id: &'static str, what: &'static str, plan: Plan, rounds: Rounds) -> Fault {
    Fault {
        id,
        what,
        plan,
        rounds,
    }
}
