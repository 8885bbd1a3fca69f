//! The runtime role of PostgreSQL: it owns nothing, and can do with a table what its class allows.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use url::Url;

use super::tables::TABLES;
use super::{Conn, Connector, Role, on};
use crate::config::{Config, DatabaseUrl};
use crate::error::StartError;

/// Names and passwords come in as settings of the transaction and are quoted by the server itself.
const MAKE_ROLE: &str = "
DO $$
DECLARE
    name text := current_setting('scorehold.role');
    password text := current_setting('scorehold.password');
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name) THEN
        EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', name);
        IF password <> '' THEN
            EXECUTE format('ALTER ROLE %I PASSWORD %L', name, password);
        END IF;
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), name);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', name);
    -- To see whether the receivers of the log go on.
    BEGIN
        EXECUTE format('GRANT pg_read_all_stats TO %I', name);
    EXCEPTION WHEN insufficient_privilege THEN NULL;
    END;
END $$;";

/// Makes the role that the server connects as, if it is absent, and grants it what each class of
/// table allows. Does nothing where server and migration share one role, as in development.
pub(super) fn grant(conn: &mut Conn, config: &Config) -> QueryResult<()> {
    let Some((role, password)) = runtime_role(config) else {
        return Ok(());
    };
    let Conn::Postgres(c) = conn else {
        return Ok(());
    };
    let settings =
        "SELECT set_config('scorehold.role', $1, true), set_config('scorehold.password', $2, true)";
    diesel::sql_query(settings)
        .bind::<Text, _>(role)
        .bind::<Text, _>(password)
        .execute(c)?;
    c.batch_execute(MAKE_ROLE)?;
    for (table, class) in TABLES {
        c.batch_execute(&format!(
            "DO $$ BEGIN EXECUTE format('GRANT {} ON public.{table} TO %I', current_setting('scorehold.role')); END $$;",
            class.grants()
        ))?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Powers {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    superuser: bool,
    #[diesel(sql_type = Bool)]
    owner: bool,
}

/// Of the role itself, and of every role that it may act as.
const POWERS: &str = "
    SELECT r.rolname::text AS name, r.rolsuper AS superuser,
           pg_has_role(r.oid, d.datdba, 'MEMBER') OR EXISTS (
               SELECT FROM pg_catalog.pg_class c
               WHERE c.relnamespace = 'public'::regnamespace AND pg_has_role(r.oid, c.relowner, 'MEMBER')
           ) AS owner
    FROM pg_catalog.pg_roles r, pg_catalog.pg_database d
    WHERE r.rolname = current_user AND d.datname = current_database()";

/// Refuses to work, where people's scores are, as a role that could drop them.
///
/// # Errors
/// 78 for a superuser and for an owner of the database or of a table, 69 when it is out of reach.
pub fn check(config: &Config) -> Result<(), StartError> {
    let url = &config.database.url;
    if !config.environment.is_guarded() || matches!(url, DatabaseUrl::Sqlite(_)) {
        return Ok(());
    }
    let mut conn = Connector::new(url.clone(), Role::Reader).reach()?;
    let powers: Powers = on!(&mut conn, c => diesel::sql_query(POWERS).get_result(c))
        .map_err(|error| StartError::unreachable(url, &error))?;
    let power = match powers {
        Powers {
            superuser: true, ..
        } => "is superuser",
        Powers { owner: true, .. } => "owns the database or a table",
        _ => return Ok(()),
    };
    Err(StartError::new(
        78,
        format!(
            "the role {} of SCOREHOLD__DATABASE__URL {power}, so it could wipe what it serves. Name a role that owns \
             nothing: `scorehold migrate` makes it, with the owner's URL in SCOREHOLD__DATABASE__MIGRATE_URL",
            powers.name
        ),
    ))
}

/// User and password of the server's URL, where the migration's is another user.
fn runtime_role(config: &Config) -> Option<(String, String)> {
    let migrate = user(config.database.migrate_url.as_ref()?)?;
    user(&config.database.url).filter(|(name, _)| *name != migrate.0)
}

fn user(url: &DatabaseUrl) -> Option<(String, String)> {
    let DatabaseUrl::Postgres(text) = url else {
        return None;
    };
    let url = Url::parse(text).ok()?;
    let plain = |text: &str| {
        percent_encoding::percent_decode_str(text)
            .decode_utf8_lossy()
            .into_owned()
    };
    let name = plain(url.username());
    (!name.is_empty()).then(|| (name, plain(url.password().unwrap_or_default())))
}
