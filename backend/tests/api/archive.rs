//! SQLite with an archive: what is acknowledged is in it, and what cannot be archived is not acknowledged.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::thread;

use serde_json::json;

use crate::support::{Answer, Archiver, Board, TestApp, archived, foreign, number_in, uuid};

fn tap(board: &Board, player: &str, client_id: &str) -> Answer {
    board.submit(json!({"player_id": player, "value": 1, "client_id": client_id}))
}

/// The scores that a restore of the archive would bring back.
fn kept(archiver: &Archiver) -> i64 {
    number_in(&archiver.restore(), "SELECT count(*) AS number FROM scores")
}

/// From now on no change is acknowledged, and readiness says why.
#[track_caller]
fn refuses_changes(app: &TestApp, board: &Board, player: &str, expected: &str) {
    let refused = tap(board, player, &uuid());
    assert!(refused.status >= 500, "{}", refused.text);
    app.root().until("/readyz", |ready| {
        let why = ready["maintenance"]["why"].as_str();
        ready.status == 503 && why.is_some_and(|why| why.contains(expected))
    });
    tap(board, player, &uuid()).problem(503, "maintenance");
}

#[test]
fn every_acknowledged_score_is_in_the_archive() {
    let (app, archiver) = archived("test");
    let board = app.any_board();
    let ana = board.player("Ana");
    for score in 1..=10 {
        board.add(&ana, 1);
        if score % 5 == 0 {
            assert_eq!(kept(&archiver), score);
        }
    }
    assert_eq!(app.root().get("/readyz").expect(200)["archive"], "barrier");
}

#[test]
fn without_its_archiver_a_server_takes_no_changes_until_it_is_back() {
    let (app, mut archiver) = archived("test");
    let board = app.any_board();
    let (ana, client_id) = (board.player("Ana"), uuid());
    archiver.kill();
    assert_eq!(tap(&board, &ana, &client_id).status, 503);
    refuses_changes(&app, &board, &ana, "the archiver");
    board.get("/standings").expect(200);
    archiver.start();
    app.root().until("/readyz", |ready| ready.status == 200);
    let at_last = tap(&board, &ana, &client_id);
    assert!([200, 201].contains(&at_last.status), "{}", at_last.text);
    assert_eq!(board.total(&ana), 1);
    assert_eq!(kept(&archiver), 1);
}

/// A replay is an acknowledgement: the commit is there, its copy is not.
#[test]
fn a_retry_of_what_the_archive_has_not_is_not_acknowledged_either() {
    let (app, archiver) = archived("test");
    let board = app.any_board();
    let (ana, client_id) = (board.player("Ana"), uuid());
    archiver.signal("STOP");
    let stalled = tap(&board, &ana, &client_id);
    assert_eq!(stalled.status, 503, "{}", stalled.text);
    assert_eq!(tap(&board, &ana, &client_id).status, 503);
    archiver.signal("CONT");
    app.root().until("/readyz", |ready| ready.status == 200);
    let at_last = tap(&board, &ana, &client_id);
    assert!([200, 201].contains(&at_last.status), "{}", at_last.text);
    assert_eq!(kept(&archiver), 1);
}

/// The archive copies what has come since its last copy: a wipe right behind a commit comes with it, and the
/// way back ends before both.
#[test]
fn a_commit_whose_copy_holds_a_wipe_is_not_acknowledged() {
    let (app, archiver) = archived("test");
    let board = app.any_board();
    let (ana, file) = (board.player("Ana"), app.database.file());
    let noted = || app.root().get("/readyz")["archived"].clone();
    let before = noted();
    archiver.signal("STOP");
    let answer = thread::scope(|scope| {
        let committed = scope.spawn(|| tap(&board, &ana, &uuid()));
        while number_in(&file, "SELECT count(*) AS number FROM scores") == 0 {
            thread::yield_now();
        }
        foreign::execute(&file, "DROP TABLE scores").unwrap();
        archiver.signal("CONT");
        committed.join().unwrap()
    });
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert_eq!(noted(), before, "a recovery would go back to the wipe");
}

/// The archive never sees such a commit, and says that nothing has changed.
#[track_caller]
fn is_not_acknowledged_after(harm: fn(&Path, u64)) {
    let (app, archiver) = archived("test");
    let board = app.any_board();
    let (ana, log) = (
        board.player("Ana"),
        app.database.file().with_extension("db-wal"),
    );
    board.add(&ana, 1);
    let length = || fs::metadata(&log).unwrap().len();
    let before = length();
    archiver.signal("STOP");
    let client_id = uuid();
    let answer = thread::scope(|scope| {
        let committed = scope.spawn(|| tap(&board, &ana, &client_id));
        while number_in(
            &app.database.file(),
            "SELECT count(*) AS number FROM scores",
        ) == 1
        {
            thread::yield_now();
        }
        harm(&log, before);
        archiver.signal("CONT");
        committed.join().unwrap()
    });
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert_eq!(tap(&board, &ana, &client_id).status, 503);
    assert_eq!(kept(&archiver), 1);
}

