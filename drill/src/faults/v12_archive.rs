//! V12: the archive itself is damaged, or is somebody else's. Copies of it are, so that the drill goes on. What
//! a restore must never do is to bring back a part that looks like the whole.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::copies::{copy_tree, cut, each, flip};
use super::{Answer, Shot};
use crate::limits;
use crate::provision::application::{self, Settings};
use crate::provision::{Aim, Database, archiver, database, process};

const DAMAGED: i32 = 65;
const NOTHING: i32 = 66;
const EXISTS: i32 = 73;
const IDENTITY: i32 = 77;

type Damage = fn(&Path) -> Result<()>;

/// What is done to the archive of a database, and how a restore then ends.
const DAMAGES: [(&str, Damage, i32); 5] = [
    (
        "the newest commit cut",
        |of| each(newest(of)?, |file| cut(file, 2)),
        DAMAGED,
    ),
    (
        "the newest commit emptied",
        |of| each(newest(of)?, |file| cut(file, 0)),
        DAMAGED,
    ),
    (
        "a bit of the newest commit",
        |of| each(newest(of)?, flip),
        DAMAGED,
    ),
    (
        "a bit of the first copy",
        |of| each(first(of)?, flip),
        DAMAGED,
    ),
    ("all of it gone", |of| Ok(fs::remove_dir_all(of)?), NOTHING),
];

/// Every damage, and what is whole but not to be had.
pub fn fire(aim: &Aim<'_>) -> Result<Vec<Shot>> {
    let settings = &aim.scratch.marker.settings;
    let mut shots = Vec::new();
    for (what, damage, exit) in DAMAGES {
        let copy = Copy::make(aim)?;
        damage(&copy.of_database)?;
        shots.push(copy.restore(aim, what, settings, exit)?);
        copy.remove()?;
    }
    let copy = Copy::make(aim)?;
    for (what, other) in [
        (
            "of another instance",
            settings.with("DATABASE__INSTANCE", ANOTHER),
        ),
        (
            "of another environment",
            settings.with("ENVIRONMENT", "staging"),
        ),
    ] {
        shots.push(copy.restore(aim, what, &other, IDENTITY)?);
    }
    // The same copy, undamaged and asked for by its own, comes back: else none of this would show anything.
    process::succeed(&copy.command(aim, settings), limits::WHOLE)?;
    ensure!(copy.into.exists(), "a whole archive did not come back");
    shots.push(copy.command_refused(aim, "onto a file that exists", settings, EXISTS)?);
    copy.remove()?;
    Ok(shots)
}

pub const ANOTHER: &str = "018f3b2e-7c1d-4a5e-9b8a-0123456789ab";

/// A copy of the archive of the database in use, and the file that is to come of it.
struct Copy {
    archive: PathBuf,
    of_database: PathBuf,
    into: PathBuf,
}

impl Copy {
    fn make(aim: &Aim<'_>) -> Result<Self> {
        let Database::Sqlite { file, .. } = &aim.scratch.production else {
            bail!("PostgreSQL's archive is another");
        };
        let active = database::active(file);
        let name = active.file_name().context("a database has a name")?;
        let directory = &aim.scratch.marker.directory;
        let archive = directory.join(format!("archive-{}", uuid::Uuid::new_v4().simple()));
        let copy = Self {
            of_database: archive.join(name),
            into: archive.with_extension("db"),
            archive,
        };
        copy_tree(
            &archiver::archive(directory).join(name),
            &copy.of_database,
            |file| file.extension().is_some_and(|ending| ending == "ltx"),
        )?;
        Ok(copy)
    }

    fn command(&self, aim: &Aim<'_>, settings: &Settings) -> std::process::Command {
        let settings = settings.with("ARCHIVE__URL", archiver::url(&self.archive));
        let into = self.into.display().to_string();
        let arguments = ["restore", "--at", "latest", "--into", &into];
        application::command(aim.scratch, &settings, &arguments)
    }

    fn command_refused(
        &self,
        aim: &Aim<'_>,
        what: &str,
        settings: &Settings,
        exit: i32,
    ) -> Result<Shot> {
        Shot::command_within(
            limits::WHOLE,
            format!("scorehold restore: {what}"),
            &self.command(aim, settings),
            exit,
        )
    }

    /// A restore that must be refused, and leave nothing behind.
    fn restore(&self, aim: &Aim<'_>, what: &str, settings: &Settings, exit: i32) -> Result<Shot> {
        let mut shot = self.command_refused(aim, what, settings, exit)?;
        if self.into.exists() {
            shot.answer = Answer::WentThrough;
        }
        Ok(shot)
    }

    /// It takes room.
    fn remove(self) -> Result<()> {
        if self.into.exists() {
            fs::remove_file(self.into)?;
        }
        Ok(fs::remove_dir_all(self.archive)?)
    }
}

/// The files of an archive, in all its levels, with the transactions from which and to which each goes.
fn files(of_database: &Path) -> Result<Vec<(String, String, PathBuf)>> {
    let mut files = Vec::new();
    for level in fs::read_dir(of_database.join("ltx"))? {
        for file in fs::read_dir(level?.path())? {
            let file = file?.path();
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            let (from, to) = name.split_once('-').context("a file of another kind")?;
            files.push((from.to_owned(), to.to_owned(), file.clone()));
        }
    }
    Ok(files)
}

/// Whatever holds the newest commit.
fn newest(of_database: &Path) -> Result<Vec<PathBuf>> {
    let files = files(of_database)?;
    let newest = files.iter().map(|(_, to, _)| to).max().cloned();
    Ok(files
        .into_iter()
        .filter(|(_, to, _)| Some(to) == newest.as_ref())
        .map(|(.., file)| file)
        .collect())
}

/// Whatever holds the first copy, to which all others are added.
fn first(of_database: &Path) -> Result<Vec<PathBuf>> {
    let files = files(of_database)?;
    let first = files.iter().map(|(from, ..)| from).min().cloned();
    Ok(files
        .into_iter()
        .filter(|(from, ..)| Some(from) == first.as_ref())
        .map(|(.., file)| file)
        .collect())
}
