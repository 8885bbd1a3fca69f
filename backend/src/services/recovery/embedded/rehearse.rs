//! `scorehold verify --restore`: the newest state and a random earlier one are restored aside and compared with the
//! database in use, and go again.

use std::path::Path;

use super::super::Say;
use super::aside::Aside;
use super::place::{Place, explained};
use crate::archive::copies::{Copies, Point};
use crate::archive::litestream;
use crate::config::{Config, DatabaseUrl};
use crate::db::summary::{self, Summary};
use crate::db::{Conn, Connector, Role, heads, pointer};
use crate::domain::id::GameId;
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
    let mut database = open(&file)?;
    let expected = summary(&mut database)?;
    carry_over(config, &file)?;
    let aside = Aside::new(&configured.with_added_extension("rehearsal"))?;
    say(&format!(
        "tries to bring back the newest state from {}",
        copies.url()
    ))?;
    let newest = aside.bring(&place, (&copies, Point::Latest), say)?;
    refuse_less(&newest.summary, &expected)?;
    refuse_strangers(&aside, &mut database)?;
    let findings = aside.verify(say)?;
    if !findings.wrong.is_empty() {
        return Err(missing(&findings.wrong.join("\n  ")));
    }
    let mut points = format!("the newest state: {}", newest.summary);
    if let Some(earlier) = random(&copies)? {
        say(&format!("tries to bring back {earlier}"))?;
        let found = aside.bring(&place, (&copies, earlier), say)?;
        refuse_strangers(&aside, &mut database)?;
        points += &format!("; {earlier}: {}", found.summary);
    }
    Ok(points)
}

fn open(file: &Path) -> Result<Conn, StartError> {
    let url = DatabaseUrl::Sqlite(file.to_path_buf());
    Connector::new(url, Role::Reader).reach()
}

fn summary(database: &mut Conn) -> Result<Summary, StartError> {
    let read = summary::read(database).map_err(|error| missing(&error.to_string()))?;
    read.map_err(|why| missing(&why))
}

/// All that is committed by now is to come back.
fn carry_over(config: &Config, file: &Path) -> Result<(), StartError> {
    let Some(socket) = &config.archive.socket else {
        return Ok(());
    };
    litestream::carry_over(socket, file).map_err(|why| StartError::new(69, why))
}

/// Nothing of ours becomes less, but for a board that is purged.
fn refuse_less(found: &Summary, expected: &Summary) -> Result<(), StartError> {
    match found.changes >= expected.changes && found.scores >= expected.scores {
        true => Ok(()),
        false => Err(missing(&format!(
            "the database has {expected}, the archive {found}"
        ))),
    }
}

fn refuse_strangers(aside: &Aside, database: &mut Conn) -> Result<(), StartError> {
    let mut copy = open(aside.part())?;
    let strangers = heads::strangers(&mut copy, database);
    let strangers = strangers.map_err(|error| missing(&error.to_string()))?;
    match strangers.first() {
        None => Ok(()),
        Some(first) => Err(missing(&format!(
            "{} boards end with a change that the database does not know, the first is {}",
            strangers.len(),
            GameId(*first)
        ))),
    }
}

/// Any of the transactions that can be gone back to one by one.
fn random(copies: &Copies) -> Result<Option<Point>, StartError> {
    let listed = copies
        .transactions()
        .map_err(|failure| explained(&failure))?;
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| StartError::new(1, error.to_string()))?;
    let any = u64::from_le_bytes(bytes).checked_rem(listed.len() as u64);
    let chosen = any.and_then(|any| listed.get(usize::try_from(any).unwrap_or_default()));
    Ok(chosen.map(|(number, _)| Point::Transaction(*number)))
}

fn missing(why: &str) -> StartError {
    StartError::new(
        65,
        format!(
            "the archive does not give back what it should: {why}. The database in use was not touched"
        ),
    )
}
