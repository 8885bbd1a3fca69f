//! A copy that comes back aside: under a name that says it is not whole yet, until it is.

use std::fs::{self, File, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::super::continues::{OLDER, look_through};
use super::super::{Say, on_disk, refuse_existing};
use super::place::{Place, explained};
use crate::archive::copies::{Copies, Failure, Point};
use crate::archive::disk::{beside, directory_of, sync_directory_of};
use crate::archive::promise::Promise;
use crate::config::{Config, DatabaseUrl};
use crate::db::identity;
use crate::db::restored;
use crate::db::summary::Examined;
use crate::error::StartError;
use crate::services::soundness::Findings;

/// A file that is being restored. Dropped before it was kept, it takes everything of itself along: what is not
/// whole must not look as if it were.
pub(super) struct Aside {
    part: PathBuf,
    into: PathBuf,
}

/// Why a moment did not come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// The archive has damaged files there.
    Archive(StartError),
    /// It came back, but something is missing in it.
    Content(String),
    /// Everything else.
    Other(StartError),
}

impl From<Wrong> for StartError {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Archive(error) | Wrong::Other(error) => error,
            Wrong::Content(why) => Self::new(
                65,
                format!("what came back is not whole: {why}. The database in use was not touched"),
            ),
        }
    }
}

impl Aside {
    /// A new file beside others.
    ///
    /// # Errors
    /// 73 when it exists, 74 when its directory does not.
    pub fn new(into: &Path) -> Result<Self, StartError> {
        refuse_existing(into)?;
        let directory = directory_of(into);
        fs::metadata(directory).map_err(|error| on_disk(directory, &error))?;
        let part = into.with_added_extension("part");
        clear(&part);
        let into = into.to_path_buf();
        Ok(Self { part, into })
    }

    /// The file as long as it is nobody's.
    pub fn part(&self) -> &Path {
        &self.part
    }

    /// Brings a moment back, in place of what was brought before, and looks whether it is whole.
    pub fn bring(
        &self,
        place: &Place<'_>,
        (copies, point): (&Copies, Point),
        say: Say<'_>,
    ) -> Result<Examined, Wrong> {
        clear(&self.part);
        let mut far = |bytes: u64| {
            // Who does not listen any more gets the copy all the same.
            let _unread = say(&format!("{} MB so far", bytes / 1_000_000));
        };
        let came = copies.restore(point, &self.part, &mut far);
        came.map_err(|failure| match failure {
            Failure::Damaged(_) => Wrong::Archive(explained(&failure)),
            _ => Wrong::Other(explained(&failure)),
        })?;
        self.examine(place.config)
    }

    /// Looks whether it is whole, and whose it is.
    pub fn examine(&self, config: &Config) -> Result<Examined, Wrong> {
        let owners = Permissions::from_mode(0o600);
        fs::set_permissions(&self.part, owners)
            .map_err(|error| Wrong::Other(on_disk(&self.part, &error)))?;
        let found = restored::examine(&self.part).map_err(Wrong::Content)?;
        identity::accept(config, &found.identity).map_err(Wrong::Other)?;
        Ok(found)
    }

    /// Looks whether what was promised is in it.
    pub fn keeps(&self, promise: Option<Promise>) -> Result<(), Wrong> {
        restored::keeps(&self.part, promise).map_err(Wrong::Content)
    }

    /// Looks through every board of it.
    pub fn verify(&self, say: Say<'_>) -> Result<Findings, StartError> {
        verify(&self.part, say)
    }

    /// Looks through every board, gives the file its name, and tells what is in it.
    ///
    /// # Errors
    /// 65 when a board is not what its journal says: then the file is there all the same, since it is all that
    /// there is. Otherwise as [`Aside::keep`].
    pub fn finish(self, found: &Examined, say: Say<'_>) -> Result<(), StartError> {
        let is_current = found.lacks.is_empty();
        let wrong = match is_current {
            true => self.verify(say)?.wrong,
            false => Vec::new(),
        };
        let (into, identity) = (self.into.clone(), &found.identity);
        self.keep()?;
        say(&format!(
            "{}: environment {}, instance {}, lineage {}; {}",
            into.display(),
            identity.environment,
            identity.id,
            identity.lineage,
            found.summary
        ))?;
        match (is_current, wrong.is_empty()) {
            (false, _) => say(OLDER),
            (true, true) => say("every board is what its journal says"),
            (true, false) => Err(StartError::new(
                65,
                format!(
                    "the file holds all that was there, but that is not sound.\n  {}",
                    wrong.join("\n  ")
                ),
            )),
        }
    }

    /// Gives the file its name, unless that has been taken meanwhile.
    ///
    /// # Errors
    /// 73 when it has, 74 for the disk.
    pub fn keep(self) -> Result<(), StartError> {
        refuse_log(&self.part)?;
        let synced = File::open(&self.part).and_then(|file| file.sync_all());
        let linked = synced.and_then(|()| fs::hard_link(&self.part, &self.into));
        linked
            .and_then(|()| fs::remove_file(&self.part))
            .and_then(|()| sync_directory_of(&self.into))
            .map_err(|error| match error.kind() {
                ErrorKind::AlreadyExists => refuse_existing(&self.into)
                    .err()
                    .unwrap_or_else(|| on_disk(&self.into, &error)),
                _ => on_disk(&self.into, &error),
            })
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        clear(&self.part);
    }
}

/// Looks through every board of a file.
pub(super) fn verify(file: &Path, say: Say<'_>) -> Result<Findings, StartError> {
    look_through(&DatabaseUrl::Sqlite(file.to_path_buf()), say)
}

/// A file whose last changes lie in the log beside it is not all that it should be.
fn refuse_log(part: &Path) -> Result<(), StartError> {
    match beside(part, "-wal").metadata() {
        Ok(log) if log.len() > 0 => Err(StartError::new(
            74,
            format!(
                "{} could not be closed: its log is still there",
                part.display()
            ),
        )),
        _ => Ok(()),
    }
}

/// Removes what an attempt left of a file that never was whole.
fn clear(part: &Path) {
    for ending in ["", "-wal", "-shm", ".tmp", ".tmp-wal", ".tmp-shm"] {
        let _absent = fs::remove_file(beside(part, ending));
    }
}
