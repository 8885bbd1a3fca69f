//! The database knows who it is: the append-only table `instance`, whose last row rules.

use std::path::Path;

use diesel::prelude::*;

use super::schema::instance;
use super::{Conn, Connector, Role, on, pointer};
use crate::config::{Config, DatabaseUrl, Environment};
use crate::domain::time::Timestamp;
use crate::error::StartError;

/// What the last row of `instance` says.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = instance)]
pub struct Identity {
    /// Raised by each restore, from 1.
    pub lineage: i32,
    /// UUID of this database and of what is restored from it.
    pub id: String,
    /// The environment it was made for.
    pub environment: String,
}

/// Reads the identity over a read-only connection and refuses a database of another environment or
/// another instance than the configuration names, before anything is written.
///
/// # Errors
/// Exit 77 with both sides named; 78 when the database is missing or empty; 69 when it is out of reach.
pub fn check(config: &Config) -> Result<Identity, StartError> {
    let mut conn = open_existing(config)?;
    let found =
        read(&mut conn).map_err(|error| StartError::unreachable(&config.database.url, &error))?;
    match found {
        Catalogue::Empty => Err(StartError::new(
            78,
            format!(
                "the database {} is empty: run `scorehold migrate` first",
                config.database.url
            ),
        )),
        Catalogue::Unmarked => refuse(config, "production (it has tables, but no marker)", None),
        Catalogue::Marked(identity) => {
            accept(config, &identity)?;
            Ok(identity)
        }
    }
}

/// Refuses a database that says it is another one. One that cannot be read, or does not say who it is, may be the
/// one that is to be recovered.
///
/// # Errors
/// Exit 77 with both sides named.
pub fn refuse_other(config: &Config) -> Result<(), StartError> {
    let found = open_existing(config)
        .ok()
        .and_then(|mut conn| read(&mut conn).ok());
    match found {
        Some(Catalogue::Marked(identity)) => accept(config, &identity),
        _ => Ok(()),
    }
}

/// Refuses an identity that is not the configured one.
///
/// # Errors
/// Exit 77 with both sides named.
pub fn accept(config: &Config, identity: &Identity) -> Result<(), StartError> {
    let same_instance = config
        .database
        .instance
        .is_none_or(|pinned| pinned.to_string() == identity.id);
    if identity.environment == config.environment.to_string() && same_instance {
        return Ok(());
    }
    refuse(config, &identity.environment, Some(&identity.id))
}

fn refuse<T>(config: &Config, environment: &str, id: Option<&str>) -> Result<T, StartError> {
    let pinned = config
        .database
        .instance
        .map_or_else(|| "any".to_owned(), |id| id.to_string());
    Err(StartError::new(
        77,
        format!(
            "identity refused, nothing was written.\n  the configuration says: environment {}, instance {pinned}\n  \
             the database {} says: environment {environment}, instance {}",
            config.environment,
            config.database.url,
            id.unwrap_or("unknown"),
        ),
    ))
}

/// What stands in a database before we touch it.
#[derive(Debug, PartialEq, Eq)]
pub enum Catalogue {
    /// No table at all: unclaimed.
    Empty,
    /// Tables without a marker: counted as production.
    Unmarked,
    /// A Scorehold database.
    Marked(Identity),
}

/// Reads what stands in the database; writes nothing.
///
/// # Errors
/// The engine's.
pub fn read(conn: &mut Conn) -> QueryResult<Catalogue> {
    let tables = table_names(conn)?;
    if tables.is_empty() {
        return Ok(Catalogue::Empty);
    }
    if !tables.iter().any(|name| name == "instance") {
        return Ok(Catalogue::Unmarked);
    }
    let last = instance::table
        .order(instance::lineage.desc())
        .select((instance::lineage, instance::id, instance::environment))
        .first::<Identity>(conn)
        .optional()?;
    Ok(last.map_or(Catalogue::Unmarked, Catalogue::Marked))
}

/// Stamps an unclaimed database with the environment of the configuration.
pub(super) fn stamp(conn: &mut Conn, environment: Environment, now: Timestamp) -> QueryResult<()> {
    let row = (
        instance::lineage.eq(1),
        instance::id.eq(uuid::Uuid::new_v4().to_string()),
        instance::environment.eq(environment.to_string()),
        instance::created_at.eq(now.millis()),
    );
    on!(conn, c => diesel::insert_into(instance::table).values(row).execute(c))?;
    Ok(())
}

#[derive(QueryableByName)]
struct TableName {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

pub(super) fn table_names(conn: &mut Conn) -> QueryResult<Vec<String>> {
    let sql = match conn {
        Conn::Postgres(_) => {
            "SELECT tablename::text AS name FROM pg_catalog.pg_tables \
             WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        }
        Conn::Sqlite(_) => {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        }
    };
    let rows: Vec<TableName> = on!(conn, c => diesel::sql_query(sql).load(c))?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

fn open_existing(config: &Config) -> Result<Conn, StartError> {
    let url = &config.database.url;
    if let DatabaseUrl::Sqlite(configured) = url {
        let file = pointer::active(configured)?;
        if !file.exists() {
            return Err(missing(configured, &file));
        }
    }
    Connector::new(url.clone(), Role::Reader).reach()
}

/// Where there was a database, an empty one is no answer.
fn missing(configured: &Path, file: &Path) -> StartError {
    let next = match pointer::pointer(configured).exists() {
        true => "`scorehold recover` brings it back",
        false => "run `scorehold migrate` first",
    };
    StartError::new(
        78,
        format!("there is no database at {}: {next}", file.display()),
    )
}
