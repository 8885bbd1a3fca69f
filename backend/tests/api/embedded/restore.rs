//! `scorehold restore`: a moment in a new file, aside.

use std::fs;

use super::{World, scores};
use crate::support::foreign;

/// A place that nobody archives.
fn aside(world: &World, name: &str) -> String {
    world.archiver.place().join(name).display().to_string()
}

#[test]
fn every_transaction_can_be_gone_back_to_exactly() {
    let world = World::new();
    let position = || world.until_ready(1)["archived"].as_u64().unwrap();
    let mut positions = vec![(position(), 5)];
    for count in 6..=8 {
        world.score(1);
        positions.push((position(), count));
    }
    for (position, count) in positions {
        let (at, into) = (
            format!("{position:016x}"),
            aside(&world, &format!("{position}.db")),
        );
        let said = world
            .run(&["restore", "--at", &at, "--into", &into])
            .expect(0);
        said.tells(&[
            &format!("transaction {at}"),
            "the database in use is not touched",
            "environment production",
            &format!("lineage 1; 1 boards, 1 players, {count} scores"),
            "every board is what its journal says",
        ]);
        assert_eq!(scores(into.as_ref()), count);
        let mode = fs::metadata(&into).unwrap().permissions();
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777,
            0o600
        );
    }
    assert_eq!(world.pointer(), None);
    world.until_ready(1);
}

#[test]
fn a_time_brings_back_what_was_there_then() {
    let world = World::new();
    let then = world.app.act(|tx| Ok(tx.now)).to_string();
    world.score(2);
    let (into, newest) = (aside(&world, "then.db"), aside(&world, "newest.db"));
    world
        .run(&["restore", "--at", &then, "--into", &into])
        .expect(0);
    assert_eq!(scores(into.as_ref()), 5);
    // Nothing has changed since: the newest copy is older than the time that is asked for.
    let now = world.app.act(|tx| Ok(tx.now)).to_string();
    world
        .run(&["restore", "--at", &now, "--into", &newest])
        .expect(0);
    assert_eq!(scores(newest.as_ref()), 7);
}

#[test]
fn a_time_before_a_recovery_is_in_the_archive_of_that_lineage() {
    let world = World::new();
    let then = world.app.act(|tx| Ok(tx.now)).to_string();
    world.score(1);
    foreign::execute(&world.file(), "DROP TABLE scores").unwrap();
    world.until_refused();
    world.run(&["recover"]).expect(0);
    world.until_ready(2);
    world.score(1);
    let (into, newest) = (aside(&world, "then.db"), aside(&world, "newest.db"));
    world
        .run(&["restore", "--at", &then, "--into", &into])
        .expect(0)
        .tells(&["lineage 1;"]);
    assert_eq!(scores(into.as_ref()), 5);
    world
        .run(&["restore", "--into", &newest])
        .expect(0)
        .tells(&["lineage 2;"]);
    assert_eq!(scores(newest.as_ref()), 7);
}

#[test]
fn a_dry_run_tells_and_does_nothing() {
    let world = World::new();
    let into = aside(&world, "new.db");
    let words = ["restore", "--at", "latest", "--into", &into, "--dry-run"];
    world
        .run(&words)
        .expect(0)
        .tells(&["the newest state", "nothing was done"]);
    assert!(!std::path::Path::new(&into).exists());
}
