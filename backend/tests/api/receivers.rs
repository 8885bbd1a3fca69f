//! PostgreSQL with an archive: what is acknowledged is with a receiver, and without one nothing is.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Answer, Board, TestApp, received, uuid};

/// Within this a server has found that nothing it takes would be safe.
const FOUND: Duration = Duration::from_secs(5);

fn tap(board: &Board, player: &str, client_id: &str) -> Answer {
    board.submit(json!({"player_id": player, "value": 1, "client_id": client_id}))
}

/// Waits until no change is taken any more, and insists on the reason and the time.
#[track_caller]
fn refuses_changes(app: &TestApp, since: Instant, mode: &str, expected: &str) {
    let ready = app.root().until("/readyz", |ready| {
        let why = ready["maintenance"]["why"].as_str();
        why.is_some_and(|why| why.contains(expected))
    });
    let found = since.elapsed();
    assert!(found < FOUND, "{found:?}");
    assert_eq!(
        (ready.status, &ready["maintenance"]["by"]),
        (503, &json!("watchdog"))
    );
    assert_eq!(ready["maintenance"]["mode"], mode);
}

fn takes_changes_again(app: &TestApp) {
    app.root().until("/readyz", |ready| ready.status == 200);
}

/// How many backends wait for a receiver.
fn waiting(app: &TestApp) -> i64 {
    app.database
        .number("SELECT count(*) AS number FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
}

#[test]
fn what_no_receiver_confirms_is_not_acknowledged_and_a_retry_neither() {
    let (app, receivers) = received();
    assert_eq!(app.root().get("/readyz").expect(200)["archive"], "barrier");
    let board = app.any_board();
    let (ana, client_id) = (board.player("Ana"), uuid());
    receivers.signal("STOP");
    let since = Instant::now();
    thread::scope(|scope| {
        let stalled = scope.spawn(|| tap(&board, &ana, &client_id));
        refuses_changes(&app, since, "read_only", "no receiver has confirmed");
        let stalled = stalled.join().unwrap();
        stalled.problem(503, "unavailable");
    });
    tap(&board, &ana, &client_id).problem(503, "maintenance");
    board.get("/standings").expect(200);
    receivers.signal("CONT");
    takes_changes_again(&app);
    let at_last = tap(&board, &ana, &client_id);
    assert!([200, 201].contains(&at_last.status), "{}", at_last.text);
    assert_eq!(board.total(&ana), 1);
}

/// PostgreSQL calls a commit done that somebody has cancelled while it waited, and everybody sees it.
#[test]
fn a_commit_that_was_called_off_is_not_acknowledged_and_a_retry_of_it_neither() {
    let (app, receivers) = received();
    let board = app.any_board();
    let (ana, client_id) = (board.player("Ana"), uuid());
    receivers.signal("STOP");
    let cancel = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    thread::scope(|scope| {
        let called_off = scope.spawn(|| tap(&board, &ana, &client_id));
        while waiting(&app) == 0 {
            assert!(!called_off.is_finished());
        }
        app.database.execute(cancel).unwrap();
        called_off.join().unwrap().problem(503, "unavailable");
    });
    assert_eq!(board.total(&ana), 1, "it is there, and nobody was told so");
    assert_eq!(tap(&board, &ana, &client_id).status, 503);
    receivers.signal("CONT");
    takes_changes_again(&app);
    tap(&board, &ana, &client_id).expect(200);
    assert_eq!(board.total(&ana), 1);
}

#[test]
fn without_its_receivers_a_server_takes_no_changes_until_one_is_back() {
    let (app, mut receivers) = received();
    let board = app.any_board();
    let ana = board.player("Ana");
    receivers.kill();
    refuses_changes(
        &app,
        Instant::now(),
        "read_only",
        "no receiver that commits wait for",
    );
    tap(&board, &ana, &uuid()).problem(503, "maintenance");
    receivers.start();
    takes_changes_again(&app);
    tap(&board, &ana, &uuid()).expect(201);
}

#[test]
fn an_archive_that_takes_no_files_stops_changes_until_it_does() {
    let (app, _receivers) = received();
    let board = app.any_board();
    let ana = board.player("Ana");
    let data = "SELECT current_setting('data_directory') AS text";
    let data = PathBuf::from(app.database.texts(data).concat());
    let broken = data.with_file_name("broken");
    fs::write(&broken, "").unwrap();
    let since = Instant::now();
    app.database.execute("SELECT pg_switch_wal()").unwrap();
    refuses_changes(&app, since, "read_only", "archive_command fails");
    tap(&board, &ana, &uuid()).problem(503, "maintenance");
    fs::remove_file(&broken).unwrap();
    // The archiver has given up for a minute; the next file wakes it.
    app.database
        .execute("CREATE TEMPORARY TABLE nothing (); SELECT pg_switch_wal()")
        .unwrap();
    takes_changes_again(&app);
    tap(&board, &ana, &uuid()).expect(201);
}

#[test]
fn a_table_that_is_gone_stops_everything() {
    let (app, _receivers) = received();
    let board = app.any_board();
    let ana = board.player("Ana");
    board.add(&ana, 1);
    let wipe = "ALTER EVENT TRIGGER guard_dropped DISABLE; DROP TABLE scores CASCADE";
    app.database.execute_unguarded(wipe).unwrap();
    refuses_changes(&app, Instant::now(), "full", "the table scores is gone");
    tap(&board, &ana, &uuid()).problem(503, "maintenance");
    board.get("/standings").problem(503, "maintenance");
}

#[test]
fn a_guard_that_is_taken_off_stops_changes_until_it_is_back() {
    let (app, _receivers) = received();
    let board = app.any_board();
    let ana = board.player("Ana");
    let guard = |state: &str| {
        let sql = format!("ALTER EVENT TRIGGER guard_ddl {state}");
        app.database.execute(&sql).unwrap();
    };
    guard("DISABLE");
    let gone = "guards are gone: guard_ddl";
    refuses_changes(&app, Instant::now(), "read_only", gone);
    tap(&board, &ana, &uuid()).problem(503, "maintenance");
    board.get("/standings").expect(200);
    guard("ENABLE ALWAYS");
    takes_changes_again(&app);
    tap(&board, &ana, &uuid()).expect(201);
}

#[test]
fn a_table_that_is_emptied_stops_everything() {
    let (app, _receivers) = received();
    let board = app.any_board();
    board.add(&board.player("Ana"), 1);
    app.database
        .execute_unguarded("DELETE FROM scores")
        .unwrap();
    let emptied = "the table scores was emptied";
    refuses_changes(&app, Instant::now(), "full", emptied);
    board.get("/standings").problem(503, "maintenance");
}
