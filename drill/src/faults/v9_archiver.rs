//! V9: the archiver is killed, or held in the middle of what it does. Whatever is acknowledged meanwhile
//! would be lost with the machine, so nothing may be.

use super::harm::{Cure, Harm};
use crate::provision::Scratch;

/// Both, while the clients write.
pub const HARMS: &[Harm] = &[
    Harm {
        cure: Cure::Ends(Scratch::start_archive),
        ..Harm::recovered("kill -9", |scratch| {
            scratch.kill_archive();
            Ok(())
        })
    },
    Harm {
        cure: Cure::Ends(|scratch| scratch.signal_archive("CONT")),
        ..Harm::recovered("SIGSTOP", |scratch| scratch.signal_archive("STOP"))
    },
];
