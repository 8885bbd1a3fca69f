//! The archive: full backups and the log since, kept by pgBackRest.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use super::programs::{Ended, run};
use super::server::Door;
use super::{Failure, Site};

/// One complete backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Its name in the archive.
    pub label: String,
    /// When it was complete, in epoch seconds.
    pub stopped_at: i64,
    /// The file of the log with which its restoring begins.
    pub first_segment: String,
    /// The place in the log where it begins.
    pub first_record: String,
    /// Bytes of the database.
    pub size: u64,
}

/// The archive of one lineage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    /// Which one.
    pub lineage: i32,
    /// Those that are complete, the oldest first.
    pub backups: Vec<Backup>,
    /// Why nobody knows which there are.
    pub unread: Option<Failure>,
}

impl Lineage {
    /// What can be restored. Without the list of it nobody may go back to an older lineage instead: that would
    /// bring back less, and look whole.
    ///
    /// # Errors
    /// 65 when the list is damaged, 69 when it is out of reach.
    pub fn backups(&self) -> Result<&[Backup], Failure> {
        match &self.unread {
            Some(failure) => Err(failure.clone()),
            None => Ok(&self.backups),
        }
    }
}

/// How far a restore goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// As far as the log does.
    End,
    /// To just before this transaction.
    Before(u64),
    /// To this moment, as PostgreSQL writes it.
    Time(String),
}

#[derive(Deserialize)]
struct Stanza {
    name: String,
    #[serde(default)]
    backup: Vec<Entry>,
    status: Status,
    #[serde(default)]
    repo: Vec<Repository>,
}

#[derive(Deserialize)]
struct Repository {
    status: Status,
}

/// pgBackRest ends with 0 also where it could read nothing.
#[derive(Deserialize)]
struct Status {
    code: u32,
    message: String,
}

/// There is a log, but no list of backups, which belongs to every archive from its beginning on.
const NO_LIST: u32 = 3;
const OTHER: u32 = 99;

impl Stanza {
    /// Why it could not be read.
    fn unread(&self) -> Option<Failure> {
        if ![NO_LIST, OTHER].contains(&self.status.code) {
            return None;
        }
        let found = self.repo.iter().find(|one| one.status.code != 0);
        let words = found.map_or(&self.status.message, |one| &one.status.message);
        let is_read = [
            "ChecksumError",
            "FormatError",
            "CryptoError",
            "FileMissingError",
        ];
        let is_damaged =
            self.status.code == NO_LIST || is_read.iter().any(|word| words.contains(word));
        let exit = match is_damaged {
            true => Failure::DAMAGED,
            false => Failure::UNREACHABLE,
        };
        let (name, words) = (&self.name, words.replace('\n', "\n  "));
        Some(Failure::new(
            exit,
            format!("the archive {name} cannot be read:\n  {words}"),
        ))
    }
}

#[derive(Deserialize)]
struct Entry {
    label: String,
    #[serde(default)]
    error: Option<bool>,
    archive: Span,
    lsn: Span,
    timestamp: Times,
    info: Size,
    #[serde(default, rename = "database-ref")]
    databases: Vec<Database>,
}

#[derive(Deserialize)]
struct Span {
    start: String,
}

#[derive(Deserialize)]
struct Times {
    stop: i64,
}

#[derive(Deserialize)]
struct Size {
    size: u64,
}

#[derive(Deserialize)]
struct Database {
    name: String,
    oid: u32,
}

/// Every lineage that has an archive, the oldest first.
///
/// # Errors
/// 69 when the archive does not answer, 65 when it answers what cannot be read.
pub fn lineages(site: &Site) -> Result<Vec<Lineage>, Failure> {
    let prefix = format!("{}-", site.stanza);
    let stanzas = info(site, &[])?;
    // A repository that cannot be looked into has no names to tell.
    let nameless = stanzas.iter().find(|stanza| stanza.name == "[invalid]");
    if let Some(failure) = nameless.and_then(Stanza::unread) {
        return Err(failure);
    }
    let mut found: Vec<Lineage> = stanzas
        .into_iter()
        .filter_map(|stanza| {
            let lineage = stanza.name.strip_prefix(&prefix)?.parse().ok()?;
            let unread = stanza.unread();
            let whole = stanza.backup.into_iter();
            let whole = whole.filter(|entry| entry.error != Some(true));
            let backups = whole.map(Backup::of).collect();
            Some(Lineage {
                lineage,
                backups,
                unread,
            })
        })
        .collect();
    found.sort_by_key(|lineage| lineage.lineage);
    Ok(found)
}

