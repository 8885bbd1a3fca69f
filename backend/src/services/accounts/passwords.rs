//! Passwords: changed by who knows the old one, or chosen anew by who reads the mail.

use super::{change, find, mails, oneself, person, still};
use crate::db::Tx;
use crate::domain::actor::Caller;
use crate::domain::mail::{Errand, Mailed, Proof};
use crate::domain::session::{Agent, Session};
use crate::domain::user::{Email, User};
use crate::error::{Code, Error, Result};
use crate::services::sessions;

/// Sends a mail by which a new password can be chosen, if there is such an account. The caller is told
/// the same either way.
///
/// # Errors
/// Only those of the database.
pub fn forgot(tx: &mut Tx<'_>, email: &Email) -> Result<()> {
    match find(tx.conn, email)? {
        Some(user) => mails::send_to(tx, Errand::Reset(user.id), &user),
        None => Ok(()),
    }
}

/// Sets a new password for who holds the mailed token, logs every other device out and this one in. The
/// mail was read, so the address is theirs.
///
/// # Errors
/// `invalid_token`.
pub fn reset(
    tx: &mut Tx<'_>,
    token: &Mailed,
    password_hash: String,
    agent: Agent,
) -> Result<(User, Session)> {
    let user = change(
        tx,
        token.sub,
        oneself(token.sub),
        "user.password_reset",
        |tx, user| {
            still(Proof::Reset, token, user)?;
            user.password_hash = Some(password_hash);
            user.verified_at.get_or_insert(tx.now);
            user.deleted_at = None;
            Ok(())
        },
    )?;
    sessions::end_others(tx, user.id, None)?;
    mails::send_to(tx, Errand::Changed(user.id), &user)?;
    let session = sessions::open(tx, user.id, agent)?;
    Ok((user, session))
}

/// Sets a new password for who knows the old one, which was compared with `old_hash`, and logs every
/// other device out.
///
/// # Errors
/// `wrong_password` when it was changed meanwhile.
pub fn change_password(
    tx: &mut Tx<'_>,
    caller: Caller,
    old_hash: &str,
    new_hash: String,
) -> Result<()> {
    let person = person(caller)?;
    let user = change(
        tx,
        person.id,
        caller.actor(),
        "user.password_changed",
        |_, user| {
            same(user, old_hash)?;
            user.password_hash = Some(new_hash);
            Ok(())
        },
    )?;
    sessions::end_others(tx, user.id, Some(person.session))?;
    mails::send_to(tx, Errand::Changed(user.id), &user)
}

/// Refuses when the password was changed since it was compared.
pub(super) fn same(user: &User, old_hash: &str) -> Result<()> {
    if user.password_hash.as_deref() == Some(old_hash) {
        return Ok(());
    }
    Err(wrong_password())
}

/// The old password that should have proved who asks is not theirs.
pub fn wrong_password() -> Error {
    Error::at(
        Code::WrongPassword,
        "/current_password",
        "This is not the password of your account.",
    )
}
