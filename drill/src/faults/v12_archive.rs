//! V12: the archive itself is damaged, or is somebody else's. Copies of it are, so that the drill goes on. What
//! a restore must never do is to bring back a part that looks like the whole.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::Shot;
use super::copies::{cut, each, flip, link_tree};
use super::restore::{DAMAGED, NOTHING, Restore};
use crate::provision::{Aim, Database, archiver, database};

/// How often a copy is made anew: the archiver goes on while its files are listed, and of two that it adds meanwhile
/// the second alone may be seen.
const TRIES: usize = 10;

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
    let mut shots = Vec::new();
    for (what, damage, exit) in DAMAGES {
        let copy = Copy::make(aim)?;
        damage(&copy.of_database)?;
        shots.push(copy.restore(aim).gives_nothing(what, exit)?);
        copy.remove()?;
    }
    let copy = Copy::make(aim)?;
    let onto = "onto a file that exists";
    shots.extend(copy.restore(aim).only_by_its_own(onto, || Ok(()))?);
    copy.remove()?;
    Ok(shots)
}

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
        let of_production = archiver::archive(directory).join(name);
        for _ in 0..TRIES {
            link_tree(&of_production, &copy.of_database, |file| {
                file.extension().is_some_and(|ending| ending == "ltx")
            })?;
            if is_gapless(&copy.of_database)? {
                return Ok(copy);
            }
            fs::remove_dir_all(&copy.archive)?;
        }
        bail!("every copy of the archive has a gap")
    }

    fn restore<'a>(&self, aim: &'a Aim<'a>) -> Restore<'a> {
        let settings = &aim.scratch.marker.settings;
        Restore {
            aim,
            settings: settings.with("ARCHIVE__URL", archiver::url(&self.archive)),
            into: self.into.clone(),
        }
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

/// Whether each file goes on where the others have ended.
fn is_gapless(of_database: &Path) -> Result<bool> {
    let number = |hexadecimal: &str| u64::from_str_radix(hexadecimal, 16);
    let mut files = files(of_database)?;
    files.sort();
    let mut reached = None;
    for (from, to, _) in &files {
        let from = number(from)?;
        if reached.is_some_and(|reached| from > reached + 1) {
            return Ok(false);
        }
        reached = reached.max(Some(number(to)?));
    }
    Ok(reached.is_some())
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
