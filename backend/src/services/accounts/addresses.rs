//! Mail addresses: shown to be theirs, and changed.

use super::passwords::same;
use super::{change, existing, mails, oneself, person, still};
use crate::db::Tx;
use crate::domain::actor::Caller;
use crate::domain::mail::{Errand, Mailed, Proof};
use crate::domain::user::{Email, User};
use crate::error::Result;
use crate::repos;

/// Marks the address as theirs for who holds the mailed token.
///
/// # Errors
/// `invalid_token`.
pub fn verify(tx: &mut Tx<'_>, token: &Mailed) -> Result<User> {
    change(
        tx,
        token.sub,
        oneself(token.sub),
        "user.verified",
        |tx, user| {
            still(Proof::Verify, token, user)?;
            user.verified_at.get_or_insert(tx.now);
            Ok(())
        },
    )
}

/// Sends the mail by which the address is verified once more, unless it is already.
///
/// # Errors
/// `unauthenticated`, `forbidden`.
pub fn send_verification(tx: &mut Tx<'_>, caller: Caller) -> Result<()> {
    let person = person(caller)?;
    let user = existing(repos::users::find(tx.conn, person.id)?)?;
    match user.verified_at {
        None => mails::send_to(tx, Errand::Verify(user.id), &user),
        Some(_) => Ok(()),
    }
}

/// Changes the address for who knows the password, which was compared with `password_hash`. The new one is
/// asked to be verified, the old one is told.
///
/// # Errors
/// `email_taken`, `wrong_password`.
pub fn change_email(
    tx: &mut Tx<'_>,
    caller: Caller,
    password_hash: &str,
    email: Email,
) -> Result<User> {
    let person = person(caller)?;
    let before = existing(repos::users::find(tx.conn, person.id)?)?;
    let user = change(
        tx,
        person.id,
        caller.actor(),
        "user.email_changed",
        |_, user| {
            same(user, password_hash)?;
            let moves = user.email.as_ref().map(Email::folded) != Some(email.folded());
            user.verified_at = user.verified_at.filter(|_| !moves);
            user.email = Some(email);
            Ok(())
        },
    )?;
    if user.email != before.email {
        mails::send_to(tx, Errand::Moved(user.id), &before)?;
        mails::send_to(tx, Errand::Verify(user.id), &user)?;
    }
    Ok(user)
}
