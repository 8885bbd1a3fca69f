//! The history of a board: what it was at any moment, and going back there.
//!
//! Everything here is a new change, never an erasure: it has its rows in the journal, and can be undone
//! itself.

mod at;
mod cutting;
mod draft;
mod moves;
mod reversal;
mod rewind;
mod settle;
mod undo;
mod verify;

use crate::db::Conn;
use crate::domain::event::JournalRow;
use crate::domain::game::Game;
use crate::domain::moment::{Fact, Moment, Unreadable};
use crate::domain::time::Timestamp;
use crate::domain::when::When;
use crate::error::{Code, Error, Result};
use crate::repos;

pub use at::{around_at, page_at, player_at};
pub use reversal::{Hindrance, Reversal};
pub use rewind::{Rewinding, Went, prepare_rewind, rewind};
pub use undo::{By, Undone, prepare_undo, undo, undo_actor};
pub use verify::{Finding, Soundness, verify};

/// A journal that cannot be what it was: a fault of ours, or of somebody who wrote there.
fn unreadable(why: Unreadable) -> Error {
    Error::internal(&format!("a journal that cannot be read: {}", why.0))
}

/// A board as one of its revisions left it, and the entries that were there.
fn moment(conn: &mut Conn, game: &Game, revision: i64) -> Result<(Moment, Vec<Fact>)> {
    let moment = told(conn, game, revision)?;
    let facts = repos::history::facts(conn, game.id, revision)?;
    Ok((moment, facts))
}

/// A board as one of its revisions left it, without its entries.
fn told(conn: &mut Conn, game: &Game, revision: i64) -> Result<Moment> {
    let mut moment = Moment {
        revision,
        at: repos::history::time_of(conn, game.id, revision)?,
        ..Moment::default()
    };
    for row in repos::history::deeds(conn, game.id, revision)? {
        moment.learn(&row);
    }
    Ok(moment)
}

/// Whether a row is of a kind that can be undone.
pub(super) fn goes_back(row: &JournalRow) -> bool {
    moves::fixed(row).is_none()
}

/// The revision that a place in the history means.
fn revision(conn: &mut Conn, game: &Game, when: When, now: Timestamp) -> Result<i64> {
    let ahead = matches!(when, When::Time(time) if time > now);
    let found = last_until(conn, game, when)?;
    let missed = matches!(when, When::Revision(revision) if revision != found);
    if found > 0 && !ahead && !missed {
        return Ok(found);
    }
    Err(Error::new(
        Code::NoSuchMoment,
        format!(
            "The board was made on {} and is at revision {} now, {now}: {when} is not in between.",
            game.created_at, game.revision
        ),
    ))
}

/// The last revision that was made until then, 0 for none. Times follow revisions, so that it is looked
/// for by halves.
pub(super) fn last_until(conn: &mut Conn, game: &Game, when: When) -> Result<i64> {
    let time = match when {
        When::Revision(revision) => return Ok(revision.clamp(0, game.revision)),
        When::Time(time) => time,
    };
    let (mut made, mut later) = (0, game.revision + 1);
    while later - made > 1 {
        let middle = made + (later - made) / 2;
        let at = repos::history::time_of(conn, game.id, middle)?;
        match at.is_some_and(|at| at <= time) {
            true => made = middle,
            false => later = middle,
        }
    }
    Ok(made)
}

/// The first revision that was made then or later.
pub(super) fn first_since(conn: &mut Conn, game: &Game, when: When) -> Result<i64> {
    match when {
        When::Revision(revision) => Ok(revision),
        When::Time(time) => {
            let before = Timestamp::from_millis(time.millis() - 1);
            Ok(last_until(conn, game, When::Time(before))? + 1)
        }
    }
}
