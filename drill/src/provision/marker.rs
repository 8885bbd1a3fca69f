//! What tells a scratch copy from every other database: its own directory with a marker file, and in
//! the database the identity that the marker names.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::application::Settings;
use super::process;
use crate::args::Engine;
use crate::refusal::foreign;

const FILE: &str = "made-by-scorehold-drill.json";

/// What the drill writes down about a copy when it makes it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Marker {
    /// Where it stands.
    pub directory: PathBuf,
    /// The directory's own number: one that was copied elsewhere is another one.
    pub inode: u64,
    /// Its engine.
    pub engine: Engine,
    /// The id in its table `instance`.
    pub instance: String,
    /// The lineage of its newest row there.
    pub lineage: u32,
    /// Who may do what on its PostgreSQL.
    pub roles: Option<Roles>,
    /// What its server runs with.
    pub settings: Settings,
    /// What the developers' server beside it runs with.
    pub developer: Settings,
}

/// The roles of the production database, by their URLs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Roles {
    /// What the server itself may.
    pub runtime: String,
    /// Who owns the tables.
    pub owner: String,
    /// Who may do everything.
    pub superuser: String,
    /// Who receives the log, as libpq takes it.
    #[serde(default)]
    pub receiver: String,
}

/// A new, empty directory that nobody else can have had before.
pub fn make_directory(engine: Engine) -> Result<PathBuf> {
    let chosen = uuid::Uuid::new_v4().simple().to_string();
    let name = format!("scorehold-drill-{}-{chosen}", engine.name().to_lowercase());
    let directory = std::env::temp_dir().canonicalize()?.join(name);
    // Fails when it exists.
    std::fs::create_dir(&directory)
        .with_context(|| format!("cannot make {}", directory.display()))?;
    std::fs::set_permissions(&directory, PermissionsExt::from_mode(0o700))?;
    process::hand_over(&directory)?;
    Ok(directory)
}

impl Marker {
    /// Writes it into its directory.
    pub fn write(&self) -> Result<()> {
        let file = self.directory.join(FILE);
        std::fs::write(&file, serde_json::to_string_pretty(self)?)?;
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600))?;
        Ok(())
    }

    /// Reads the marker of a directory, and refuses one that is not where and what it says.
    pub fn read(directory: &Path) -> Result<Self> {
        let shown = directory.display();
        let Ok(text) = std::fs::read_to_string(directory.join(FILE)) else {
            return foreign(&format!("{shown} has no {FILE}"));
        };
        let Ok(marker) = serde_json::from_str::<Self>(&text) else {
            return foreign(&format!("the marker of {shown} cannot be read"));
        };
        let real = directory.canonicalize()?;
        if marker.directory != real || marker.inode != inode(&real)? {
            let meant = marker.directory.display();
            return foreign(&format!("the marker of {shown} was made for {meant}"));
        }
        Ok(marker)
    }
}

/// The number of a directory in its file system.
pub fn inode(directory: &Path) -> Result<u64> {
    Ok(std::fs::metadata(directory)?.ino())
}

/// Removes a directory, if it is one that a drill has made.
pub fn remove(directory: &Path) -> Result<()> {
    let marker = Marker::read(directory)?;
    Ok(std::fs::remove_dir_all(marker.directory)?)
}
