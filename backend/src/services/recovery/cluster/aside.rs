//! A cluster that is restored to be looked at, and goes again: in a directory of its own beside the one in use,
//! which holds nothing else.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::super::{Say, on_disk};
use super::plan::Plan;
use super::restore::{make_directory, replay};
use crate::archive::cluster::Site;
use crate::archive::cluster::server::Server;
use crate::archive::cluster::wal::Gathered;
use crate::archive::disk::beside;
use crate::config::{Config, DatabaseUrl};
use crate::db::summary::Summary;
use crate::error::StartError;

/// The cluster, its log, and what is put together of the log that it replays.
const NAMES: [&str; 3] = ["copy", "copy.log", "copy.wal"];
/// Nobody works with it: it takes little, and need not survive anything.
const MODEST: [(&str, &str); 4] = [
    ("archive_mode", "off"),
    ("fsync", "off"),
    ("huge_pages", "off"),
    ("shared_buffers", "128MB"),
];

/// The directory, as long as this is there. It is locked, so that no two rehearsals meet.
pub(super) struct Aside<'a> {
    site: &'a Site,
    directory: PathBuf,
    _lock: File,
}

/// What came back, running for us alone; it goes with its owner.
pub(super) struct Copy<'a> {
    pub url: DatabaseUrl,
    pub summary: Summary,
    _aside: Removed<'a>,
}

/// Stops and removes what there is of a copy when it is dropped.
struct Removed<'a>(&'a Aside<'a>);

impl Drop for Removed<'_> {
    fn drop(&mut self) {
        // What is left is removed by the next rehearsal, which says why if it cannot.
        let _left = self.0.clear();
    }
}

impl<'a> Aside<'a> {
    /// Beside the cluster in use. What a rehearsal that was killed has left there goes.
    ///
    /// # Errors
    /// 73 when another rehearsal is under way, or something lies there that is not ours; 74 for the disk.
    pub fn of(site: &'a Site, cluster: &Path) -> Result<Self, StartError> {
        let directory = beside(cluster, ".rehearsal");
        let failed = |error| on_disk(&directory, &error);
        if !directory.exists() {
            make_directory(&directory)?;
        }
        let lock = File::open(&directory).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(taken(&directory, "is in use by another rehearsal"));
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        for entry in fs::read_dir(&directory).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            if !NAMES.iter().any(|ours| name == *ours) {
                let name = name.to_string_lossy();
                return Err(taken(
                    &directory,
                    &format!("holds {name}, which is not ours"),
                ));
            }
        }
        let aside = Self {
            site,
            directory,
            _lock: lock,
        };
        aside.clear()?;
        Ok(aside)
    }

    /// Where the log is put together.
    pub fn gathered(&self) -> Result<Gathered, StartError> {
        let [.., wal] = NAMES;
        Ok(Gathered::at(self.directory.join(wal))?)
    }

    /// Brings a moment back.
    pub fn bring(
        &'a self,
        config: &Config,
        plan: &Plan,
        say: Say<'_>,
    ) -> Result<Copy<'a>, StartError> {
        let removed = Removed(self);
        let server = self.server();
        make_directory(&server.data)?;
        let (url, summary) = replay(config, self.site, plan, (&server, &MODEST), say)?;
        Ok(Copy {
            url,
            summary,
            _aside: removed,
        })
    }

    fn server(&self) -> Server<'_> {
        let [copy, ..] = NAMES;
        Server::at(self.site, self.directory.join(copy))
    }

    /// Only what has our names, in the directory that is ours.
    fn clear(&self) -> Result<(), StartError> {
        let server = self.server();
        if server.data.exists() && server.is_running()? {
            server.stop_at_once()?;
        }
        for place in NAMES.map(|name| self.directory.join(name)) {
            let removed = match place.is_dir() {
                true => fs::remove_dir_all(&place),
                false if place.exists() => fs::remove_file(&place),
                false => Ok(()),
            };
            removed.map_err(|error| on_disk(&place, &error))?;
        }
        Ok(())
    }
}

impl Drop for Aside<'_> {
    fn drop(&mut self) {
        // One in which something is left stays.
        let _left = fs::remove_dir(&self.directory);
    }
}

fn taken(directory: &Path, why: &str) -> StartError {
    let directory = directory.display();
    StartError::new(73, format!("{directory} {why}; nothing was touched"))
}
