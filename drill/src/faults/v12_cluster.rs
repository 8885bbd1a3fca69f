//! V12 on PostgreSQL: what the receivers hold, or the archive, is damaged, gone, or somebody else's. Copies of it
//! are, so that the drill goes on.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::Shot;
use super::copies::{cut, each, flip, link_tree, scratch};
use super::restore::{DAMAGED, NOTHING, OUT_OF_REACH, Restore};
use crate::limits;
use crate::provision::{Aim, cluster, process};

type Damage = fn(&Copy) -> Result<()>;

/// What is done to the copies, and how a restore then ends.
const DAMAGES: [(&str, Damage, i32); 7] = [
    (
        "the newest log cut",
        |copy| each(copy.newest()?, |file| cut(file, 2)),
        DAMAGED,
    ),
    (
        "a bit of the newest log",
        |copy| each(copy.newest()?, flip),
        DAMAGED,
    ),
    (
        "the log of another lineage",
        Copy::swap_lineages,
        OUT_OF_REACH,
    ),
    (
        "the list of a backup emptied",
        |copy| each(copy.lists()?, |file| cut(file, 0)),
        DAMAGED,
    ),
    (
        "the list of all backups emptied",
        |copy| each(copy.catalogues(), |file| cut(file, 0)),
        DAMAGED,
    ),
    (
        "a few bits of a backup",
        |copy| each(copy.backup()?, scratch),
        DAMAGED,
    ),
    (
        "all backups gone",
        |copy| Ok(fs::remove_dir_all(copy.repository())?),
        NOTHING,
    ),
];

/// Every damage, and what is whole but not to be had.
pub fn fire(aim: &Aim<'_>) -> Result<Vec<Shot>> {
    finish_log(aim)?;
    let mut shots = Vec::new();
    for (what, damage, exit) in DAMAGES {
        let copy = Copy::make(aim)?;
        damage(&copy)?;
        shots.push(copy.restore(aim).gives_nothing(what, exit)?);
        copy.remove()?;
    }
    let copy = Copy::make(aim)?;
    // With one of two logs damaged all of it comes back.
    let damage_one = || flip(copy.newest()?.first().context("no log")?);
    let onto = "onto a directory that exists";
    shots.extend(copy.restore(aim).only_by_its_own(onto, damage_one)?);
    copy.remove()?;
    Ok(shots)
}

/// What is finished is not written to any more, and can be copied.
fn finish_log(aim: &Aim<'_>) -> Result<()> {
    let switch = "SELECT pg_walfile_name(pg_switch_wal())";
    let file = aim.scratch.production.value(switch)?;
    let begun = Instant::now();
    let directory = &aim.scratch.marker.directory;
    let is_there = |(_, place): (&str, PathBuf)| place.join(stanza(aim)).join(&file).exists();
    while !cluster::receivers(directory).into_iter().all(is_there) {
        let waited = begun.elapsed();
        ensure!(waited < limits::READY, "the receivers do not finish {file}");
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn stanza(aim: &Aim<'_>) -> String {
    format!("scorehold-{}", aim.scratch.marker.lineage)
}

/// A copy of all that is elsewhere, on a machine that has nothing else.
struct Copy {
    place: PathBuf,
    stanza: String,
}

impl Copy {
    fn make(aim: &Aim<'_>) -> Result<Self> {
        let directory = &aim.scratch.marker.directory;
        // One at a time, and a short name: that of a socket below it has an end.
        let place = directory.join("copy");
        let copy = Self {
            place,
            stanza: stanza(aim),
        };
        let whole = |file: &Path| {
            file.extension()
                .is_none_or(|end| end != "partial" && end != "tmp")
        };
        for (name, received) in cluster::receivers(directory) {
            link_tree(&received, &copy.place.join(name), whole)?;
        }
        for kind in ["archive", "backup"] {
            let from = directory.join("repository").join(kind).join(&copy.stanza);
            link_tree(
                &from,
                &copy.repository().join(kind).join(&copy.stanza),
                whole,
            )?;
        }
        fs::create_dir(cluster::clusters(&copy.place))?;
        process::hand_over(&copy.place)?;
        // What is damaged is not tried again after 15 s.
        cluster::configure_archive(directory, &copy.place, "job-retry=0\n")?;
        Ok(copy)
    }

    fn repository(&self) -> PathBuf {
        self.place.join("repository")
    }

    /// The newest file of the log, with each of the receivers.
    fn newest(&self) -> Result<Vec<PathBuf>> {
        let received = cluster::receivers(&self.place).map(|(_, place)| place.join(&self.stanza));
        received.iter().map(|place| newest(place, "0")).collect()
    }

    fn backups(&self) -> PathBuf {
        self.repository().join("backup").join(&self.stanza)
    }

    /// What a backup consists of; there are two of the list.
    fn lists(&self) -> Result<Vec<PathBuf>> {
        let backup = newest(&self.backups(), "2")?;
        Ok(["backup.manifest", "backup.manifest.copy"]
            .map(|list| backup.join(list))
            .to_vec())
    }

    /// Which backups there are; two as well.
    fn catalogues(&self) -> Vec<PathBuf> {
        ["backup.info", "backup.info.copy"]
            .map(|list| self.backups().join(list))
            .to_vec()
    }

    /// The largest of its files.
    fn backup(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        walk(&newest(&self.backups(), "2")?.join("pg_data"), &mut files)?;
        files.sort_by_key(|file| fs::metadata(file).map_or(0, |found| found.len()));
        Ok(files.pop().into_iter().collect())
    }

    /// Another lineage goes on on another timeline, with which the names of its files begin.
    fn swap_lineages(&self) -> Result<()> {
        for (_, place) in cluster::receivers(&self.place) {
            let ours = place.join(&self.stanza);
            for file in fs::read_dir(&ours)? {
                let file = file?;
                let name = file.file_name().to_string_lossy().into_owned();
                let number = name.get(8..).context("a file of another kind")?;
                fs::rename(file.path(), ours.join(format!("000000FE{number}")))?;
            }
        }
        Ok(())
    }

    fn restore<'a>(&self, aim: &'a Aim<'a>) -> Restore<'a> {
        let settings = &aim.scratch.marker.settings;
        Restore {
            aim,
            settings: cluster::settings(&self.place, settings, "barrier"),
            into: self.place.join("aside"),
        }
    }

    /// It takes room.
    fn remove(self) -> Result<()> {
        Ok(fs::remove_dir_all(self.place)?)
    }
}

/// The last by its name of those that begin so.
fn newest(directory: &Path, begin: &str) -> Result<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(begin) {
            found.push(entry.path());
        }
    }
    let newest = found.into_iter().max();
    newest.with_context(|| format!("{} is empty", directory.display()))
}

fn walk(directory: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        match path.is_dir() {
            true => walk(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}
