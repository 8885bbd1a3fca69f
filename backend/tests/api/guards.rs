//! The database itself refuses: what stands in a ledger is never changed and never deleted, even by its owner.

use serde_json::json;

use crate::support::{TestApp, both_engines, uuid};
use crate::two_worlds::NO_ARCHIVE;

/// A board with a row in every ledger.
fn written(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let score = board.entry(&ana, 3);
    board
        .patch(&format!("/scores/{score}"), json!({"value": 4}))
        .expect(200);
    let order = json!({"product": "free", "game_id": board.id});
    board
        .owner
        .with("Idempotency-Key", &uuid())
        .post("/orders", order)
        .expect(201);
}

const LEDGERS: [&str; 4] = ["scores", "journal", "instance", "order_events"];

fn count(app: &TestApp, table: &str) -> i64 {
    app.database
        .number(&format!("SELECT count(*) AS number FROM {table}"))
}

#[track_caller]
fn refused(app: &TestApp, sql: &str) {
    let error = app.database.execute(sql).expect_err(sql).to_string();
    assert!(
        error.contains("ledger"),
        "{sql} failed for another reason: {error}"
    );
}

fn a_ledger_loses_no_row(app: &TestApp) {
    written(app);
    for table in LEDGERS {
        let before = count(app, table);
        assert!(before > 0, "{table} is empty");
        refused(app, &format!("DELETE FROM {table}"));
        refused(app, &format!("DELETE FROM {table} WHERE 1 = 1"));
        assert_eq!(count(app, table), before);
    }
}

fn facts_never_change(app: &TestApp) {
    written(app);
    let facts = [
        ("scores", "value"),
        ("scores", "revision"),
        ("scores", "player_id"),
        ("scores", "op"),
        ("scores", "client_id"),
        ("scores", "recorded_at"),
        ("journal", "action"),
        ("journal", "before"),
        ("journal", "after"),
        ("journal", "hash"),
        ("journal", "at"),
        ("instance", "environment"),
        ("instance", "id"),
        ("order_events", "action"),
        ("order_events", "after"),
    ];
    for (table, column) in facts {
        refused(app, &format!("UPDATE {table} SET {column} = {column}"));
    }
}

fn a_ledger_is_not_emptied_at_once(app: &TestApp) {
    written(app);
    for table in LEDGERS {
        let truncate = format!("TRUNCATE {table} CASCADE");
        match app.is_sqlite() {
            true => drop(
                app.database
                    .execute(&truncate)
                    .expect_err("SQLite has no TRUNCATE"),
            ),
            false => refused(app, &truncate),
        }
        assert!(count(app, table) > 0);
    }
}

fn a_row_is_not_replaced_either(app: &TestApp) {
    written(app);
    if app.is_sqlite() {
        let replace =
            "PRAGMA recursive_triggers = ON; REPLACE INTO instance SELECT * FROM instance";
        refused(app, replace);
    } else {
        refused(
            app,
            "SET session_replication_role = replica; DELETE FROM instance",
        );
    }
    assert_eq!(count(app, "instance"), 1);
}

fn the_servers_role_can_do_what_each_class_of_table_allows(app: &TestApp) {
    let production = TestApp::of_environment(app.database.engine, "production", &NO_ARCHIVE);
    written(&production);
    if app.is_sqlite() {
        return;
    }
    for table in LEDGERS
        .iter()
        .chain(&["games", "players", "rounds", "links", "orders"])
    {
        for sql in [
            "DELETE FROM",
            "TRUNCATE",
            "DROP TABLE",
            "ALTER TABLE _ DISABLE TRIGGER ALL",
        ] {
            let sql = if sql.contains('_') {
                sql.replace('_', table)
            } else {
                format!("{sql} {table}")
            };
            let error = production
                .database
                .execute_as_server(&sql)
                .expect_err(&sql)
                .to_string();
            assert!(
                error.contains("permission denied") || error.contains("must be owner"),
                "{sql}: {error}"
            );
        }
    }
    production
        .database
        .execute_as_server("CREATE TABLE cakes (name TEXT)")
        .unwrap_err();
    production
        .database
        .execute_as_server("UPDATE scores SET value = value")
        .unwrap_err();
    production
        .database
        .execute_as_server("UPDATE journal SET action = action")
        .unwrap_err();
}

fn the_present_value_of_a_score_may_move(app: &TestApp) {
    written(app);
    app.database
        .execute("UPDATE scores SET value_now = value_now WHERE voided_at IS NULL")
        .unwrap();
}

both_engines!(
    the_servers_role_can_do_what_each_class_of_table_allows,
    a_ledger_loses_no_row,
    facts_never_change,
    a_ledger_is_not_emptied_at_once,
    a_row_is_not_replaced_either,
    the_present_value_of_a_score_may_move,
);
