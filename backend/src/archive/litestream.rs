//! Litestream beside the server: a process of its own, which nobody of ours starts.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::json;

use super::{Committed, control};

/// How long a commit waits for the archive; then its outcome is unknown.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the watchdog waits. Nothing is acknowledged meanwhile, and a disk that is busy for a second is no fault.
const GLANCE: Duration = Duration::from_secs(3);

/// How long the first copy of a whole database may take.
const FIRST: Duration = Duration::from_secs(300);

/// The archiver of one database.
#[derive(Debug)]
pub(super) struct Litestream {
    socket: PathBuf,
    /// As the archiver knows it: from the root.
    database: PathBuf,
    /// Held while the archive is waited for.
    trail: Mutex<Trail>,
    /// The last transaction behind which every acknowledgement stands; 0: none yet. It is asked for meanwhile.
    safe: AtomicU64,
}

/// How far the archive has followed. It answers that nothing has changed where it cannot read a commit in
/// the log, so an answer alone confirms nothing: what was committed must show.
#[derive(Debug, Default)]
struct Trail {
    /// The last transaction that it has named.
    heard: Option<u64>,
    /// Something was committed after that.
    owes: bool,
}

/// Why nothing is confirmed.
#[derive(Debug)]
pub(super) enum Unconfirmed {
    /// It may be before long.
    Yet(String),
    /// It never will be.
    Ever(String),
}

impl Litestream {
    pub(super) fn new(socket: &Path, database: &Path) -> Self {
        let database = std::path::absolute(database).unwrap_or_else(|_| database.to_path_buf());
        Self {
            socket: socket.to_path_buf(),
            database,
            trail: Mutex::default(),
            safe: AtomicU64::new(0),
        }
    }

    /// Before something is committed: learns where the archive stands, unless that is known.
    ///
    /// # Errors
    /// As [`Litestream::sync`].
    pub(super) fn begin(&self) -> Result<(), Unconfirmed> {
        let mut trail = self.trail();
        match trail.heard {
            Some(_) if !trail.owes => Ok(()),
            _ => self.follow(&mut trail),
        }
    }

    /// Returns when the archive holds all that is committed.
    ///
    /// # Errors
    /// It does not, or nobody knows.
    pub(super) fn sync(&self, committed: Committed) -> Result<(), Unconfirmed> {
        let mut trail = self.trail();
        trail.owes |= committed == Committed::Something;
        self.follow(&mut trail)
    }

    /// The same with less patience, for the watchdog. What it hears of is nobody's acknowledgement, and may
    /// be the damage itself.
    ///
    /// # Errors
    /// It does not answer, or not in time: in words.
    pub(super) fn glance(&self) -> Result<(), String> {
        self.ask(GLANCE).map(drop)
    }

    /// Notes that what was confirmed last is acknowledged. It may be the damage itself until its commit was looked at.
    pub(super) fn acknowledge(&self) {
        let heard = self.trail().heard.unwrap_or_default();
        self.safe.store(heard, Ordering::SeqCst);
    }

    /// What is owed must show as a further transaction, and none that was named may be gone.
    fn follow(&self, trail: &mut Trail) -> Result<(), Unconfirmed> {
        let archived = self.ask(PATIENCE).map_err(Unconfirmed::Yet)?;
        if let Some(heard) = trail.heard
            && archived < heard + u64::from(trail.owes)
        {
            return Err(Unconfirmed::Ever(format!(
                "the archive does not hold what was committed: it ends at transaction {archived:016x}"
            )));
        }
        (trail.heard, trail.owes) = (Some(archived), false);
        Ok(())
    }

    fn trail(&self) -> MutexGuard<'_, Trail> {
        self.trail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last transaction that was acknowledged.
    pub(super) fn position(&self) -> Option<u64> {
        Some(self.safe.load(Ordering::SeqCst)).filter(|number| *number > 0)
    }

    fn ask(&self, patience: Duration) -> Result<u64, String> {
        let body = json!({"path": self.database, "wait": true, "timeout": patience.as_secs()});
        let answer = control::post(&self.socket, "/sync", &body, patience)?;
        let archived = answer["replicated_txid"].as_u64();
        match (answer["txid"].as_u64(), archived) {
            (Some(seen), Some(archived)) if seen <= archived => Ok(archived),
            _ => Err(format!(
                "the archiver answers what is not a confirmation: {answer}"
            )),
        }
    }
}

/// Has a new database archived, to its first copy, which holds all of it.
///
/// # Errors
/// It was not: in words.
pub fn register(socket: &Path, database: &Path, url: &str) -> Result<(), String> {
    let archiver = Litestream::new(socket, database);
    let body = json!({"path": archiver.database, "replica_url": url});
    // An archiver that watches the directory may know it already.
    let registered = control::post(socket, "/register", &body, FIRST);
    let asked = archiver.ask(FIRST).map(drop);
    asked.map_err(|why| registered.err().unwrap_or(why))
}

/// Returns when the archive holds all that is committed now.
///
/// # Errors
/// It does not, or nobody knows: in words.
pub fn carry_over(socket: &Path, database: &Path) -> Result<(), String> {
    Litestream::new(socket, database).ask(FIRST).map(drop)
}

/// Ends the archiving of a database that is no longer in use.
///
/// # Errors
/// The archiver goes on: in words.
pub fn unregister(socket: &Path, database: &Path) -> Result<(), String> {
    let path = std::path::absolute(database).map_err(|error| error.to_string())?;
    control::post(socket, "/unregister", &json!({"path": path}), PATIENCE).map(drop)
}
