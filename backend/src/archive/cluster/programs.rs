//! Running other programs to their end.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Failure;

/// Debian keeps PostgreSQL's programs out of PATH, in a directory for each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The directory of PostgreSQL's programs; `None`: whatever PATH finds.
#[derive(Debug)]
pub(super) struct Programs(Option<PathBuf>);

impl Programs {
    /// In the directory that is named, or in that of the newest version.
    pub(super) fn of(named: Option<&Path>) -> Self {
        Self(named.map(Path::to_path_buf).or_else(newest))
    }

    pub(super) fn command(&self, name: &str) -> Command {
        match &self.0 {
            Some(directory) => Command::new(directory.join(name)),
            None => Command::new(name),
        }
    }
}

fn newest() -> Option<PathBuf> {
    let versions = std::fs::read_dir(DEBIAN).ok()?;
    let number = |path: &PathBuf| -> Option<u32> { path.file_name()?.to_str()?.parse().ok() };
    let newest = versions
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("bin/pg_ctl").is_file())
        .max_by_key(number)?;
    Some(newest.join("bin"))
}

/// What a program said, and how it ended.
pub(super) struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// The last words of a program, for whoever reads the failure.
    pub(super) fn last_words(&self) -> String {
        let said = format!("{}\n{}", self.out.trim(), self.err.trim());
        let lines: Vec<&str> = said.trim().lines().collect();
        lines[lines.len().saturating_sub(8)..].join("\n  ")
    }
}

/// Runs a program to its end.
///
/// # Errors
/// 69 when there is no such program.
pub(super) fn run(command: &mut Command) -> Result<Ended, Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let ended = command.stdin(Stdio::null()).output();
    let ended = ended.map_err(|error| missing(&name, &error))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Ended {
        code: ended.status.code(),
        out: text(&ended.stdout),
        err: text(&ended.stderr),
    })
}

pub(super) fn missing(name: &str, error: &std::io::Error) -> Failure {
    Failure::new(
        Failure::UNREACHABLE,
        format!("{name} cannot be run: {error}"),
    )
}
