//! Ways into an account.

use super::{change, email_taken, mails, oneself};
use crate::db::{Conn, Tx};
use crate::domain::actor::Actor;
use crate::domain::id::UserId;
use crate::domain::mail::Errand;
use crate::domain::session::{Agent, Session};
use crate::domain::user::{Email, User, UserDetails};
use crate::error::{Code, Error, OnUnique, Result};
use crate::repos;
use crate::services::sessions;

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The address.
    pub email: Email,
    /// What they decided.
    pub details: UserDetails,
    /// argon2id in the PHC string format; `None`: the password is chosen later.
    pub password_hash: Option<String>,
}

/// Makes an account and logs the device in. The address is shown to be theirs later, by a mail.
///
/// # Errors
/// `email_taken`.
pub fn register(tx: &mut Tx<'_>, new: NewAccount, agent: Agent) -> Result<(User, Session)> {
    let user = make(tx, new)?;
    repos::users::record(tx.conn, &user, &oneself(user.id), "user.registered")?;
    mails::send_to(tx, Errand::Verify(user.id), &user)?;
    let session = sessions::open(tx, user.id, agent)?;
    Ok((user, session))
}

fn make(tx: &mut Tx<'_>, new: NewAccount) -> Result<User> {
    let user = User {
        id: UserId(tx.next_id()),
        email: Some(new.email),
        details: new.details,
        password_hash: new.password_hash,
        verified_at: None,
        operator_since: None,
        deleted_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    repos::users::insert(tx.conn, &user).on_unique(email_taken)?;
    Ok(user)
}

/// Logs a device in, whose password was compared with `password_hash`. An account that was deleted
/// comes back.
///
/// # Errors
/// `invalid_login` when the password was changed meanwhile.
pub fn log_in(
    tx: &mut Tx<'_>,
    user: UserId,
    password_hash: &str,
    agent: Agent,
) -> Result<(User, Session)> {
    let user = change(tx, user, oneself(user), "user.restored", |_, user| {
        if user.password_hash.as_deref() != Some(password_hash) {
            return Err(invalid_login());
        }
        user.deleted_at = None;
        Ok(())
    })?;
    let session = sessions::open(tx, user.id, agent)?;
    Ok((user, session))
}

/// What every log-in that fails is answered, whether the address exists or not.
pub fn invalid_login() -> Error {
    Error::new(Code::InvalidLogin, "The address or the password is wrong.")
}

/// Makes the account of an address one that is no operator's any more; `None`: there is no such operator.
///
/// # Errors
/// Only those of the database.
pub fn dismiss(tx: &mut Tx<'_>, email: &Email) -> Result<Option<User>> {
    let found = repos::users::find_by_email(tx.conn, email)?;
    let Some(user) = found.filter(|user| user.operator_since.is_some()) else {
        return Ok(None);
    };
    let dismissed = change(tx, user.id, the_machine(), "user.dismissed", |_, user| {
        user.operator_since = None;
        Ok(())
    });
    dismissed.map(Some)
}

/// The accounts of operators, by address.
///
/// # Errors
/// Only those of the database.
pub fn operators(conn: &mut Conn) -> Result<Vec<User>> {
    Ok(repos::users::operators(conn)?)
}

/// Whoever sits at the server itself.
fn the_machine() -> Actor {
    Actor {
        role: "system".to_owned(),
        id: None,
    }
}

/// Makes the account of an address an operator's; one that does not exist is made, without a password.
///
/// # Errors
/// Only those of the database.
pub fn appoint(tx: &mut Tx<'_>, new: NewAccount) -> Result<User> {
    let user = match repos::users::find_by_email(tx.conn, &new.email)? {
        Some(user) => user,
        None => {
            let user = make(tx, new)?;
            repos::users::record(tx.conn, &user, &the_machine(), "user.registered")?;
            user
        }
    };
    change(tx, user.id, the_machine(), "user.appointed", |tx, user| {
        user.operator_since.get_or_insert(tx.now);
        user.deleted_at = None;
        Ok(())
    })
}
