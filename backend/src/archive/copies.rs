//! What the archive holds of one SQLite file, and how it comes back: always into a new file.

mod words;

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::domain::time::Timestamp;

/// How often somebody who waits is told how far it is.
const PACE: Duration = Duration::from_secs(2);

/// The archive of one database file. Each lineage has one of its own, under the name of its file: a second
/// restore never meets what the first one left.
#[derive(Debug, Clone)]
pub struct Copies {
    program: PathBuf,
    url: String,
}

/// A moment of the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// The newest.
    Latest,
    /// Up to and including a transaction of the archive.
    Transaction(u64),
    /// As it stood at a time.
    Time(Timestamp),
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latest => f.write_str("the newest state"),
            Self::Transaction(number) => write!(f, "transaction {number:016x}"),
            Self::Time(at) => write!(f, "{at}"),
        }
    }
}

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The archive has nothing of that file or of that moment.
    Absent(String),
    /// What it has is damaged.
    Damaged(String),
    /// It is out of reach.
    Unreachable(String),
    /// This machine's disk is full or broken.
    Disk(String),
}

impl Copies {
    /// The archive of `file` below an address.
    pub fn of(program: &Path, archive: &str, file: &Path) -> Self {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let (base, parameters) = archive.split_once('?').unwrap_or((archive, ""));
        let base = base.trim_end_matches('/');
        let parameters = match parameters {
            "" => String::new(),
            parameters => format!("?{parameters}"),
        };
        Self {
            program: program.to_path_buf(),
            url: format!("{base}/{name}{parameters}"),
        }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Looks whether a moment can be brought back, without bringing it.
    ///
    /// # Errors
    /// It cannot.
    pub fn plan(&self, point: Point) -> Result<(), Failure> {
        let mut command = Command::new(&self.program);
        command.args(["restore", "-dry-run"]).args(arguments(point));
        // A name is needed, and nothing is written there.
        command.args(["-o", "/nonexistent/planned.db"]);
        command.arg(&self.url);
        self.run(&mut command).map(drop)
    }

    /// Brings a moment back into a file that does not exist yet, and tells how many bytes are there.
    ///
    /// # Errors
    /// Nothing came back; what had begun is left under another name, which says so.
    pub fn restore(
        &self,
        point: Point,
        into: &Path,
        far: &mut dyn FnMut(u64),
    ) -> Result<(), Failure> {
        let mut command = Command::new(&self.program);
        command.arg("restore").args(arguments(point));
        command.arg("-o").arg(into).arg(&self.url);
        let (copies, unfinished) = (self.clone(), into.with_added_extension("tmp"));
        let (done, ends) = mpsc::channel();
        // Nobody listens only when this function has returned, and it does so last.
        thread::spawn(move || done.send(copies.run(&mut command).map(drop)));
        loop {
            match ends.recv_timeout(PACE) {
                Ok(ended) => return ended,
                Err(RecvTimeoutError::Timeout) => {
                    far(unfinished.metadata().map_or(0, |found| found.len()));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Failure::Unreachable("the restore was cut off".to_owned()));
                }
            }
        }
    }

    /// Every transaction that can be gone back to one by one, in order, with the second of its copy.
    ///
    /// # Errors
    /// As [`Copies::restore`].
    pub fn transactions(&self) -> Result<Vec<(u64, Timestamp)>, Failure> {
        self.listed("0")
    }

    /// The second of the newest copy, if there is one.
    ///
    /// # Errors
    /// As [`Copies::restore`].
    pub fn last(&self) -> Result<Option<Timestamp>, Failure> {
        let listed = self.listed("all")?;
        Ok(listed.into_iter().map(|(_, at)| at).max())
    }

    fn listed(&self, level: &str) -> Result<Vec<(u64, Timestamp)>, Failure> {
        let mut command = Command::new(&self.program);
        command.args(["ltx", "-json", "-level", level]);
        let output = self.run(command.arg(&self.url))?;
        let listed: Vec<Value> = serde_json::from_slice(&output.stdout).map_err(|error| {
            Failure::Unreachable(format!("a list that cannot be read: {error}"))
        })?;
        let one = |copy: &Value| {
            let number = u64::from_str_radix(copy["max_txid"].as_str()?, 16).ok()?;
            Some((number, copy["timestamp"].as_str()?.parse().ok()?))
        };
        Ok(listed.iter().filter_map(one).collect())
    }

    fn run(&self, command: &mut Command) -> Result<Output, Failure> {
        let output = command.output().map_err(|error| {
            let program = self.program.display();
            match error.kind() {
                ErrorKind::NotFound => Failure::Unreachable(format!(
                    "there is no program {program}: install Litestream 0.5.17, or set SCOREHOLD__ARCHIVE__LITESTREAM"
                )),
                _ => Failure::Unreachable(format!("{program}: {error}")),
            }
        })?;
        match output.status.success() {
            true => Ok(output),
            false => Err(words::meaning(&String::from_utf8_lossy(&output.stderr))),
        }
    }
}

fn arguments(point: Point) -> Vec<String> {
    match point {
        Point::Latest => Vec::new(),
        Point::Transaction(number) => vec!["-txid".to_owned(), format!("{number:016x}")],
        Point::Time(at) => vec!["-timestamp".to_owned(), at.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_an_archive_of_its_own() {
        let url = |archive: &str| {
            let file = Path::new("/srv/scorehold-2.db");
            Copies::of(Path::new("litestream"), archive, file).url
        };
        assert_eq!(url("file:///archive"), "file:///archive/scorehold-2.db");
        assert_eq!(url("file:///archive/"), "file:///archive/scorehold-2.db");
        assert_eq!(
            url("s3://bucket/scores?endpoint=s3.example.org&region=eu"),
            "s3://bucket/scores/scorehold-2.db?endpoint=s3.example.org&region=eu"
        );
    }
}
