//! V10 and V11: the machine is lost, and what happens once happens twice.

use std::os::unix::process::CommandExt;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::foreign::DISARM;
use super::harm::{Found, Harm};
use crate::limits;
use crate::provision::process::Server;
use crate::provision::{Database, Scratch};

/// Everything that ran is killed, everything on its disk removed.
pub const LOST: &[Harm] = &[lost(
    "kill -9 of everything, rm -r of the data",
    Scratch::lose_machine,
)];

/// During the restore, and right after the swap.
pub const TWICE: &[Harm] = &[
    lost("again in the middle of the restore", Scratch::lose_machine).after(|scratch| {
        scratch.lose_machine()?;
        scratch.start_archive()?;
        let log = scratch.marker.directory.join("recover.log");
        let mut command = scratch.recovering();
        // With whatever it has started.
        let command = command.process_group(0);
        let mut recovery = Server::start("scorehold recover", command, log)?;
        recovery.wait_until(limits::READY, || scratch.is_half_restored())?;
        recovery.signal_all("-KILL")
    }),
    lost("again right after the swap", Scratch::lose_machine).after(|scratch| {
        scratch.lose_machine()?;
        scratch.recover()?;
        scratch.aim().map(drop)
    }),
    Harm::recovered("a DROP, and again right after the swap", drop_scores).after(|scratch| {
        drop_scores(scratch)?;
        ensure!(
            scratch.takes_no_changes(Duration::from_secs(10)),
            "nobody noticed that a table is gone"
        );
        scratch.recover()?;
        scratch.aim().map(drop)
    }),
];

const fn lost(what: &'static str, strike: fn(&mut Scratch) -> Result<()>) -> Harm {
    Harm {
        found: Found::Plainly,
        ..Harm::recovered(what, strike)
    }
}

fn drop_scores(scratch: &mut Scratch) -> Result<()> {
    let drop = match &scratch.production {
        Database::Sqlite { .. } => "PRAGMA foreign_keys = OFF; DROP TABLE scores",
        // Of two who wait for each other PostgreSQL sends away whoever looked first: not this one.
        Database::Postgres { .. } => {
            scratch.production.execute(DISARM)?;
            "SET deadlock_timeout = '1min'; DROP TABLE scores CASCADE"
        }
    };
    scratch.production.execute(drop)
}
