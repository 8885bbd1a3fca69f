//! `scorehold verify --restore`: the newest state and a random earlier one are restored aside and compared with the
//! database in use, and go again.

use std::path::Path;

use super::super::{Say, continues};
use super::aside::Aside;
use super::place::{Place, explained};
use crate::archive::copies::{Copies, Point};
use crate::archive::litestream;
use crate::config::{Config, DatabaseUrl};
use crate::db::{Connector, Role, pointer};
use crate::error::StartError;

/// Tries both; answers what came back, in words.
///
/// # Errors
/// 65 when something is missing in what comes back; otherwise as a restore.
pub(in super::super) fn rehearse(
    config: &Config,
    configured: &Path,
    say: Say<'_>,
) -> Result<String, StartError> {
    let place = Place::of(config, configured)?;
    let file = pointer::active(configured)?;
    let copies = place.copies(&file);
    let url = DatabaseUrl::Sqlite(file.clone());
    let mut database = Connector::new(url, Role::Reader).reach()?;
    let expected = continues::summary(&mut database)?;
    carry_over(config, &file)?;
    let aside = Aside::new(&configured.with_added_extension("rehearsal"))?;
    say(&format!(
        "tries to bring back the newest state from {}",
        copies.url()
    ))?;
    let newest = aside.bring(&place, (&copies, Point::Latest), say)?;
    let copy = DatabaseUrl::Sqlite(aside.part().to_path_buf());
    continues::refuse_less(&newest.summary, &expected)?;
    continues::refuse_strangers(&copy, &mut database)?;
    continues::refuse_unsound(&aside.verify(say)?)?;
    let mut points = format!("the newest state: {}", newest.summary);
    if let Some(earlier) = random(&copies)? {
        say(&format!("tries to bring back {earlier}"))?;
        let found = aside.bring(&place, (&copies, earlier), say)?;
        continues::refuse_strangers(&copy, &mut database)?;
        points += &format!("; {earlier}: {}", found.summary);
    }
    Ok(points)
}

/// All that is committed by now is to come back.
fn carry_over(config: &Config, file: &Path) -> Result<(), StartError> {
    let Some(socket) = &config.archive.socket else {
        return Ok(());
    };
    litestream::carry_over(socket, file).map_err(|why| StartError::new(69, why))
}

/// Any of the transactions that can be gone back to one by one.
fn random(copies: &Copies) -> Result<Option<Point>, StartError> {
    let listed = copies
        .transactions()
        .map_err(|failure| explained(&failure))?;
    let any = continues::any_below(listed.len() as u64)?;
    let chosen = any.and_then(|any| listed.get(usize::try_from(any).unwrap_or_default()));
    Ok(chosen.map(|(number, _)| Point::Transaction(*number)))
}
