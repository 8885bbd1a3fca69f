//! Use cases about accounts: made, entered, changed, deleted and brought back.
//!
//! Passwords are hashed and compared outside, before a transaction begins: that takes a tenth of a
//! second of a core.

mod addresses;
mod endings;
mod entries;
mod export;
mod passwords;

pub use addresses::{change_email, send_verification, verify};
pub use endings::{delete, erase_expired, keep_erasing};
pub use entries::{NewAccount, appoint, dismiss, invalid_login, log_in, operators, register};
pub use export::{Export, export};
pub use passwords::{change_password, forgot, reset, wrong_password};

use sha2::{Digest, Sha256};

use super::{Expected, expect, mails};
use crate::db::{Conn, Tx};
use crate::domain::actor::{Actor, Caller, Person, USER};
use crate::domain::id::UserId;
use crate::domain::mail::{Mailed, Proof};
use crate::domain::user::{Email, User, UserDetails};
use crate::error::{Code, Error, OnUnique, Result};
use crate::repos;

/// The person who asks.
///
/// # Errors
/// `unauthenticated`; `forbidden` for the holder of a link.
pub fn person(caller: Caller) -> Result<Person> {
    super::access::authenticated(caller)?;
    caller
        .person()
        .ok_or_else(|| Error::new(Code::Forbidden, "This needs a person who is logged in."))
}

/// Reads the own account.
///
/// # Errors
/// `unauthenticated`, `forbidden`.
pub fn read(conn: &mut Conn, caller: Caller) -> Result<User> {
    let person = person(caller)?;
    existing(repos::users::find(conn, person.id)?)
}

/// Finds the account of an address, deleted or not, to compare a password with.
///
/// # Errors
/// Only those of the database.
pub fn find(conn: &mut Conn, email: &Email) -> Result<Option<User>> {
    Ok(repos::users::find_by_email(conn, email)?)
}

/// Changes the own name; `edit` makes the new details from the present ones.
///
/// # Errors
/// `precondition_failed`, and what `edit` refuses.
pub fn update(
    tx: &mut Tx<'_>,
    caller: Caller,
    expected: Option<&Expected>,
    edit: impl FnOnce(&UserDetails) -> Result<UserDetails>,
) -> Result<User> {
    let person = person(caller)?;
    change(tx, person.id, caller.actor(), "user.updated", |_, user| {
        expect(expected, user.version)?;
        user.details = edit(&user.details)?;
        Ok(())
    })
}

/// The one door for a change of an account: lock, work, save, write down. A change that changes
/// nothing is none.
fn change(
    tx: &mut Tx<'_>,
    user: UserId,
    actor: Actor,
    action: &str,
    work: impl FnOnce(&mut Tx<'_>, &mut User) -> Result<()>,
) -> Result<User> {
    let before = existing(repos::users::lock(tx.conn, user)?)?;
    let mut user = before.clone();
    work(tx, &mut user)?;
    if user == before {
        return Ok(user);
    }
    user.version += 1;
    user.updated_at = tx.now;
    repos::users::save(tx.conn, &user).on_unique(email_taken)?;
    repos::users::record(tx.conn, &user, &actor, action)?;
    Ok(user)
}

/// A person who does something about the own account.
fn oneself(user: UserId) -> Actor {
    Actor {
        role: USER.to_owned(),
        id: Some(user.0),
    }
}

fn existing(found: Option<User>) -> Result<User> {
    found.ok_or_else(|| Error::not_found("account"))
}

fn email_taken() -> Error {
    Error::at(
        Code::EmailTaken,
        "/email",
        "There is an account with this address. Log in, or choose a new password.",
    )
}

/// What a mailed token is for and of: it works while that state lasts.
pub fn mailed(proof: Proof, user: &User) -> Mailed {
    let address = user.email.as_ref().map(Email::folded);
    let state = match proof {
        Proof::Verify => (address, None),
        Proof::Reset => (address, user.password_hash.as_deref()),
    };
    Mailed {
        sub: user.id,
        of: hex::encode(Sha256::digest(format!("{state:?}"))),
    }
}

/// Refuses a mailed token of a state that is over.
fn still(proof: Proof, mailed_then: &Mailed, user: &User) -> Result<()> {
    if mailed(proof, user) == *mailed_then {
        return Ok(());
    }
    Err(invalid_token())
}

/// What every mailed token that is good for nothing is answered.
pub fn invalid_token() -> Error {
    Error::at(
        Code::InvalidToken,
        "/token",
        "This token is not good here, or not any more. Ask for a new mail.",
    )
}
