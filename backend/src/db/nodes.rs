//! The ten bits by which the ids of one process differ from those of every other on its database:
//! a number, leased. A process that stops leaves its number to expire, so that nobody takes it up
//! with a clock that is behind.

use diesel::prelude::*;
use uuid::Uuid;

use super::schema::nodes;
use super::transaction::{begin_write, commit};
use super::{Conn, Connector, Role, Tx, on};
use crate::config::Config;
use crate::domain::time::Timestamp;
use crate::error::StartError;

/// Seconds that a lease lasts: longer than any two clocks differ.
const LASTS: i64 = 600;
/// How many numbers ten bits have.
const NUMBERS: i64 = 1024;

/// A number of one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// 0 to 1023.
    pub number: i64,
    /// The process that holds it.
    pub holder: Uuid,
}

impl Node {
    /// A number that nobody else has, outside a database.
    pub fn alone() -> Self {
        Self {
            number: 0,
            holder: Uuid::new_v4(),
        }
    }
}

/// Leases a number for this process.
///
/// # Errors
/// 69 when the database is out of reach, 1 when all numbers are held.
pub fn lease(config: &Config, now: Timestamp) -> Result<Node, StartError> {
    let url = &config.database.url;
    let mut conn = Connector::new(url.clone(), Role::Runtime)
        .archived(config.archive.is_on())
        .reach()?;
    let taken = begin_write(&mut conn)
        .and_then(|()| take(&mut conn, Uuid::new_v4(), now))
        .and_then(|taken| commit(&mut conn).map(|()| taken))
        .map_err(|error| StartError::unreachable(url, &error))?;
    taken.ok_or_else(|| {
        StartError::new(
            1,
            "1,024 servers hold a number on this database; one that has stopped gives its own back after ten minutes",
        )
    })
}

/// Leases the lowest number that nobody holds; `None`: all are held.
///
/// # Errors
/// The engine's.
pub fn take(conn: &mut Conn, holder: Uuid, now: Timestamp) -> QueryResult<Option<Node>> {
    let held: Vec<(i64, i64)> = nodes::table
        .select((nodes::number, nodes::expires_at))
        .load(conn)?;
    for number in 0..NUMBERS {
        let lease = held.iter().find(|(held, _)| *held == number);
        let ours = match lease {
            Some((_, until)) if *until > now.millis() => false,
            Some((_, until)) => take_over(conn, number, *until, holder, now)?,
            None => add(conn, number, holder, now)?,
        };
        if ours {
            return Ok(Some(Node { number, holder }));
        }
    }
    Ok(None)
}

/// Of two processes at once one gets it.
fn take_over(
    conn: &mut Conn,
    number: i64,
    expired: i64,
    holder: Uuid,
    now: Timestamp,
) -> QueryResult<bool> {
    let taken = diesel::update(nodes::table.find(number))
        .filter(nodes::expires_at.eq(expired))
        .set((
            nodes::holder.eq(holder.as_bytes().to_vec()),
            nodes::expires_at.eq(until(now)),
        ))
        .execute(conn)?;
    Ok(taken == 1)
}

fn add(conn: &mut Conn, number: i64, holder: Uuid, now: Timestamp) -> QueryResult<bool> {
    let row = (
        nodes::number.eq(number),
        nodes::holder.eq(holder.as_bytes().to_vec()),
        nodes::expires_at.eq(until(now)),
    );
    let added = on!(conn, c => diesel::insert_into(nodes::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(added == 1)
}

/// Goes on holding the number; a process that slept for too long takes another one.
///
/// # Errors
/// The engine's.
pub fn keep(tx: &mut Tx<'_>) -> QueryResult<()> {
    let Node { number, holder } = tx.ids.node();
    let renewed = diesel::update(nodes::table.find(number))
        .filter(nodes::holder.eq(holder.as_bytes().to_vec()))
        .set(nodes::expires_at.eq(until(tx.now)))
        .execute(tx.conn)?;
    if renewed == 0
        && let Some(node) = take(tx.conn, holder, tx.now)?
    {
        tx.ids.become_node(node.number);
    }
    Ok(())
}

fn until(now: Timestamp) -> i64 {
    now.plus_seconds(LASTS).millis()
}
