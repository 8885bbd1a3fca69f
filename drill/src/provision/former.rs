//! What recoveries keep of the lineages before. In production somebody may need it; here it takes room, which a
//! copy with millions of scores has not got for long.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Database, Scratch, archiver, cluster, database};

/// Smaller files of an archive stay.
const LARGE: u64 = 1 << 20;

impl Scratch {
    /// Removes what lineages before the one in use have left, and what was restored aside.
    pub fn clear_former(&self) -> Result<()> {
        let directory = &self.marker.directory;
        remove_others(directory, |name| !name.starts_with("aside-"))?;
        match &self.production {
            Database::Sqlite { file, .. } => clear_files(directory, &database::active(file)),
            Database::Postgres { .. } => clear_clusters(directory, self.marker.lineage),
        }
    }
}

/// The files of former databases, with what lies beside them, and the bulk of their archives.
fn clear_files(directory: &Path, active: &Path) -> Result<()> {
    let active = name(active);
    let is_beside = |file: &str, of: &str| file.trim_start_matches('.').starts_with(of);
    remove_others(&archiver::data(directory), |file| {
        let says_which = [".current", ".recovering"]
            .iter()
            .any(|end| file.ends_with(end));
        !file.contains(".db") || says_which || is_beside(file, &active)
    })?;
    for archive in fs::read_dir(archiver::archive(directory))? {
        let archive = archive?.path();
        if archive.is_dir() && name(&archive) != active {
            empty_large(&archive)?;
        }
    }
    Ok(())
}

/// A number that an archive knows is never given again, so that the names in it stay.
fn empty_large(place: &Path) -> Result<()> {
    for entry in fs::read_dir(place)? {
        let path = entry?.path();
        if path.is_dir() {
            empty_large(&path)?;
        } else if path.metadata()?.len() > LARGE {
            File::options().write(true).open(&path)?.set_len(0)?;
        }
    }
    Ok(())
}

/// Former clusters, their log and their backups.
fn clear_clusters(directory: &Path, lineage: u32) -> Result<()> {
    let (cluster, stanza) = (format!("lineage-{lineage}"), format!("scorehold-{lineage}"));
    let is_ours = |file: &str| file == cluster || file.starts_with(&format!("{cluster}."));
    remove_others(&cluster::clusters(directory), is_ours)?;
    let repository = directory.join("repository");
    let received = cluster::receivers(directory).map(|(_, place)| place);
    let archives = ["archive", "backup"].map(|kind| repository.join(kind));
    for place in received.iter().chain(&archives) {
        remove_others(place, |file| {
            !file.starts_with("scorehold-") || file == stanza
        })?;
    }
    Ok(())
}

/// Removes everything in a directory but what is kept.
fn remove_others(directory: &Path, is_kept: impl Fn(&str) -> bool) -> Result<()> {
    let entries: std::io::Result<Vec<PathBuf>> = fs::read_dir(directory)
        .with_context(|| format!("{} cannot be read", directory.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect();
    for path in entries? {
        if is_kept(&name(&path)) {
            continue;
        }
        match path.is_dir() {
            true => fs::remove_dir_all(&path)?,
            false => fs::remove_file(&path)?,
        }
    }
    Ok(())
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
