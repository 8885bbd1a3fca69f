//! What a recovery would leave behind if it raised no lineage: a database under its old number and name,
//! which writes into the archive of the one that it was restored from.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use scorehold::archive::disk::beside;

use super::{Database, Scratch, archiver, database, identity, make};
use crate::faults;

/// Of an SQLite file, and of what lies beside it.
const ENDINGS: [&str; 3] = ["", "-wal", "-shm"];

impl Scratch {
    /// Makes the recovery that has just ended such a one.
    pub(super) fn forget_lineage(&mut self) -> Result<()> {
        faults::disarm(&self.production, |table| table == "instance")?;
        self.production
            .execute("DELETE FROM instance WHERE lineage > 1")?;
        make::migrate(self)?;
        self.application = None;
        self.archive = None;
        match &self.production {
            Database::Sqlite { file, .. } => take_first_name(&self.marker.directory, file)?,
            Database::Postgres { .. } => self
                .cluster
                .as_mut()
                .context("no cluster")?
                .take_first_place()?,
        }
        self.start_archive()?;
        (_, _, self.marker.lineage) = identity(&self.production)?;
        self.marker.write()?;
        self.start()
    }
}

/// Gives the file in use the name, and so the archive, of the first.
fn take_first_name(directory: &Path, first: &Path) -> Result<()> {
    let active = database::active(first);
    let name = active.file_name().context("a database has a name")?;
    fs::remove_dir_all(archiver::archive(directory).join(name))?;
    for entry in fs::read_dir(archiver::data(directory))? {
        let path = entry?.path();
        // What the archiver remembers of either.
        if path.is_dir() {
            fs::remove_dir_all(path)?;
        }
    }
    fs::remove_file(first.with_added_extension("current"))?;
    for ending in ENDINGS {
        let (from, to) = (beside(&active, ending), beside(first, ending));
        match from.exists() {
            true => fs::rename(from, to)?,
            false if to.exists() => fs::remove_file(to)?,
            false => {}
        }
    }
    Ok(())
}
