//! `scorehold restore`: a moment of the archive in a new file, aside.

use std::path::Path;

use super::super::{At, Say, Wanted, refuse_existing};
use super::aside::Aside;
use super::place::{Place, explained};
use crate::archive::copies::{Copies, Failure, Point};
use crate::config::Config;
use crate::domain::time::{Clock, SystemClock, Timestamp};
use crate::error::StartError;

/// # Errors
/// As the service of the same name.
pub(in super::super) fn restore(
    config: &Config,
    configured: &Path,
    wanted: &Wanted,
    say: Say<'_>,
) -> Result<(), StartError> {
    let place = Place::of(config, configured)?;
    let into = wanted.into.as_deref().unwrap_or(configured);
    place.names.refuse_reserved(into)?;
    refuse_existing(into)?;
    let (copies, point) = resolved(&place, wanted.at.unwrap_or(At::Latest))?;
    say(&format!(
        "restores {point} from {} into the new file {}; the database in use is not touched",
        copies.url(),
        into.display()
    ))?;
    if wanted.dry_run {
        copies.plan(point).map_err(|failure| explained(&failure))?;
        return say("the archive has it; nothing was done (--dry-run)");
    }
    let aside = Aside::new(into)?;
    let found = aside.bring(&place, (&copies, point), say)?;
    aside.finish(&found, say)
}

/// Which archive has the moment, and how it is asked for it.
pub(super) fn resolved(place: &Place<'_>, at: At) -> Result<(Copies, Point), StartError> {
    let newest = place.newest()?;
    match at {
        At::Latest => Ok((place.copies(&newest), Point::Latest)),
        At::Transaction(number) => Ok((place.copies(&newest), Point::Transaction(number))),
        At::Time(time) => at_time(place, &newest, time),
    }
}

/// A time before a recovery is in the archive of the lineage of that time.
fn at_time(
    place: &Place<'_>,
    newest: &Path,
    time: Timestamp,
) -> Result<(Copies, Point), StartError> {
    let nothing = |why: String| StartError::new(66, format!("{why}; nothing was touched"));
    if time > SystemClock.now() {
        return Err(nothing(format!("{time} has not come yet")));
    }
    for number in (1..=place.names.number(newest).unwrap_or(1)).rev() {
        let copies = place.copies(&place.names.numbered(number));
        match copies.plan(Point::Time(time)) {
            Ok(()) => return Ok((copies, Point::Time(time))),
            Err(Failure::Absent(_)) => {}
            Err(failure) => return Err(explained(&failure)),
        }
        let last = copies.last().map_err(|failure| explained(&failure))?;
        // Nothing has changed between the newest copy and that time.
        if last.is_some_and(|last| last <= time) {
            return Ok((copies, Point::Latest));
        }
    }
    Err(nothing(format!("the archive begins after {time}")))
}
