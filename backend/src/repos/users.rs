//! Queries about accounts and their ledger.

use diesel::prelude::*;

use super::{millis, moment, one_row};
use crate::db::schema::{user_events, users};
use crate::db::{Conn, MultiBackend};
use crate::domain::actor::Actor;
use crate::domain::id::UserId;
use crate::domain::text::Text;
use crate::domain::time::Timestamp;
use crate::domain::user::{Email, User, UserDetails};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
struct Row {
    id: i64,
    email: Option<String>,
    email_folded: Option<String>,
    display_name: String,
    password_hash: Option<String>,
    verified_at: Option<i64>,
    operator_since: Option<i64>,
    deleted_at: Option<i64>,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

impl From<&User> for Row {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.0,
            email: user.email.as_ref().map(|email| email.as_str().to_owned()),
            email_folded: user.email.as_ref().map(Email::folded),
            display_name: user.details.display_name.to_string(),
            password_hash: user.password_hash.clone(),
            verified_at: millis(user.verified_at),
            operator_since: millis(user.operator_since),
            deleted_at: millis(user.deleted_at),
            version: user.version,
            created_at: user.created_at.millis(),
            updated_at: user.updated_at.millis(),
        }
    }
}

impl From<Row> for User {
    fn from(row: Row) -> Self {
        Self {
            id: UserId(row.id),
            email: row.email.map(Email::stored),
            details: UserDetails {
                display_name: Text::stored(row.display_name),
            },
            password_hash: row.password_hash,
            verified_at: moment(row.verified_at),
            operator_since: moment(row.operator_since),
            deleted_at: moment(row.deleted_at),
            version: row.version,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
        }
    }
}

/// Adds an account. An address that is taken breaks a unique constraint.
pub fn insert(conn: &mut Conn, user: &User) -> QueryResult<()> {
    diesel::insert_into(users::table)
        .values(Row::from(user))
        .execute(conn)
        .map(drop)
}

/// Writes an account back. An address that is taken breaks a unique constraint.
pub fn save(conn: &mut Conn, user: &User) -> QueryResult<()> {
    diesel::update(users::table.find(user.id.0))
        .set(Row::from(user))
        .execute(conn)
        .and_then(one_row)
}

/// Finds an account, deleted or not.
pub fn find(conn: &mut Conn, user: UserId) -> QueryResult<Option<User>> {
    let row = users::table.find(user.0).first::<Row>(conn).optional()?;
    Ok(row.map(User::from))
}

/// Finds the account of an address, however that is spelled.
pub fn find_by_email(conn: &mut Conn, email: &Email) -> QueryResult<Option<User>> {
    let row = users::table
        .filter(users::email_folded.eq(email.folded()))
        .first::<Row>(conn)
        .optional()?;
    Ok(row.map(User::from))
}

/// Finds an account and holds its row until the end of the transaction.
pub fn lock(conn: &mut Conn, user: UserId) -> QueryResult<Option<User>> {
    let Conn::Postgres(c) = conn else {
        return find(conn, user);
    };
    let row = users::table.find(user.0).for_update().first::<Row>(c);
    Ok(row.optional()?.map(User::from))
}

/// Accounts that may see and move payments, by address.
pub fn operators(conn: &mut Conn) -> QueryResult<Vec<User>> {
    let rows: Vec<Row> = users::table
        .filter(users::operator_since.is_not_null())
        .order((users::email_folded, users::id))
        .into_boxed::<MultiBackend>()
        .load(conn)?;
    Ok(rows.into_iter().map(User::from).collect())
}

/// Accounts deleted before a moment whose person is not yet erased.
pub fn expired(conn: &mut Conn, before: Timestamp, limit: i64) -> QueryResult<Vec<UserId>> {
    let ids: Vec<i64> = users::table
        .filter(users::deleted_at.lt(before.millis()))
        .filter(users::email.is_not_null())
        .order(users::deleted_at)
        .limit(limit)
        .select(users::id)
        .into_boxed::<MultiBackend>()
        .load(conn)?;
    Ok(ids.into_iter().map(UserId).collect())
}

/// Writes down one change of an account, in the transaction that makes it.
pub fn record(conn: &mut Conn, user: &User, actor: &Actor, action: &str) -> QueryResult<()> {
    diesel::insert_into(user_events::table)
        .values((
            user_events::user_id.eq(user.id.0),
            user_events::version.eq(user.version),
            user_events::at.eq(user.updated_at.millis()),
            user_events::actor_role.eq(actor.role.clone()),
            user_events::actor_id.eq(actor.id),
            user_events::action.eq(action.to_owned()),
        ))
        .execute(conn)
        .map(drop)
}
