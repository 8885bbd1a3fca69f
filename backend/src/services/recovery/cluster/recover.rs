//! `scorehold recover`: the database is gone, or what was in it; one command brings it back.

use std::path::Path;
use std::time::{Duration, Instant};

use super::super::{Say, Wanted};
use super::plan::{Old, Plan};
use super::restore::{Restored, perform, refuse_taken, words};
use super::{site, used};
use crate::archive::cluster::Site;
use crate::archive::cluster::pgbackrest;
use crate::archive::cluster::server::Server;
use crate::archive::disk::replace;
use crate::config::{ArchiveMode, Config, DatabaseUrl};
use crate::db::{lineage, standby};
use crate::error::StartError;

/// How long the receivers may take to find the new cluster.
const RECEIVERS: Duration = Duration::from_secs(60);

/// Finds the last good point, restores it aside, looks it through, begins a new archive with a full backup,
/// and puts the new cluster in the place of the old one, which is kept, stopped and read-only. Until then
/// whatever fails leaves the old cluster as it was found.
///
/// # Errors
/// 66 when nothing is wrong or the point is not known, 73 when the new directory exists, 65 for what is
/// damaged, 69 for what does not answer.
pub(in super::super) fn recover(
    config: &Config,
    wanted: &Wanted,
    say: Say<'_>,
) -> Result<(), StartError> {
    let started = Instant::now();
    let site = site(config)?;
    let lineages = pgbackrest::lineages(&site)?;
    let next = lineages.last().map_or(1, |newest| newest.lineage + 1);
    let newest = used(&site, lineages).pop();
    let newest = newest.ok_or_else(|| StartError::new(66, "the archive holds no backup"))?;
    newest.backups()?;
    let old = Server::at(&site, site.cluster(newest.lineage));
    let into = site.cluster(next);
    refuse_taken(&into)?;
    let found = look(config, &old, wanted, say)?;
    let runs = old.is_running()?;
    if wanted.dry_run {
        let plan = Plan::make(config, &site, (wanted.at, found), &into, say)?;
        say(&words(&site, &plan, &into))?;
        return say("nothing was done (--dry-run)");
    }
    if runs {
        say("the old cluster is stopped; it is kept as it is")?;
        old.stop()?;
    }
    let brought = bring_back(config, &site, (wanted, found), &into, say);
    let (server, lineage) = brought.map_err(|error| match runs {
        true => left_as_it_was(&old, error),
        false => error,
    })?;
    let address = swap(config, &old, &server, wanted.port)?;
    say(&format!("lineage {lineage} is in use"))?;
    await_receivers(&address, config.archive.mode)?;
    say(&format!(
        "changes are taken again, {:.1} s after the command",
        started.elapsed().as_secs_f64()
    ))
}

/// A whole cluster, stopped, with an archive of its own.
fn bring_back<'a>(
    config: &Config,
    site: &'a Site,
    (wanted, found): (&Wanted, Old),
    into: &Path,
    say: Say<'_>,
) -> Result<(Server<'a>, i32), StartError> {
    let plan = Plan::make(config, site, (wanted.at, found), into, say)?;
    say(&words(site, &plan, into))?;
    let restored = perform(config, site, &plan, into, say)?;
    let lineage = restored.lineage;
    let begun = arm(config, &restored, say)
        .and_then(|()| begin_archive(site, &restored, say))
        .and_then(|()| Ok(restored.server.stop()?));
    if begun.is_err() && restored.server.is_running()? {
        restored.server.stop()?;
    }
    begun?;
    let server = restored.keep(into)?;
    let archive_command = pgbackrest::archive_command(site, lineage, into);
    server.set(&[("archive_command", archive_command.as_str())])?;
    if let Some(port) = wanted.port {
        server.set(&[("port", port.to_string().as_str())])?;
    }
    Ok((server, lineage))
}

