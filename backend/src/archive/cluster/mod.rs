//! A PostgreSQL cluster on this machine and its archive, by the programs that come with them: pg_ctl,
//! pg_waldump and pgBackRest. Nothing here ever writes into a directory that it has not made.

pub mod pgbackrest;
mod programs;
pub mod server;
pub mod shot;
pub mod sift;
pub mod wal;

use std::fmt;
use std::path::PathBuf;

use programs::Programs;

/// Why a command of an operator cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The exit code.
    pub exit: u8,
    /// What was found.
    pub message: String,
}

impl Failure {
    /// An archive or a copy of it that is not as it was written.
    pub const DAMAGED: u8 = 65;
    /// A time, transaction or source that is not there.
    pub const NOT_FOUND: u8 = 66;
    /// A program or server that does not answer.
    pub const UNREACHABLE: u8 = 69;
    /// A target that is there already.
    pub const EXISTS: u8 = 73;
    /// The disk.
    pub const IO: u8 = 74;

    /// A reason with its exit code.
    pub fn new(exit: u8, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { exit, message }
    }

    pub(super) fn io(what: &dyn fmt::Display, error: &std::io::Error) -> Self {
        Self::new(Self::IO, format!("{what}: {error}"))
    }
}

/// Where a cluster, its archive and its programs are. Every lineage has a directory and a stanza of its own,
/// so that a timeline of one is never taken for one of another.
#[derive(Debug, Clone)]
pub struct Site {
    /// The name of the archive; that of a lineage is `NAME-LINEAGE`.
    pub stanza: String,
    /// pgBackRest's configuration; without it pgBackRest's own default.
    pub pgbackrest: Option<PathBuf>,
    /// The directory of all clusters.
    pub clusters: PathBuf,
    /// Where the receivers write, each lineage into a directory that is named like its stanza.
    pub receivers: Vec<PathBuf>,
    /// The cluster's superuser.
    pub superuser: String,
    /// The directory of PostgreSQL's programs; without it they are looked for.
    pub programs: Option<PathBuf>,
}

impl Site {
    /// The archive of one lineage.
    pub fn stanza(&self, lineage: i32) -> String {
        format!("{}-{lineage}", self.stanza)
    }

    /// The cluster of one lineage.
    pub fn cluster(&self, lineage: i32) -> PathBuf {
        self.clusters.join(format!("lineage-{lineage}"))
    }

    /// Where the log of one lineage arrived.
    pub fn received(&self, lineage: i32) -> Vec<PathBuf> {
        let stanza = self.stanza(lineage);
        self.receivers.iter().map(|one| one.join(&stanza)).collect()
    }

    fn postgres(&self) -> Programs {
        Programs::of(self.programs.as_deref())
    }
}
