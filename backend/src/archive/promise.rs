//! The last change that was acknowledged, noted beside the database. An SQLite file without the log that lay
//! beside it opens as if nothing had been in it: the note tells that something was.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::disk::beside;
use crate::domain::id::GameId;

/// A change of a board that somebody was told is safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// The board.
    pub game: GameId,
    /// Its revision after the change.
    pub revision: i64,
}

/// Digits of the largest revision: a note is as long as the one before.
const WIDTH: usize = 19;

impl Promise {
    /// The note beside a database; `None` where nothing was acknowledged yet, or somebody took the note away.
    pub fn beside(database: &Path) -> Option<Self> {
        let line = fs::read_to_string(path(database)).ok()?;
        let (game, revision) = line.trim_end().split_once(' ')?;
        Some(Self {
            game: game.parse().ok()?,
            revision: revision.parse().ok()?,
        })
    }

    /// Why a database that does not hold it is none to go on with.
    pub fn broken(self, database: &Path) -> String {
        format!(
            "something that was acknowledged is not in {}: revision {} of {}, says {}",
            database.display(),
            self.revision,
            self.game,
            path(database).display()
        )
    }
}

/// Where it is noted.
pub fn path(database: &Path) -> PathBuf {
    beside(database, ".acknowledged")
}

/// Takes the note down again and again. It waits for no disk: it outlives a process, and a machine that lost
/// its power has lost no log that was synced.
#[derive(Debug)]
pub(super) struct Notebook {
    path: PathBuf,
    open: Mutex<Option<File>>,
}

impl Notebook {
    pub(super) fn of(database: &Path) -> Self {
        Self {
            path: path(database),
            open: Mutex::default(),
        }
    }

    /// # Errors
    /// The disk's.
    pub(super) fn note(&self, promise: Promise) -> std::io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.is_none() {
            let mut options = File::options();
            let file = options
                .write(true)
                .create(true)
                .truncate(false)
                .open(&self.path)?;
            *open = Some(file);
        }
        let Promise { game, revision } = promise;
        let line = format!("{game} {revision:0>WIDTH$}\n");
        match open.as_ref() {
            Some(file) => file.write_all_at(line.as_bytes(), 0),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_is_the_last_promise() {
        let database = std::env::temp_dir().join(uuid::Uuid::new_v4().to_string());
        assert_eq!(Promise::beside(&database), None);
        let notebook = Notebook::of(&database);
        for (game, revision) in [(i64::MAX, i64::MAX), (7, 1), (1 << 50, 12)] {
            let promise = Promise {
                game: GameId(game),
                revision,
            };
            notebook.note(promise).unwrap();
            assert_eq!(Promise::beside(&database), Some(promise));
        }
        for damaged in ["", "game_0SC5H60KR0000", "game_0SC5H60KR0000 x", "7 8"] {
            fs::write(path(&database), damaged).unwrap();
            assert_eq!(Promise::beside(&database), None, "{damaged}");
        }
        fs::remove_file(path(&database)).unwrap();
    }
}
