//! Times in which a server takes no changes, because something is wrong or because a person says so.

use super::time::Timestamp;
use super::words;

words! {
    /// What goes on meanwhile, the milder first.
    Mode {
        /// Reads and streams go on, writes are refused.
        ReadOnly = "read_only",
        /// Nothing of the API goes on.
        Full = "full",
    }
}

impl Mode {
    /// The stricter one rules.
    pub const fn rank(self) -> u8 {
        self as u8
    }
}

/// Something that is wrong with the database or its archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What it forbids.
    pub mode: Mode,
    /// What was found, for whoever looks after the server.
    pub why: String,
}

impl Fault {
    /// What has been acknowledged can be read, but nothing more may be.
    pub fn read_only(why: impl Into<String>) -> Self {
        let (mode, why) = (Mode::ReadOnly, why.into());
        Self { mode, why }
    }

    /// What would be read cannot be trusted either.
    pub fn full(why: impl Into<String>) -> Self {
        let (mode, why) = (Mode::Full, why.into());
        Self { mode, why }
    }
}

/// What a person has said about maintenance; the last word rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// `None`: it is over.
    pub mode: Option<Mode>,
    /// What those are told who are refused.
    pub reason: Option<String>,
    /// Since when.
    pub at: Timestamp,
}
