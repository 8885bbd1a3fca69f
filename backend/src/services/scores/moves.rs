//! Amend an entry, take it back, let it count again: the entry keeps its place, its player is folded
//! anew.

use serde_json::json;

use super::super::change::{Change, change};
use super::super::games::fold;
use super::append::count;
use super::{Batch, answer, find, find_live};
use crate::db::Tx;
use crate::domain::actor::{Action, Caller};
use crate::domain::game::{Game, GameRef};
use crate::domain::id::{PlayerId, ScoreId};
use crate::domain::player::Player;
use crate::domain::score::{Amendable, Score};
use crate::error::{Code, Error, Result};
use crate::repos;

/// Amends an entry; it keeps its place. `edit` makes the new values from the present ones.
///
/// # Errors
/// `voided`, `too_many_decimals`, `total_out_of_range`, and what `edit` refuses.
pub fn amend(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    score: ScoreId,
    edit: impl FnOnce(&Amendable) -> Result<Amendable>,
) -> Result<Batch> {
    move_entry(tx, caller, game, Action::Play, |change, board| {
        let mut score = find_live(change.conn(), board, score)?;
        change.may(Action::PlayFor(score.player))?;
        let before = score.now.clone();
        score.now = edit(&before)?;
        count(board, &score)?;
        if score.now == before {
            return Ok((score, None));
        }
        score.amended_at = Some(change.tx.now);
        let bodies = (Some(json!(before)), Some(json!(score.now)));
        Ok((score, Some(("score.amended", bodies))))
    })
}

/// Takes an entry back.
///
/// # Errors
/// `voided` when it was already.
pub fn void(tx: &mut Tx<'_>, caller: Caller, game: &GameRef, score: ScoreId) -> Result<Batch> {
    move_entry(tx, caller, game, Action::Play, |change, board| {
        let mut score = find_live(change.conn(), board, score)?;
        change.may(Action::PlayFor(score.player))?;
        score.voided_at = Some(change.tx.now);
        Ok((score, Some(("score.voided", (None, None)))))
    })
}

/// Lets an entry that was taken back count again, at its old place.
///
/// # Errors
/// `not_trashed` when it was not taken back.
pub fn restore(tx: &mut Tx<'_>, caller: Caller, game: &GameRef, score: ScoreId) -> Result<Batch> {
    move_entry(tx, caller, game, Action::Score, |change, board| {
        let mut score = find(change.conn(), board, score)?;
        if score.voided_at.take().is_none() {
            return Err(Error::new(
                Code::NotTrashed,
                "The score was not taken back.",
            ));
        }
        Ok((score, Some(("score.restored", (None, None)))))
    })
}

/// What is written down about an entry that moved: the action, then before and after.
type Deed = (
    &'static str,
    (Option<serde_json::Value>, Option<serde_json::Value>),
);

/// Changes what may move of an entry and folds its player anew.
fn move_entry(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    action: Action,
    work: impl FnOnce(&mut Change<'_, '_>, &Game) -> Result<(Score, Option<Deed>)>,
) -> Result<Batch> {
    let changed = change(tx, caller, game, action, |change| {
        let board = change.game.clone();
        let (score, deed) = work(change, &board)?;
        if let Some((action, (before, after))) = deed {
            repos::scores::save(change.conn(), board.id, &score)?;
            let player = refold(change, score.player)?;
            change.record_moved(action, score.id.0, before, after, &player);
        }
        Ok(vec![(score, false)])
    })?;
    answer(tx, changed)
}

/// Folds a player anew, trashed or not.
pub fn refold(change: &mut Change<'_, '_>, player: PlayerId) -> Result<Player> {
    let game = change.game.id;
    let found = repos::players::find(change.conn(), game, player)?;
    let mut player = found.ok_or_else(|| Error::not_found("player on this board"))?;
    player.tally = fold(change, &player)?;
    moved(change, &mut player)?;
    Ok(player)
}

/// Saves a player whose total this change moves.
pub fn moved(change: &mut Change<'_, '_>, player: &mut Player) -> Result<()> {
    player.scored_revision = change.next_place().revision;
    let (game, rules) = (change.game.id, change.game.settings.rank_rules());
    Ok(repos::players::save(change.conn(), game, player, rules)?)
}
