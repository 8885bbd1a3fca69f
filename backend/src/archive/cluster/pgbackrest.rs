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
    let mut found: Vec<Lineage> = info(site, &[])?
        .into_iter()
        .filter_map(|stanza| {
            let lineage = stanza.name.strip_prefix(&prefix)?.parse().ok()?;
            let whole = stanza.backup.into_iter();
            let whole = whole.filter(|entry| entry.error != Some(true));
            let backups = whole.map(Backup::of).collect();
            Some(Lineage { lineage, backups })
        })
        .collect();
    found.sort_by_key(|lineage| lineage.lineage);
    Ok(found)
}

/// The number by which the log calls a database.
///
/// # Errors
/// 66 when the backup does not hold it; otherwise as [`lineages`].
pub fn database_number(site: &Site, lineage: i32, label: &str, name: &str) -> Result<u32, Failure> {
    let stanza = format!("--stanza={}", site.stanza(lineage));
    let stanzas = info(site, &[&stanza, &format!("--set={label}")])?;
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
    let exit = match ended.code {
        _ if words.contains("No space left on device") => Failure::IO,
        Some(26 | 28 | 29) => Failure::DAMAGED,
        Some(75) => Failure::NOT_FOUND,
        Some(40) => Failure::EXISTS,
        _ => Failure::UNREACHABLE,
    };
    let action = command.get_args().last().unwrap_or_default();
    Failure::new(
        exit,
        format!("pgbackrest {} failed:\n  {words}", action.to_string_lossy()),
    )
}
