//! The database itself refuses, also its owner and superuser: what is kept is never deleted, facts never
//! change, tables are never dropped. Every table of the one list is asked, so that a new one is guarded
//! from its first day.

use scorehold::db::migrate;
use scorehold::db::tables::{Class, TABLES};
use serde_json::json;

use crate::logos::PNG;
use crate::support::{TestApp, both_engines, on_engine, on_server, uuid};

/// Two boards with a row in every kind of table that a board fills.
fn written(app: &TestApp) {
    for _ in 0..2 {
        let board = app.any_board();
        let ana = board.player("Ana");
        let score = board.entry(&ana, 3);
        board
            .patch(&format!("/scores/{score}"), json!({"value": 4}))
            .expect(200);
        board
            .post("/rounds", json!({"label": "One", "scores": []}))
            .expect(201);
        let order = json!({"product": "free", "game_id": board.id});
        board
            .owner
            .with("Idempotency-Key", &uuid())
            .post("/orders", order)
            .expect(201);
        board.put("/logo", json!({"image": PNG})).expect(200);
    }
}

fn count(app: &TestApp, table: &str) -> i64 {
    app.database
        .number(&format!("SELECT count(*) AS number FROM {table}"))
}

#[track_caller]
fn refused(app: &TestApp, sql: &str) {
    let error = app.database.execute(sql).expect_err(sql).to_string();
    assert!(
        error.contains("guard: "),
        "{sql} failed for another reason: {error}"
    );
}

/// PostgreSQL: the same again as replication would do it, whose triggers do not fire by themselves.
#[track_caller]
fn refused_to_replication_too(app: &TestApp, sql: &str) {
    refused(app, sql);
    refused(
        app,
        &format!("SET session_replication_role = replica; {sql}"),
    );
}

fn kept() -> impl Iterator<Item = &'static str> {
    let kept = TABLES
        .iter()
        .filter(|(_, class)| *class != Class::Ephemeral);
    kept.map(|(table, _)| *table)
}

fn what_is_kept_loses_no_row(app: &TestApp) {
    written(app);
    for table in kept() {
        let before = count(app, table);
        if before > 0 {
            refused(app, &format!("DELETE FROM {table}"));
            refused(app, &format!("DELETE FROM {table} WHERE 1 = 1"));
        }
        assert_eq!(count(app, table), before);
    }
    let filled = [
        "games",
        "players",
        "rounds",
        "links",
        "scores",
        "journal",
        "orders",
        "order_events",
        "logos",
        "instance",
        "permits",
    ];
    for table in filled {
        assert!(
            count(app, table) > 0,
            "{table} is empty, so nothing was shown"
        );
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
        ("logos", "image"),
        ("logos", "digest"),
        ("permits", "instance"),
        ("permits", "game_id"),
        ("__diesel_schema_migrations", "version"),
    ];
    for (table, column) in facts {
        refused(app, &format!("UPDATE {table} SET {column} = {column}"));
    }
}

fn a_row_is_not_replaced_either(app: &TestApp) {
    written(app);
    for table in ["instance", "games", "players", "scores", "journal"] {
        let before = count(app, table);
        let replace = format!("REPLACE INTO {table} SELECT * FROM {table}");
        refused(app, &format!("PRAGMA recursive_triggers = ON; {replace}"));
        assert_eq!(count(app, table), before);
    }
}

fn the_present_value_of_a_score_may_move(app: &TestApp) {
    written(app);
    app.database
        .execute(
            "UPDATE scores SET value_now = value_now WHERE game_id = (SELECT min(id) FROM games)",
        )
        .unwrap();
}

fn only_what_has_expired_is_deleted(app: &TestApp) {
    let fill = "INSERT INTO spent_tickets (id, expires_at) VALUES";
    let (zero, one) = match app.is_sqlite() {
        true => ("x'00'", "x'01'"),
        false => ("'\\x00'", "'\\x01'"),
    };
    let later = 4_102_444_800_000_i64;
    app.database
        .execute(&format!("{fill} ({zero}, 5), ({one}, {later})"))
        .unwrap();
    refused(app, "DELETE FROM spent_tickets");
    refused(app, &format!("DELETE FROM spent_tickets WHERE id = {one}"));
    app.database
        .execute(&format!("DELETE FROM spent_tickets WHERE id = {zero}"))
        .unwrap();
    assert_eq!(count(app, "spent_tickets"), 1);
}

