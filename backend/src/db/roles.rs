//! The runtime role of PostgreSQL: it owns nothing, and can do with a table what its class allows.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use url::Url;

use super::Conn;
use super::tables::TABLES;
use crate::config::{Config, DatabaseUrl};

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
