//! Queries about requests themselves: keys that make a retry harmless, tickets that count once.
//! Their rows expire, and a few of those that have are taken away with each new one.

use diesel::prelude::*;

use crate::db::schema::{idempotency_keys, spent_tickets};
use crate::db::{Conn, on};
use crate::domain::time::Timestamp;

/// Expired rows taken away by one statement at most.
const SWEEP: i64 = 100;

/// The first answer to a key, with the digest of the body that asked for it.
#[derive(Debug, Queryable)]
pub struct First {
    /// SHA-256 of the body.
    pub body: Vec<u8>,
    /// The answer as JSON.
    pub answer: Option<String>,
}

/// Claims a key: `None` when it is new and ours now, otherwise the first answer. Of two requests at
/// once the second waits here until the first has committed.
pub fn claim_key(
    conn: &mut Conn,
    scope: &[u8],
    body: &[u8],
    now: Timestamp,
    expires_at: Timestamp,
) -> QueryResult<Option<First>> {
    let expired = idempotency_keys::table
        .filter(idempotency_keys::expires_at.lt(now.millis()))
        .order(idempotency_keys::expires_at)
        .limit(SWEEP)
        .select(idempotency_keys::scope);
    let expired: Vec<Vec<u8>> = expired.load(conn)?;
    for key in expired {
        diesel::delete(idempotency_keys::table.find(key)).execute(conn)?;
    }
    let row = (
        idempotency_keys::scope.eq(scope),
        idempotency_keys::body.eq(body),
        idempotency_keys::expires_at.eq(expires_at.millis()),
    );
    let claimed = on!(conn, c => diesel::insert_into(idempotency_keys::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    if claimed == 1 {
        return Ok(None);
    }
    // A replay is an acknowledgement: touching the row gives it a commit of its own to wait for.
    let row = idempotency_keys::table.find(scope);
    diesel::update(row)
        .set(idempotency_keys::expires_at.eq(idempotency_keys::expires_at))
        .execute(conn)?;
    idempotency_keys::table
        .find(scope)
        .select((idempotency_keys::body, idempotency_keys::answer))
        .first(conn)
        .map(Some)
}

/// Keeps the answer to a key claimed in this transaction.
pub fn keep_answer(conn: &mut Conn, scope: &[u8], answer: &str) -> QueryResult<()> {
    diesel::update(idempotency_keys::table.find(scope.to_vec()))
        .set(idempotency_keys::answer.eq(answer))
        .execute(conn)
        .map(drop)
}

/// Uses a ticket up; `false` when it was used before. The primary key decides.
pub fn spend_ticket(
    conn: &mut Conn,
    id: &[u8],
    now: Timestamp,
    expires_at: Timestamp,
) -> QueryResult<bool> {
    let expired = spent_tickets::table
        .filter(spent_tickets::expires_at.lt(now.millis()))
        .order(spent_tickets::expires_at)
        .limit(SWEEP)
        .select(spent_tickets::id);
    let expired: Vec<Vec<u8>> = expired.load(conn)?;
    for ticket in expired {
        diesel::delete(spent_tickets::table.find(ticket)).execute(conn)?;
    }
    let row = (
        spent_tickets::id.eq(id),
        spent_tickets::expires_at.eq(expires_at.millis()),
    );
    let spent = on!(conn, c => diesel::insert_into(spent_tickets::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(spent == 1)
}