/// The number by which the log calls a database.
///
/// # Errors
/// 65 when the list of the backup is damaged, 66 when the backup does not hold it; otherwise as [`lineages`].
pub fn database_number(site: &Site, lineage: i32, label: &str, name: &str) -> Result<u32, Failure> {
    let stanza = format!("--stanza={}", site.stanza(lineage));
    let stanzas = info(site, &[&stanza, &format!("--set={label}")])?;
    if let Some(failure) = stanzas.iter().find_map(Stanza::unread) {
        return Err(failure);
    }
    let mut databases = stanzas
        .into_iter()
        .flat_map(|stanza| stanza.backup)
        .filter(|entry| entry.label == label)
        .flat_map(|entry| entry.databases);
    let found = databases.find(|database| database.name == name);
    found.map(|database| database.oid).ok_or_else(|| {
        let why = format!("the backup {label} holds no database {name}");
        Failure::new(Failure::NOT_FOUND, why)
    })
}

impl Backup {
    /// One that was complete in this second.
    #[cfg(test)]
    pub fn complete_in(stopped_at: i64) -> Self {
        Self {
            label: format!("{stopped_at}F"),
            stopped_at,
            first_segment: String::new(),
            first_record: String::new(),
            size: 0,
        }
    }

    fn of(entry: Entry) -> Self {
        Self {
            label: entry.label,
            stopped_at: entry.timestamp.stop,
            first_segment: entry.archive.start,
            first_record: entry.lsn.start,
            size: entry.info.size,
        }
    }
}

fn info(site: &Site, arguments: &[&str]) -> Result<Vec<Stanza>, Failure> {
    let said = done(
        command(site)
            .args(arguments)
            .args(["--output=json", "info"]),
    )?;
    serde_json::from_str(&said).map_err(|error| {
        let why = format!("pgbackrest info says what cannot be read: {error}");
        Failure::new(Failure::DAMAGED, why)
    })
}

/// Makes the archive of a lineage; harmless where there is one.
///
/// # Errors
/// As pgBackRest ends.
pub fn create(site: &Site, lineage: i32, data: &Path) -> Result<(), Failure> {
    let mut command = of_cluster(site, lineage, data);
    done(command.args(["--no-online", "stanza-create"])).map(drop)
}

/// Takes a full backup of a running cluster.
///
/// # Errors
/// As pgBackRest ends.
pub fn back_up(site: &Site, lineage: i32, data: &Path, door: &Door) -> Result<(), Failure> {
    let mut command = of_running(site, lineage, data, door);
    done(command.args(["--type=full", "--start-fast", "backup"])).map(drop)
}

/// Lets a running cluster finish the file of its log that it is at, and returns when that is in the archive.
///
/// # Errors
/// As pgBackRest ends.
pub fn carry_over(site: &Site, lineage: i32, data: &Path, door: &Door) -> Result<(), Failure> {
    done(of_running(site, lineage, data, door).arg("check")).map(drop)
}

/// Restores a backup into a new directory. The log comes from `wal` first, then from the archive.
///
/// # Errors
/// 65 for a damaged backup; otherwise as pgBackRest ends.
pub fn restore(
    site: &Site,
    (lineage, label): (i32, &str),
    data: &Path,
    target: &Target,
    wal: &Path,
) -> Result<(), Failure> {
    let mut command = of_cluster(site, lineage, data);
    command.arg(format!("--set={label}"));
    match target {
        Target::End => command.arg("--type=default"),
        Target::Before(xid) => command
            .args(["--type=xid", "--target-exclusive"])
            .arg(format!("--target={xid}")),
        Target::Time(time) => command.arg("--type=time").arg(format!("--target={time}")),
    };
    if *target != Target::End {
        command.arg("--target-action=promote");
    }
    let get = line(of_cluster(site, lineage, data).args(["archive-get", "%f"]));
    let wal = quoted(&wal.to_string_lossy());
    let restore_command = format!("cp {wal}/%f \"%p\" 2>/dev/null || {get} \"%p\"");
    command.arg("--target-timeline=current");
    command.arg(format!(
        "--recovery-option=restore_command={restore_command}"
    ));
    done(command.arg("restore")).map(drop)
}

