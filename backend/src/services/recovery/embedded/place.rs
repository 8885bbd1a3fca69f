//! Which file of a database is in use, which comes next, and which archive is whose.

use std::path::{Path, PathBuf};

use super::names::Names;
use crate::archive::copies::{Copies, Failure};
use crate::config::{ArchiveUrl, Config};
use crate::db::pointer;
use crate::error::StartError;

/// How many numbers in a row may be missing.
const GAP: u32 = 4;

/// The database of a configuration, and its archive.
pub(super) struct Place<'a> {
    pub config: &'a Config,
    pub names: Names<'a>,
    archive: &'a ArchiveUrl,
}

impl<'a> Place<'a> {
    /// # Errors
    /// 78 when there is no archive.
    pub fn of(config: &'a Config, configured: &'a Path) -> Result<Self, StartError> {
        let archive = config.archive.url.as_ref().ok_or_else(|| {
            StartError::new(
                78,
                "SCOREHOLD__ARCHIVE__URL is needed: where the archive is; nothing was touched",
            )
        })?;
        Ok(Self {
            config,
            names: Names(configured),
            archive,
        })
    }

    /// The archive of one of its files.
    pub fn copies(&self, file: &Path) -> Copies {
        let archive = &self.config.archive;
        Copies::of(&archive.litestream, self.archive.as_str(), file)
    }

    /// The file in use or, where the whole directory is lost, the one that was in use last.
    ///
    /// # Errors
    /// What the pointer or the archive has against it; 66 when nobody knows of any.
    pub fn newest(&self) -> Result<PathBuf, StartError> {
        if pointer::pointer(self.names.0).exists() || self.names.0.exists() {
            return pointer::active(self.names.0);
        }
        let newest = self.highest(0, |file| self.is_archived(file))?;
        newest.map(|number| self.names.numbered(number)).ok_or_else(|| {
            let archive = self.copies(self.names.0);
            StartError::new(
                66,
                format!(
                    "neither this disk nor the archive {} holds anything of {}; nothing was touched",
                    archive.url(),
                    self.names.0.display()
                ),
            )
        })
    }

    /// The next file, whose number neither the disk nor the archive has seen.
    ///
    /// # Errors
    /// As [`Place::newest`].
    pub fn next(&self, newest: &Path) -> Result<PathBuf, StartError> {
        let known = self.names.number(newest).unwrap_or(1);
        let is_used = |file: &Path| Ok(file.exists() || self.is_archived(file)?);
        let highest = self.highest(known, is_used)?.unwrap_or(known);
        Ok(self.names.numbered(highest.max(known) + 1))
    }

    /// The highest number above another one that is one of these.
    fn highest(
        &self,
        above: u32,
        is_one: impl Fn(&Path) -> Result<bool, StartError>,
    ) -> Result<Option<u32>, StartError> {
        let (mut highest, mut number) = (None, above);
        while number < highest.unwrap_or(above) + GAP {
            number += 1;
            if is_one(&self.names.numbered(number))? {
                highest = Some(number);
            }
        }
        Ok(highest)
    }

    fn is_archived(&self, file: &Path) -> Result<bool, StartError> {
        match self.copies(file).last() {
            Ok(last) => Ok(last.is_some()),
            Err(Failure::Absent(_)) => Ok(false),
            Err(failure) => Err(explained(&failure)),
        }
    }
}

/// # Errors
/// As the service of the same name.
pub(in super::super) fn refuse_forgotten(
    config: &Config,
    configured: &Path,
) -> Result<(), StartError> {
    let is_there = pointer::pointer(configured).exists() || configured.exists();
    if is_there || config.archive.url.is_none() {
        return Ok(());
    }
    let place = Place::of(config, configured)?;
    match place.highest(0, |file| place.is_archived(file))? {
        None => Ok(()),
        Some(number) => Err(StartError::new(
            78,
            format!(
                "{} is not there, but the archive {} holds it: `scorehold recover` brings it back; \
                 a new, empty database was not made",
                configured.display(),
                place.copies(&place.names.numbered(number)).url()
            ),
        )),
    }
}

/// What a failure of the archive means for whoever asked.
pub(super) fn explained(failure: &Failure) -> StartError {
    let (exit, text) = match failure {
        Failure::Absent(why) => (66, format!("the archive has nothing of that: {why}")),
        Failure::Damaged(why) => (65, format!("the archive is damaged there: {why}")),
        Failure::Unreachable(why) => (69, format!("the archive does not answer: {why}")),
        Failure::Disk(why) => (74, format!("this disk takes no more: {why}")),
    };
    StartError::new(exit, format!("{text}. The database in use was not touched"))
}
