//! The drill fires at what it has made itself, and at nothing else.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn drill(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_drill"));
    command.args(arguments);
    command
}

fn shoot(directory: &Path) -> Output {
    let (directory, python) = (directory.to_str().unwrap(), python());
    let arguments = ["--fault", "V7", "--python", &python, "--target", directory];
    drill(&arguments).output().unwrap()
}

/// Where Python is: the drill starts it without our PATH.
fn python() -> String {
    let mut ask = Command::new("python3");
    ask.args(["-c", "import sys; print(sys.executable)"]);
    String::from_utf8(ask.output().unwrap().stdout)
        .unwrap()
        .trim()
        .to_owned()
}

#[track_caller]
fn refused(output: &Output, exit: i32, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{said}");
    assert!(said.contains(words), "{said}");
    assert!(output.stdout.is_empty(), "something was fired");
}

/// A directory with somebody's database in it, gone with the test.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        Self::with_database(name, "production", "the-drills-own", 1)
    }

    fn with_database(name: &str, environment: &str, instance: &str, lineage: u32) -> Self {
        let place = std::env::temp_dir().canonicalize().unwrap();
        let place = place.join(format!(
            "scorehold-drill-test-{name}-{}",
            std::process::id()
        ));
        std::fs::create_dir_all(place.join("data")).unwrap();
        let make = "import sqlite3, sys; file, *row = sys.argv[1:]; db = sqlite3.connect(file); \
                    db.execute('CREATE TABLE instance (lineage INT, id TEXT, environment TEXT)'); \
                    db.execute('INSERT INTO instance VALUES (?, ?, ?)', row); db.commit()";
        let mut made = Command::new("python3");
        made.args(["-c", make])
            .arg(place.join("data/production.db"));
        made.args([&lineage.to_string(), instance, environment]);
        assert!(made.status().unwrap().success());
        Self(place)
    }

    fn database(&self) -> Vec<u8> {
        std::fs::read(self.0.join("data/production.db")).unwrap()
    }

    /// The marker that the drill would write for this directory.
    fn marker(&self) -> String {
        use std::os::unix::fs::MetadataExt;
        let (directory, inode) = (self.0.display(), std::fs::metadata(&self.0).unwrap().ino());
        format!(
            r#"{{"directory": "{directory}", "inode": {inode}, "engine": "sqlite", "instance": "the-drills-own",
                "lineage": 1, "roles": null, "settings": {{}}, "developer": {{}}}}"#
        )
    }

    fn mark(&self, marker: &str) {
        std::fs::write(self.0.join("made-by-scorehold-drill.json"), marker).unwrap();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn a_directory_without_its_marker_is_refused() {
    let place = Place::new("unmarked");
    let before = place.database();
    refused(&shoot(&place.0), 77, "has no made-by-scorehold-drill.json");
    assert_eq!(place.database(), before);
}

#[test]
fn a_marker_of_another_directory_is_refused() {
    let (place, other) = (Place::new("copied"), Place::new("original"));
    place.mark(&other.marker());
    refused(&shoot(&place.0), 77, "was made for");
    place.mark("{}");
    refused(&shoot(&place.0), 77, "cannot be read");
}

#[test]
fn a_database_with_another_mark_is_refused() {
    for (name, environment, instance, lineage) in [
        ("instance", "production", "somebody-elses", 1),
        ("lineage", "production", "the-drills-own", 2),
        ("environment", "staging", "the-drills-own", 1),
    ] {
        let place = Place::with_database(name, environment, instance, lineage);
        let before = place.database();
        place.mark(&place.marker());
        let words = format!("says {environment}, instance {instance}, lineage {lineage}");
        refused(&shoot(&place.0), 77, &words);
        assert_eq!(place.database(), before);
    }
}

#[test]
fn a_symbolic_link_in_place_of_the_database_is_refused() {
    let (place, other) = (Place::new("link"), Place::new("linked"));
    let file = place.0.join("data/production.db");
    std::fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink(other.0.join("data/production.db"), &file).unwrap();
    place.mark(&place.marker());
    refused(&shoot(&place.0), 77, "is elsewhere");
}

#[test]
fn a_server_that_is_not_in_the_directory_is_refused() {
    let place = Place::new("server");
    // Nobody listens at port 1.
    let url = r#""postgres://a@127.0.0.1:1/b""#;
    let roles = format!(r#""roles": {{"runtime": {url}, "owner": {url}, "superuser": {url}}}"#);
    let marker = place.marker().replace("sqlite", "postgres");
    place.mark(&marker.replace(r#""roles": null"#, &roles));
    refused(&shoot(&place.0), 77, "no server of its own answers");
}

#[test]
fn its_own_copy_is_shot_at() {
    let place = Place::new("own");
    place.mark(&place.marker());
    let output = shoot(&place.0);
    // There are no tables to hit here. That it says so shows that the refusals above can fail.
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("no such table"), "{output:?}");
}

#[test]
fn a_shell_with_the_settings_of_a_server_is_refused() {
    let mut command = drill(&[]);
    command.env("SCOREHOLD__ENVIRONMENT", "production");
    refused(
        &command.output().unwrap(),
        78,
        "unset SCOREHOLD__ENVIRONMENT",
    );
}
