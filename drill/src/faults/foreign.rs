//! V1, V3 and V5 on SQLite: another program on the live file. No library can refuse it, so that the server
//! has to find what it did, and `scorehold recover` to bring back what it took.

use std::fs;

use anyhow::{bail, ensure};

use super::harm::Harm;
use super::{v1_original, v5_schema};
use crate::provision::{Database, database};

/// The script of 2020.
pub const V1: &[Harm] = &[Harm::recovered("drop_tables; create_tables", |scratch| {
    let url = scratch.production.url();
    let url = url.replacen("sqlite:", "sqlite:///", 1);
    let shots = v1_original::fire(&scratch.aim()?, "foreign", &url)?;
    let through = shots.iter().filter(|shot| shot.went_through()).count();
    ensure!(through > 0, "nothing went through: {shots:?}");
    Ok(())
})];

/// Somebody who means it takes the guards off first, and then every row.
pub const V3: &[Harm] = &[Harm::recovered(
    "the triggers dropped, every table emptied",
    |scratch| {
        let names = "SELECT name FROM sqlite_schema WHERE type = 'trigger'";
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
                      AND name NOT LIKE '\\_litestream%' ESCAPE '\\'";
        let mut statements = vec!["BEGIN IMMEDIATE".to_owned()];
        for (what, sql) in [("DROP TRIGGER", names), ("DELETE FROM", tables)] {
            let of = scratch.production.query(sql)?;
            statements.extend(of.iter().flatten().map(|name| format!("{what} {name}")));
        }
        statements.push("COMMIT".to_owned());
        scratch.production.execute(&statements.join("; "))
    },
)];

/// A superuser's first step.
pub const DISARM: &str =
    "ALTER EVENT TRIGGER guard_ddl DISABLE; ALTER EVENT TRIGGER guard_dropped DISABLE";

/// V3 on PostgreSQL: the script of 2020 as a superuser who has disarmed the guards.
pub const V3_POSTGRES: &[Harm] = &[Harm::recovered(
    "the event triggers off, drop_tables; create_tables",
    |scratch| {
        scratch.production.execute(DISARM)?;
        let url = scratch.production.url();
        let shots = v1_original::fire(&scratch.aim()?, "superuser", &url)?;
        let through = shots.iter().filter(|shot| shot.went_through()).count();
        ensure!(through > 0, "nothing went through: {shots:?}");
        Ok(())
    },
)];

/// `diesel database reset` removes the file and makes another in its place; a person at a prompt drops.
pub const V5: &[Harm] = &[
    Harm::recovered("diesel database reset", |scratch| {
        let Database::Sqlite { file, python } = &scratch.production else {
            bail!("PostgreSQL refuses it");
        };
        let file = database::active(file);
        fs::remove_file(&file)?;
        fs::File::create_new(&file)?;
        let reset = Database::Sqlite {
            file,
            python: python.clone(),
        };
        reset.execute("CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY, run_on TIMESTAMP)")
    }),
    Harm::recovered("every table dropped", |scratch| {
        let drops = v5_schema::TABLES.map(|table| format!("DROP TABLE {table}"));
        let drops = drops.join("; ");
        let sql = format!("PRAGMA foreign_keys = OFF; BEGIN; {drops}; COMMIT");
        scratch.production.execute(&sql)
    }),
];
