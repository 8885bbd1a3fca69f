//! The end of an account: a mark at first, and 30 days later nothing that names the person.

use std::time::Duration;

use super::super::sessions;
use super::{Expected, change, expect, person};
use crate::db::Tx;
use crate::domain::actor::{Actor, Caller};
use crate::domain::id::UserId;
use crate::domain::text::Text;
use crate::domain::user::TOMBSTONE_DAYS;
use crate::error::Result;
use crate::repos;
use crate::state::AppState;

/// How often a server looks for them.
const EVERY: Duration = Duration::from_secs(3600);
/// Persons erased at a time.
const SWEEP: i64 = 50;

/// Deletes the own account: every device is logged out. Logging in within 30 days brings it back.
///
/// # Errors
/// `unauthenticated`, `forbidden`, `precondition_failed`.
pub fn delete(tx: &mut Tx<'_>, caller: Caller, expected: Option<&Expected>) -> Result<()> {
    let person = person(caller)?;
    change(tx, person.id, caller.actor(), "user.deleted", |tx, user| {
        expect(expected, user.version)?;
        user.deleted_at = Some(tx.now);
        Ok(())
    })?;
    sessions::end_others(tx, person.id, None)
}

/// Erases persons as their time comes. Never returns.
pub async fn keep_erasing(state: AppState) {
    loop {
        match state.db.write(erase_expired).await {
            Ok(0) => {}
            Ok(erased) => tracing::info!(erased, "accounts whose 30 days were over"),
            Err(error) => tracing::warn!(%error, "accounts wait to be erased"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Erases the persons whose 30 days are over, a few at a time: name and address are overwritten, the
/// password is forgotten. Their boards stay with those who hold links to them. Answers how many there were.
///
/// # Errors
/// Only those of the database.
pub fn erase_expired(tx: &mut Tx<'_>) -> Result<usize> {
    let before = tx.now.plus_seconds(-TOMBSTONE_DAYS * 86_400);
    let users = repos::users::expired(tx.conn, before, SWEEP)?;
    for user in &users {
        erase(tx, *user)?;
    }
    Ok(users.len())
}

fn erase(tx: &mut Tx<'_>, user: UserId) -> Result<()> {
    let system = Actor {
        role: "system".to_owned(),
        id: None,
    };
    change(tx, user, system, "user.erased", |_, user| {
        user.email = None;
        user.details.display_name = Text::stored("Deleted".to_owned());
        user.password_hash = None;
        user.operator_since = None;
        Ok(())
    })?;
    Ok(())
}
