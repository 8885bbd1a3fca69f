//! `scorehold verify --restore`: what comes back is compared, what came of it is noted, and everybody can see it.

use std::fs;

use super::World;
use crate::support::foreign;

#[test]
fn a_restore_is_rehearsed_and_noted() {
    let world = World::new();
    let unknown = world.until_ready(1);
    assert_eq!(unknown["restore"]["alarm"], true);
    assert!(page(&world).contains("never brought back is none"));
    let before = world.files();
    let said = world.run(&["verify", "--restore"]).expect(0);
    said.tells(&[
        "everything was there: the newest state: 1 boards, 1 players, 5 scores",
        "transaction 0",
    ]);
    let names = |files: std::collections::BTreeMap<_, _>| files.into_keys().collect::<Vec<_>>();
    assert_eq!(names(world.files()), names(before));
    let known = world.until_ready(1);
    assert_eq!(known["restore"]["alarm"], false);
    assert!(known["restore"]["age_seconds"].as_i64().unwrap() < 60);
    let shown = page(&world);
    assert!(
        shown.contains("Less than an hour ago: everything was there"),
        "{shown}"
    );
    assert!(!shown.contains("has to look"), "{shown}");
    // A night is left out.
    let long_ago =
        "INSERT INTO rehearsals SELECT number + 1, points, wrong, at - 97200000 FROM rehearsals";
    foreign::execute(&world.file(), long_ago).unwrap();
    assert_eq!(world.until_ready(1)["restore"]["alarm"], true);
    let shown = page(&world);
    assert!(
        shown.contains("27 hours ago: everything was there"),
        "{shown}"
    );
    assert!(shown.contains("That is too long ago"), "{shown}");
}

fn page(world: &World) -> String {
    world.app.root().get("/status").expect(200).text
}

#[test]
fn an_archive_that_does_not_give_back_what_it_should_is_an_alarm() {
    let mut world = World::new();
    world.run(&["verify", "--restore"]).expect(0);
    world.archiver.kill();
    world.until_refused();
    let shorten = |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() - 20);
    let harmed = world.archiver.harm("scorehold.db", shorten);
    let unasked = [("SCOREHOLD__ARCHIVE__SOCKET", "")];
    world
        .run_with(&["verify", "--restore"], &unasked)
        .expect(65)
        .tells(&["the archive is damaged"]);
    for (file, before) in harmed {
        fs::write(file, before).unwrap();
    }
    world.archiver.start();
    let known = world.until_ready(1);
    assert_eq!(known["restore"]["alarm"], true);
    assert!(
        known["restore"]["wrong"]
            .as_str()
            .unwrap()
            .contains("damaged")
    );
    let shown = page(&world);
    assert!(shown.contains("The last try has failed"), "{shown}");
    assert!(
        !shown.contains("damaged"),
        "what was found is for the operator: {shown}"
    );
    world.run(&["verify", "--restore"]).expect(0);
    assert_eq!(world.until_ready(1)["restore"]["alarm"], false);
}

/// The database was changed behind the archive's back: the copy ends with a change that it does not know.
#[test]
fn a_copy_that_the_database_does_not_continue_is_found() {
    let mut world = World::new();
    world.archiver.kill();
    foreign::execute(
        &world.file(),
        "DROP TRIGGER journal_facts; UPDATE journal SET hash = zeroblob(32) WHERE revision = 7; \
         UPDATE games SET journal_head = zeroblob(32)",
    )
    .unwrap();
    let unasked = [("SCOREHOLD__ARCHIVE__SOCKET", "")];
    world
        .run_with(&["verify", "--restore"], &unasked)
        .expect(65)
        .tells(&["1 boards end with a change that the database does not know"]);
}
