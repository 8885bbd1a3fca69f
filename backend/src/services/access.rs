//! Who may do what with a board: the one place that decides.
//!
//! Refusals come in the order of the contract: no credential where the operation needs one (401,
//! whether the board exists or not), a board that the caller may not see (404), an action that the
//! caller's role does not allow (403).

use crate::db::Conn;
use crate::domain::actor::{Action, Caller, Seat};
use crate::domain::game::{Game, GameRef, Visibility};
use crate::domain::secret::Token;
use crate::domain::session::Access;
use crate::domain::time::Timestamp;
use crate::error::{Code, Error, Result};
use crate::repos;
use crate::repos::links::Holder;

/// What a caller proves to be allowed something with.
#[derive(Debug, Clone)]
pub enum Credential {
    /// The token of a link.
    Link(Token),
    /// The same in an address, where only a view link may show itself.
    ViewLink(Token),
    /// What a signed access token says: somebody is logged in.
    Access(Access),
}

/// Resolves a credential to whom it proves. One that never was, is revoked or has expired is refused in
/// the same words.
///
/// # Errors
/// `invalid_credential`.
pub fn authenticate(
    conn: &mut Conn,
    credential: Option<&Credential>,
    now: Timestamp,
) -> Result<Holder> {
    let without_link = |caller| Holder {
        caller,
        last_used_at: None,
    };
    let found = match credential {
        None => return Ok(without_link(Caller::Anonymous)),
        Some(Credential::Link(token)) => repos::links::find_by_token(conn, token, now)?,
        Some(Credential::ViewLink(token)) => {
            let found = repos::links::find_by_token(conn, token, now)?;
            found.filter(|holder| holder.caller.is_view_link())
        }
        Some(Credential::Access(access)) => {
            let person = repos::sessions::person(conn, access.sid, now)?;
            person.map(|person| without_link(Caller::Person(person)))
        }
    };
    found.ok_or_else(|| Error::new(Code::InvalidCredential, "This token is not valid here."))
}

/// Whether what a caller came with still works: a link may have been revoked or have expired, a device
/// may have been logged out.
///
/// # Errors
/// Only those of the database.
pub fn works(conn: &mut Conn, caller: Caller, now: Timestamp) -> Result<bool> {
    match caller {
        Caller::Link(link) | Caller::Seat(Seat { link, .. }) => {
            Ok(repos::links::works(conn, link, now)?)
        }
        Caller::Person(person) => Ok(repos::sessions::person(conn, person.session, now)?.is_some()),
        Caller::Anonymous | Caller::System => Ok(true),
    }
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
            "Send Authorization: Bearer with a token of the board, or log in.",
        )),
        Caller::Link(_) | Caller::Seat(_) | Caller::Person(_) | Caller::System => Ok(()),
    }
}

/// An unlisted board answers a stranger to its slug only, a public one to its id too, a private one
/// to neither.
fn visible(caller: Caller, asked: &GameRef, found: Option<Game>) -> Result<Game> {
    let by_slug = matches!(asked, GameRef::Slug(_));
    found
        .filter(|game| {
            caller.role_on(game).is_some()
                || match game.settings.visibility {
                    Visibility::Public => true,
                    Visibility::Unlisted => by_slug,
                    Visibility::Private => false,
                }
        })
        .ok_or_else(|| Error::not_found("board"))
}

pub(super) fn live(game: Game) -> Result<Game> {
    match game.trashed_at {
        None => Ok(game),
        Some(at) => Err(Error::new(
            Code::Trashed,
            format!("The board is in the trash since {at}."),
        )),
    }
}

fn allow(caller: Caller, game: Game, action: Action) -> Result<Game> {
    may(caller, &game, action).map(|()| game)
}

/// Refuses what the caller may not do on a board that it may see.
///
/// # Errors
/// `forbidden`.
pub(super) fn may(caller: Caller, game: &Game, action: Action) -> Result<()> {
    if caller.may(action, game) {
        return Ok(());
    }
    let detail = match caller.role_on(game) {
        Some(role) => format!("A {role} link may not do this."),
        None => "Your token is not one of this board's.".to_owned(),
    };
    Err(Error::new(Code::Forbidden, detail))
}
