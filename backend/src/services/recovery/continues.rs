//! Whether what came back from an archive is a former state of the database in use, with nothing missing, and may
//! be put in its place.

use std::path::Path;

use super::{Say, Wanted};
use crate::config::DatabaseUrl;
use crate::db::summary::{self, Summary};
use crate::db::{Conn, Connector, Role, heads};
use crate::domain::id::GameId;
use crate::error::StartError;
use crate::services::soundness::{self, Findings};

/// What is said of a copy whose boards nobody can look through yet.
pub(super) const OLDER: &str = "it is older than this program: `scorehold migrate` brings it up to date, then \
     `scorehold verify` looks through its boards";

/// What a database holds.
///
/// # Errors
/// 65 when it is not whole itself.
pub(super) fn summary(database: &mut Conn) -> Result<Summary, StartError> {
    let read = summary::read(database).map_err(|error| missing(&error.to_string()))?;
    read.map_err(|why| missing(&why))
}

/// Nothing of ours becomes less, but for a board that is purged.
///
/// # Errors
/// 65.
pub(super) fn refuse_less(found: &Summary, expected: &Summary) -> Result<(), StartError> {
    match found.changes >= expected.changes && found.scores >= expected.scores {
        true => Ok(()),
        false => Err(missing(&format!(
            "the database has {expected}, the archive {found}"
        ))),
    }
}

/// Every board of a copy goes on in the database.
///
/// # Errors
/// 65.
pub(super) fn refuse_strangers(copy: &DatabaseUrl, database: &mut Conn) -> Result<(), StartError> {
    let mut copy = Connector::new(copy.clone(), Role::Reader).reach()?;
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

/// Every board is what its journal says.
///
/// # Errors
/// 65.
pub(super) fn refuse_unsound(findings: &Findings) -> Result<(), StartError> {
    match findings.wrong.is_empty() {
        true => Ok(()),
        false => Err(missing(&findings.wrong.join("\n  "))),
    }
}

/// Looks through every board of what came back.
///
/// # Errors
/// Those of [`soundness::of_all`].
pub(super) fn look_through(copy: &DatabaseUrl, say: Say<'_>) -> Result<Findings, StartError> {
    let so_far = |findings: &Findings| say(&format!("{findings} looked through so far"));
    soundness::of_all(copy, &so_far)
}

/// What somebody wrote from outside shows in what came back. It may be old, so a person decides whether it is taken
/// along: by naming the moment, `as_it_is`.
///
/// # Errors
/// 65 when nobody has.
pub(super) fn accept(
    findings: &Findings,
    wanted: &Wanted,
    (place, as_it_is): (&Path, &str),
    say: Say<'_>,
) -> Result<(), StartError> {
    let wrong = findings.wrong.join("\n  ");
    match (wrong.is_empty(), wanted.at) {
        (true, _) => Ok(()),
        (false, Some(_)) => say(&format!(
            "it is not sound, and taken all the same:\n  {wrong}"
        )),
        (false, None) => Err(StartError::new(
            65,
            format!(
                "what came back is whole, but not sound; it is in {}. The database in use was not touched, and takes \
                 no changes until a recovery has ended well.\n  {wrong}\n\
                 To take it as it is: scorehold recover --at {as_it_is}; an older moment: --at TIME",
                place.display()
            ),
        )),
    }
}

/// Any number below another one; `None`: there is none.
///
/// # Errors
/// 1 when the machine has no random numbers.
pub(super) fn any_below(number: u64) -> Result<Option<u64>, StartError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| StartError::new(1, error.to_string()))?;
    Ok(u64::from_le_bytes(bytes).checked_rem(number))
}

fn missing(why: &str) -> StartError {
    StartError::new(
        65,
        format!(
            "the archive does not give back what it should: {why}. The database in use was not touched"
        ),
    )
}
