//! What an acknowledgement waits for on SQLite: its files are still there, and the archive has confirmed.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::files::{Files, fence};
use super::litestream::{Litestream, Unconfirmed};
use super::promise::{Notebook, Promise};
use super::{Barrier, Committed};
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
    promised: Notebook,
    /// Where it is tried whether the disk takes anything.
    probe: PathBuf,
}

impl Embedded {
    /// The barrier of a database that is about to be opened: the configured file, and the one that is in
    /// use. Without a socket there is no archive.
    pub fn of(configured: &Path, database: &Path, archive: Option<(&Path, Waits)>) -> Self {
        let archive = archive.map(|(socket, waits)| (Litestream::new(socket, database), waits));
        Self {
            files: Files::of(configured, database),
            promised: Notebook::of(database),
            archive,
            probe: database.with_added_extension("probe"),
        }
    }

    /// What is never confirmed stays in the log, and another commit behind it would not be either.
    fn unconfirmed(&self, why: Unconfirmed) -> Fault {
        match why {
            Unconfirmed::Yet(why) => Fault::read_only(why),
            Unconfirmed::Ever(why) => self.files.damaged(why),
        }
    }

    /// The archive, where an acknowledgement waits for it.
    fn awaited(&self) -> Option<&Litestream> {
        let (archive, waits) = self.archive.as_ref()?;
        (*waits == Waits::Yes).then_some(archive)
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
        self.files.check()?;
        let begun = self.awaited().map_or(Ok(()), Litestream::begin);
        begun.map_err(|why| self.unconfirmed(why))
    }

    /// The files are looked at last: what was there then was there at the commit.
    fn wait(&self, committed: Committed) -> Result<(), Fault> {
        if let Some(archive) = self.awaited() {
            (archive.sync(committed)).map_err(|why| self.unconfirmed(why))?;
        }
        self.files.check()
    }

    /// A recovery raises its fence first and then asks: it hears of this, or this hears of it.
    fn acknowledge(&self, last: Option<Promise>) -> Result<(), Fault> {
        let Some(archive) = self.awaited() else {
            return Ok(());
        };
        archive.acknowledge();
        self.files.no_recovery()?;
        let noted = last.map_or(Ok(()), |last| self.promised.note(last));
        noted.map_err(|error| {
            Fault::read_only(format!("what is acknowledged cannot be noted: {error}"))
        })
    }

    fn look(&self) -> Result<(), Fault> {
        self.files.check()?;
        let glanced = self.awaited().map_or(Ok(()), Litestream::glance);
        glanced.map_err(Fault::read_only)
    }

    fn recovered(&self) -> Result<(), Fault> {
        self.look()?;
        self.disk()
    }

    fn position(&self) -> Option<u64> {
        let (archive, _) = self.archive.as_ref()?;
        archive.position()
    }
}

/// While it stands, no server acknowledges anything: a recovery chooses its point.
#[derive(Debug)]
pub struct Fence {
    file: PathBuf,
    stays: bool,
    /// Held as long as the recovery lives, so that one that was cut off stands in nobody's way.
    _lock: File,
}

impl Fence {
    /// Raises it.
    ///
    /// # Errors
    /// Another recovery is under way (`WouldBlock`), or the disk takes nothing.
    pub fn raise(configured: &Path) -> std::io::Result<Self> {
        let file = fence(configured);
        let lock = File::create(&file)?;
        lock.try_lock()?;
        lock.sync_all()?;
        Ok(Self {
            file,
            stays: false,
            _lock: lock,
        })
    }

    /// Whether one stands, raised by a recovery that is under way or was cut off.
    pub fn stands(configured: &Path) -> bool {
        fence(configured).exists()
    }

    /// From now on it stays, however the recovery ends, until another one has ended well.
    pub fn stay(&mut self) {
        self.stays = true;
    }

    /// The recovery has ended well.
    pub fn lower(mut self) {
        self.stays = false;
    }
}

/// It goes with a recovery that has changed nothing; if the process is killed it stays, and changes are refused
/// until another recovery has ended well.
impl Drop for Fence {
    fn drop(&mut self) {
        if !self.stays
            && let Err(error) = fs::remove_file(&self.file)
        {
            tracing::error!(%error, file = %self.file.display(), "remove this file: it keeps servers from taking changes");
        }
    }
}
