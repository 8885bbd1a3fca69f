//! The one door for a change of a board.
//!
//! Authorise, lock the board's row, do the work, count the ranks, write the journal, bump the
//! revision, publish after the commit: this recipe stands here and nowhere else. A service is the
//! closure that does its work inside.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::access;
use crate::db::{Conn, Tx};
use crate::domain::actor::{Action, Actor, Caller};
use crate::domain::decimal::Decimal;
use crate::domain::event::{JournalRow, Moved};
use crate::domain::game::{Game, GameRef};
use crate::domain::id::PlayerId;
use crate::domain::player::Player;
use crate::domain::tally::Reached;
use crate::error::{OnUnique, Result};
use crate::repos;

/// A change under way: the board is locked, its next revision is known.
pub struct Change<'a, 'tx> {
    /// The transaction.
    pub tx: &'a mut Tx<'tx>,
    /// The board; what is set here is saved with the change.
    pub game: Game,
    /// Who does it.
    pub actor: Actor,
    caller: Caller,
    revision: i64,
    rows: Vec<JournalRow>,
    moved: HashMap<PlayerId, Player>,
}

/// What a change came to.
#[derive(Debug)]
pub struct Changed<T> {
    /// What the work returned.
    pub value: T,
    /// The board as it stands now.
    pub game: Game,
    /// Whether anything changed at all.
    pub anything: bool,
}

/// Changes a board that stands.
///
/// # Errors
/// What authorisation or the work refuse; nothing is written then.
pub fn change<T>(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    action: Action,
    work: impl FnOnce(&mut Change<'_, '_>) -> Result<T>,
) -> Result<Changed<T>> {
    let locked = access::lock(tx.conn, caller, game, action, false)?;
    run(tx, caller, locked, work)
}

/// Changes a board that may be in the trash.
///
/// # Errors
/// As [`change`].
pub(super) fn change_in_trash<T>(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    action: Action,
    work: impl FnOnce(&mut Change<'_, '_>) -> Result<T>,
) -> Result<Changed<T>> {
    let locked = access::lock(tx.conn, caller, game, action, true)?;
    run(tx, caller, locked, work)
}

/// Runs the work on a board whose row this transaction holds, or has just made.
pub(super) fn run<T>(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: Game,
    work: impl FnOnce(&mut Change<'_, '_>) -> Result<T>,
) -> Result<Changed<T>> {
    let mut change = Change {
        revision: game.revision + 1,
        actor: caller.actor(),
        caller,
        rows: Vec::new(),
        moved: HashMap::new(),
        game,
        tx,
    };
    let value = work(&mut change)?;
    let anything = change.finish()?;
    Ok(Changed {
        value,
        game: change.game,
        anything,
    })
}

impl Change<'_, '_> {
    /// The connection, inside the transaction.
    pub fn conn(&mut self) -> &mut Conn {
        self.tx.conn
    }

    /// Refuses what could not be refused before: whose player it is about was not known.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn may(&self, action: Action) -> Result<()> {
        access::may(self.caller, &self.game, action)
    }

    /// Where the next part of this change stands in the board's history.
    pub fn next_place(&self) -> Reached {
        let item = i64::try_from(self.rows.len()).unwrap_or(i64::MAX);
        Reached {
            at: self.tx.now,
            revision: self.revision,
            item,
        }
    }

    /// Writes down one part of the change: the fields that differ, before and after. A part that
    /// changes nothing is none.
    pub fn record(
        &mut self,
        action: &str,
        entity: i64,
        before: Option<Value>,
        after: Option<Value>,
    ) {
        if before.is_none() || before != after {
            self.push(action, entity, before, after, None);
        }
    }

    /// Writes down a part that moved a player's total. The rank is counted when all parts are done.
    pub fn record_moved(
        &mut self,
        action: &str,
        entity: i64,
        before: Option<Value>,
        after: Option<Value>,
        player: &Player,
    ) {
        let decimals = self.game.settings.decimals;
        let total = player
            .tally
            .total
            .map(|total| Decimal::new(total, decimals));
        self.moved.insert(player.id, player.clone());
        self.push(
            action,
            entity,
            before,
            after,
            Some(Moved {
                id: player.id,
                total,
                rank: None,
            }),
        );
    }

    fn push(
        &mut self,
        action: &str,
        entity: i64,
        before: Option<Value>,
        after: Option<Value>,
        moved: Option<Moved>,
    ) {
        let (before, after) = match (before, after) {
            (Some(before), Some(after)) => differing(before, after),
            one_sided => one_sided,
        };
        let Reached { at, revision, item } = self.next_place();
        let (game, actor, action) = (self.game.id, self.actor.clone(), Arc::from(action));
        self.rows.push(JournalRow {
            game,
            revision,
            item,
            at,
            actor,
            action,
            entity,
            before,
            after,
            moved,
        });
    }

    /// A change without parts changes nothing and makes no revision.
    fn finish(&mut self) -> Result<bool> {
        if self.rows.is_empty() {
            return Ok(false);
        }
        self.count_ranks()?;
        self.game.revision = self.revision;
        self.game.updated_at = self.tx.now;
        self.game.journal_head =
            repos::journal::append(self.tx.conn, &self.rows, &self.game.journal_head)?;
        repos::games::save(self.tx.conn, &self.game).on_unique(super::external_id_taken)?;
        self.tx.publish(super::events::compose(&self.rows));
        Ok(true)
    }

    fn count_ranks(&mut self) -> Result<()> {
        let players: Vec<Player> = self.moved.drain().map(|(_, player)| player).collect();
        let placed = repos::standings::ranked(self.tx.conn, &self.game, players)?;
        let ranks: HashMap<PlayerId, Option<i64>> = placed
            .into_iter()
            .map(|(player, rank)| (player.id, rank))
            .collect();
        for moved in self.rows.iter_mut().filter_map(|row| row.moved.as_mut()) {
            moved.rank = ranks.get(&moved.id).copied().flatten();
        }
        Ok(())
    }
}

/// Keeps of two objects only the members that differ.
fn differing(before: Value, after: Value) -> (Option<Value>, Option<Value>) {
    let (Value::Object(before), Value::Object(after)) = (before, after) else {
        return (None, None);
    };
    let of = |one: &Map<String, Value>, other: &Map<String, Value>| {
        let kept = one
            .iter()
            .filter(|(key, value)| other.get(*key) != Some(*value));
        Some(Value::Object(
            kept.map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        ))
    };
    (of(&before, &after), of(&after, &before))
}
