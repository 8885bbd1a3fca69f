//! Forward-only migrations, embedded in the binary; `scorehold migrate` runs them.

use std::fmt;

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::guards::{self, Installed};
use super::identity::{self, Catalogue};
use super::transaction::{begin_write, commit, roll_back};
use super::{Conn, Connector, Role, on, permits, pointer, roles};
use crate::config::{Config, DatabaseUrl};
use crate::domain::time::{Clock, SystemClock};
use crate::error::StartError;

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// What a run of the migrations did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Migrated {
    /// The database was unclaimed and carries our mark now.
    pub stamped: bool,
    /// Names of the migrations applied, in order.
    pub applied: Vec<String>,
    /// Guards armed.
    pub armed: usize,
    /// Guards that the role may not arm.
    pub beyond_reach: Vec<String>,
}

impl fmt::Display for Migrated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::default() {
            return f.write_str("nothing to do: the database is up to date");
        }
        if !self.applied.is_empty() {
            write!(f, "applied {}; ", self.applied.join(", "))?;
        }
        write!(f, "{} guards armed", self.armed)?;
        if !self.beyond_reach.is_empty() {
            let names = self.beyond_reach.join(", ");
            write!(f, "; beyond the reach of this role: {names}")?;
        }
        Ok(())
    }
}

/// What a database still lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The names of migrations, in order.
    pub names: Vec<String>,
    /// The names of guards; of a database without pending migrations only.
    pub guards: Vec<String>,
}

/// Creates a missing SQLite file, stamps an empty catalogue with the environment, and applies what
/// is pending. Safe to run again, and beside a running server.
///
/// # Errors
/// 77 for a database of another identity, 69 when it is out of reach, 78 for a broken configuration.
pub fn run(config: &Config) -> Result<Migrated, StartError> {
    let url = config.database.owner_url();
    refuse_lost(url)?;
    let mut conn = Connector::new(url.clone(), Role::Migrator)
        .archived(config.archive.is_on())
        .reach()?;
    let found = read_identity(&mut conn, url)?;
    match &found {
        Catalogue::Marked(identity) => identity::accept(config, identity)?,
        Catalogue::Unmarked => {
            return Err(StartError::new(
                77,
                format!(
                    "identity refused, nothing was written: {url} holds tables without a marker, so it counts as production"
                ),
            ));
        }
        Catalogue::Empty => {}
    }
    let failed = |error: &dyn fmt::Display| {
        StartError::new(
            1,
            format!("a migration of {url} failed, what it did is undone: {error}"),
        )
    };
    begin_write(&mut conn).map_err(|error| failed(&error))?;
    match migrate(&mut conn, config) {
        Ok(done) => commit(&mut conn)
            .map(|()| done)
            .map_err(|error| failed(&error)),
        Err(error) => {
            roll_back(&mut conn);
            Err(failed(&error))
        }
    }
}

/// Names the migrations that are not applied and the guards that are not armed; writes nothing.
///
/// # Errors
/// 77, 78 or 69 as [`identity::check`].
pub fn check(config: &Config) -> Result<Pending, StartError> {
    identity::check(config)?;
    let url = &config.database.url;
    let mut conn = Connector::new(url.clone(), Role::Reader).reach()?;
    lacking(&mut conn).map_err(|error| StartError::unreachable(url, &error))
}

/// Refuses a database that lacks a migration.
///
/// # Errors
/// 78, naming the command; otherwise as [`check`].
pub fn refuse_pending(config: &Config) -> Result<(), StartError> {
    let pending = check(config)?.names;
    if pending.is_empty() {
        return Ok(());
    }
    Err(StartError::new(
        78,
        format!(
            "the database lacks {}: run `scorehold migrate` first",
            pending.join(", ")
        ),
    ))
}

/// The migrations that are not applied, in order.
pub(super) fn lacks(conn: &mut Conn) -> QueryResult<Vec<String>> {
    let applied = applied_versions(conn)?;
    let is_applied = |name: &String| {
        let mut versions = applied.iter();
        versions.any(|version| name.replace('-', "").starts_with(version.as_str()))
    };
    let mut names = embedded(conn);
    names.retain(|name| !is_applied(name));
    Ok(names)
}

