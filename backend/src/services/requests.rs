//! A request that is sent again is answered as it was the first time (`Idempotency-Key`).

use sha2::{Digest, Sha256};

use crate::db::Tx;
use crate::domain::actor::{Caller, Seat};
use crate::error::{Code, Error, Result};
use crate::repos;

/// A key as it came with a request.
#[derive(Debug, Clone)]
pub struct Key {
    /// The key itself.
    pub key: String,
    /// The method and the path.
    pub target: String,
    /// SHA-256 of the body.
    pub body: Vec<u8>,
}

/// How long a key is remembered, in seconds: 24 hours.
const KEPT: i64 = 86_400;

/// Runs `work` once per key. `work` returns its answer as text, which never holds a secret; the
/// text comes back the next time, with `true`.
///
/// # Errors
/// `weak_idempotency_key`, `idempotency_key_reused`, and what `work` refuses: then the key is free again.
pub fn once(
    tx: &mut Tx<'_>,
    caller: Caller,
    key: &Key,
    work: impl FnOnce(&mut Tx<'_>) -> Result<String>,
) -> Result<(String, bool)> {
    let scope = scope(caller, key)?;
    let expires_at = tx.now.plus_seconds(KEPT);
    match repos::requests::claim_key(tx.conn, &scope, &key.body, tx.now, expires_at)? {
        None => {
            let answer = work(tx)?;
            repos::requests::keep_answer(tx.conn, &scope, &answer)?;
            Ok((answer, false))
        }
        Some(first) if first.body != key.body => Err(Error::at(
            Code::IdempotencyKeyReused,
            "Idempotency-Key",
            "This key came with another body before. Use a new one for a new request.",
        )),
        Some(first) => {
            let answer = first
                .answer
                .ok_or_else(|| Error::internal(&"a key without an answer"))?;
            Ok((answer, true))
        }
    }
}

/// A key counts for one principal, one method and one path. Strangers share a principal, and so do those
/// who come by one invitation: their keys must be UUIDs, so that nobody meets another's.
fn scope(caller: Caller, key: &Key) -> Result<Vec<u8>> {
    if caller.is_shared() {
        unguessable(key)?;
    }
    let principal = match caller {
        Caller::Link(link) | Caller::Seat(Seat { link, .. }) => format!("link {}", link.id),
        Caller::Person(person) => format!("user {}", person.id),
        Caller::System => "system".to_owned(),
        Caller::Anonymous => "anonymous".to_owned(),
    };
    let whole = format!("{principal}\n{}\n{}", key.target, key.key);
    Ok(Sha256::digest(whole).to_vec())
}

fn unguessable(key: &Key) -> Result<()> {
    match uuid::Uuid::parse_str(&key.key) {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::at(
            Code::WeakIdempotencyKey,
            "Idempotency-Key",
            "Where others may come with the same credential, or with none, the key must be a UUID.",
        )),
    }
}
