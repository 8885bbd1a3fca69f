//! Permits: how our own commands pass the guards, and the record of who did what.

use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::{Value, json};

use super::schema::{instance, permits};
use super::{Conn, on};
use crate::domain::time::Timestamp;

const MIGRATE: &str = "migrate";
pub(super) const PURGE: &str = "purge";

/// What a permit is for.
struct Purpose {
    word: &'static str,
    /// The board, and the revision at which it stands.
    board: Option<(i64, i64)>,
}

/// A permit that is open in this transaction.
pub(super) struct Open {
    id: String,
}

/// Opens a permit to change the schema: no other transaction sees the row before it is closed again.
pub(super) fn open_migration(conn: &mut Conn, now: Timestamp) -> QueryResult<Open> {
    let purpose = Purpose {
        word: MIGRATE,
        board: None,
    };
    open(conn, now, &purpose)
}

/// Opens a permit to delete the rows of one board, as it stands at that revision.
pub(super) fn open_purge(
    conn: &mut Conn,
    now: Timestamp,
    game: i64,
    revision: i64,
) -> QueryResult<Open> {
    let purpose = Purpose {
        word: PURGE,
        board: Some((game, revision)),
    };
    open(conn, now, &purpose)
}

fn open(conn: &mut Conn, now: Timestamp, purpose: &Purpose) -> QueryResult<Open> {
    let instance: String = instance::table
        .order(instance::lineage.desc())
        .select(instance::id)
        .first(conn)?;
    let (id, open_in) = (uuid::Uuid::new_v4().to_string(), transaction(conn)?);
    let by = signed(conn, &format!("scorehold {}", purpose.word))?;
    let row = (
        permits::id.eq(&id),
        permits::purpose.eq(purpose.word),
        permits::instance.eq(instance),
        permits::game_id.eq(purpose.board.map(|(game, _)| game)),
        permits::revision.eq(purpose.board.map(|(_, revision)| revision)),
        permits::issued_at.eq(now.millis()),
        permits::issued_by.eq(&by),
        permits::open_in.eq(open_in),
        permits::used_at.eq(now.millis()),
        permits::used_by.eq(&by),
    );
    on!(conn, c => diesel::insert_into(permits::table).values(row).execute(c))?;
    Ok(Open { id })
}

/// Closes a permit, for ever, and writes down what was done with it.
pub(super) fn close(conn: &mut Conn, permit: Open, done: &Value) -> QueryResult<()> {
    let (open_in, done) = (None::<String>, done.to_string());
    diesel::update(permits::table.find(permit.id))
        .set((permits::open_in.eq(open_in), permits::done.eq(done)))
        .execute(conn)
        .map(drop)
}

/// What a migration did, as its permit keeps it.
pub(super) fn migration_done(applied: &[String], beyond_reach: &[String]) -> Value {
    json!({"applied": applied, "beyond_reach": beyond_reach})
}

/// How often the database was migrated.
pub(super) fn migrations(conn: &mut Conn) -> QueryResult<i64> {
    let migrations = permits::table.filter(permits::purpose.eq(MIGRATE));
    migrations.count().get_result(conn)
}

/// The guards that the newest migration could not arm.
pub(super) fn beyond_reach(conn: &mut Conn) -> QueryResult<Vec<String>> {
    let done: Option<Option<String>> = permits::table
        .filter(permits::purpose.eq(MIGRATE))
        .order((permits::used_at.desc(), permits::id))
        .select(permits::done)
        .first(conn)
        .optional()?;
    let done: Value = done
        .flatten()
        .and_then(|done| serde_json::from_str(&done).ok())
        .unwrap_or_default();
    let names = done["beyond_reach"].as_array().into_iter().flatten();
    Ok(names.filter_map(Value::as_str).map(str::to_owned).collect())
}

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = Text)]
    one: String,
}

/// What only this transaction is called. SQLite has one writer, so a row that nobody else can see yet
/// is name enough.
fn transaction(conn: &mut Conn) -> QueryResult<String> {
    let Conn::Postgres(c) = conn else {
        return Ok("this transaction".to_owned());
    };
    let sql = "SELECT pg_current_xact_id()::text || ' ' || extract(epoch FROM transaction_timestamp())::text AS one";
    diesel::sql_query(sql)
        .get_result::<One>(c)
        .map(|row| row.one)
}

/// Who does it: the program's own word for it, and on PostgreSQL the role.
fn signed(conn: &mut Conn, by: &str) -> QueryResult<String> {
    let Conn::Postgres(c) = conn else {
        return Ok(by.to_owned());
    };
    let role = diesel::sql_query("SELECT session_user::text AS one").get_result::<One>(c)?;
    Ok(format!("{by} as {}", role.one))
}
