//! Use cases about devices that are logged in.

use super::accounts::person;
use crate::db::{Conn, Tx};
use crate::domain::actor::Caller;
use crate::domain::event::News;
use crate::domain::id::{SessionId, UserId};
use crate::domain::secret::{RefreshToken, Secrets};
use crate::domain::session::{Agent, LASTS, Session, Verdict};
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::error::{Code, Error, Result};
use crate::repos::{self, Page};

/// Logs a device in.
pub(super) fn open(tx: &mut Tx<'_>, user: UserId, agent: Agent) -> Result<Session> {
    let mut salt = vec![0u8; 16];
    getrandom::fill(&mut salt).map_err(|error| Error::internal(&error))?;
    let session = Session {
        id: SessionId(tx.next_id()),
        user,
        generation: 1,
        salt,
        agent,
        rotated_at: tx.now,
        rotated_before_at: tx.now,
        revoked_at: None,
        expires_at: tx.now.plus_seconds(LASTS),
        created_at: tx.now,
    };
    repos::sessions::insert(tx.conn, &session, tx.now)?;
    Ok(session)
}

/// Renews a session: its refresh token is replaced by the next one. A token that was replaced long ago
/// ends the session for both who hold it; that is why a refusal is a result here, and is committed.
///
/// # Errors
/// Only those of the database.
pub fn refresh(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    token: &RefreshToken,
) -> Result<Option<(User, Session)>> {
    let Some(mut session) = proven(tx, secrets, token)? else {
        return Ok(None);
    };
    if !session.is_live(tx.now) {
        return Ok(None);
    }
    let verdict = session.judge(token.generation, tx.now);
    match verdict {
        Verdict::Rotate => session.rotate(tx.now),
        Verdict::Repeat => {}
        Verdict::Stolen => session.revoked_at = Some(tx.now),
    }
    if verdict == Verdict::Stolen {
        tx.publish(News::LoggedOut(session.user));
    }
    repos::sessions::save(tx.conn, &session)?;
    let user = repos::users::find(tx.conn, session.user)?;
    let user = user.filter(|user| user.deleted_at.is_none() && verdict != Verdict::Stolen);
    Ok(user.map(|user| (user, session)))
}

/// The session that a refresh token was really made for.
fn proven(tx: &mut Tx<'_>, secrets: &Secrets, token: &RefreshToken) -> Result<Option<Session>> {
    let found = repos::sessions::lock(tx.conn, token.session)?;
    Ok(found.filter(|session| secrets.made(token, session)))
}

/// Logs the device out that holds the token; one that is worth nothing is logged out already.
///
/// # Errors
/// Only those of the database.
pub fn log_out(tx: &mut Tx<'_>, secrets: &Secrets, token: &RefreshToken) -> Result<()> {
    match proven(tx, secrets, token)? {
        Some(session) => end(tx, session),
        None => Ok(()),
    }
}

fn end(tx: &mut Tx<'_>, mut session: Session) -> Result<()> {
    session.revoked_at.get_or_insert(tx.now);
    tx.publish(News::LoggedOut(session.user));
    Ok(repos::sessions::save(tx.conn, &session)?)
}

/// Logs all devices of a person out, but for one.
pub(super) fn end_others(tx: &mut Tx<'_>, user: UserId, kept: Option<SessionId>) -> Result<()> {
    tx.publish(News::LoggedOut(user));
    Ok(repos::sessions::revoke_others(tx.conn, user, kept, tx.now)?)
}

/// The own devices that are logged in, the oldest first.
///
/// # Errors
/// `unauthenticated`, `forbidden`.
pub fn list(
    conn: &mut Conn,
    caller: Caller,
    after: Option<i64>,
    limit: i64,
    now: Timestamp,
) -> Result<Page<Session>> {
    let person = person(caller)?;
    Ok(repos::sessions::list(conn, person.id, after, limit, now)?)
}

/// Logs one of the own devices out.
///
/// # Errors
/// `unauthenticated`, `forbidden`, `not_found` for a session of somebody else or that is over.
pub fn revoke(tx: &mut Tx<'_>, caller: Caller, session: SessionId) -> Result<()> {
    let person = person(caller)?;
    let found = repos::sessions::lock(tx.conn, session)?;
    let own = found.filter(|session| session.user == person.id && session.is_live(tx.now));
    end(tx, own.ok_or_else(|| Error::not_found("session"))?)
}

/// Reads one of the own sessions.
///
/// # Errors
/// `unauthenticated`, `forbidden`, `not_found`.
pub fn read(
    conn: &mut Conn,
    caller: Caller,
    session: SessionId,
    now: Timestamp,
) -> Result<Session> {
    let person = person(caller)?;
    let found = repos::sessions::find(conn, session)?;
    let own = found.filter(|session| session.user == person.id && session.is_live(now));
    own.ok_or_else(|| Error::not_found("session"))
}

/// What every refresh token that is worth nothing is answered.
pub fn refused() -> Error {
    Error::new(Code::InvalidCredential, "Log in again.")
}
