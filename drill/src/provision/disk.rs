//! Small disks that can be filled: file systems in memory, laid over the directories of a copy. The drill mounts
//! them in a namespace of its own, so that nobody else sees them and none outlives it.

use std::fmt;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use super::process;

/// Set for a drill that is in its namespace.
const INSIDE: &str = "DRILL_INSIDE";
/// What takes all that is left.
const BALLAST: &str = "ballast";
/// How much is free before it is filled, in KiB.
const ROOM: u64 = 48 * 1024;

/// Has the drill begin anew in a namespace of its own. Who is not root becomes it in there, and only there. Where
/// the machine allows neither, the drill goes on outside, and says which faults it cannot inject there.
#[allow(
    clippy::disallowed_methods,
    reason = "its own mark, which says that it has begun anew"
)]
pub fn enter() {
    if std::env::var_os(INSIDE).is_some() {
        return;
    }
    let mut unshare = vec!["--mount"];
    if !process::is_root() {
        unshare.push("--map-root-user");
    }
    let tried = Command::new("unshare").args(&unshare).arg("true").output();
    let (Ok(program), true) = (
        std::env::current_exe(),
        tried.is_ok_and(|tried| tried.status.success()),
    ) else {
        return;
    };
    let mut again = Command::new("unshare");
    again.args(unshare).arg(program).env(INSIDE, "1");
    // It comes back only if it could not begin.
    _ = again.args(std::env::args_os().skip(1)).exec();
}

/// This machine lets nobody mount anything here.
#[derive(Debug)]
pub struct Unavailable(String);

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no disk can be made that fills up, which takes root, or a user who may have namespaces \
             (unshare --map-root-user --mount): {}",
            self.0
        )
    }
}

impl std::error::Error for Unavailable {}

/// Whether disks can be made.
///
/// # Errors
/// [`Unavailable`], and why.
pub fn is_available(directory: &Path) -> Result<(), Unavailable> {
    let tried = mount(4, directory).and_then(|()| unmount(directory));
    tried.map_err(|error| Unavailable(format!("{error:#}")))
}

/// A disk over a directory.
#[derive(Debug)]
pub struct Disk(PathBuf);

impl Disk {
    /// Lays one over a directory that nobody uses just now, with so many KiB more than it takes to be filled. What
    /// is in it stays.
    pub fn over(directory: &Path, spare: u64) -> Result<Self> {
        let before = directory.with_added_extension("before");
        fs::rename(directory, &before)?;
        fs::create_dir(directory)?;
        mount(kibibytes(&before)? + spare + ROOM, directory)?;
        let disk = Self(directory.to_path_buf());
        run(Command::new("cp")
            .arg("--archive")
            .arg(before.join("."))
            .arg(directory))?;
        fs::remove_dir_all(before)?;
        Ok(disk)
    }

    /// Takes all the room that is left.
    pub fn fill(&self) -> Result<()> {
        let mut file = File::create(self.0.join(BALLAST))?;
        loop {
            match file.write_all(&[0; 4096]) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Gives it back.
    pub fn make_room(&self) -> Result<()> {
        Ok(fs::remove_file(self.0.join(BALLAST))?)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Whatever is left of it goes with the namespace.
        _ = unmount(&self.0);
    }
}

fn mount(kibibytes: u64, over: &Path) -> Result<()> {
    let options = format!("size={kibibytes}k,mode=0700");
    let mut mount = Command::new("mount");
    mount.args(["-t", "tmpfs", "-o", &options, "scorehold-drill"]);
    run(mount.arg(over)).map(drop)
}

fn unmount(from: &Path) -> Result<()> {
    run(Command::new("umount").arg("--lazy").arg(from)).map(drop)
}

/// The KiB of the largest file below a directory.
pub fn largest(directory: &Path) -> Result<u64> {
    let mut largest = 0;
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        largest = largest.max(match path.is_dir() {
            true => self::largest(&path)?,
            false => path.metadata()?.len().div_ceil(1024),
        });
    }
    Ok(largest)
}

fn kibibytes(directory: &Path) -> Result<u64> {
    let said = run(Command::new("du")
        .args(["--summarize", "--block-size=1K"])
        .arg(directory))?;
    let number = said.split_whitespace().next().unwrap_or_default();
    Ok(number.parse()?)
}

fn run(command: &mut Command) -> Result<String> {
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?}: {}", said.trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
