//! V5: what diesel's command line and a person with psql send: reset, revert, redo, drop.

use anyhow::{Context, Result};

use super::Shot;
use crate::provision::{Aim, in_database};

/// `diesel migration revert`, and `redo`, which begins with it, with the down.sql that our migrations do
/// not have.
const REVERT: &str = "BEGIN; DROP TABLE nodes; DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations); COMMIT";
/// Has the newest migration run again.
const FORGET: &str = "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)";
/// What is dropped one by one where nothing drops them together.
pub const TABLES: [&str; 6] = ["scores", "journal", "rounds", "links", "players", "games"];

/// Inside the database.
const STATEMENTS: [&str; 9] = [
    "DROP SCHEMA public CASCADE",
    "DROP SCHEMA IF EXISTS public, guard CASCADE",
    REVERT,
    // `diesel migration revert --all`.
    "BEGIN; DROP TABLE scores, journal, rounds, links, players, games CASCADE; COMMIT",
    FORGET,
    "DROP TABLE IF EXISTS scores CASCADE",
    "ALTER TABLE scores RENAME TO scores_old",
    "ALTER TABLE players DROP COLUMN total",
    "DROP OWNED BY scorehold_owner CASCADE",
];

/// From outside of it: `diesel database reset` begins with the first.
const FROM_OUTSIDE: [&str; 2] = [
    "DROP DATABASE IF EXISTS \"scorehold\"",
    "DROP DATABASE scorehold WITH (FORCE)",
];

/// From a foreign process on the file: diesel reverts in one transaction with its own record, which the
/// file's triggers keep.
pub fn on_sqlite(aim: &Aim<'_>) -> Result<Vec<Shot>> {
    let revert = [REVERT.to_owned(), FORGET.to_owned()];
    Shot::volley(aim, "foreign", &aim.scratch.production.url(), &revert)
}

/// As everybody who may connect.
pub fn on_postgres(aim: &Aim<'_>) -> Result<Vec<Shot>> {
    let roles = aim.scratch.marker.roles.as_ref().context("no roles")?;
    let everybody = [
        ("runtime", &roles.runtime),
        ("owner", &roles.owner),
        ("superuser", &roles.superuser),
    ];
    let mut shots = Vec::new();
    for (who, url) in everybody {
        let outside = in_database(url, "postgres");
        shots.extend(Shot::volley(aim, who, url, &STATEMENTS.map(str::to_owned))?);
        shots.extend(Shot::volley(
            aim,
            who,
            &outside,
            &FROM_OUTSIDE.map(str::to_owned),
        )?);
    }
    Ok(shots)
}
