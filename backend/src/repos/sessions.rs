//! Queries about devices that are logged in. Rows that expired are taken away by those that come.

use diesel::prelude::*;

use super::{Page, millis, moment, one_row};
use crate::db::Conn;
use crate::db::schema::{sessions, users};
use crate::domain::actor::Person;
use crate::domain::id::{SessionId, UserId};
use crate::domain::session::Session;
use crate::domain::text::Text;
use crate::domain::time::Timestamp;

/// Expired rows taken away by one statement at most.
const SWEEP: i64 = 100;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sessions, treat_none_as_null = true)]
struct Row {
    id: i64,
    user_id: i64,
    generation: i64,
    salt: Vec<u8>,
    agent: String,
    rotated_at: i64,
    rotated_before_at: i64,
    revoked_at: Option<i64>,
    expires_at: i64,
    created_at: i64,
}

impl From<&Session> for Row {
    fn from(session: &Session) -> Self {
        Self {
            id: session.id.0,
            user_id: session.user.0,
            generation: session.generation,
            salt: session.salt.clone(),
            agent: session.agent.to_string(),
            rotated_at: session.rotated_at.millis(),
            rotated_before_at: session.rotated_before_at.millis(),
            revoked_at: millis(session.revoked_at),
            expires_at: session.expires_at.millis(),
            created_at: session.created_at.millis(),
        }
    }
}

impl From<Row> for Session {
    fn from(row: Row) -> Self {
        Self {
            id: SessionId(row.id),
            user: UserId(row.user_id),
            generation: row.generation,
            salt: row.salt,
            agent: Text::stored(row.agent),
            rotated_at: Timestamp::from_millis(row.rotated_at),
            rotated_before_at: Timestamp::from_millis(row.rotated_before_at),
            revoked_at: moment(row.revoked_at),
            expires_at: Timestamp::from_millis(row.expires_at),
            created_at: Timestamp::from_millis(row.created_at),
        }
    }
}

/// Adds a session, and takes away a few that expired.
pub fn insert(conn: &mut Conn, session: &Session, now: Timestamp) -> QueryResult<()> {
    let expired: Vec<i64> = sessions::table
        .filter(sessions::expires_at.lt(now.millis()))
        .order(sessions::expires_at)
        .limit(SWEEP)
        .select(sessions::id)
        .load(conn)?;
    for id in expired {
        diesel::delete(sessions::table.find(id)).execute(conn)?;
    }
    diesel::insert_into(sessions::table)
        .values(Row::from(session))
        .execute(conn)
        .map(drop)
}

/// Writes a session back.
pub fn save(conn: &mut Conn, session: &Session) -> QueryResult<()> {
    diesel::update(sessions::table.find(session.id.0))
        .set(Row::from(session))
        .execute(conn)
        .and_then(one_row)
}

/// Finds a session, live or not.
pub fn find(conn: &mut Conn, session: SessionId) -> QueryResult<Option<Session>> {
    let row = sessions::table.find(session.0).first::<Row>(conn);
    Ok(row.optional()?.map(Session::from))
}

/// Finds a session and holds its row until the end of the transaction, so that of two renewals at
/// once the second sees the first.
pub fn lock(conn: &mut Conn, session: SessionId) -> QueryResult<Option<Session>> {
    let Conn::Postgres(c) = conn else {
        return find(conn, session);
    };
    let row = sessions::table.find(session.0).for_update().first::<Row>(c);
    Ok(row.optional()?.map(Session::from))
}

/// The person behind a session that is live now.
pub fn person(conn: &mut Conn, session: SessionId, now: Timestamp) -> QueryResult<Option<Person>> {
    let found: Option<(i64, Option<i64>)> = sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(session.0))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now.millis()))
        .filter(users::deleted_at.is_null())
        .select((users::id, users::operator_since))
        .first(conn)
        .optional()?;
    Ok(found.map(|(user, operator_since)| Person {
        id: UserId(user),
        session,
        operator: operator_since.is_some(),
    }))
}

/// A person's live sessions, the oldest first.
pub fn list(
    conn: &mut Conn,
    user: UserId,
    after: Option<i64>,
    limit: i64,
    now: Timestamp,
) -> QueryResult<Page<Session>> {
    let rows: Vec<Row> = sessions::table
        .filter(sessions::user_id.eq(user.0))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now.millis()))
        .filter(sessions::id.gt(after.unwrap_or(i64::MIN)))
        .order(sessions::id)
        .limit(limit + 1)
        .select(Row::as_select())
        .load(conn)?;
    Ok(Page::cut(
        rows.into_iter().map(Session::from).collect(),
        limit,
    ))
}

/// Logs all devices of a person out, but for one.
pub fn revoke_others(
    conn: &mut Conn,
    user: UserId,
    kept: Option<SessionId>,
    now: Timestamp,
) -> QueryResult<()> {
    let others: Vec<i64> = sessions::table
        .filter(sessions::user_id.eq(user.0))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::id.ne(kept.map_or(-1, |session| session.0)))
        .select(sessions::id)
        .load(conn)?;
    for id in others {
        diesel::update(sessions::table.find(id))
            .set(sessions::revoked_at.eq(now.millis()))
            .execute(conn)?;
    }
    Ok(())
}
