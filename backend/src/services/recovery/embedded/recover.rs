//! `scorehold recover`: the database is gone, or what was in it; one command brings it back.

use std::io::ErrorKind;
use std::path::Path;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::super::continues::accept;
use super::super::{Say, Wanted, on_disk};
use super::aside::{Aside, verify};
use super::good::bring_last_good;
use super::names::name;
use super::neighbour;
use super::place::{Place, explained};
use super::restore::resolved;
use super::swap::swap;
use crate::archive::copies::{Copies, Point};
use crate::archive::embedded::Fence;
use crate::archive::litestream;
use crate::archive::promise::Promise;
use crate::config::{Config, DatabaseUrl};
use crate::db::summary::Examined;
use crate::db::{migrate, restored};
use crate::domain::time::{Clock, SystemClock};
use crate::error::StartError;

/// How long a server that runs may take to go on with the restored file.
const COMES_BACK: Duration = Duration::from_secs(30);

/// # Errors
/// As the service of the same name.
pub(in super::super) fn recover(
    config: &Config,
    configured: &Path,
    wanted: &Wanted,
    say: Say<'_>,
) -> Result<(), StartError> {
    refuse_into(wanted)?;
    let place = Place::of(config, configured)?;
    let (before, server) = (place.newest()?, neighbour::ask(config));
    refuse_whole(configured, &before, wanted, server.as_ref())?;
    let (copies, point) = match wanted.at {
        Some(at) => resolved(&place, at)?,
        None => (place.copies(&before), Point::Latest),
    };
    let next = place.next(&before)?;
    say(&words(wanted, point, &copies, &next))?;
    if wanted.dry_run {
        copies.plan(point).map_err(|failure| explained(&failure))?;
        return say("nothing was done (--dry-run)");
    }
    let aside = Aside::new(&next)?;
    let mut fence = raise(configured)?;
    say("no server acknowledges a change from now on")?;
    let promise = Promise::beside(&before);
    let (point, found) = choose(&place, (&copies, point), wanted, (&aside, promise), say)?;
    refuse_foreign(server.as_ref(), place.names.number(&before), wanted, &found)?;
    let source = format!("{point} of {}", name(&before));
    let lineage = begin(&place, (&aside, &next), &found, &source)?;
    say(&format!(
        "{source} is back, as lineage {lineage}: {}",
        found.summary
    ))?;
    // From here on the archive may hold the next file: nobody must go on with the old one.
    fence.stay();
    aside.keep()?;
    archived_and_sound(&place, &next, wanted, say)?;
    swap(&place, (&before, &next), say)?;
    fence.lower();
    reopened(config, server.is_some(), lineage, say)
}

fn refuse_into(wanted: &Wanted) -> Result<(), StartError> {
    match &wanted.into {
        None => Ok(()),
        Some(_) => Err(StartError::new(
            64,
            "an SQLite file that is recovered gets the next name beside the old one; leave --into out. Nothing was \
             touched",
        )),
    }
}

/// Nothing is gone back on by mistake.
fn refuse_whole(
    configured: &Path,
    before: &Path,
    wanted: &Wanted,
    server: Option<&Value>,
) -> Result<(), StartError> {
    let is_whole = before.exists()
        && match server {
            Some(says) => says["status"] == "ready",
            None => !Fence::stands(configured) && is_whole(before),
        };
    if wanted.at.is_some() || !is_whole {
        return Ok(());
    }
    Err(StartError::new(
        66,
        format!(
            "{} is whole, so nothing was touched. To go back to a moment all the same, name it with --at",
            before.display()
        ),
    ))
}

fn is_whole(file: &Path) -> bool {
    restored::examine(file).is_ok() && restored::keeps(file, Promise::beside(file)).is_ok()
}

fn words(wanted: &Wanted, point: Point, copies: &Copies, next: &Path) -> String {
    let moment = match wanted.at {
        Some(_) => point.to_string(),
        None => "the last good moment".to_owned(),
    };
    format!(
        "brings back {moment} from {} into the new file {}, looks through it and puts it in use; what there is now \
         is kept",
        copies.url(),
        next.display()
    )
}

fn raise(configured: &Path) -> Result<Fence, StartError> {
    Fence::raise(configured).map_err(|error| match error.kind() {
        ErrorKind::WouldBlock => {
            StartError::new(1, "another recovery is under way; nothing was touched")
        }
        _ => on_disk(configured, &error),
    })
}

