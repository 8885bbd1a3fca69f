//! What a connection to SQLite may ask of it, by its role: SQLite has no users, so this takes the
//! place of the grants that the runtime role of PostgreSQL has.
//!
//! An authorizer sees tables and columns, never WHERE: which rows are touched is left to the triggers.

use std::ffi::c_int;

use libsqlite3_sys as ffi;

use super::connection::{SQLITE, SQLITE_ARCHIVED, SQLITE_WRITER};
use super::tables::{Class, class_of};
use super::{Role, log};

/// Where the permit of a purge stands.
const PERMITS: &str = "permits";

/// What a statement that is being prepared would do, in SQLite's terms.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub action: c_int,
    pub first: Option<&'a str>,
    pub second: Option<&'a str>,
}

/// Whether the role may. Who has none may look. What is not named here nobody may: DROP TABLE,
/// ATTACH, VACUUM, and whatever SQLite learns.
pub(super) fn allows(role: Option<Role>, asked: &Asked<'_>) -> bool {
    let table = asked.first.unwrap_or_default();
    match asked.action {
        ffi::SQLITE_SELECT
        | ffi::SQLITE_READ
        | ffi::SQLITE_RECURSIVE
        | ffi::SQLITE_TRANSACTION
        | ffi::SQLITE_SAVEPOINT => true,
        // With these DROP COLUMN and RENAME rewrite the schema; the others are harmless.
        ffi::SQLITE_FUNCTION => !asked.second.unwrap_or_default().starts_with("sqlite_"),
        ffi::SQLITE_PRAGMA => is_setting(table, asked.second),
        ffi::SQLITE_INSERT => may_insert(role, table),
        ffi::SQLITE_UPDATE => may_update(role, table, asked.second.unwrap_or_default()),
        ffi::SQLITE_DELETE => may_delete(role, table),
        // ADD COLUMN: the other kinds of ALTER need functions that are refused.
        ffi::SQLITE_ALTER_TABLE
        | ffi::SQLITE_CREATE_TABLE
        | ffi::SQLITE_CREATE_INDEX
        // A new index is filled as an old one is made anew.
        | ffi::SQLITE_REINDEX
        | ffi::SQLITE_CREATE_TRIGGER
        // A guard is replaced by a newer one in the same transaction; its table cannot be dropped.
        | ffi::SQLITE_DROP_TRIGGER => role == Some(Role::Migrator),
        _ => false,
    }
}

/// Our own settings, so that nobody turns one of them off, and what describes a table.
fn is_setting(pragma: &str, value: Option<&str>) -> bool {
    const DESCRIBES: [&str; 2] = ["table_info", "quick_check"];
    const COUNTS: [&str; 2] = ["data_version", "schema_version"];
    DESCRIBES.contains(&pragma)
        || (COUNTS.contains(&pragma) && value.is_none())
        || (pragma, value) == log::EXTENT
        || SQLITE
            .iter()
            .chain(&SQLITE_WRITER)
            .chain(&SQLITE_ARCHIVED)
            .any(|(name, set)| *name == pragma && Some(*set) == value)
}

fn may_insert(role: Option<Role>, table: &str) -> bool {
    match (role, class_of(table)) {
        (Some(Role::Migrator), Some(_)) => true,
        (Some(Role::Migrator), None) => is_schema(table),
        (Some(Role::Runtime), Some(class)) => !matches!(class, Class::Catalogue { .. }),
        (Some(Role::Purger), _) => table == PERMITS,
        _ => false,
    }
}

fn may_update(role: Option<Role>, table: &str, column: &str) -> bool {
    match (role, class_of(table)) {
        (Some(Role::Migrator), None) => is_schema(table),
        (Some(Role::Migrator), Some(class)) => class.lets_move(column),
        (Some(Role::Runtime), Some(class)) => {
            !matches!(class, Class::Catalogue { .. }) && class.lets_move(column)
        }
        (Some(Role::Purger), Some(class)) => {
            [PERMITS, "games"].contains(&table) && class.lets_move(column)
        }
        _ => false,
    }
}

fn may_delete(role: Option<Role>, table: &str) -> bool {
    match (role, class_of(table)) {
        (Some(Role::Migrator), None) => is_schema(table),
        (Some(Role::Migrator | Role::Runtime), Some(class)) => class == Class::Ephemeral,
        // Which rows is for the triggers to say: those of the board that an open permit names.
        (Some(Role::Purger), Some(class)) => !matches!(class, Class::Catalogue { .. }),
        _ => false,
    }
}

/// What CREATE and ALTER write to behind the scenes. By hand nobody can: the connection is DEFENSIVE.
fn is_schema(table: &str) -> bool {
    table == "sqlite_master"
}
