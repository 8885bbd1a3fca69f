//! Undo one change, or everything that one hand did.
//!
//! A field goes back to what it was if nobody has changed it since. Adding and taking back commute:
//! whatever others entered meanwhile stays.

use serde_json::{Map, Value, json};

use super::reversal::{Hindrance, Reversal, cuts, reverse, reverse_all};
use super::revision;
use super::settle::settle;
use crate::db::{Conn, Tx};
use crate::domain::actor::{Action, Actor, Caller, LinkRole};
use crate::domain::event::JournalRow;
use crate::domain::game::{Game, GameRef};
use crate::domain::past::UNDONE;
use crate::domain::returns::Returns;
use crate::domain::time::Timestamp;
use crate::domain::when::When;
use crate::error::{Code, Error, Result};
use crate::repos;
use crate::services::access;
use crate::services::change::{Change, change};

/// Whose changes are to be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    /// The link or the account.
    pub id: i64,
    /// It is an account.
    pub account: bool,
    /// From this place in the history on; from the beginning if none.
    pub since: Option<When>,
    /// What others changed later stays, and so does what is beneath it.
    pub keep_later: bool,
    /// Only look what would be done.
    pub dry_run: bool,
}

/// What was undone.
#[derive(Debug)]
pub struct Undone {
    /// The board's revision now.
    pub revision: i64,
    /// The changes that were taken back.
    pub undid: Vec<i64>,
    /// What was left as it is.
    pub left: Vec<Hindrance>,
}

/// Prepares to undo a change that went back itself: that takes long on a large board. `None` for every
/// other change.
///
/// # Errors
/// As [`undo`].
pub fn prepare_undo(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    target: i64,
) -> Result<Option<Reversal>> {
    let game = access::inspect(conn, caller, game, Action::Score)?;
    let rows = rows_of(conn, caller, &game, target)?;
    if !rows.iter().any(cuts) {
        return Ok(None);
    }
    reverse_one(conn, &game, &rows).map(Some)
}

/// Undoes one change.
///
/// # Errors
/// `not_found` for a revision that the board has not, `forbidden` for what others did, `undo_conflict`,
/// `not_undoable`.
pub fn undo(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    target: i64,
    prepared: Option<Reversal>,
) -> Result<Undone> {
    let changed = change(tx, caller, game, Action::Score, |change| {
        let game = change.game.clone();
        let reversal = match prepared {
            Some(prepared) if prepared.revision == game.revision => prepared,
            _ => {
                let rows = rows_of(change.conn(), caller, &game, target)?;
                reverse_one(change.conn(), &game, &rows)?
            }
        };
        write(change, reversal)
    })?;
    let (undid, left) = changed.value;
    Ok(Undone {
        revision: changed.game.revision,
        undid,
        left,
    })
}

/// Undoes everything that one link or account changed, as one change.
///
/// # Errors
/// `no_such_moment`, `forbidden` for others than oneself, `undo_conflict` with the whole list.
pub fn undo_actor(tx: &mut Tx<'_>, caller: Caller, game: &GameRef, by: By) -> Result<Undone> {
    let changed = change(tx, caller, game, Action::Score, |change| {
        let (game, now) = (change.game.clone(), change.tx.now);
        let since = since(change.conn(), &game, by, now)?;
        let rows = repos::history::of_actor(change.conn(), game.id, by.id, by.account, since)?;
        refuse_others(caller, &game, &rows)?;
        let reversal = reverse_all(change.conn(), &game, &rows)?;
        let conflicts: Vec<&Hindrance> = reversal
            .left
            .iter()
            .filter(|one| one.by.is_some())
            .collect();
        if !conflicts.is_empty() && !by.keep_later && !by.dry_run {
            return Err(in_the_way(&conflicts));
        }
        if by.dry_run || reversal.undid.is_empty() {
            return Ok((reversal.undid.into_iter().collect(), reversal.left));
        }
        write(change, reversal)
    })?;
    let (undid, left) = changed.value;
    Ok(Undone {
        revision: changed.game.revision,
        undid,
        left,
    })
}

