//! Files of this machine's disk: named beside others, and put in place whole.

use std::fs::{self, File};
use std::io::{Result, Write};
use std::path::{Path, PathBuf};

/// The same path with something behind its name.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Where a file lies.
pub fn directory_of(file: &Path) -> &Path {
    let parent = file.parent();
    let named = parent.filter(|parent| !parent.as_os_str().is_empty());
    named.unwrap_or(Path::new("."))
}

/// Returns when what was named, or named anew, will have that name also after the power was cut.
///
/// # Errors
/// The disk's.
pub fn sync_directory_of(file: &Path) -> Result<()> {
    File::open(directory_of(file))?.sync_all()
}

/// Replaces a file of one line: it is the old one or the new one at every moment, and keeps its rights.
///
/// # Errors
/// The disk's; then it is the old one.
pub fn replace(file: &Path, line: &str) -> Result<()> {
    let next = beside(file, ".new");
    let mut written = File::create(&next)?;
    if let Ok(found) = fs::metadata(file) {
        written.set_permissions(found.permissions())?;
    }
    writeln!(written, "{line}")?;
    written.sync_all()?;
    fs::rename(&next, file)?;
    sync_directory_of(file)
}
