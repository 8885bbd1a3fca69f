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
