//! `scorehold recover`: the database is gone, or what was in it; one command brings it back.

use std::panic::resume_unwind;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::super::continues::{OLDER, accept, look_through};
use super::super::{Say, Wanted};
use super::plan::{Old, Plan};
use super::restore::{Restored, perform, refuse_taken, words};
use super::{site, used};
use crate::archive::cluster::Site;
use crate::archive::cluster::pgbackrest::{self, Target};
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
    let begun = begin(config, site, &restored, (wanted, &plan.target), say);
    if begun.is_err() && restored.server.is_running()? {
        restored.server.stop()?;
    }
    begun?;
    let server = restored.keep(into)?;
    let archive_command = pgbackrest::archive_command(site, lineage, into);
    server.set(&[("archive_command", archive_command.as_str())])?;
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

/// Arms it, gives it its port and an archive of its own, and looks it through.
fn begin(
    config: &Config,
    site: &Site,
    restored: &Restored<'_>,
    chosen: (&Wanted, &Target),
    say: Say<'_>,
) -> Result<(), StartError> {
    let armed = lineage::arm(config, &restored.url)?;
    if let Some(armed @ 1..) = armed {
        say(&format!(
            "{armed} guards were disarmed; they are armed again"
        ))?;
    }
    if let Some(port) = chosen.0.port {
        // What is restored from the first backup has it too.
        restored
            .server
            .set(&[("port", port.to_string().as_str())])?;
    }
    begin_archive(site, restored)?;
    archived_and_sound(site, restored, (chosen, armed.is_some()), say)?;
    Ok(restored.server.stop()?)
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

/// A lineage has its own archive: a timeline that occurs twice in one archive can be restored from neither.
fn begin_archive(site: &Site, restored: &Restored<'_>) -> Result<(), StartError> {
    let (server, lineage) = (&restored.server, restored.lineage);
    let data = &server.data;
    let archive_command = pgbackrest::archive_command(site, lineage, data);
    pgbackrest::create(site, lineage, data)?;
    server.set(&[("archive_command", archive_command.as_str())])?;
    Ok(server.reload()?)
}

/// Looks through every board while the first full backup is taken. Nobody writes before it is there.
fn archived_and_sound(
    site: &Site,
    restored: &Restored<'_>,
    ((wanted, target), is_current): ((&Wanted, &Target), bool),
    say: Say<'_>,
) -> Result<(), StartError> {
    let (server, lineage) = (&restored.server, restored.lineage);
    let (data, door, stanza) = (&server.data, server.door()?, site.stanza(lineage));
    say(&format!("full backup into the new archive {stanza}"))?;
    let (archived, sound) = thread::scope(|scope| {
        let archiving = scope.spawn(|| pgbackrest::back_up(site, lineage, data, &door));
        let sound = match is_current {
            true => look_through(&restored.url, say)
                .and_then(|findings| accept(&findings, wanted, (data, &as_it_is(target)), say)),
            false => say(OLDER),
        };
        let archived = archiving.join();
        (archived.unwrap_or_else(|panic| resume_unwind(panic)), sound)
    });
    archived?;
    sound
}

/// How a person names the last good point.
fn as_it_is(target: &Target) -> String {
    match target {
        Target::End => "latest".to_owned(),
        Target::Before(xid) => xid.to_string(),
        Target::Time(time) => time.clone(),
    }
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
        thread::sleep(Duration::from_millis(200));
    }
}
