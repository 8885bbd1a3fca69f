//! Copies of an archive, which are harmed in place of it, so that the drill goes on.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// Copies whole files, in no time and no room: each of the copies is the file itself, under a further name. Whatever
/// harms one puts another file in its place.
pub fn link_tree(from: &Path, to: &Path, is_whole: fn(&Path) -> bool) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("an entry has a name")?);
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            link_tree(&path, &target, is_whole)?;
        } else if is_whole(&path) {
            fs::hard_link(&path, &target)?;
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
pub fn cut(file: &Path, parts: usize) -> Result<()> {
    let bytes = fs::read(file)?;
    let length = bytes.len().checked_div(parts).unwrap_or(0);
    put_in_place(file, &bytes[..length])
}

/// Turns one bit over, in the middle of what is written.
pub fn flip(file: &Path) -> Result<()> {
    flip_in(file, 1)
}

/// Turns a bit of each of some bytes over: one alone may change nothing in what is compressed, where it points to
/// one of many equal bytes.
pub fn scratch(file: &Path) -> Result<()> {
    flip_in(file, 16)
}

fn flip_in(file: &Path, count: usize) -> Result<()> {
    let mut bytes = fs::read(file)?;
    let written = bytes.iter().rposition(|byte| *byte != 0).unwrap_or(0);
    // What lies between two things may be nothing, which nobody reads.
    let from = written / 2;
    let middle = bytes[from..].iter().position(|byte| *byte != 0);
    let middle = from + middle.context("an empty file")?;
    bytes[middle..]
        .iter_mut()
        .take(count)
        .for_each(|byte| *byte ^= 1);
    put_in_place(file, &bytes)
}

fn put_in_place(file: &Path, bytes: &[u8]) -> Result<()> {
    fs::remove_file(file)?;
    Ok(fs::write(file, bytes)?)
}
