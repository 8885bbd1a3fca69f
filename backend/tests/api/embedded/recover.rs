//! `scorehold recover`: shots at a database in production, and nothing that was acknowledged is lost.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use serde_json::json;

use super::{World, scores};
use crate::support::{Board, foreign, number_in, uuid};

#[test]
fn a_file_that_is_removed_comes_back_under_the_running_server() {
    let world = World::new();
    let before = world.until_ready(1)["instance"].clone();
    fs::remove_file(world.file()).unwrap();
    world.until_refused();
    let said = world.run(&["recover"]).expect(0);
    said.tells(&[
        "brings back the last good moment",
        "is back, as lineage 2: 1 boards, 1 players, 5 scores",
        "scorehold-2.db is in use now",
        "the server takes changes again",
    ]);
    assert_eq!(world.until_ready(2)["instance"], before);
    assert_eq!(world.pointer().as_deref(), Some("scorehold-2.db\n"));
    world.goes_on("scorehold-2.db", 5);
    let file = world.beside("scorehold-2.db");
    let origin = "SELECT count(*) AS number FROM instance WHERE lineage = 2 AND restored_from LIKE '%scorehold.db'";
    assert_eq!(number_in(&file, origin), 1);
    world.run(&["verify"]).expect(0);
}

/// Clients that score all the time, and note what was acknowledged. A refusal is retried with the same id.
fn writing<'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    board: &'scope Board,
    stopped: &'scope AtomicBool,
) -> mpsc::Receiver<String> {
    let (acknowledged, heard) = mpsc::channel();
    for name in ["Ben", "Cleo", "Dan"] {
        let (acknowledged, player) = (acknowledged.clone(), board.player(name));
        scope.spawn(move || {
            while !stopped.load(Ordering::SeqCst) {
                let client_id = uuid();
                let score = json!({"player_id": player, "value": 1, "client_id": client_id});
                while !stopped.load(Ordering::SeqCst) {
                    let answer = board.submit(score.clone());
                    if [200, 201].contains(&answer.status) {
                        acknowledged.send(client_id).unwrap();
                        break;
                    }
                    assert_eq!(answer.status, 503, "{}", answer.text);
                }
            }
        });
    }
    heard
}

/// Under load: shot, recovered, and shot again right after the swap.
#[test]
fn nothing_acknowledged_is_lost_by_two_shots_under_load() {
    let world = World::new();
    let stopped = AtomicBool::new(false);
    let mut acknowledged: Vec<String> = Vec::new();
    thread::scope(|scope| {
        let heard = writing(scope, &world.board, &stopped);
        acknowledged.extend(heard.iter().take(60));
        for file in ["scorehold.db", "scorehold-2.db"] {
            fs::remove_file(world.beside(file)).unwrap();
            world.until_refused();
            world.run(&["recover"]).expect(0);
            acknowledged.extend(heard.try_iter());
            acknowledged.extend(heard.iter().take(20));
        }
        stopped.store(true, Ordering::SeqCst);
        acknowledged.extend(heard.iter());
    });
    world.until_ready(3);
    let file = world.beside("scorehold-3.db");
    for client_id in &acknowledged {
        let hex = client_id.replace('-', "");
        let kept =
            format!("SELECT count(*) AS number FROM scores WHERE lower(hex(client_id)) = '{hex}'");
        assert_eq!(number_in(&file, &kept), 1, "{client_id} was acknowledged");
    }
    // One that was not acknowledged may be there all the same, but never twice.
    let twice = "SELECT count(*) - count(DISTINCT client_id) AS number FROM scores WHERE client_id IS NOT NULL";
    assert_eq!(number_in(&file, twice), 0);
    assert!(acknowledged.len() >= 100);
}

#[test]
fn a_machine_that_is_lost_comes_back_from_the_archive_alone() {
    let mut machine = World::new().stopped();
    machine.archiver.kill();
    let directory = machine.database.file().parent().unwrap().to_owned();
    fs::remove_dir_all(&directory).unwrap();
    fs::create_dir(&directory).unwrap();
    // An empty database in its place would hide what is to come back.
    machine
        .run(&["migrate"])
        .expect(78)
        .tells(&["scorehold recover", "was not made"]);
    machine.archiver.start();
    machine
        .run(&["recover"])
        .expect(0)
        .tells(&["no server runs here: start it"]);
    let world = machine.served();
    world.until_ready(2);
    world.goes_on("scorehold-2.db", 5);
    // And again: the newest archive is the one that was in use.
    let mut machine = world.stopped();
    machine.archiver.kill();
    fs::remove_dir_all(&directory).unwrap();
    fs::create_dir(&directory).unwrap();
    machine.archiver.start();
    machine.run(&["recover"]).expect(0);
    let world = machine.served();
    world.until_ready(3);
    world.goes_on("scorehold-3.db", 6);
}

#[test]
fn a_second_shot_during_the_restore_does_no_further_harm() {
    let world = World::new();
    foreign::execute(&world.file(), "DROP TABLE scores").unwrap();
    world.until_refused();
    let shot = format!("rm -f {0} {0}-wal {0}-shm", world.file().display());
    let ambush = world.archiver.ambush(&shot);
    let ambushed = [("SCOREHOLD__ARCHIVE__LITESTREAM", ambush.as_str())];
    world.run_with(&["recover"], &ambushed).expect(0);
    assert!(!world.file().exists());
    world.until_ready(2);
    world.goes_on("scorehold-2.db", 5);
}

