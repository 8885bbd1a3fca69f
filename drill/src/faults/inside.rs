//! V1 and V5 on SQLite from inside: whoever has a connection as our server has it, by the server's own code,
//! and sends through it what the script of 2020 and diesel's command line send.

use anyhow::{Context, Result, bail};
use diesel::connection::SimpleConnection;
use scorehold::config::DatabaseUrl;
use scorehold::db::{Connector, Role};

use super::Shot;
use crate::args::Layer;
use crate::provision::{Aim, Database, database};

const MODELS: [&str; 5] = ["games", "players", "rounds", "scores", "orders"];
const DIESELS: [&str; 6] = [
    "DROP TABLE __diesel_schema_migrations",
    "DELETE FROM __diesel_schema_migrations",
    "ALTER TABLE scores RENAME TO scores_old",
    "ALTER TABLE players DROP COLUMN total",
    "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema",
    "ATTACH ':memory:' AS elsewhere",
];

/// As the server itself.
pub fn fire(aim: &Aim<'_>) -> Result<Vec<Shot>> {
    let mut statements = Vec::new();
    for model in MODELS {
        statements.push(format!("DROP TABLE IF EXISTS {model}"));
        statements.push(format!("DELETE FROM {model}"));
        statements.push(format!("DROP TABLE {model}; CREATE TABLE {model} (id)"));
    }
    statements.extend(DIESELS.map(str::to_owned));
    match aim.scratch.without {
        // The same from a process in which nothing arms a connection.
        Some(Layer::Authorizer) => {
            Shot::volley(aim, "unarmed", &aim.scratch.production.url(), &statements)
        }
        _ => statements.iter().map(|sql| as_server(aim, sql)).collect(),
    }
}

fn as_server(aim: &Aim<'_>, sql: &str) -> Result<Shot> {
    let Database::Sqlite { file, .. } = &aim.scratch.production else {
        bail!("PostgreSQL has roles");
    };
    let url = DatabaseUrl::Sqlite(database::active(file));
    let opened = Connector::new(url, Role::Runtime).archived(true).open();
    let error = opened
        .context("no connection as the server has it")?
        .batch_execute(sql)
        .err();
    let error = error.map(|error| error.to_string());
    Ok(Shot::of_statement(
        format!("inside: {sql}"),
        error.as_deref(),
    ))
}
