//! V10 and V11: the machine is lost, and what happens once happens twice.

use std::time::Duration;

use anyhow::{Result, ensure};

use super::harm::{Cure, Found, Harm};
use crate::provision::Scratch;
use crate::provision::process::Server;

/// Everything that ran is killed, everything on its disk removed.
pub const LOST: &[Harm] = &[lost(
    "kill -9 of everything, rm -r of the data",
    Scratch::lose_machine,
)];

/// During the restore, and right after the swap.
pub const TWICE: &[Harm] = &[
    lost("again in the middle of the restore", |scratch| {
        scratch.lose_machine()?;
        scratch.start_archiver()?;
        let log = scratch.marker.directory.join("recover.log");
        let recovery = Server::start("scorehold recover", &mut scratch.recovering(), log)?;
        std::thread::sleep(Duration::from_millis(200));
        drop(recovery);
        scratch.lose_machine()
    }),
    lost("again right after the swap", |scratch| {
        scratch.lose_machine()?;
        scratch.recover()?;
        scratch.aim()?;
        scratch.lose_machine()
    }),
    Harm::recovered("a DROP, and again right after the swap", |scratch| {
        drop_scores(scratch)?;
        ensure!(
            scratch.takes_no_changes(Duration::from_secs(10)),
            "nobody noticed that a table is gone"
        );
        scratch.recover()?;
        scratch.aim()?;
        drop_scores(scratch)
    }),
];

const fn lost(what: &'static str, strike: fn(&mut Scratch) -> Result<()>) -> Harm {
    Harm {
        what,
        strike,
        found: Found::Plainly,
        cure: Cure::Recovery,
    }
}

fn drop_scores(scratch: &Scratch) -> Result<()> {
    scratch
        .production
        .execute("PRAGMA foreign_keys = OFF; DROP TABLE scores")
}
