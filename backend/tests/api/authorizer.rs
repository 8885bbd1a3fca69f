//! SQLite inside our process: a connection may do what its role needs, and one that nobody of ours
//! opened may look. What cannot be refused to another process is refused here before it begins.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use scorehold::db::tables::{Class, TABLES};
use scorehold::db::{Conn, Connector, Role};

use crate::support::{TestApp, foreign, on_engine};

const ROLES: [Option<Role>; 4] = [
    None,
    Some(Role::Reader),
    Some(Role::Runtime),
    Some(Role::Migrator),
];

/// A connection of a role; `None` is one that some library in our process opened by itself.
pub fn connection(app: &TestApp, role: Option<Role>) -> Conn {
    match role {
        Some(role) => {
            let url = app.database.config("test", &[]).database.url;
            Connector::new(url, role).open().unwrap()
        }
        None => {
            let file = app.database.file();
            SqliteConnection::establish(file.to_str().unwrap())
                .map(Conn::Sqlite)
                .unwrap()
        }
    }
}

#[track_caller]
fn refused(app: &TestApp, role: Option<Role>, sql: &str) {
    let error = connection(app, role).batch_execute(sql);
    let error = error.expect_err(&format!("{role:?}: {sql}")).to_string();
    let reasons = [
        "not authorized",
        "authorization denied",
        "readonly database",
        "may not be modified",
    ];
    assert!(
        reasons.iter().any(|reason| error.contains(reason)),
        "{role:?}: {sql} failed for another reason: {error}"
    );
}

fn tables(wanted: impl Fn(Class) -> bool) -> impl Iterator<Item = &'static str> {
    let wanted = TABLES.iter().filter(move |(_, class)| wanted(*class));
    wanted.map(|(table, _)| *table)
}

fn nobody_drops_empties_or_reshapes(app: &TestApp) {
    let column = |table: &str| match table {
        "__diesel_schema_migrations" => "run_on",
        "instance" => "restored_from",
        _ => "expires_at",
    };
    for role in ROLES {
        for table in tables(|_| true) {
            let column = column(table);
            refused(app, role, &format!("DROP TABLE {table}"));
            refused(app, role, &format!("ALTER TABLE {table} RENAME TO gone"));
            refused(
                app,
                role,
                &format!("CREATE VIEW v AS SELECT * FROM {table}"),
            );
            if ["__diesel_schema_migrations", "instance", "links"].contains(&table) {
                let alter = format!("ALTER TABLE {table}");
                refused(app, role, &format!("{alter} DROP COLUMN {column}"));
                refused(
                    app,
                    role,
                    &format!("{alter} RENAME COLUMN {column} TO gone"),
                );
            }
        }
        for table in tables(|class| class != Class::Ephemeral) {
            refused(app, role, &format!("DELETE FROM {table}"));
            refused(app, role, &format!("DELETE FROM {table} WHERE 1 = 1"));
        }
    }
}

fn nobody_leaves_the_file_or_takes_off_its_arms(app: &TestApp) {
    let elsewhere = app.database.file().with_extension("copy");
    let into = format!("VACUUM INTO '{}'", elsewhere.display());
    for role in ROLES {
        for sql in [
            "ATTACH ':memory:' AS other",
            "DETACH main",
            "VACUUM",
            &into,
            "DROP INDEX scores_fold",
            "CREATE TEMP TABLE cakes (name TEXT)",
            "CREATE TEMP TRIGGER t AFTER INSERT ON main.scores BEGIN SELECT 1; END",
            "SELECT load_extension('libcake')",
            "PRAGMA writable_schema = ON",
            "PRAGMA recursive_triggers = OFF",
            "PRAGMA foreign_keys = OFF",
            "PRAGMA journal_mode = DELETE",
            "PRAGMA synchronous = OFF",
            "PRAGMA ignore_check_constraints = ON",
            "UPDATE sqlite_schema SET sql = '' WHERE name = 'scores'",
            "DELETE FROM sqlite_schema WHERE type = 'trigger'",
        ] {
            refused(app, role, sql);
        }
    }
    assert!(!elsewhere.exists());
    assert!(foreign::is_defensive(&app.database.file()));
}

fn only_the_migrator_shapes_the_schema(app: &TestApp) {
    let shapes = [
        "CREATE TABLE cakes (name TEXT)",
        "CREATE INDEX cakes ON games (title)",
        "CREATE TRIGGER cakes AFTER INSERT ON games BEGIN SELECT 1; END",
        "ALTER TABLE games ADD COLUMN cake TEXT NOT NULL DEFAULT ''",
        "DROP TRIGGER scores_keep",
        "REINDEX",
    ];
    for sql in shapes {
        for role in [None, Some(Role::Reader), Some(Role::Runtime)] {
            refused(app, role, sql);
        }
        connection(app, Some(Role::Migrator))
            .batch_execute(&format!("BEGIN; {sql}; ROLLBACK"))
            .expect(sql);
    }
}

fn the_server_writes_what_each_class_of_table_allows(app: &TestApp) {
    let server = Some(Role::Runtime);
    let others_are_refused = |sql: &str| {
        refused(app, None, sql);
        refused(app, Some(Role::Reader), sql);
    };
    for (table, class) in TABLES {
        let insert = format!("INSERT INTO {table} SELECT * FROM {table} WHERE false");
        let delete = format!("DELETE FROM {table} WHERE false");
        others_are_refused(&insert);
        others_are_refused(&delete);
        match class {
            Class::Catalogue { .. } => refused(app, server, &insert),
            _ => connection(app, server).batch_execute(&insert).unwrap(),
        }
        match class {
            Class::Ephemeral => connection(app, server).batch_execute(&delete).unwrap(),
            _ => refused(app, server, &delete),
        }
    }
    let moves = [
        ("scores", "value_now", true),
        ("scores", "voided_at", true),
        ("scores", "value", false),
        ("journal", "after", false),
        ("instance", "environment", false),
        ("permits", "open_in", false),
        ("__diesel_schema_migrations", "version", false),
        ("games", "title", true),
        ("spent_tickets", "expires_at", true),
    ];
    for (table, column, may) in moves {
        let update = format!("UPDATE {table} SET {column} = {column}");
        others_are_refused(&update);
        match may {
            true => connection(app, server).batch_execute(&update).unwrap(),
            false => refused(app, server, &update),
        }
    }
}

on_engine!(Sqlite:
    nobody_drops_empties_or_reshapes,
    nobody_leaves_the_file_or_takes_off_its_arms,
    only_the_migrator_shapes_the_schema,
    the_server_writes_what_each_class_of_table_allows,
);
