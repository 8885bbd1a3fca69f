//! What stands between a commit and its acknowledgement: the copy outside this machine, and whether the
//! files of the database are still those that were opened.

pub mod cluster;
mod control;
pub mod copies;
pub mod disk;
pub mod embedded;
mod files;
pub mod litestream;
pub mod promise;

use crate::domain::maintenance::Fault;
use promise::Promise;

/// What a commit has left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// Nothing new: a replay, or a refusal.
    Nothing,
    /// Something that the archive does not hold yet.
    Something,
}

/// Waited for after every commit and before every acknowledgement, replays included.
pub trait Barrier: Send + Sync {
    /// Asked before a group of changes begins: then nothing is written that could not be acknowledged.
    ///
    /// # Errors
    /// Something is wrong already.
    fn before(&self) -> Result<(), Fault>;

    /// Returns when everything committed so far is safe outside this host.
    ///
    /// # Errors
    /// It is not: the caller must not acknowledge.
    fn wait(&self, committed: Committed) -> Result<(), Fault>;

    /// Notes that what was waited for is acknowledged from now on, and which change of a board was its last.
    ///
    /// # Errors
    /// A recovery has begun meanwhile: it may have asked for the note before this one.
    fn acknowledge(&self, _last: Option<Promise>) -> Result<(), Fault> {
        Ok(())
    }

    /// What the watchdog asks again and again: whether a change could be acknowledged now.
    ///
    /// # Errors
    /// It could not.
    fn look(&self) -> Result<(), Fault>;

    /// The same, asked while something is wrong, and therefore more thoroughly.
    ///
    /// # Errors
    /// It could not.
    fn recovered(&self) -> Result<(), Fault> {
        self.look()
    }

    /// The transaction of the archive behind which every acknowledgement stands, if one is known.
    fn position(&self) -> Option<u64> {
        None
    }
}

/// PostgreSQL keeps its files itself, and lets its commits wait for its archive, where it has one.
#[derive(Debug, Clone, Copy)]
pub struct Server;

impl Barrier for Server {
    fn before(&self) -> Result<(), Fault> {
        Ok(())
    }

    fn wait(&self, _committed: Committed) -> Result<(), Fault> {
        Ok(())
    }

    fn look(&self) -> Result<(), Fault> {
        Ok(())
    }
}
