//! The files of an SQLite database as they were opened. A program that removes, replaces or empties one of
//! them asks nobody; what is written afterwards would be lost with the last connection.

use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::disk::beside;
use crate::domain::maintenance::Fault;

/// While this file is there nothing is acknowledged: a recovery chooses its point.
pub(super) fn fence(configured: &Path) -> PathBuf {
    configured.with_added_extension("recovering")
}

/// Which file it is, whatever it is called.
type Node = (u64, u64);

/// The first 32 bytes of a write-ahead log: its mark and the salts of its present round.
type Head = [u8; 32];

/// How a write-ahead log begins: the kind of its checksums is the last bit.
const MARKS: [[u8; 4]; 2] = [[0x37, 0x7f, 0x06, 0x82], [0x37, 0x7f, 0x06, 0x83]];
/// Where in the head the salts stand.
const SALTS: std::ops::Range<usize> = 16..24;
/// Reading and writing by whoever owns the file.
const OWNERS: u32 = 0o600;

/// The three files, as they were seen last.
#[derive(Debug)]
pub(super) struct Files {
    database: PathBuf,
    log: PathBuf,
    index: PathBuf,
    pointer: PathBuf,
    fence: PathBuf,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    database: Option<Node>,
    length: u64,
    log: Option<Node>,
    log_head: Option<Head>,
    log_length: u64,
    index: Option<Node>,
    /// The pointer, or that there was none.
    pointer: Option<Option<Node>>,
    /// What cannot be made good by itself.
    damage: Option<Fault>,
}

impl Files {
    /// The files of a database that is about to be opened, and what says that it is the one in use.
    pub(super) fn of(configured: &Path, database: &Path) -> Self {
        let files = Self {
            database: database.to_path_buf(),
            log: beside(database, "-wal"),
            index: beside(database, "-shm"),
            pointer: configured.with_added_extension("current"),
            fence: fence(configured),
            seen: Mutex::default(),
        };
        files
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .database = database.symlink_metadata().ok().map(|found| node(&found));
        files
    }

    /// Whether they are still the same and as long as they were.
    ///
    /// # Errors
    /// They are not.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(damage) = &seen.damage {
            return Err(damage.clone());
        }
        self.compare(&mut seen)
    }

    /// From now on something is wrong that only another database can cure.
    pub(super) fn damaged(&self, why: String) -> Fault {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.damaged(why)
    }

    /// Whether none chooses its point.
    ///
    /// # Errors
    /// One does.
    pub(super) fn no_recovery(&self) -> Result<(), Fault> {
        match self.fence.exists() {
            false => Ok(()),
            true => Err(Fault::read_only(format!(
                "a recovery is under way, or was cut off and `scorehold recover` has to be run again: {} is there",
                self.fence.display()
            ))),
        }
    }

    fn compare(&self, seen: &mut Seen) -> Result<(), Fault> {
        self.no_recovery()?;
        let pointer = self
            .pointer
            .symlink_metadata()
            .ok()
            .map(|found| node(&found));
        if *seen.pointer.get_or_insert(pointer) != pointer {
            return Err(Fault::read_only(
                "another copy of the database is in use now",
            ));
        }
        let database = same(&self.database, &mut seen.database)?;
        if let Some(database) = database {
            if database.mode() & OWNERS != OWNERS {
                let path = self.database.display();
                return Err(Fault::read_only(format!(
                    "{path} may no longer be written to"
                )));
            }
            if database.len() < seen.length {
                let path = self.database.display();
                return Err(seen.damaged(format!("{path} is shorter than it was")));
            }
            seen.length = database.len();
        }
        same(&self.index, &mut seen.index)?;
        if let Some(log) = same(&self.log, &mut seen.log)? {
            self.compare_log(&log, seen)?;
        }
        Ok(())
    }

    /// A log begins anew, with other salts, when all of it has reached the database.
    fn compare_log(&self, log: &Metadata, seen: &mut Seen) -> Result<(), Fault> {
        let head = head(&self.log);
        let same_round = match (&seen.log_head, &head) {
            (Some(before), Some(now)) => before[SALTS] == now[SALTS],
            _ => false,
        };
        let is_cut = same_round && log.len() < seen.log_length;
        // A commit behind the end of a log that was emptied leaves a hole where its head was.
        let is_headless = log.len() > 0 && !head.as_ref().is_some_and(is_marked);
        if is_cut || is_headless {
            return Err(seen.damaged(emptied(&self.log)));
        }
        (seen.log_head, seen.log_length) = (head, log.len());
        Ok(())
    }
}

impl Seen {
    /// Remembers what only another database can cure.
    fn damaged(&mut self, why: String) -> Fault {
        self.damage.insert(Fault::full(why)).clone()
    }
}

fn is_marked(head: &Head) -> bool {
    MARKS.iter().any(|mark| head.starts_with(mark))
}

fn emptied(log: &Path) -> String {
    format!("{} was emptied by another program", log.display())
}

/// Compares a file with the one that was opened. One that was not there yet is remembered.
fn same(path: &Path, opened: &mut Option<Node>) -> Result<Option<Metadata>, Fault> {
    let found = match path.symlink_metadata() {
        Ok(found) => found,
        Err(_) if opened.is_none() => return Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(Fault::read_only(format!("{} is gone", path.display())));
        }
        Err(error) => {
            let path = path.display();
            return Err(Fault::read_only(format!("{path} is out of reach: {error}")));
        }
    };
    let known = *opened.get_or_insert(node(&found));
    match node(&found) == known {
        true => Ok(Some(found)),
        // Readers to come would open this one.
        false => Err(Fault::full(format!(
            "another file stands at {}",
            path.display()
        ))),
    }
}

fn node(found: &Metadata) -> Node {
    (found.dev(), found.ino())
}

/// No lock of SQLite's lies on the log, so that opening and closing it takes none away.
fn head(log: &Path) -> Option<Head> {
    let mut head = [0; 32];
    let mut file = File::open(log).ok()?;
    file.read_exact(&mut head).ok()?;
    Some(head)
}