/// The first revision that is meant; one that the board has not is refused.
fn since(conn: &mut Conn, game: &Game, by: By, now: Timestamp) -> Result<i64> {
    match by.since {
        None => Ok(1),
        Some(When::Time(time)) if time <= now => super::first_since(conn, game, When::Time(time)),
        Some(since) => revision(conn, game, since, now),
    }
}

/// The rows of a revision, if the caller may undo it.
fn rows_of(conn: &mut Conn, caller: Caller, game: &Game, target: i64) -> Result<Vec<JournalRow>> {
    let rows = repos::history::of_revision(conn, game.id, target)?;
    if rows.is_empty() {
        let detail = format!("The board is at revision {}.", game.revision);
        return Err(Error::new(Code::NotFound, detail));
    }
    refuse_others(caller, game, &rows)?;
    Ok(rows)
}

/// Whoever may only enter scores undoes nobody else's.
fn refuse_others(caller: Caller, game: &Game, rows: &[JournalRow]) -> Result<()> {
    let own = |actor: &Actor| *actor == caller.actor();
    if caller.role_on(game) == Some(LinkRole::Own) || rows.iter().all(|row| own(&row.actor)) {
        return Ok(());
    }
    Err(Error::new(
        Code::Forbidden,
        "A score link undoes what was done by it; the rest is for an owner.",
    ))
}

/// One change whole, or a refusal.
fn reverse_one(conn: &mut Conn, game: &Game, rows: &[JournalRow]) -> Result<Reversal> {
    let target = rows.first().map_or(0, |row| row.revision);
    if rows.iter().any(cuts) && undone_by(conn, game, target)?.is_some() {
        return Err(undone_already(conn, game, target)?);
    }
    let reversal = reverse(conn, game, rows)?;
    if let Some(fixed) = reversal.left.iter().find(|one| one.by.is_none()) {
        let detail = format!(
            "Revision {} changed what does not go back: {}.",
            fixed.revision, fixed.field
        );
        return Err(Error::new(Code::NotUndoable, detail).with("field", json!(fixed.field)));
    }
    let conflicts: Vec<&Hindrance> = reversal.left.iter().collect();
    if !conflicts.is_empty() {
        return Err(in_the_way(&conflicts));
    }
    if reversal.undid.is_empty() {
        return Err(undone_already(conn, game, target)?);
    }
    Ok(reversal)
}

fn undone_by(conn: &mut Conn, game: &Game, target: i64) -> Result<Option<i64>> {
    let returns = repos::history::returns(conn, game.id, target)?;
    Ok(Returns::of(&returns).undone_by(target))
}

fn undone_already(conn: &mut Conn, game: &Game, target: i64) -> Result<Error> {
    let by = undone_by(conn, game, target)?;
    let detail = match by {
        Some(by) => format!("Revision {by} took revision {target} back already."),
        None => format!("Nothing of revision {target} is left to be undone."),
    };
    Ok(Error::new(Code::UndoConflict, detail).with("revision", json!(by)))
}

fn in_the_way(conflicts: &[&Hindrance]) -> Error {
    let first = conflicts[0];
    let detail = match first.by {
        Some(by) => format!(
            "Revision {by} changed {} of {} after revision {}.",
            first.field, first.entity, first.revision
        ),
        None => format!("Revision {} does not go back.", first.revision),
    };
    Error::new(Code::UndoConflict, detail)
        .with("revision", json!(first.by))
        .with("field", json!(first.field))
        .with("conflicts", json!(conflicts))
}

/// The change itself: first that others are undone by it, then what that moves.
fn write(change: &mut Change<'_, '_>, reversal: Reversal) -> Result<(Vec<i64>, Vec<Hindrance>)> {
    let undid: Vec<i64> = reversal.undid.iter().copied().collect();
    let mut after = Map::from_iter([("undid".to_owned(), json!(undid))]);
    let cutting = reversal.cutting.map(|(members, cutting)| {
        after.extend(members);
        cutting
    });
    change.record(UNDONE, change.game.id.0, None, Some(Value::Object(after)));
    settle(change, &reversal.draft, cutting.as_ref())?;
    Ok((undid, reversal.left))
}