fn a_statement_takes_five_hundred_expired_rows_at_most(app: &TestApp) {
    let fill = "INSERT INTO spent_tickets SELECT decode(lpad(to_hex(n), 8, '0'), 'hex'), n FROM generate_series(1, 501) n";
    app.database.execute(fill).unwrap();
    refused_to_replication_too(app, "DELETE FROM spent_tickets");
    app.database
        .execute("DELETE FROM spent_tickets WHERE expires_at > 1")
        .unwrap();
    assert_eq!(count(app, "spent_tickets"), 1);
}

fn no_table_is_emptied_at_once(app: &TestApp) {
    written(app);
    for (table, class) in TABLES {
        refused_to_replication_too(app, &format!("TRUNCATE {table} CASCADE"));
        if *class != Class::Ephemeral {
            refused_to_replication_too(app, &format!("DELETE FROM {table} WHERE false"));
        }
    }
}

fn an_update_touches_one_board(app: &TestApp) {
    written(app);
    let moves = [
        ("games", "title", "id"),
        ("players", "name", "game_id"),
        ("rounds", "label", "game_id"),
        ("links", "name", "game_id"),
        ("scores", "note", "game_id"),
    ];
    for (table, column, board) in moves {
        let update = format!("UPDATE {table} SET {column} = {column}");
        refused_to_replication_too(app, &update);
        refused(app, &format!("{update} WHERE 1 = 1"));
        let one = format!("{update} WHERE {board} = (SELECT min(id) FROM games)");
        app.database.execute(&one).unwrap();
    }
    refused(
        app,
        "UPDATE links SET game_id = (SELECT min(id) FROM games)",
    );
}

/// Before it has locked millions of others. Without the guard that looks at the end.
fn an_update_is_refused_at_its_first_row_of_another_board(app: &TestApp) {
    written(app);
    app.database
        .execute(
            "ALTER EVENT TRIGGER guard_ddl DISABLE; ALTER TABLE scores DISABLE TRIGGER scores_one; \
             ALTER EVENT TRIGGER guard_ddl ENABLE ALWAYS",
        )
        .unwrap();
    let update = "UPDATE scores SET value_now = value_now";
    refused_to_replication_too(app, update);
    refused(app, &format!("SET guard.one = '*'; {update}"));
    let one = format!("{update} WHERE game_id = (SELECT min(id) FROM games)");
    app.database.execute(&format!("{one}; {one}")).unwrap();
    refused(app, &format!("{one}; {update}"));
    app.database
        .execute(&format!("{}; {update}", permit("id")))
        .unwrap();
}

/// What a superuser can write who means it.
fn permit(instance: &str) -> String {
    format!(
        "INSERT INTO permits (id, purpose, instance, issued_at, issued_by, open_in) \
         SELECT gen_random_uuid(), 'migrate', {instance}, 0, 'test', pg_current_xact_id()::text || ' ' || \
         extract(epoch FROM transaction_timestamp())::text FROM instance"
    )
}

fn no_table_is_dropped_or_reshaped(app: &TestApp) {
    written(app);
    for (table, _) in TABLES {
        refused_to_replication_too(app, &format!("DROP TABLE {table} CASCADE"));
        refused(app, &format!("ALTER TABLE {table} DISABLE TRIGGER ALL"));
        refused(app, &format!("ALTER TABLE {table} RENAME TO gone"));
    }
    for sql in [
        "DROP TABLE IF EXISTS game, player, round, score",
        "DROP SCHEMA public CASCADE",
        "DROP SCHEMA guard CASCADE",
        "DROP OWNED BY postgres CASCADE",
        "ALTER SCHEMA public RENAME TO gone",
        "ALTER TABLE games DROP COLUMN title",
        "ALTER TABLE games ALTER COLUMN title TYPE TEXT USING ''",
        "DROP INDEX scores_client_id",
        "DROP TRIGGER scores_keep ON scores",
        "DROP FUNCTION guard.keep() CASCADE",
        "CREATE OR REPLACE FUNCTION guard.keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE RULE nothing AS ON INSERT TO scores DO INSTEAD NOTHING",
        "ALTER FUNCTION guard.keep() RENAME TO gone",
    ] {
        refused_to_replication_too(app, sql);
    }
    assert!(count(app, "scores") > 0);
}

