//! What stands between a commit and its acknowledgement: the copy outside this machine.

use std::fmt;

/// The copy outside the host has not confirmed: the change is not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotArchived(pub String);

impl fmt::Display for NotArchived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the archive did not confirm: {}", self.0)
    }
}

impl std::error::Error for NotArchived {}

/// Waited for after every commit and before every acknowledgement, replays included.
pub trait Barrier: Send + Sync {
    /// Returns when everything committed so far is safe outside this host.
    ///
    /// # Errors
    /// It is not: the caller must not acknowledge.
    fn wait(&self) -> Result<(), NotArchived>;

    /// The mode, as the readiness page shows it.
    fn mode(&self) -> &'static str;
}

/// `archive.mode = off`: a commit on this disk is all that is promised.
#[derive(Debug, Clone, Copy)]
pub struct Off;

impl Barrier for Off {
    fn wait(&self) -> Result<(), NotArchived> {
        Ok(())
    }

    fn mode(&self) -> &'static str {
        "off"
    }
}