/// Brings back what was named, or the last good point: behind a server that still runs all that it has
/// acknowledged, and nothing that came after.
fn choose(
    place: &Place<'_>,
    (copies, point): (&Copies, Point),
    wanted: &Wanted,
    (aside, promise): (&Aside, Option<Promise>),
    say: Say<'_>,
) -> Result<(Point, Examined), StartError> {
    if wanted.at.is_some() {
        return Ok((point, aside.bring(place, (copies, point), say)?));
    }
    // Asked again behind the fence: whatever was acknowledged was acknowledged before.
    let says = neighbour::ask(place.config);
    let acknowledged = says.and_then(|says| says["archived"].as_u64());
    let point = acknowledged.map_or(point, Point::Transaction);
    bring_last_good(place, copies, point, (aside, promise), say)
}

/// What came back belongs to the server that runs here, and to the lineage that was in use.
fn refuse_foreign(
    server: Option<&Value>,
    number: Option<u32>,
    wanted: &Wanted,
    found: &Examined,
) -> Result<(), StartError> {
    let refuse = |says: &str, found: &str| {
        Err(StartError::new(
            77,
            format!(
                "identity refused, the database in use was not touched.\n  expected: {says}\n  the archive says: {found}"
            ),
        ))
    };
    let (instance, lineage) = (&found.identity.id, found.identity.lineage);
    if let Some(says) = server
        && says["instance"] != instance.as_str()
    {
        let runs = format!("instance {}, which a server serves here", says["instance"]);
        return refuse(&runs, &format!("instance {instance}"));
    }
    let expected = server.and_then(|says| says["lineage"].as_i64());
    let is_expected = match expected {
        Some(expected) => i64::from(lineage) == expected,
        // The file of a lineage has a number that is no higher.
        None => number.is_none_or(|number| i64::from(lineage) >= i64::from(number)),
    };
    if wanted.at.is_some() || is_expected {
        return Ok(());
    }
    let expected = expected.unwrap_or_else(|| number.unwrap_or_default().into());
    refuse(
        &format!("lineage {expected}"),
        &format!("lineage {lineage}"),
    )
}

/// Looks through every board while the archiver takes its first copy, which is as long again.
fn archived_and_sound(
    place: &Place<'_>,
    next: &Path,
    wanted: &Wanted,
    say: Say<'_>,
) -> Result<(), StartError> {
    let socket = place.config.archive.socket.as_deref();
    let copies = place.copies(next);
    let (archived, sound) = thread::scope(|scope| {
        let register = |socket| litestream::register(socket, next, copies.url());
        let archiving = socket.map(|socket| scope.spawn(move || register(socket)));
        let sound =
            verify(next, say).and_then(|findings| accept(&findings, wanted, (next, "latest"), say));
        let ended = |thread: thread::ScopedJoinHandle<'_, _>| {
            thread
                .join()
                .unwrap_or_else(|_| Err("it could not be asked".to_owned()))
        };
        (archiving.map(ended), sound)
    });
    sound?;
    match archived {
        None => Ok(()),
        Some(Ok(())) => say(&format!("{} holds it from its first day", copies.url())),
        Some(Err(why)) => say(&format!(
            "{why}; no change is taken until the archiver has it"
        )),
    }
}

/// Writes down that this is a lineage of its own, higher than any that was, and brings it up to this program:
/// it may come from before a migration, or from after its guards were taken off.
fn begin(
    place: &Place<'_>,
    (aside, next): (&Aside, &Path),
    found: &Examined,
    source: &str,
) -> Result<i32, StartError> {
    let number = place
        .names
        .number(next)
        .and_then(|number| i32::try_from(number).ok());
    let lineage = (found.identity.lineage + 1).max(number.unwrap_or_default());
    let now = SystemClock.now();
    let part = aside.part();
    restored::begin_lineage(part, &found.identity, (lineage, source), now)
        .map_err(|why| StartError::new(74, format!("{}: {why}", part.display())))?;
    let mut inside = place.config.clone();
    inside.database.url = DatabaseUrl::Sqlite(part.to_path_buf());
    let pending = migrate::check(&inside)?;
    if !(pending.names.is_empty() && pending.guards.is_empty()) {
        migrate::run(&inside)?;
    }
    Ok(lineage)
}

fn reopened(config: &Config, runs: bool, lineage: i32, say: Say<'_>) -> Result<(), StartError> {
    if !runs {
        return say("no server runs here: start it");
    }
    match neighbour::comes_back(config, lineage, COMES_BACK) {
        Ok(()) => say("the server takes changes again"),
        Err(why) => Err(StartError::new(
            69,
            format!(
                "the restored database is whole and in use, but the server takes no changes yet: {why}"
            ),
        )),
    }
}