fn lacking(conn: &mut Conn) -> QueryResult<Pending> {
    let names = lacks(conn)?;
    let guards = match names.is_empty() {
        true => guards::look(conn)?.lacking(),
        false => Vec::new(),
    };
    Ok(Pending { names, guards })
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Everything in one transaction; two processes that migrate at once take turns: by an advisory
/// lock on PostgreSQL, by the file's own write lock on SQLite.
fn migrate(conn: &mut Conn, config: &Config) -> Result<Migrated, Failure> {
    if matches!(conn, Conn::Postgres(_)) {
        conn.batch_execute("SELECT pg_advisory_xact_lock(7237291002)")?;
    }
    let pending = pending(conn)?;
    let done = match pending.is_empty() && !guards::can_be_armed(conn)? {
        true => Migrated::default(),
        false => change(conn, config, &pending)?,
    };
    roles::grant(conn, config)?;
    Ok(done)
}

/// Changes the schema and arms its guards. Where there are guards already, they ask for a permit first.
fn change(conn: &mut Conn, config: &Config, pending: &[String]) -> Result<Migrated, Failure> {
    let now = SystemClock.now();
    let guarded = identity::table_names(conn)?.contains(&"permits".to_owned());
    let early = guarded
        .then(|| permits::open_migration(conn, now))
        .transpose()?;
    let applied = apply(conn, pending)?;
    let stamped = identity::read(conn)? == Catalogue::Unmarked;
    if stamped {
        identity::stamp(conn, config.environment, now)?;
    }
    let permit = early.map_or_else(|| permits::open_migration(conn, now), Ok)?;
    let Installed {
        armed,
        beyond_reach,
    } = guards::install(conn)?;
    permits::close(
        conn,
        permit,
        &permits::migration_done(&applied, &beyond_reach),
    )?;
    Ok(Migrated {
        stamped,
        applied,
        armed,
        beyond_reach,
    })
}

fn pending(conn: &mut Conn) -> Result<Vec<String>, Failure> {
    let names = match conn {
        Conn::Postgres(c) => names(c.pending_migrations(POSTGRES)?),
        Conn::Sqlite(c) => names(c.pending_migrations(SQLITE)?),
    };
    Ok(names)
}

fn apply(conn: &mut Conn, pending: &[String]) -> Result<Vec<String>, Failure> {
    for _ in pending {
        match conn {
            Conn::Postgres(c) => drop(c.run_next_migration(POSTGRES)?),
            Conn::Sqlite(c) => drop(c.run_next_migration(SQLITE)?),
        }
    }
    Ok(pending.to_vec())
}

fn names<DB: diesel::backend::Backend>(migrations: Vec<Box<dyn Migration<DB>>>) -> Vec<String> {
    migrations
        .iter()
        .map(|migration| migration.name().to_string())
        .collect()
}

/// The newest migration that the database has.
///
/// # Errors
/// The engine's.
pub fn version(conn: &mut Conn) -> QueryResult<String> {
    Ok(applied_versions(conn)?
        .into_iter()
        .max()
        .unwrap_or_default())
}

fn embedded(conn: &Conn) -> Vec<String> {
    let listed = match conn {
        Conn::Postgres(_) => MigrationSource::<diesel::pg::Pg>::migrations(&POSTGRES).map(names),
        Conn::Sqlite(_) => {
            MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE).map(names)
        }
    };
    // Embedded at build time: reading them back cannot fail.
    listed.unwrap_or_default()
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

fn applied_versions(conn: &mut Conn) -> QueryResult<Vec<String>> {
    let sql = "SELECT version FROM __diesel_schema_migrations";
    let rows: Vec<Version> = on!(conn, c => diesel::sql_query(sql).load(c))?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

fn read_identity(conn: &mut Conn, url: &DatabaseUrl) -> Result<Catalogue, StartError> {
    identity::read(conn).map_err(|error| StartError::unreachable(url, &error))
}

/// A pointer to a file that is gone is a case for `scorehold recover`; a new, empty database would hide it.
fn refuse_lost(url: &DatabaseUrl) -> Result<(), StartError> {
    let DatabaseUrl::Sqlite(configured) = url else {
        return Ok(());
    };
    let file = pointer::active(configured)?;
    match pointer::pointer(configured).exists() && !file.exists() {
        false => Ok(()),
        true => Err(StartError::new(
            78,
            format!(
                "{} is in use, but gone: run `scorehold recover`; nothing was written",
                file.display()
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::tables::TABLES;

    #[test]
    fn every_table_of_the_catalogue_has_its_class() {
        let file =
            std::env::temp_dir().join(format!("scorehold-tables-{}.db", uuid::Uuid::new_v4()));
        let url = format!("sqlite:{}", file.display());
        let vars = [
            ("SCOREHOLD__ENVIRONMENT", "test"),
            ("SCOREHOLD__DATABASE__URL", &url),
        ];
        let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config = Config::load(None, vars).unwrap().config;
        let first = run(&config).unwrap();
        assert!(first.stamped && !first.applied.is_empty());
        let again = run(&config).unwrap();
        assert_eq!(again, Migrated::default());
        let nothing = Pending {
            names: Vec::new(),
            guards: Vec::new(),
        };
        assert_eq!(check(&config).unwrap(), nothing);
        let mut conn = Connector::new(config.database.url, Role::Reader)
            .open()
            .unwrap();
        let mut found = identity::table_names(&mut conn).unwrap();
        let mut listed: Vec<&str> = TABLES.iter().map(|(name, _)| *name).collect();
        found.sort_unstable();
        listed.sort_unstable();
        assert_eq!(found, listed);
        for ending in ["", "-wal", "-shm"] {
            let _gone = std::fs::remove_file(format!("{}{ending}", file.display()));
        }
    }

    #[test]
    fn both_engines_tell_one_story() {
        let sqlite = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE).unwrap();
        let postgres = MigrationSource::<diesel::pg::Pg>::migrations(&POSTGRES).unwrap();
        assert_eq!(names(sqlite), names(postgres));
    }
}
