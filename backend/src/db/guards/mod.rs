//! The guards inside the database: what refuses even its owner. `scorehold migrate` installs them from
//! the one list of tables, by class, so that a new table has its guards from its first day.

mod postgres;
mod sqlite;

use std::collections::HashMap;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};

use super::shapes::shapes;
use super::{Conn, on, permits};

/// One trigger, function or mark.
struct Guard {
    /// How readiness names it.
    name: String,
    /// What the catalogue holds when it is armed, to the letter.
    definition: String,
    /// What arms it, in place of an older one.
    arm: String,
}

/// How a database is guarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarded {
    /// Guards that there are to be.
    pub expected: usize,
    /// Guards that are missing, disabled or not as they should be.
    pub missing: Vec<String>,
    /// Those that the last migration could not install, since its role may not: nobody is superuser on
    /// a managed PostgreSQL.
    pub beyond_reach: Vec<String>,
}

impl Guarded {
    /// Guards that are missing although they could be there.
    pub fn lacking(&self) -> Vec<String> {
        let lacking = self.missing.iter();
        let lacking = lacking.filter(|name| !self.beyond_reach.contains(name));
        lacking.cloned().collect()
    }

    /// Those of them that keep anything: of what expires nothing is kept.
    pub(super) fn lacking_of_what_is_kept(&self) -> Vec<String> {
        let mut lacking = self.lacking();
        lacking.retain(|name| !name.ends_with("_expired"));
        lacking
    }
}

/// `5/7`, with `(managed)` behind it where the others are beyond reach.
impl std::fmt::Display for Guarded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let armed = self.expected - self.missing.len();
        write!(f, "{armed}/{}", self.expected)?;
        match self
            .missing
            .iter()
            .any(|name| self.beyond_reach.contains(name))
        {
            true => f.write_str(" (managed)"),
            false => Ok(()),
        }
    }
}

/// Compares the guards of a database with those that it should have.
///
/// # Errors
/// The engine's.
pub fn look(conn: &mut Conn) -> QueryResult<Guarded> {
    let expected = expected(conn)?;
    Ok(Guarded {
        expected: expected.len(),
        missing: names(missing(conn, expected)?),
        beyond_reach: permits::beyond_reach(conn)?,
    })
}

/// Whether this role could arm anything: a superuser also what a role before it could not.
///
/// # Errors
/// The engine's.
pub(super) fn can_be_armed(conn: &mut Conn) -> QueryResult<bool> {
    let guarded = look(conn)?;
    Ok(match is_superuser(conn)? {
        true => !guarded.missing.is_empty(),
        false => !guarded.lacking().is_empty(),
    })
}

#[derive(QueryableByName)]
struct Superuser {
    #[diesel(sql_type = Bool)]
    superuser: bool,
}

/// Whoever opens an SQLite file is.
fn is_superuser(conn: &mut Conn) -> QueryResult<bool> {
    let Conn::Postgres(c) = conn else {
        return Ok(true);
    };
    let sql = "SELECT current_setting('is_superuser') = 'on' AS superuser";
    let found: Superuser = diesel::sql_query(sql).get_result(c)?;
    Ok(found.superuser)
}

/// What a migration did about the guards.
pub(super) struct Installed {
    /// How many it armed.
    pub armed: usize,
    /// Those that its role may not arm.
    pub beyond_reach: Vec<String>,
}

/// Arms what is missing, inside the transaction of a migration.
///
/// # Errors
/// The engine's.
pub(super) fn install(conn: &mut Conn) -> QueryResult<Installed> {
    let expected = expected(conn)?;
    let lacking = missing(conn, expected)?;
    for guard in &lacking {
        conn.batch_execute(&guard.arm)?;
    }
    let count = lacking.len();
    let beyond_reach = names(missing(conn, lacking)?);
    Ok(Installed {
        armed: count - beyond_reach.len(),
        beyond_reach,
    })
}

fn names(guards: Vec<Guard>) -> Vec<String> {
    guards.into_iter().map(|guard| guard.name).collect()
}

fn expected(conn: &mut Conn) -> QueryResult<Vec<Guard>> {
    let shapes = shapes(conn)?;
    Ok(match conn {
        Conn::Postgres(_) => postgres::guards(&shapes),
        Conn::Sqlite(_) => sqlite::guards(&shapes),
    })
}

fn missing(conn: &mut Conn, expected: Vec<Guard>) -> QueryResult<Vec<Guard>> {
    let armed = armed(conn)?;
    let is_armed = |guard: &Guard| armed.get(&guard.name) == Some(&guard.definition);
    Ok(expected
        .into_iter()
        .filter(|guard| !is_armed(guard))
        .collect())
}

#[derive(QueryableByName)]
struct Armed {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    definition: Option<String>,
}

/// The definitions of what is armed now, by name.
fn armed(conn: &mut Conn) -> QueryResult<HashMap<String, String>> {
    let sql = match conn {
        Conn::Postgres(_) => postgres::ARMED,
        Conn::Sqlite(_) => sqlite::ARMED,
    };
    let rows: Vec<Armed> = on!(conn, c => diesel::sql_query(sql).load(c))?;
    let pairs = rows
        .into_iter()
        .filter_map(|row| Some((row.name, row.definition?)));
    Ok(pairs.collect())
}
