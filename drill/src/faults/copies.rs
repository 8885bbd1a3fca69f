//! Copies of an archive, which are harmed in place of it, so that the drill goes on.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// Copies whole files: what is being written has another name.
pub fn copy_tree(from: &Path, to: &Path, is_whole: fn(&Path) -> bool) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("an entry has a name")?);
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            copy_tree(&path, &target, is_whole)?;
        } else if is_whole(&path) {
            fs::copy(&path, &target)?;
            // It is the drill's now, and the restore runs as somebody else.
            fs::set_permissions(&target, Permissions::from_mode(0o644))?;
        }
    }
    Ok(())
}

/// Does the same to each of these.
pub fn each(files: Vec<PathBuf>, damage: impl Fn(&Path) -> Result<()>) -> Result<()> {
    ensure!(!files.is_empty(), "there is nothing to damage");
    files.iter().try_for_each(|file| damage(file))
}

/// Leaves a part of a file: one of so many, or nothing.
pub fn cut(file: &Path, parts: u64) -> Result<()> {
    let file = File::options().write(true).open(file)?;
    let length = file.metadata()?.len().checked_div(parts).unwrap_or(0);
    Ok(file.set_len(length)?)
}

/// Turns one bit over, in the middle of what is written.
pub fn flip(file: &Path) -> Result<()> {
    let bytes = fs::read(file)?;
    let written = bytes.iter().rposition(|byte| *byte != 0).unwrap_or(0);
    // What lies between two things may be nothing, which nobody reads.
    let from = written / 2;
    let middle = bytes[from..].iter().position(|byte| *byte != 0);
    let middle = from + middle.context("an empty file")?;
    let file = File::options().write(true).open(file)?;
    Ok(file.write_all_at(&[bytes[middle] ^ 1], middle as u64)?)
}
