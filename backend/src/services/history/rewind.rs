//! Go back to any revision: players, rounds, scores and the settings by which they count stand again
//! as they stood then. It is one new change, and undone like any other.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::cutting::Cutting;
use super::draft::Draft;
use super::moves::TRASHED;
use super::settle::settle;
use super::{moment, revision};
use crate::db::{Conn, Tx};
use crate::domain::actor::{Action, Caller};
use crate::domain::game::{Game, GameRef};
use crate::domain::moment::{Kept, Moment};
use crate::domain::past::{Cut, REWOUND};
use crate::domain::time::Timestamp;
use crate::domain::when::When;
use crate::error::Result;
use crate::services::access;
use crate::services::change::change;

/// The settings that go back. `decimals` stays, since entries need them; who may look, the look itself
/// and the texts around it are no matter of scores.
const SCORING: [&str; 8] = [
    "title",
    "rule",
    "direction",
    "ties",
    "tie_break",
    "tiebreak_direction",
    "target",
    "step",
];

/// What a rewind is to do, prepared on a snapshot.
pub struct Rewinding {
    /// The board's revision that it was prepared for.
    pub revision: i64,
    to: i64,
    draft: Draft,
    cutting: Cutting,
}

/// Prepares to go back: that takes long on a large board, and holds up nobody.
///
/// # Errors
/// `unauthenticated`, `not_found`, `trashed`, `forbidden`, `no_such_moment`.
pub fn prepare_rewind(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    to: When,
    now: Timestamp,
) -> Result<Rewinding> {
    let game = access::inspect(conn, caller, game, Action::Own)?;
    let to = revision(conn, &game, to, now)?;
    plan(conn, game, to)
}

/// Where a board stands after going back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Went {
    /// Its revision now.
    pub revision: i64,
    /// The revision that it is like.
    pub restored: i64,
    /// It was elsewhere before.
    pub anything: bool,
}

/// Goes back.
///
/// # Errors
/// As [`prepare_rewind`], `total_out_of_range`.
pub fn rewind(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    to: When,
    prepared: Option<Rewinding>,
) -> Result<Went> {
    let changed = change(tx, caller, game, Action::Own, |change| {
        let (game, now) = (change.game.clone(), change.tx.now);
        let to = revision(change.conn(), &game, to, now)?;
        if to < game.revision {
            let fits = |one: &Rewinding| (one.revision, one.to) == (game.revision, to);
            let rewinding = match prepared.filter(fits) {
                Some(prepared) => prepared,
                // Somebody was quicker.
                None => plan(change.conn(), game.clone(), to)?,
            };
            let cut = Cut {
                revision: game.revision + 1,
                at: now,
                to,
                from: game.revision,
            };
            let after = Some(Value::Object(cut.members()));
            change.record(REWOUND, game.id.0, None, after);
            settle(change, &rewinding.draft, Some(&rewinding.cutting))?;
        }
        Ok(to)
    })?;
    Ok(Went {
        revision: changed.game.revision,
        restored: changed.value,
        anything: changed.anything,
    })
}

fn plan(conn: &mut Conn, game: Game, to: i64) -> Result<Rewinding> {
    let (then, _) = moment(conn, &game, to)?;
    let (now, facts) = moment(conn, &game, game.revision)?;
    let revision = game.revision;
    let mut draft = Draft::new(game)?;
    draft.hold_all(conn)?;
    restore(&mut draft, &then);
    let trashed: HashMap<_, _> = draft
        .rounds
        .iter()
        .map(|(id, held)| (*id, held.now.get(TRASHED) == Some(&Value::Bool(true))))
        .collect();
    let settings = draft.new_settings()?;
    let cutting = Cutting::prepare(now, &facts, (to, revision), &settings, &trashed)?;
    Ok(Rewinding {
        revision,
        to,
        draft,
        cutting,
    })
}

/// Everything as it was then; what was not there yet goes into the trash.
fn restore(draft: &mut Draft, then: &Moment) {
    for name in SCORING {
        if let Some(value) = then.settings.get(name) {
            draft.settings.now.insert(name.to_owned(), value.clone());
        }
    }
    let keys = keys(then.players.values());
    for (id, held) in &mut draft.players {
        back(&mut held.now, then.players.get(id), &keys);
    }
    let keys = self::keys(then.rounds.values());
    for (id, held) in &mut draft.rounds {
        back(&mut held.now, then.rounds.get(id), &keys);
    }
}

const KEY: &str = "external_id";

/// The integrator's keys that were given then.
fn keys<'a>(all: impl Iterator<Item = &'a Kept>) -> HashSet<String> {
    let keys = all.filter_map(|kept| kept.details.get(KEY)?.as_str());
    keys.map(str::to_owned).collect()
}

fn back(now: &mut Map<String, Value>, then: Option<&Kept>, keys: &HashSet<String>) {
    match then {
        Some(kept) => {
            now.extend(kept.details.clone());
            now.insert(TRASHED.to_owned(), kept.trashed_at.is_some().into());
        }
        None => {
            now.insert(TRASHED.to_owned(), true.into());
            let key = now.get(KEY).and_then(Value::as_str);
            // Its key belongs to somebody else again.
            if key.is_some_and(|key| keys.contains(key)) {
                now.insert(KEY.to_owned(), Value::Null);
            }
        }
    }
}