fn cut(log: &Path, length: u64) {
    let file = OpenOptions::new().write(true).open(log).unwrap();
    file.set_len(length).unwrap();
}

#[test]
fn a_commit_whose_log_is_emptied_is_not_acknowledged() {
    is_not_acknowledged_after(|log, _| cut(log, 0));
}

#[test]
fn a_commit_that_is_cut_off_its_log_is_not_acknowledged() {
    is_not_acknowledged_after(cut);
}

#[test]
fn a_commit_that_is_cut_in_two_is_not_acknowledged() {
    is_not_acknowledged_after(|log, before| cut(log, before + 100));
}

#[test]
fn a_commit_that_is_written_over_is_not_acknowledged() {
    is_not_acknowledged_after(|log, before| {
        let file = OpenOptions::new().write(true).open(log).unwrap();
        file.write_all_at(&[7; 500], before + 100).unwrap();
    });
}

/// What another program does to the files of a running server.
fn harm(file: &Path, how: &str) {
    let beside = |ending: &str| file.with_extension(format!("db{ending}"));
    let shorten = |path: &Path, length| {
        let file = OpenOptions::new().write(true).open(path).unwrap();
        file.set_len(length).unwrap();
    };
    match how {
        "rm" => fs::remove_file(file).unwrap(),
        "mv" => fs::rename(file, beside("-elsewhere")).unwrap(),
        "mv over" => {
            fs::write(beside("-other"), b"another file").unwrap();
            fs::rename(beside("-other"), file).unwrap();
        }
        "overwrite" => fs::write(file, [7; 1 << 20]).unwrap(),
        "truncate" => shorten(file, 0),
        "rm -wal" => fs::remove_file(beside("-wal")).unwrap(),
        "truncate -wal" => shorten(&beside("-wal"), 0),
        "shorten -wal" => shorten(&beside("-wal"), 5000),
        "rm -shm" => fs::remove_file(beside("-shm")).unwrap(),
        "chmod 000" => {
            let nobody = std::os::unix::fs::PermissionsExt::from_mode(0o000);
            fs::set_permissions(file, nobody).unwrap();
        }
        "rm -r" => fs::remove_dir_all(file.parent().unwrap()).unwrap(),
        sql => foreign::execute(file, sql).unwrap(),
    }
}

/// Nothing is acknowledged after the harm, and all that was before is in the archive.
#[track_caller]
fn is_found(how: &str, expected: &str) {
    let (app, archiver) = archived("test");
    let board = app.any_board();
    let ana = board.player("Ana");
    for _ in 0..5 {
        board.add(&ana, 1);
    }
    let before = archiver.restore();
    harm(&app.database.file(), how);
    refuses_changes(&app, &board, &ana, expected);
    assert_eq!(
        number_in(&before, "SELECT count(*) AS number FROM scores"),
        5
    );
    if how == "rm -r" {
        fs::create_dir(app.database.file().parent().unwrap()).unwrap();
    }
}

/// As the helper of October 2020 did it: the names of the tables are all there.
#[test]
fn tables_that_were_dropped_and_made_anew_are_found_before_anybody_writes() {
    let (app, _archiver) = archived("test");
    app.any_board();
    harm(
        &app.database.file(),
        "DROP TABLE scores; CREATE TABLE scores (id INTEGER PRIMARY KEY)",
    );
    app.root().until("/readyz", |ready| {
        let why = ready["maintenance"]["why"].as_str();
        why.is_some_and(|why| why.starts_with("guards are gone: scores_"))
    });
}

macro_rules! found {
    ($($name:ident: $how:expr => $expected:literal;)+) => {
        $(#[test] fn $name() { is_found($how, $expected); })+
    };
}

found! {
    a_file_that_is_removed: "rm" => "is gone";
    a_file_that_is_moved_away: "mv" => "is gone";
    a_file_that_is_replaced: "mv over" => "another file stands";
    a_file_that_is_overwritten: "overwrite" => "cannot be";
    a_file_that_is_emptied: "truncate" => "shorter than it was";
    a_log_that_is_removed: "rm -wal" => "-wal is gone";
    a_log_that_is_emptied: "truncate -wal" => "-wal was emptied";
    a_log_that_is_cut: "shorten -wal" => "-wal was emptied";
    an_index_that_is_removed: "rm -shm" => "-shm is gone";
    a_file_that_nobody_may_open: "chmod 000" => "may no longer be written";
    a_directory_that_is_removed: "rm -r" => "is gone";
    a_table_that_another_process_drops: "DROP TABLE scores" => "the table scores is gone";
    a_table_that_another_process_empties:
        "DROP TRIGGER scores_keep; DELETE FROM scores" => "guards are gone: scores_keep";
    a_schema_that_another_process_changes: "CREATE TABLE stray (id INTEGER)" => "changed the schema";
    a_database_that_another_process_rebrands:
        "INSERT INTO instance SELECT lineage + 1, id, 'development', NULL, 0 FROM instance"
        => "another database";
}
