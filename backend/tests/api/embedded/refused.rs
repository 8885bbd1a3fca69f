//! Bad input and bad luck: what was found, what was not touched, what to do next; and nothing half that looks
//! whole.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::World;
use crate::support::{foreign, number_in, uuid};

/// A new file aside, and that it is not there.
struct Target(PathBuf);

impl Target {
    fn of(world: &World) -> Self {
        Self(world.archiver.place().join("aside").join("new.db"))
    }

    fn text(&self) -> &str {
        fs::create_dir_all(self.0.parent().unwrap()).unwrap();
        self.0.to_str().unwrap()
    }

    /// Neither it nor anything that was begun.
    #[track_caller]
    fn is_absent(&self) {
        let left: Vec<_> = fs::read_dir(self.0.parent().unwrap()).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn a_moment_that_is_none_or_is_not_there() {
    let world = World::new();
    let (before, target) = (world.files(), Target::of(&world));
    for (at, code, told) in [
        ("yesterday", 64, "a time such as 2026-11-22T21:14:07Z"),
        ("2020-01-01T00:00:00Z", 66, "the archive begins after"),
        ("2999-01-01T00:00:00Z", 66, "has not come yet"),
        ("00000000000000ff", 66, "the archive has nothing of that"),
    ] {
        let restore = ["restore", "--at", at, "--into", target.text()];
        world.run(&restore).expect(code).tells(&[told]);
        let dry = [&restore[..], &["--dry-run"]].concat();
        world.run(&dry).expect(code).tells(&[told]);
        world
            .run(&["recover", "--at", at])
            .expect(code)
            .tells(&[told]);
        target.is_absent();
    }
    assert_eq!(world.files(), before);
    world.until_ready(1);
    world.score(1);
}

#[test]
fn a_target_that_exists_or_is_not_to_be_had() {
    let world = World::new();
    let taken = world.archiver.place().join("taken.db");
    fs::write(&taken, "somebody's").unwrap();
    let before = world.files();
    for (into, code, told) in [
        (
            taken.clone(),
            73,
            "is there already, and nothing was touched",
        ),
        (world.file(), 73, "is there already"),
        (
            world.beside("scorehold-7.db"),
            64,
            "a name that `scorehold recover` gives",
        ),
        (
            world.archiver.place().join("no/where.db"),
            74,
            "No such file or directory",
        ),
    ] {
        let restore = ["restore", "--into", into.to_str().unwrap()];
        world.run(&restore).expect(code).tells(&[told]);
    }
    assert_eq!(fs::read_to_string(&taken).unwrap(), "somebody's");
    assert_eq!(world.files(), before);
}

#[test]
fn a_database_of_another_environment_or_instance() {
    let world = World::new();
    let target = Target::of(&world);
    let before = world.files();
    let restore = ["restore", "--into", target.text()];
    let belief = world.run_in("staging", &restore, &[]).expect(77);
    belief.tells(&[
        "environment staging",
        "environment production",
        "nothing was written",
    ]);
    let other = uuid();
    let pinned = [("SCOREHOLD__DATABASE__INSTANCE", other.as_str())];
    world
        .run_with(&restore, &pinned)
        .expect(77)
        .tells(&[&other]);
    target.is_absent();
    fs::remove_file(world.file()).unwrap();
    world.until_refused();
    world.run_in("staging", &["recover"], &[]).expect(77);
    world.run_with(&["recover"], &pinned).expect(77);
    assert_eq!(world.pointer(), None);
    let mut without = before;
    without.remove(&world.file());
    assert_eq!(world.files(), without);
    world.run(&["recover"]).expect(0);
    world.until_ready(2);
}

/// Somebody has put the archive of an older lineage in the place of the one in use.
#[test]
fn an_archive_of_another_lineage() {
    let world = World::new();
    fs::remove_file(world.file()).unwrap();
    world.until_refused();
    world.run(&["recover"]).expect(0);
    world.until_ready(2);
    let machine = world.stopped();
    let [old, new] =
        ["scorehold.db", "scorehold-2.db"].map(|name| machine.archiver.archive_of(name));
    fs::remove_dir_all(&new).unwrap();
    copy(&old, &new);
    fs::remove_file(machine.database.file().with_file_name("scorehold-2.db")).unwrap();
    machine
        .run(&["recover"])
        .expect(77)
        .tells(&["expected: lineage 2", "the archive says: lineage 1"]);
}

fn copy(from: &Path, into: &Path) {
    let copied = Command::new("cp").arg("-r").args([from, into]).status();
    assert!(copied.unwrap().success());
}

#[test]
fn a_damaged_archive() {
    let shortened: fn(&mut Vec<u8>) = |bytes| bytes.truncate(bytes.len() - 20);
    let flipped: fn(&mut Vec<u8>) = |bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
    };
    let emptied: fn(&mut Vec<u8>) = Vec::clear;
    for harm in [shortened, flipped, emptied] {
        let world = World::new();
        let target = Target::of(&world);
        let mut machine = world.stopped();
        machine.archiver.kill();
        machine.archiver.harm("scorehold.db", harm);
        machine
            .run(&["restore", "--into", target.text()])
            .expect(65)
            .tells(&["the archive is damaged there", "was not touched"]);
        target.is_absent();
        fs::remove_file(machine.database.file()).unwrap();
        let said = machine.run(&["recover"]).expect(65);
        let said = said.tells(&[
            "the archive is damaged",
            "Nothing was touched",
            "scorehold recover --at ",
        ]);
        assert!(
            !machine
                .database
                .file()
                .with_file_name("scorehold.db.current")
                .exists()
        );
        // Only when a person says so is anything given up.
        let at = said.error.trim().rsplit(' ').next().unwrap().to_owned();
        machine.run(&["recover", "--at", &at]).expect(0);
        let file = machine.database.file().with_file_name("scorehold-2.db");
        assert!(number_in(&file, "SELECT count(*) AS number FROM scores") < 5);
    }
}

/// Whoever wrote there from outside: the archive is what it should be, the boards are not.
#[test]
fn a_board_that_somebody_has_tampered_with() {
    let machine = World::new().stopped();
    let file = machine.database.file();
    foreign::execute(&file, "UPDATE players SET name = 'Eve'").unwrap();
    machine.archiver.synced(&file);
    let target = machine.archiver.place().join("tampered.db");
    machine
        .run(&["restore", "--into", target.to_str().unwrap()])
        .expect(65)
        .tells(&["not sound", "the profile is not what the journal says"]);
    fs::remove_file(&file).unwrap();
    machine.run(&["recover"]).expect(65).tells(&[
        "not sound; it is in",
        "scorehold-2.db",
        "takes no changes until a recovery has ended well",
        "scorehold recover --at latest",
    ]);
    assert!(file.with_added_extension("recovering").exists());
    assert!(!file.with_added_extension("current").exists());
    machine
        .run(&["recover", "--at", "latest"])
        .expect(0)
        .tells(&["taken all the same"]);
    // The archive has held what was refused, so that its number is not given again.
    machine.served().until_ready(3);
}

/// A limit of the shell stands for a disk that is full.
#[test]
fn a_full_disk() {
    let world = World::new();
    let target = Target::of(&world);
    let before = world.files();
    let limited = world.archiver.ambush("ulimit -f 64");
    let limited = [("SCOREHOLD__ARCHIVE__LITESTREAM", limited.as_str())];
    let restore = ["restore", "--into", target.text()];
    world
        .run_with(&restore, &limited)
        .expect(74)
        .tells(&["this disk takes no more", "was not touched"]);
    target.is_absent();
    world
        .run_with(&["recover", "--at", "latest"], &limited)
        .expect(74);
    assert_eq!(world.files(), before);
    world.until_ready(1);
    world.score(1);
}

#[test]
fn an_archiver_that_is_not_installed_and_an_archive_that_is_not_known() {
    let world = World::new();
    let target = Target::of(&world);
    let restore = ["restore", "--into", target.text()];
    let absent = [("SCOREHOLD__ARCHIVE__LITESTREAM", "/nowhere/litestream")];
    world
        .run_with(&restore, &absent)
        .expect(69)
        .tells(&["install Litestream 0.5.17"]);
    let elsewhere = format!(
        "file://{}",
        world.archiver.place().join("elsewhere").display()
    );
    let elsewhere = [("SCOREHOLD__ARCHIVE__URL", elsewhere.as_str())];
    world
        .run_with(&restore, &elsewhere)
        .expect(66)
        .tells(&["the archive has nothing of that"]);
    target.is_absent();
}
