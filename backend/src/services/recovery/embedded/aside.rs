//! A copy that comes back aside: under a name that says it is not whole yet, until it is.

use std::fs::{self, File, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::super::{Say, on_disk, refuse_existing};
use super::place::{Place, explained};
use crate::archive::copies::{Copies, Failure, Point};
use crate::config::{Config, DatabaseUrl};
use crate::db::identity::{self, Identity};
use crate::db::summary::Summary;
use crate::db::{Connector, Role, restored};
use crate::error::StartError;
use crate::services::soundness::{self, Findings};

/// A file that is being restored. Dropped before it was kept, it takes everything of itself along: what is not
/// whole must not look as if it were.
pub(super) struct Aside {
    part: PathBuf,
    into: PathBuf,
}

/// What came back, and who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub identity: Identity,
    pub summary: Summary,
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
    ) -> Result<Found, Wrong> {
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
    pub fn examine(&self, config: &Config) -> Result<Found, Wrong> {
        let owners = Permissions::from_mode(0o600);
        fs::set_permissions(&self.part, owners)
            .map_err(|error| Wrong::Other(on_disk(&self.part, &error)))?;
        let (identity, summary) = restored::examine(&self.part).map_err(Wrong::Content)?;
        identity::accept(config, &identity).map_err(Wrong::Other)?;
        Ok(Found { identity, summary })
    }

    /// Looks through every board of it.
    pub fn verify(&self, say: Say<'_>) -> Result<Findings, StartError> {
        let url = DatabaseUrl::Sqlite(self.part.clone());
        let opened = Connector::new(url.clone(), Role::Reader).open();
        let mut conn = opened.map_err(|error| StartError::unreachable(&url, &error))?;
        let so_far = |findings: &Findings| say(&format!("{findings} looked through so far"));
        soundness::of_all(&mut conn, &so_far)
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
            .and_then(|()| File::open(directory_of(&self.into))?.sync_all())
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

fn beside(part: &Path, ending: &str) -> PathBuf {
    let mut name = part.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn directory_of(file: &Path) -> &Path {
    let parent = file.parent();
    let named = parent.filter(|parent| !parent.as_os_str().is_empty());
    named.unwrap_or(Path::new("."))
}