fn left_as_it_was(old: &Server<'_>, error: StartError) -> StartError {
    let data = old.data.display();
    let what = match old.start_public() {
        Ok(()) => format!("the old cluster {data} runs again, as it was found"),
        Err(failure) => format!(
            "the old cluster {data} is stopped, and as it was: {}",
            failure.message
        ),
    };
    StartError::new(error.exit, format!("{}\n  {what}", error.message))
}

fn arm(config: &Config, restored: &Restored<'_>, say: Say<'_>) -> Result<(), StartError> {
    match lineage::arm(config, &restored.url)? {
        0 => Ok(()),
        armed => say(&format!(
            "{armed} guards were disarmed; they are armed again"
        )),
    }
}

/// What has happened to the database in use.
fn look(
    config: &Config,
    old: &Server<'_>,
    wanted: &Wanted,
    say: Say<'_>,
) -> Result<Old, StartError> {
    old.refuse_closed()?;
    let damage = lineage::damage(config);
    match (&damage, wanted.at) {
        (None, None) => {
            return Err(StartError::new(
                66,
                "the database is whole, so nothing was touched. To go back to a moment all the same, name it with --at",
            ));
        }
        (None, Some(_)) => say("the database is whole; it goes back because --at says so")?,
        (Some(sign), _) => say(&format!("the database is damaged: {}", sign.why))?,
    }
    let is_of_files = damage.is_some_and(|sign| sign.is_of_files);
    Ok(
        match old.is_running()? && old.has_its_files() && !is_of_files {
            true => Old::Wiped,
            false => Old::Lost,
        },
    )
}

/// A lineage has its own archive, and its first backup before anybody writes: a timeline that occurs twice in
/// one archive can be restored from neither.
fn begin_archive(site: &Site, restored: &Restored<'_>, say: Say<'_>) -> Result<(), StartError> {
    let (server, lineage) = (&restored.server, restored.lineage);
    let data = &server.data;
    let archive_command = pgbackrest::archive_command(site, lineage, data);
    pgbackrest::create(site, lineage, data)?;
    server.set(&[("archive_command", archive_command.as_str())])?;
    server.reload()?;
    say(&format!(
        "full backup into the new archive {}",
        site.stanza(lineage)
    ))?;
    Ok(pgbackrest::back_up(site, lineage, data, &server.door()?)?)
}

fn swap(
    config: &Config,
    old: &Server<'_>,
    new: &Server<'_>,
    port: Option<u16>,
) -> Result<DatabaseUrl, StartError> {
    if old.data.is_dir() {
        // Should anybody start it, it takes no changes.
        old.set(&[("default_transaction_read_only", "on")])?;
    }
    new.start_public()?;
    let Some(port) = port else {
        return Ok(config.database.url.clone());
    };
    let (Some(pointer), DatabaseUrl::Postgres(text)) =
        (&config.database.pointer, &config.database.url)
    else {
        return Err(StartError::new(
            78,
            "the new cluster runs, on another port; SCOREHOLD__DATABASE__URL is in no file, so change it by hand",
        ));
    };
    let moved = url::Url::parse(text).ok().and_then(|mut url| {
        url.set_port(Some(port)).ok()?;
        Some(url.to_string())
    });
    let moved = moved
        .ok_or_else(|| StartError::new(78, "the port of SCOREHOLD__DATABASE__URL cannot be set"))?;
    replace(pointer, &moved)
        .map_err(|error| StartError::new(74, format!("{}: {error}", pointer.display())))?;
    Ok(DatabaseUrl::Postgres(moved))
}

/// Nothing is acknowledged before a receiver has it, so nothing is open before one is there.
fn await_receivers(address: &DatabaseUrl, mode: ArchiveMode) -> Result<(), StartError> {
    let until = Instant::now() + RECEIVERS;
    loop {
        let Err(why) = standby::ready(address, mode) else {
            return Ok(());
        };
        if Instant::now() > until {
            return Err(StartError::new(
                69,
                format!("the new cluster runs and is whole, but it takes no changes yet: {why}"),
            ));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}
