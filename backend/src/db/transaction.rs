//! Transactions: how one begins on each engine, and what a service sees of it.

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;

use super::{Conn, Ids};
use crate::domain::event::News;
use crate::domain::time::Timestamp;

/// What a service is handed: the connection inside a transaction, one `now` for all of it, fresh
/// ids, and a list of what is to be told once the transaction is safe.
pub struct Tx<'a> {
    /// The connection, inside the transaction.
    pub conn: &'a mut Conn,
    /// The moment of the whole transaction.
    pub now: Timestamp,
    pub(super) ids: &'a Ids,
    news: Vec<News>,
}

impl<'a> Tx<'a> {
    pub(super) fn new(conn: &'a mut Conn, now: Timestamp, ids: &'a Ids) -> Self {
        Self {
            conn,
            now,
            ids,
            news: Vec::new(),
        }
    }

    /// A new time-sorted id.
    pub fn next_id(&self) -> i64 {
        self.ids.next(self.now)
    }

    /// Published after the commit and the archive barrier, never before.
    pub fn publish(&mut self, news: impl Into<News>) {
        self.news.push(news.into());
    }

    pub(super) fn into_news(self) -> Vec<News> {
        self.news
    }
}

/// Begins a transaction that will write. `IMMEDIATE` takes SQLite's write lock at once: a
/// transaction that reads first and upgrades later fails with BUSY however long it waits.
pub(super) fn begin_write(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
    }
}

/// Begins a transaction that sees one moment of the database, however many queries it makes.
pub(super) fn begin_read(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(
            c,
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        ),
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED"),
    }
}

pub(super) fn commit(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Postgres(c) => AnsiTransactionManager::commit_transaction(c),
        Conn::Sqlite(c) => AnsiTransactionManager::commit_transaction(c),
    }
}

pub(super) fn roll_back(conn: &mut Conn) {
    let undone = match conn {
        Conn::Postgres(c) => AnsiTransactionManager::rollback_transaction(c),
        Conn::Sqlite(c) => AnsiTransactionManager::rollback_transaction(c),
    };
    if let Err(error) = undone {
        tracing::warn!(%error, "a rollback failed; the connection is given up");
    }
}