fn the_second_net_catches_what_passes_the_first(app: &TestApp) {
    app.database
        .execute("ALTER EVENT TRIGGER guard_ddl DISABLE")
        .unwrap();
    refused(app, "DROP TABLE scores CASCADE");
    refused(app, "DROP TRIGGER scores_keep ON scores");
    refused(app, "ALTER TABLE games DROP COLUMN title");
    refused(app, "DROP SCHEMA public CASCADE");
    refused(app, "DROP FUNCTION guard.keep() CASCADE");
}

fn the_database_is_not_dropped(app: &TestApp) {
    let sql = format!("DROP DATABASE {} WITH (FORCE)", app.database.name());
    let error = on_server(&sql).expect_err(&sql).to_string();
    assert!(error.contains("template database"), "{error}");
    app.any_board();
}

fn temporary_tables_and_indexes_are_nobodys_loss(app: &TestApp) {
    app.database
        .execute("CREATE TEMP TABLE t (n INT); CREATE INDEX mine ON games (theme)")
        .unwrap();
}

fn a_permit_of_another_transaction_opens_nothing(app: &TestApp) {
    let alter = "ALTER TABLE games ADD COLUMN cake TEXT";
    app.database.execute(&permit("id")).unwrap();
    refused(app, alter);
    refused(app, &format!("{}; {alter}", permit("'another'")));
    // A superuser who means it may reshape a table: nothing inside the database can refuse that.
    app.database
        .execute(&format!("{}; {alter}", permit("id")))
        .unwrap();
    refused(app, &format!("{}; DROP TABLE games CASCADE", permit("id")));
}

fn readiness_names_a_guard_that_is_not_armed(app: &TestApp) {
    let ready = app.root().get("/readyz").expect(200);
    let armed = ready["guards"].as_str().unwrap().to_owned();
    let (all, expected) = armed.split_once('/').unwrap();
    assert_eq!(all, expected);
    assert_eq!(ready["guards_lacking"], json!([]));
    let disarm = match app.is_sqlite() {
        true => "DROP TRIGGER scores_keep",
        false => {
            "ALTER EVENT TRIGGER guard_ddl DISABLE; ALTER TABLE scores DISABLE TRIGGER scores_keep; \
             ALTER EVENT TRIGGER guard_ddl ENABLE ALWAYS"
        }
    };
    app.database.execute(disarm).unwrap();
    let lacking = app.root().get("/readyz").expect(503);
    assert_eq!(lacking["guards_lacking"], json!(["scores_keep"]));
    let config = app.database.config("test", &[]);
    assert_eq!(migrate::check(&config).unwrap().guards, ["scores_keep"]);
    assert_eq!(migrate::run(&config).unwrap().armed, 1);
    // The watchdog finds out by itself that they are back.
    let ready = app.root().until("/readyz", |ready| ready.status == 200);
    assert_eq!(ready["guards"], armed);
    refused(app, "DELETE FROM instance");
}

both_engines!(
    what_is_kept_loses_no_row,
    facts_never_change,
    the_present_value_of_a_score_may_move,
    only_what_has_expired_is_deleted,
    readiness_names_a_guard_that_is_not_armed,
);

on_engine!(Sqlite: a_row_is_not_replaced_either);

on_engine!(Postgres:
    a_statement_takes_five_hundred_expired_rows_at_most,
    no_table_is_emptied_at_once,
    an_update_touches_one_board,
    an_update_is_refused_at_its_first_row_of_another_board,
    no_table_is_dropped_or_reshaped,
    the_second_net_catches_what_passes_the_first,
    the_database_is_not_dropped,
    temporary_tables_and_indexes_are_nobodys_loss,
    a_permit_of_another_transaction_opens_nothing,
);
