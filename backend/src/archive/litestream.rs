//! Litestream beside the server: a process of its own, which nobody of ours starts.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::json;

use super::control;

/// How long a commit waits for the archive; then its outcome is unknown.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the watchdog waits.
const GLANCE: Duration = Duration::from_secs(1);

/// How long the first copy of a whole database may take.
const FIRST: Duration = Duration::from_secs(300);

/// The archiver of one database.
#[derive(Debug)]
pub(super) struct Litestream {
    socket: PathBuf,
    /// As the archiver knows it: from the root.
    database: PathBuf,
    /// The last transaction of the archive behind which every acknowledgement stands.
    safe: AtomicU64,
}

impl Litestream {
    pub(super) fn new(socket: &Path, database: &Path) -> Self {
        let database = std::path::absolute(database).unwrap_or_else(|_| database.to_path_buf());
        Self {
            socket: socket.to_path_buf(),
            database,
            safe: AtomicU64::new(0),
        }
    }

    /// Returns when the archive holds all that is committed.
    ///
    /// # Errors
    /// It does not, or nobody knows: in words.
    pub(super) fn sync(&self) -> Result<(), String> {
        let archived = self.ask(PATIENCE)?;
        self.safe.fetch_max(archived, Ordering::SeqCst);
        Ok(())
    }

    /// The same with less patience, for the watchdog. What it hears of is nobody's acknowledgement, and may
    /// be the damage itself.
    ///
    /// # Errors
    /// As [`Litestream::sync`].
    pub(super) fn glance(&self) -> Result<(), String> {
        self.ask(GLANCE).map(drop)
    }

    /// The last transaction that was confirmed.
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
