//! A board made without an account is moved to one.

use serde_json::json;

use super::accounts::person;
use super::change::{Change, run};
use super::links;
use crate::db::Tx;
use crate::domain::actor::{Caller, LinkRole};
use crate::domain::game::{Game, GameRef};
use crate::domain::id::UserId;
use crate::domain::secret::Token;
use crate::error::{Code, Error, Result};
use crate::repos;

/// Moves a board to the account of who asks. The right is the board's own token, not the caller's. Its
/// links go on working, unless the own ones are to be revoked.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found` for a token that is not an own one of that board,
/// `trashed`, `already_claimed` when it belongs to somebody else, `external_id_taken`.
pub fn claim(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    own_token: Option<&Token>,
    revoke_links: bool,
) -> Result<Game> {
    let person = person(caller)?;
    let game = proven(tx, game, own_token)?;
    let claimed = run(tx, caller, game, |change| {
        take(change, person.id)?;
        if revoke_links {
            links::revoke_own(change)?;
        }
        Ok(())
    })?;
    Ok(claimed.game)
}

/// The board, locked, if the token owns it. Whatever is wrong, the answer is the same.
fn proven(tx: &mut Tx<'_>, game: &GameRef, token: Option<&Token>) -> Result<Game> {
    let locked = repos::games::lock(tx.conn, game)?;
    let link = match token {
        Some(token) => repos::links::find_by_token(tx.conn, token, tx.now)?,
        None => None,
    };
    let link = link.and_then(|holder| holder.caller.link());
    let proof = link.filter(|link| link.role == LinkRole::Own);
    let proven = locked.filter(|game| proof.is_some_and(|link| link.game == game.id));
    super::access::live(proven.ok_or_else(|| Error::not_found("board"))?)
}

fn take(change: &mut Change<'_, '_>, user: UserId) -> Result<()> {
    match change.game.owner {
        Some(owner) if owner != user => Err(Error::new(
            Code::AlreadyClaimed,
            "The board belongs to another account.",
        )),
        before => {
            change.game.owner = Some(user);
            change.game.version += i64::from(before.is_none());
            change.record(
                "game.claimed",
                change.game.id.0,
                Some(json!({"owner": before})),
                Some(json!({"owner": user})),
            );
            Ok(())
        }
    }
}
