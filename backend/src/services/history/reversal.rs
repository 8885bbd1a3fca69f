//! What is to be done so that rows of the journal are undone, and what is in the way.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use serde_json::{Map, Value};

use super::cutting::Cutting;
use super::draft::{Draft, Outcome};
use super::moment;
use super::moves::{self, Move, TRASHED, Thing};
use crate::db::Conn;
use crate::domain::event::JournalRow;
use crate::domain::game::Game;
use crate::domain::past::Cut;
use crate::domain::returns::Returns;
use crate::error::Result;
use crate::repos;
use crate::services::events::entity;

/// What is in the way of undoing a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hindrance {
    /// The change that is not undone, or not whole.
    pub revision: i64,
    /// The thing that it changed.
    pub entity: String,
    /// The field, or what does not go back at all.
    pub field: String,
    /// The later change that is in the way; none where the row is of a kind that does not go back.
    pub by: Option<i64>,
}

/// What is to be done to undo some rows.
pub struct Reversal {
    /// The board's revision that it was prepared for.
    pub revision: i64,
    pub(super) draft: Draft,
    pub(super) undid: BTreeSet<i64>,
    pub(super) left: Vec<Hindrance>,
    pub(super) cutting: Option<(Map<String, Value>, Cutting)>,
}

/// It went back, or forward again.
pub(super) fn cuts(row: &JournalRow) -> bool {
    Cut::of(row).is_some()
}

/// These rows, the last one first.
pub(super) fn reverse(conn: &mut Conn, game: &Game, rows: &[JournalRow]) -> Result<Reversal> {
    let mut reversal = Reversal {
        revision: game.revision,
        draft: Draft::new(game.clone())?,
        undid: BTreeSet::new(),
        left: Vec::new(),
        cutting: None,
    };
    let mut backwards: Vec<(&JournalRow, Move)> = Vec::new();
    for row in rows.iter().rev() {
        match moves::fixed(row) {
            Some(fixed) => reversal.left.push(hindrance(row, fixed, None)),
            None => backwards.extend(moves::moves(row).into_iter().map(|one| (row, one))),
        }
    }
    let all: Vec<Move> = backwards.iter().map(|(_, one)| one.clone()).collect();
    reversal.draft.hold_scores(conn, &all)?;
    let mut seen: BTreeSet<(i64, String, String)> = BTreeSet::new();
    for (row, one) in backwards {
        // A round that went has a row for each player: it comes back once.
        let key = (one.revision, entity(row), one.field.clone());
        if !seen.insert(key) && matches!(one.thing, Thing::Round(_)) {
            continue;
        }
        match reversal.draft.take(conn, &one)? {
            Outcome::Already => {}
            Outcome::Moved => {
                reversal.undid.insert(one.revision);
            }
            Outcome::InTheWay(field) => {
                let by = culprit(conn, game, row, &field)?;
                reversal.left.push(hindrance(row, &field, Some(by)));
            }
        }
    }
    if let Some(row) = rows.iter().find(|row| cuts(row)) {
        uncut(conn, &mut reversal, row)?;
    }
    Ok(reversal)
}

/// Everything of an actor. A change that went back is undone by itself: its whole segment hangs on it.
pub(super) fn reverse_all(conn: &mut Conn, game: &Game, rows: &[JournalRow]) -> Result<Reversal> {
    let returned: BTreeSet<i64> = rows
        .iter()
        .filter(|row| cuts(row))
        .map(|row| row.revision)
        .collect();
    let returns = Returns::of(&repos::history::returns(conn, game.id, 0)?);
    let (alone, together): (Vec<&JournalRow>, Vec<&JournalRow>) = rows
        .iter()
        .partition(|row| returned.contains(&row.revision));
    // What others took back already is done; what the same hand took back is done and undone again.
    let own: BTreeSet<i64> = rows.iter().map(|row| row.revision).collect();
    let by_others = |row: &JournalRow| {
        let by = returns.undone_by(row.revision);
        by.is_some_and(|by| !own.contains(&by))
    };
    let together: Vec<JournalRow> = together
        .into_iter()
        .filter(|row| !by_others(row))
        .cloned()
        .collect();
    let mut reversal = reverse(conn, game, &together)?;
    for row in alone.into_iter().filter(|row| cuts(row)) {
        if returns.undone_by(row.revision).is_none() {
            reversal.left.push(hindrance(row, "rewind", None));
        }
    }
    Ok(reversal)
}

fn hindrance(row: &JournalRow, field: &str, by: Option<i64>) -> Hindrance {
    Hindrance {
        revision: row.revision,
        entity: entity(row),
        field: field.to_owned(),
        by,
    }
}

/// The last change that set a field after a row had set it.
fn culprit(conn: &mut Conn, game: &Game, row: &JournalRow, field: &str) -> Result<i64> {
    let later = repos::history::later(conn, game.id, row.entity, row.revision)?;
    let (kind, _) = row.action.split_once('.').unwrap_or_default();
    let sets = |later: &&JournalRow| {
        let (of, deed) = later.action.split_once('.').unwrap_or_default();
        let named =
            |body: &Option<Value>| body.as_ref().is_some_and(|body| body.get(field).is_some());
        let marks = matches!(deed, "trashed" | "restored" | "voided");
        of == kind && (named(&later.after) || (marks && matches!(field, TRASHED | moves::VOIDED)))
    };
    Ok(later
        .iter()
        .find(sets)
        .map_or(game.revision, |row| row.revision))
}

/// Going back is undone by cutting out the change that went back: the ledger stands again as it did
/// before it.
fn uncut(conn: &mut Conn, reversal: &mut Reversal, row: &JournalRow) -> Result<()> {
    let game = reversal.draft.game.clone();
    let returns = Returns::of(&repos::history::returns(conn, game.id, row.revision)?);
    if let Some(by) = returns.cut_since(row.revision) {
        reversal.left.push(hindrance(row, "rewind", Some(by)));
        return Ok(());
    }
    let (now, facts) = moment(conn, &game, game.revision)?;
    let segment = (row.revision - 1, row.revision);
    for fact in &facts {
        let made = fact.recorded.revision;
        let at = |revision| now.past.entry(fact.id, made, revision);
        if let Some(by) = now.past.touched_since(fact.id, row.revision)
            && at(row.revision - 1) != at(row.revision)
        {
            let entity = fact.id.to_string();
            let field = "value".to_owned();
            let (revision, by) = (row.revision, Some(by));
            reversal.left.push(Hindrance {
                revision,
                entity,
                field,
                by,
            });
        }
    }
    let mut trashed: HashMap<_, _> = now
        .rounds
        .iter()
        .map(|(id, kept)| (*id, kept.trashed_at.is_some()))
        .collect();
    let moved = reversal.draft.rounds.iter();
    trashed.extend(moved.filter_map(|(id, held)| Some((*id, held.now.get(TRASHED)?.as_bool()?))));
    let settings = reversal.draft.new_settings()?;
    let cut = Cut {
        revision: game.revision + 1,
        at: row.at,
        to: segment.0,
        from: segment.1,
    };
    let cutting = Cutting::prepare(now, &facts, segment, &settings, &trashed)?;
    if cutting.moves() > 0 || !reversal.undid.is_empty() {
        reversal.undid.insert(row.revision);
        reversal.cutting = Some((cut.members(), cutting));
    }
    Ok(())
}
