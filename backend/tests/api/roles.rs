//! The roles of PostgreSQL: the server's own owns nothing, and where people's scores are it works as no
//! other; the owner of a managed database is guarded as far as a provider lets us.

use scorehold::db::migrate::{self, Migrated};
use scorehold::db::tables::{Class, TABLES};
use scorehold::state::AppState;
use serde_json::json;

use crate::support::{Database, Engine, TestApp, on_engine, on_server};
use crate::two_worlds::NO_ARCHIVE;

/// Why a server of an environment does not start with a role, if so.
fn refusal(database: &Database, environment: &str, role: &str) -> Option<(u8, String)> {
    let url = database.url_of(role);
    let settings = [
        NO_ARCHIVE[0],
        NO_ARCHIVE[1],
        ("SCOREHOLD__DATABASE__URL", &url),
    ];
    let error = AppState::open(database.config(environment, &settings)).err()?;
    Some((error.exit, error.message))
}

fn a_role_that_could_drop_is_refused(_: &TestApp) {
    for environment in ["staging", "production"] {
        let database = Database::managed();
        migrate::run(&database.config(environment, &NO_ARCHIVE)).unwrap();
        let server = database.name();
        let owner = format!("{server}_owner");
        for (role, power) in [("postgres", "is superuser"), (&owner, "owns")] {
            let (exit, message) = refusal(&database, environment, role).expect(role);
            assert_eq!(exit, 78, "{message}");
            for part in [power, role, environment, "SCOREHOLD__DATABASE__URL"] {
                assert!(message.contains(part) || part == environment, "{message}");
            }
        }
        assert_eq!(refusal(&database, environment, server), None);
        on_server(&format!("GRANT {owner} TO {server}")).unwrap();
        let (exit, message) = refusal(&database, environment, server).expect(server);
        assert!(exit == 78 && message.contains("owns"), "{message}");
    }
}

fn elsewhere_one_role_will_do(_: &TestApp) {
    let database = Database::managed();
    migrate::run(&database.config("development", &[])).unwrap();
    let owner = format!("{}_owner", database.name());
    for role in ["postgres", &owner] {
        assert_eq!(refusal(&database, "development", role), None, "{role}");
    }
}

fn the_servers_role_can_do_what_each_class_of_table_allows(_: &TestApp) {
    let production = TestApp::of_environment(Engine::Postgres, "production", &NO_ARCHIVE);
    let database = &production.database;
    let may = |table: &str, right: &str| {
        let name = database.name();
        let sql = format!(
            "SELECT has_table_privilege('{name}', '{table}', '{right}')::int::bigint AS number"
        );
        database.number(&sql) == 1
    };
    for (table, class) in TABLES {
        let rights = ["INSERT", "UPDATE", "DELETE"].map(|right| may(table, right));
        let expected = match class {
            Class::Catalogue { .. } => [false, false, false],
            Class::Ledger { .. } => [true, false, false],
            Class::Entity => [true, true, false],
            Class::Ephemeral => [true, true, true],
        };
        assert_eq!(rights, expected, "{table}");
        assert!(may(table, "SELECT"), "{table}");
        for right in ["TRUNCATE", "REFERENCES", "TRIGGER"] {
            assert!(!may(table, right), "{right} on {table}");
        }
    }
    for sql in [
        "CREATE TABLE cakes (name TEXT)",
        "UPDATE scores SET value = value",
        "DELETE FROM scores",
        "DELETE FROM games",
        "INSERT INTO permits (id, purpose, instance, issued_at, issued_by) VALUES ('x', 'migrate', 'x', 0, 'x')",
        "SET session_replication_role = replica",
    ] {
        let error = database.execute_as_server(sql).expect_err(sql).to_string();
        assert!(error.contains("permission denied"), "{sql}: {error}");
    }
    database
        .execute_as_server("UPDATE scores SET value_now = value_now WHERE game_id = 1")
        .unwrap();
}

fn a_managed_database_has_the_guards_that_its_owner_may_arm(_: &TestApp) {
    let database = Database::managed();
    let config = database.config("production", &NO_ARCHIVE);
    let done = migrate::run(&config).unwrap();
    let beyond = ["guard_ddl", "guard_dropped"];
    assert_eq!(done.beyond_reach, beyond);
    let app = TestApp::over(database, "production", &NO_ARCHIVE);
    let expected = done.armed + beyond.len();
    let ready = app.root().get("/readyz").expect(200);
    assert_eq!(
        ready["guards"],
        format!("{}/{expected} (managed)", done.armed)
    );
    assert_eq!(ready["guards_lacking"], json!([]));

    app.any_board();
    for sql in [
        "DELETE FROM games",
        "TRUNCATE scores",
        "UPDATE journal SET at = 0",
    ] {
        let error = app.database.execute(sql).expect_err(sql).to_string();
        assert!(error.contains("guard: "), "{sql}: {error}");
    }
    let drop = format!("DROP DATABASE {}", app.database.name());
    on_server(&drop).expect_err(&drop);
    migrate::run(&config).unwrap();

    app.database
        .execute("ALTER TABLE games DISABLE TRIGGER games_keep")
        .unwrap();
    let lacking = app.root().get("/readyz").expect(503);
    assert_eq!(
        lacking["guards"],
        format!("{}/{expected} (managed)", done.armed - 1)
    );
    assert_eq!(lacking["guards_lacking"], json!(["games_keep"]));
    assert_eq!(migrate::run(&config).unwrap().armed, 1);
    assert_eq!(migrate::run(&config).unwrap(), Migrated::default());

    let superuser = app.database.url_of("postgres");
    let settings = [
        NO_ARCHIVE[0],
        NO_ARCHIVE[1],
        ("SCOREHOLD__DATABASE__MIGRATE_URL", &superuser),
    ];
    let done = migrate::run(&app.database.config("production", &settings)).unwrap();
    assert_eq!((done.armed, done.beyond_reach), (2, Vec::new()));
    let ready = app.root().get("/readyz").expect(200);
    assert_eq!(ready["guards"], format!("{expected}/{expected}"));
}

on_engine!(Postgres:
    a_role_that_could_drop_is_refused,
    elsewhere_one_role_will_do,
    the_servers_role_can_do_what_each_class_of_table_allows,
    a_managed_database_has_the_guards_that_its_owner_may_arm,
);
