//! V9: the archiver is killed, or held in the middle of what it does. Whatever is acknowledged meanwhile
//! would be lost with the machine, so nothing may be.

use super::harm::{Cure, Found, Harm};
use crate::provision::Scratch;

/// Both, while the clients write.
pub const HARMS: &[Harm] = &[
    Harm {
        what: "kill -9",
        strike: |scratch| {
            scratch.kill_archiver();
            Ok(())
        },
        found: Found::ByServer,
        cure: Cure::Ends(Scratch::start_archiver),
    },
    Harm {
        what: "SIGSTOP",
        strike: |scratch| scratch.signal_archiver("STOP"),
        found: Found::ByServer,
        cure: Cure::Ends(|scratch| scratch.signal_archiver("CONT")),
    },
];