#[test]
fn a_recovery_that_is_killed_leaves_nothing_half_and_is_run_again() {
    let world = World::new();
    fs::remove_file(world.file()).unwrap();
    world.until_refused();
    let ambush = world.archiver.ambush("kill -9 $PPID; exit 1");
    let ambushed = [("SCOREHOLD__ARCHIVE__LITESTREAM", ambush.as_str())];
    world.run_with(&["recover"], &ambushed).expect(-1);
    world.app.root().until("/readyz", |ready| {
        let why = ready["maintenance"]["why"].as_str();
        why.is_some_and(|why| why.contains("`scorehold recover` has to be run again"))
    });
    assert_eq!(world.pointer(), None);
    assert!(!world.beside("scorehold-2.db").exists());
    world.run(&["recover"]).expect(0);
    world.until_ready(2);
    world.goes_on("scorehold-2.db", 5);
}

/// The archive has the damage too: what was acknowledged ends before it.
#[test]
fn a_table_that_was_dropped_under_the_server_is_back() {
    let world = World::new();
    foreign::execute(&world.file(), "DROP TABLE scores").unwrap();
    world.until_refused();
    world.run(&["recover"]).expect(0);
    world.until_ready(2);
    world.goes_on("scorehold-2.db", 5);
    // The old one is kept, for whoever wants to know.
    let kept = fs::metadata(world.file()).unwrap();
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&kept.permissions()) & 0o777,
        0o400
    );
}

/// Nobody knows any more what was acknowledged last: the newest whole state is looked for.
#[test]
fn damage_that_was_done_while_no_server_ran_is_gone_back_behind() {
    for damage in [
        "DROP TABLE scores",
        "DROP TRIGGER scores_keep; DELETE FROM scores",
        "DROP TRIGGER journal_keep; DELETE FROM journal WHERE revision = 4",
    ] {
        let machine = World::new().stopped();
        let file = machine.database.file();
        foreign::execute(&file, damage).unwrap();
        foreign::execute(&file, "CREATE TABLE loot (id INTEGER)").unwrap();
        machine.archiver.synced(&file);
        machine.run(&["recover"]).expect(0).tells(&["is not whole"]);
        let world = machine.served();
        world.until_ready(2);
        world.goes_on("scorehold-2.db", 5);
    }
}

#[test]
fn what_is_whole_is_not_gone_back_on_by_mistake() {
    let world = World::new();
    let before = world.files();
    world
        .run(&["recover"])
        .expect(66)
        .tells(&["is whole, so nothing was touched", "--at"]);
    world
        .run(&["recover", "--dry-run", "--at", "latest"])
        .expect(0)
        .tells(&["brings back the newest state", "nothing was done"]);
    assert_eq!(world.files(), before);
    world.score(1);
    let machine = world.stopped();
    machine.run(&["recover"]).expect(66);
}

#[test]
fn a_person_may_go_back_and_who_watches_finds_the_board_as_it_is() {
    let world = World::new();
    let there = world.until_ready(1)["archived"].as_u64().unwrap();
    let revision = world.board.revision();
    world.score(3);
    let mut stream = world
        .board
        .stream(&format!("/events?after={}", revision + 3));
    let at = format!("{there:016x}");
    world
        .run(&["recover", "--at", &at])
        .expect(0)
        .tells(&[&format!(
            "transaction {at} of scorehold.db is back, as lineage 2"
        )]);
    world.until_ready(2);
    assert_eq!(stream.rest(), []);
    // Its cursor is ahead of the board now.
    stream = world
        .board
        .stream(&format!("/events?after={}", revision + 3));
    assert_eq!(stream.next().name, "snapshot");
    world.goes_on("scorehold-2.db", 5);
    assert_eq!(scores(&world.file()), 8);
}

/// A copy from before an upgrade lacks a table, and is whole all the same.
#[test]
fn a_database_from_before_a_migration_is_brought_up_to_date() {
    let machine = World::new().stopped();
    let file = machine.database.file();
    foreign::execute(
        &file,
        "DROP TRIGGER __diesel_schema_migrations_keep; DROP TABLE maintenance; \
         DELETE FROM __diesel_schema_migrations WHERE version = '20261127000016'",
    )
    .unwrap();
    machine.archiver.synced(&file);
    let aside = machine.archiver.place().join("older.db");
    machine
        .run(&["restore", "--into", aside.to_str().unwrap()])
        .expect(0)
        .tells(&["5 scores", "it is older than this program"]);
    fs::remove_file(&file).unwrap();
    machine.run(&["recover"]).expect(0);
    let world = machine.served();
    world.until_ready(2);
    world.goes_on("scorehold-2.db", 5);
}

/// A file of SQLite opens without its log too, as if nothing had ever been in it, and the archiver archives that.
#[test]
fn a_log_that_is_removed_while_nobody_runs_is_missed_and_comes_back() {
    let mut machine = World::new().stopped();
    machine.archiver.kill();
    let file = machine.database.file();
    for ending in ["-wal", "-shm"] {
        fs::remove_file(file.with_extension(format!("db{ending}"))).unwrap();
    }
    machine.archiver.start();
    let (machine, why) = machine.refused();
    let expected = "something that was acknowledged is not in ";
    assert!(why.starts_with(expected), "{why}");
    machine.run(&["recover"]).expect(0);
    let world = machine.served();
    world.until_ready(2);
    world.goes_on("scorehold-2.db", 5);
}

#[test]
fn what_was_acknowledged_and_is_in_no_archive_is_given_up_by_a_person_only() {
    let machine = World::new().stopped();
    let note = machine.database.file().with_extension("db.acknowledged");
    let newest = fs::read_to_string(&note).unwrap();
    let (game, revision) = newest.trim_end().split_once(' ').unwrap();
    let later = revision.parse::<i64>().unwrap() + 1;
    fs::write(&note, format!("{game} {later}\n")).unwrap();
    machine.run(&["recover"]).expect(66).tells(&[
        "what was acknowledged last is in no state of the archive",
        "Nothing was touched",
        "scorehold recover --at ",
    ]);
}
