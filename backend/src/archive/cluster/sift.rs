//! Which of several copies of one file of the log is sound. It is asked only where what was taken first cannot be
//! read through: otherwise nothing is read twice.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::programs::run;
use super::wal::{Gathered, Log, Segment, copies, place};
use super::{Failure, Site};

/// Takes, of each file that the sources hold otherwise, the copy that can be read furthest. `false`: it is the
/// one that was taken before, everywhere.
///
/// # Errors
/// 69 without pg_waldump, 74.
pub fn sift(site: &Site, sources: &[PathBuf], log: Log, into: &Gathered) -> Result<bool, Failure> {
    let (mut segment, mut before, mut has_changed) = (log.first, None, false);
    while segment <= log.last {
        let here = into.path().join(segment.name());
        let copies = copies(sources, segment);
        // What came from the archive is a file of its own, and stands alone.
        if let Ok(taken) = fs::read_link(&here)
            && differ(&copies)?
        {
            let best = furthest(site, copies, (before, segment), &here)?;
            point(&here, &best)?;
            has_changed |= best != taken;
        }
        before = Some(segment);
        segment = segment.next();
    }
    Ok(has_changed)
}

fn differ(copies: &[PathBuf]) -> Result<bool, Failure> {
    let read =
        |copy: &PathBuf| fs::read(copy).map_err(|error| Failure::io(&copy.display(), &error));
    let Some((first, others)) = copies.split_first() else {
        return Ok(false);
    };
    let first = read(first)?;
    for other in others {
        if read(other)? != first {
            return Ok(true);
        }
    }
    Ok(false)
}

fn furthest(
    site: &Site,
    copies: Vec<PathBuf>,
    (before, segment): (Option<Segment>, Segment),
    here: &Path,
) -> Result<PathBuf, Failure> {
    let mut best = (0, here.to_path_buf());
    for copy in copies {
        point(here, &copy)?;
        let reach = reach(site, here, before, segment)?;
        if reach >= best.0 {
            best = (reach, copy);
        }
    }
    Ok(best.1)
}

/// How far it can be read. A record may begin in the file before it.
fn reach(
    site: &Site,
    here: &Path,
    before: Option<Segment>,
    segment: Segment,
) -> Result<u64, Failure> {
    let mut command = site.postgres().command("pg_waldump");
    command.arg("--quiet").arg("--path");
    command.arg(here.parent().unwrap_or(Path::new(".")));
    command.args(before.map(Segment::name)).arg(segment.name());
    let ended = run(&mut command)?;
    if ended.code == Some(0) {
        return Ok(u64::MAX);
    }
    let words = ended.err.split_whitespace();
    let places = words.filter_map(|word| place(word.trim_end_matches([':', ',', ';'])));
    Ok(places.max().unwrap_or_default())
}

fn point(here: &Path, copy: &Path) -> Result<(), Failure> {
    let replaced = fs::remove_file(here).and_then(|()| symlink(copy, here));
    replaced.map_err(|error| Failure::io(&here.display(), &error))
}
