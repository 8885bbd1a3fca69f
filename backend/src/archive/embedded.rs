//! What an acknowledgement waits for on SQLite: its files are still there, and the archive has confirmed.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Barrier;
use super::files::Files;
use super::litestream::Litestream;
use crate::domain::maintenance::Fault;

/// What an acknowledgement waits for beside the commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// Nothing: the archive follows.
    No,
    /// The archive.
    Yes,
}

/// The barrier of one SQLite file.
#[derive(Debug)]
pub struct Embedded {
    files: Files,
    archive: Option<(Litestream, Waits)>,
    /// Where it is tried whether the disk takes anything.
    probe: PathBuf,
}

impl Embedded {
    /// The barrier of a database that is about to be opened; without a socket there is no archive.
    pub fn of(database: &Path, archive: Option<(&Path, Waits)>) -> Self {
        let archive = archive.map(|(socket, waits)| (Litestream::new(socket, database), waits));
        Self {
            files: Files::of(database),
            archive,
            probe: database.with_added_extension("probe"),
        }
    }

    /// The disk takes something, to its end.
    fn disk(&self) -> Result<(), Fault> {
        let full = |error: std::io::Error| {
            let place = self.probe.display();
            Fault::read_only(format!("nothing can be written to {place}: {error}"))
        };
        let written = (|| {
            let mut probe = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .open(&self.probe)?;
            probe.write_all(&[0; PROBE])?;
            probe.sync_all()
        })();
        let removed = fs::remove_file(&self.probe);
        written.and(removed).map_err(full)
    }
}

/// Enough for a page and its frame in the log, many times.
const PROBE: usize = 256 * 1024;

impl Barrier for Embedded {
    fn before(&self) -> Result<(), Fault> {
        self.files.check()
    }

    /// The files are looked at last: what was there then was there at the commit.
    fn wait(&self) -> Result<(), Fault> {
        if let Some((archive, Waits::Yes)) = &self.archive {
            archive.sync().map_err(Fault::read_only)?;
        }
        self.files.check()
    }

    fn look(&self) -> Result<(), Fault> {
        self.files.check()?;
        if let Some((archive, Waits::Yes)) = &self.archive {
            archive.glance().map_err(Fault::read_only)?;
        }
        Ok(())
    }

    fn recovered(&self) -> Result<(), Fault> {
        self.look()?;
        self.disk()
    }

    fn mode(&self) -> &'static str {
        match self.archive {
            None => "off",
            Some((_, Waits::No)) => "async",
            Some((_, Waits::Yes)) => "barrier",
        }
    }
}
