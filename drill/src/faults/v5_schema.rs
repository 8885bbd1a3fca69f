//! V5: what diesel's command line and a person with psql send: reset, revert, redo, drop.

use anyhow::{Context, Result};

use super::Shot;
use crate::provision::{Aim, in_database};

/// Inside the database.
const STATEMENTS: [&str; 9] = [
    "DROP SCHEMA public CASCADE",
    "DROP SCHEMA IF EXISTS public, guard CASCADE",
    // `diesel migration revert`, with the down.sql that our migrations do not have.
    "BEGIN; DROP TABLE nodes; DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations); COMMIT",
    // `diesel migration revert --all`, and `redo`, which begins with it.
    "BEGIN; DROP TABLE scores, journal, rounds, links, players, games CASCADE; COMMIT",
    "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)",
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

/// As everybody who may connect.
pub fn fire(aim: &Aim<'_>) -> Result<Vec<Shot>> {
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