/// Fetches one file of the log; `false` when the archive does not have it.
///
/// # Errors
/// As pgBackRest ends.
pub fn fetch(site: &Site, lineage: i32, segment: &str, into: &Path) -> Result<bool, Failure> {
    let data = site.cluster(lineage);
    let mut command = of_cluster(site, lineage, &data);
    command.arg("archive-get").arg(segment).arg(into);
    let ended = run(&mut command)?;
    match ended.code {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        _ => Err(failure(&command, &ended)),
    }
}

/// What the server of a cluster runs for every finished file of its log.
pub fn archive_command(site: &Site, lineage: i32, data: &Path) -> String {
    let push = line(of_cluster(site, lineage, data).arg("archive-push"));
    format!("{push} \"%p\"")
}

fn command(site: &Site) -> Command {
    let mut command = Command::new("pgbackrest");
    if let Some(file) = &site.pgbackrest {
        command.arg(format!("--config={}", file.display()));
    }
    command
}

fn of_cluster(site: &Site, lineage: i32, data: &Path) -> Command {
    let mut command = command(site);
    command
        .arg(format!("--stanza={}", site.stanza(lineage)))
        .arg(format!("--pg1-path={}", data.display()));
    command
}

fn of_running(site: &Site, lineage: i32, data: &Path, door: &Door) -> Command {
    let mut command = of_cluster(site, lineage, data);
    command
        .arg(format!("--pg1-socket-path={}", door.directory.display()))
        .arg(format!("--pg1-port={}", door.port))
        .arg(format!("--pg1-user={}", site.superuser));
    command
}

/// A command as a shell takes it.
fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<String> = words.map(|word| quoted(&word.to_string_lossy())).collect();
    words.join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=/.%".contains(c);
    match word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("\"{}\"", word.replace('"', "\\\"")),
    }
}

fn done(command: &mut Command) -> Result<String, Failure> {
    let ended = run(command)?;
    match ended.code {
        Some(0) => Ok(ended.out),
        _ => Err(failure(command, &ended)),
    }
}

/// pgBackRest's own codes, as ours.
fn failure(command: &Command, ended: &Ended) -> Failure {
    let words = ended.last_words();
    let action = command.get_args().last().unwrap_or_default();
    let exit = match ended.code {
        _ if words.contains("No space left on device") => Failure::IO,
        Some(26 | 28 | 29) => Failure::DAMAGED,
        // What a backup says that it has; elsewhere it is pgBackRest's own configuration that is missing.
        Some(55) if action == "restore" => Failure::DAMAGED,
        Some(75) => Failure::NOT_FOUND,
        Some(40) => Failure::EXISTS,
        _ => Failure::UNREACHABLE,
    };
    Failure::new(
        exit,
        format!("pgbackrest {} failed:\n  {words}", action.to_string_lossy()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stanza(code: u32, of_repository: &str) -> Stanza {
        let status = |code, message: &str| Status {
            code,
            message: message.to_owned(),
        };
        Stanza {
            name: "scorehold-2".to_owned(),
            backup: Vec::new(),
            status: status(code, "other"),
            repo: vec![Repository {
                status: status(code, of_repository),
            }],
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_taken_for_what_is_not_there() {
        let exit = |code, words| stanza(code, words).unread().map(|failure| failure.exit);
        assert_eq!(exit(0, "ok"), None);
        assert_eq!(
            exit(2, "no valid backups"),
            None,
            "an archive that has just begun"
        );
        assert_eq!(exit(NO_LIST, "missing stanza data"), Some(65));
        assert_eq!(
            exit(OTHER, "[ChecksumError] unable to load info file"),
            Some(65)
        );
        assert_eq!(
            exit(OTHER, "[PathOpenError] unable to list file info"),
            Some(69)
        );
        let unread = Lineage {
            lineage: 2,
            backups: Vec::new(),
            unread: stanza(NO_LIST, "").unread(),
        };
        assert_eq!(unread.backups().unwrap_err().exit, 65);
    }
}
