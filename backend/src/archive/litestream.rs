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
        self.ask(PATIENCE)
    }

    /// The same with less patience, for the watchdog.
    ///
    /// # Errors
    /// As [`Litestream::sync`].
    pub(super) fn glance(&self) -> Result<(), String> {
        self.ask(GLANCE)
    }

    fn ask(&self, patience: Duration) -> Result<(), String> {
        let body = json!({"path": self.database, "wait": true, "timeout": patience.as_secs()});
        let answer = control::post(&self.socket, "/sync", &body, patience)?;
        let archived = answer["replicated_txid"].as_u64();
        match (answer["txid"].as_u64(), archived) {
            (Some(seen), Some(archived)) if seen <= archived => {
                self.safe.fetch_max(archived, Ordering::SeqCst);
                Ok(())
            }
            _ => Err(format!(
                "the archiver answers what is not a confirmation: {answer}"
            )),
        }
    }
}
