//! `scorehold restore`: a copy of a moment, aside.

use std::path::{Path, PathBuf};

use super::super::{Say, Wanted, refuse_existing};
use super::plan::{Old, Plan};
use super::{database_name, private_url, site};
use crate::archive::cluster::pgbackrest::{self, Target};
use crate::archive::cluster::server::Server;
use crate::archive::cluster::{Failure, Site};
use crate::archive::disk::beside;
use crate::config::{Config, DatabaseUrl};
use crate::db::lineage;
use crate::db::summary::Summary;
use crate::domain::time::{Clock, SystemClock};
use crate::error::StartError;

/// A restored cluster that runs for us alone.
pub(super) struct Restored<'a> {
    pub server: Server<'a>,
    pub url: DatabaseUrl,
    pub lineage: i32,
}

/// Restores a moment into a new directory and leaves it there, looked through and stopped.
///
/// # Errors
/// 73 when the directory exists, 66 when the moment is not in the archive, 65 for what is damaged.
pub(in super::super) fn restore(
    config: &Config,
    wanted: &Wanted,
    say: Say<'_>,
) -> Result<(), StartError> {
    let site = site(config)?;
    let into = wanted.into.clone().unwrap_or_default();
    refuse_taken(&into)?;
    let plan = Plan::make(config, &site, (wanted.at, Old::Lost), &into, say)?;
    say(&words(&site, &plan, &into))?;
    if wanted.dry_run {
        return say("nothing was done (--dry-run)");
    }
    let restored = perform(config, &site, &plan, &into, say)?;
    restored.server.stop()?;
    let lineage = restored.lineage;
    restored.keep(&into)?;
    say(&format!(
        "done: {} is lineage {}, stopped, and archives nothing. To look at it: pg_ctl -D {} -o '-p PORT' start",
        into.display(),
        lineage,
        into.display()
    ))
}

/// Where it is restored, until it is known to be whole: what is not never has the name that was asked for.
pub(super) fn part(into: &Path) -> PathBuf {
    beside(into, ".part")
}

/// Refuses to write where something is, an earlier attempt included.
pub(super) fn refuse_taken(into: &Path) -> Result<(), StartError> {
    refuse_existing(into)?;
    refuse_existing(&part(into))
}

impl<'a> Restored<'a> {
    /// Gives what is whole, and stopped, its name.
    pub(super) fn keep(self, into: &Path) -> Result<Server<'a>, StartError> {
        refuse_existing(into)?;
        Ok(self.server.rename(into)?)
    }
}

/// Restores beside the new directory, replays, looks through and marks. What fails is stopped and left where
/// it is, to be looked at.
pub(super) fn perform<'a>(
    config: &Config,
    site: &'a Site,
    plan: &Plan,
    into: &Path,
    say: Say<'_>,
) -> Result<Restored<'a>, StartError> {
    let part = part(into);
    make_directory(&part)?;
    let server = Server::at(site, part);
    let filled = fill(config, site, plan, &server, say);
    if filled.is_err() && server.is_running()? {
        server.stop()?;
    }
    let (url, lineage) = filled.map_err(|error| {
        let part = server.data.display();
        StartError::new(
            error.exit,
            format!("{}\n  what there is of the copy is in {part}; it is not in use, and can be deleted", error.message),
        )
    })?;
    Ok(Restored {
        server,
        url,
        lineage,
    })
}

fn fill(
    config: &Config,
    site: &Site,
    plan: &Plan,
    server: &Server<'_>,
    say: Say<'_>,
) -> Result<(DatabaseUrl, i32), StartError> {
    let (url, _) = replay(config, site, plan, (server, &[]), say)?;
    let from = format!("{}/{}", site.stanza(plan.lineage), plan.backup.label);
    let lineage = lineage::raise(config, &url, (&from, plan.newest), SystemClock.now())?;
    Ok((url, lineage))
}

/// Restores, starts for nobody but us, replays and looks through.
pub(super) fn replay(
    config: &Config,
    site: &Site,
    plan: &Plan,
    (server, settings): (&Server<'_>, &[(&str, &str)]),
    say: Say<'_>,
) -> Result<(DatabaseUrl, Summary), StartError> {
    let source = (plan.lineage, plan.backup.label.as_str());
    pgbackrest::restore(site, source, &server.data, &plan.target, plan.wal.path())?;
    // Whoever starts the copy must not write into the archive of its origin.
    server.set(&[("archive_command", "/bin/false")])?;
    server.set(settings)?;
    say("the backup is there; the log is being replayed")?;
    let door = server.start_private()?;
    refuse_half(plan, &server.data)?;
    let url = private_url(site, &door, &database_name(config)?);
    let (_, summary) = lineage::inspect(config, &url)?;
    say(&format!("it is whole: {summary}"))?;
    Ok((url, summary))
}

/// A log that breaks off is replayed without a word.
fn refuse_half(plan: &Plan, data: &Path) -> Result<(), StartError> {
    match (&plan.target, &plan.log) {
        (Target::End, Some(log)) if !log.is_replayed_by(data) => Err(StartError::new(
            65,
            format!(
                "the log is damaged or has a gap: the copy ends before {}",
                log.last.name()
            ),
        )),
        _ => Ok(()),
    }
}

/// What is going to happen, before it does.
pub(super) fn words(site: &Site, plan: &Plan, into: &Path) -> String {
    let until = match &plan.target {
        Target::End => "everything that the log holds".to_owned(),
        Target::Before(xid) => format!("everything before transaction {xid}"),
        Target::Time(time) => format!("everything until {time}"),
    };
    let (stanza, backup) = (site.stanza(plan.lineage), &plan.backup);
    format!(
        "from {stanza}, backup {} ({} MB), {until}, into the new directory {}; nothing that exists is written to",
        backup.label,
        backup.size / 1_000_000,
        into.display()
    )
}

/// PostgreSQL starts in no directory that others may read.
pub(super) fn make_directory(into: &Path) -> Result<(), StartError> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().mode(0o700).create(into);
    made.map_err(|error| {
        let exit = match error.kind() {
            std::io::ErrorKind::AlreadyExists => Failure::EXISTS,
            _ => Failure::IO,
        };
        StartError::new(exit, format!("{}: {error}", PathBuf::from(into).display()))
    })
}
