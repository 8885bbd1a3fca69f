//! Who may do what with a board: the one place that decides.
//!
//! Refusals come in the order of the contract: no credential where the operation needs one (401,
//! whether the board exists or not), a board that the caller may not see (404), an action that the
//! caller's role does not allow (403).

use crate::db::Conn;
use crate::domain::actor::{Action, Caller, Link};
use crate::domain::game::{Game, GameRef, Visibility};
use crate::domain::secret::Token;
use crate::domain::time::Timestamp;
use crate::error::{Code, Error, Result};
use crate::repos;

/// Resolves a token to the caller it proves. One that never was, is revoked or has expired is refused
/// in the same words.
///
/// # Errors
/// `invalid_credential`.
pub fn authenticate(conn: &mut Conn, token: Option<&Token>, now: Timestamp) -> Result<Caller> {
    let Some(token) = token else {
        return Ok(Caller::Anonymous);
    };
    match repos::links::find_by_token(conn, token, now)? {
        Some(link) => Ok(Caller::Link(link)),
        None => Err(Error::new(
            Code::InvalidCredential,
            "This token is not valid here.",
        )),
    }
}

/// Whether a link still opens its board: it may have been revoked, or have expired.
///
/// # Errors
/// Only those of the database.
pub fn works(conn: &mut Conn, link: Link, now: Timestamp) -> Result<bool> {
    Ok(repos::links::works(conn, link, now)?)
}

/// Finds a board that stands, to look at it.
///
/// # Errors
/// `not_found`, `trashed`.
pub fn view(conn: &mut Conn, caller: Caller, game: &GameRef) -> Result<Game> {
    let found = repos::games::find(conn, game)?;
    live(visible(caller, game, found)?)
}

/// Finds a board that stands, to read what only some may: its journal, its orders.
///
/// # Errors
/// `unauthenticated`, `not_found`, `trashed`, `forbidden`.
pub fn inspect(conn: &mut Conn, caller: Caller, game: &GameRef, action: Action) -> Result<Game> {
    authenticated(caller)?;
    let found = repos::games::find(conn, game)?;
    allow(caller, live(visible(caller, game, found)?)?, action)
}

/// Finds and locks a board, to change it.
///
/// # Errors
/// `unauthenticated`, `not_found`, `forbidden`; `trashed` unless `in_trash` is asked for.
pub(super) fn lock(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    action: Action,
    in_trash: bool,
) -> Result<Game> {
    authenticated(caller)?;
    let found = visible(caller, game, repos::games::lock(conn, game)?)?;
    let found = if in_trash { found } else { live(found)? };
    allow(caller, found, action)
}

/// Refuses those whom we do not know at all.
///
/// # Errors
/// `unauthenticated`.
pub fn authenticated(caller: Caller) -> Result<()> {
    match caller {
        Caller::Anonymous => Err(Error::new(
            Code::Unauthenticated,
            "Send Authorization: Bearer with a token of the board.",
        )),
        Caller::Link(_) | Caller::System => Ok(()),
    }
}

/// An unlisted board answers a stranger to its slug only, a public one to its id too, a private one
/// to neither.
fn visible(caller: Caller, asked: &GameRef, found: Option<Game>) -> Result<Game> {
    let by_slug = matches!(asked, GameRef::Slug(_));
    found
        .filter(|game| {
            caller.role_on(game.id).is_some()
                || match game.settings.visibility {
                    Visibility::Public => true,
                    Visibility::Unlisted => by_slug,
                    Visibility::Private => false,
                }
        })
        .ok_or_else(|| Error::not_found("board"))
}

fn live(game: Game) -> Result<Game> {
    match game.trashed_at {
        None => Ok(game),
        Some(at) => Err(Error::new(
            Code::Trashed,
            format!("The board is in the trash since {at}."),
        )),
    }
}

fn allow(caller: Caller, game: Game, action: Action) -> Result<Game> {
    match caller.role_on(game.id) {
        Some(role) if role.allows(action) => Ok(game),
        Some(role) => Err(Error::new(
            Code::Forbidden,
            format!("A {role} link may not do this."),
        )),
        None => Err(Error::new(
            Code::Forbidden,
            "Your token belongs to another board.",
        )),
    }
}
