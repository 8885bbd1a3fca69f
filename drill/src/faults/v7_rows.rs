//! V7: rows. Emptied tables, deletes and updates without WHERE, with one that is always true, and one
//! row after the other.

use anyhow::{Context, Result};

use super::Shot;
use crate::provision::{Aim, Database};

/// What is kept for ever, and something of it that would be a loss.
const KEPT: [(&str, &str); 10] = [
    ("games", "title = 'wiped'"),
    ("players", "total = 0"),
    ("rounds", "label = 'wiped'"),
    ("links", "name = 'wiped'"),
    ("scores", "value_now = 0, scale_now = 0"),
    ("journal", "before = NULL, after = NULL"),
    ("orders", "state = 'cancelled'"),
    ("order_events", "after = NULL"),
    ("users", "display_name = 'wiped'"),
    ("user_events", "action = 'wiped'"),
];

/// What only ever expires, and has not.
const EXPIRING: [&str; 3] = ["sessions", "idempotency_keys", "nodes"];

/// Facts that are written once, where the file itself can tell.
const FACTS: [(&str, &str); 5] = [
    ("scores", "value = 0"),
    ("journal", "after = NULL"),
    ("order_events", "after = NULL"),
    ("user_events", "action = 'wiped'"),
    ("instance", "environment = 'test'"),
];

/// As everybody who may connect.
pub fn on_postgres(aim: &Aim<'_>) -> Result<Vec<Shot>> {
    let roles = aim.scratch.marker.roles.as_ref().context("no roles")?;
    let everybody = [
        ("runtime", &roles.runtime),
        ("owner", &roles.owner),
        ("superuser", &roles.superuser),
    ];
    let mut statements = Vec::new();
    for (table, change) in KEPT {
        statements.push(format!("TRUNCATE {table} CASCADE"));
        statements.extend(deletes(table));
        statements.push(format!("UPDATE {table} SET {change}"));
        statements.push(format!("UPDATE {table} SET {change} WHERE 1 = 1"));
    }
    for table in EXPIRING {
        statements.push(format!("TRUNCATE {table} CASCADE"));
        statements.extend(deletes(table));
    }
    statements.extend(one_by_one(&aim.scratch.production)?);
    let mut shots = Vec::new();
    for (who, url) in everybody {
        shots.extend(Shot::volley(aim, who, url, &statements)?);
    }
    Ok(shots)
}

/// From a foreign process, which only the triggers in the file can refuse. SQLite has no TRUNCATE; and
/// an update of what may move is nothing that a trigger could tell from the server's own.
pub fn on_sqlite(aim: &Aim<'_>) -> Result<Vec<Shot>> {
    let mut statements = Vec::new();
    for table in KEPT.map(|(table, _)| table).iter().chain(&EXPIRING) {
        statements.extend(deletes(table));
    }
    for (table, facts) in FACTS {
        statements.push(format!("UPDATE {table} SET {facts}"));
        statements.push(format!("UPDATE {table} SET {facts} WHERE 1 = 1"));
    }
    let database = &aim.scratch.production;
    statements.extend(one_by_one(database)?);
    Shot::volley(aim, "foreign", &database.url(), &statements)
}

fn deletes(table: &str) -> [String; 2] {
    [
        format!("DELETE FROM {table}"),
        format!("DELETE FROM {table} WHERE 1 = 1"),
    ]
}

/// A loop of small deletes, as a script of good intentions would do it.
fn one_by_one(database: &Database) -> Result<Vec<String>> {
    const ROWS: usize = 10;
    let mut statements = Vec::new();
    for table in ["scores", "players"] {
        let rows = database.query(&format!(
            "SELECT game_id, id FROM {table} ORDER BY id LIMIT {ROWS}"
        ))?;
        statements.extend(rows.iter().map(|row| {
            format!(
                "DELETE FROM {table} WHERE game_id = {} AND id = {}",
                row[0], row[1]
            )
        }));
    }
    Ok(statements)
}
