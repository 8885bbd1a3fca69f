//! The log of a lineage, put together from what the receivers hold, what the old cluster left behind and what
//! the archive has. Every receiver may be behind the others by what it was about to write.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::{Failure, Site, pgbackrest};

/// What PostgreSQL is built with, unless somebody asked for another size.
pub(super) const SEGMENT: u64 = 16 * 1024 * 1024;
const PER_FILE_NUMBER: u64 = 0x1_0000_0000 / SEGMENT;

/// A file of the log: its timeline and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Segment {
    timeline: u32,
    number: u64,
}

impl Segment {
    /// The file with this name.
    pub fn named(name: &str) -> Option<Self> {
        let part = |at: usize| u32::from_str_radix(name.get(at..at + 8)?, 16).ok();
        let (timeline, high, low) = (part(0)?, part(8)?, part(16)?);
        (name.len() == 24).then_some(Self {
            timeline,
            number: u64::from(high) * PER_FILE_NUMBER + u64::from(low),
        })
    }

    /// The timeline that it belongs to.
    pub fn timeline(self) -> u32 {
        self.timeline
    }

    /// Its name.
    pub fn name(self) -> String {
        let (high, low) = (self.number / PER_FILE_NUMBER, self.number % PER_FILE_NUMBER);
        format!("{:08X}{high:08X}{low:08X}", self.timeline)
    }

    /// The one after it.
    pub(super) fn next(self) -> Self {
        let number = self.number + 1;
        Self { number, ..self }
    }

    /// The place of its first byte, as PostgreSQL writes it.
    pub fn start(self) -> String {
        let place = self.first_byte();
        format!("{:X}/{:X}", place >> 32, place & 0xFFFF_FFFF)
    }

    fn first_byte(self) -> u64 {
        self.number * SEGMENT
    }

    /// Whether a place in the log lies in this file.
    pub fn holds(self, place: u64) -> bool {
        place / SEGMENT == self.number
    }

    /// A file that was made for later still carries the place of its former life in its head.
    fn is_begun_in(self, file: &Path) -> bool {
        let mut head = [0; 16];
        let read = File::open(file).and_then(|mut file| file.read_exact(&mut head));
        let timeline = head[4..8].try_into().map(u32::from_le_bytes).ok();
        let place = head[8..16].try_into().map(u64::from_le_bytes).ok();
        read.is_ok()
            && head[..2] != [0, 0]
            // Where a timeline begins, the file begins with the one before.
            && timeline.is_some_and(|timeline| timeline <= self.timeline)
            && place == Some(self.first_byte())
    }
}

/// A directory in which a log is put together. It goes with its owner; what it was put together from stays.
#[derive(Debug)]
pub struct Gathered(PathBuf);

impl Gathered {
    /// Makes it. What an attempt that was killed has left there is ours too.
    ///
    /// # Errors
    /// 74.
    pub fn at(path: PathBuf) -> Result<Self, Failure> {
        clear(&path);
        fs::create_dir(&path).map_err(|error| Failure::io(&path.display(), &error))?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Gathered {
    fn drop(&mut self) {
        clear(&self.0);
    }
}

/// Files and links of one directory, and then itself; nothing below.
fn clear(path: &Path) {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    for entry in
        entries.filter(|entry| Segment::named(&entry.file_name().to_string_lossy()).is_some())
    {
        let _gone = fs::remove_file(entry.path());
    }
    let _gone = fs::remove_dir(path);
}

/// The newest unbroken part of a log that was put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Log {
    /// Its first file.
    pub first: Segment,
    /// Its last file.
    pub last: Segment,
}

/// Puts the log together from these directories in a new one, from a segment on. `None`: nothing of it is on this
/// machine, and all there is comes from the archive while it is replayed.
///
/// # Errors
/// 65 when a file between others is nowhere; 69 when the archive does not answer; 74.
pub fn gather(
    site: &Site,
    lineage: i32,
    sources: &[PathBuf],
    first: &str,
    into: &Gathered,
) -> Result<Option<Log>, Failure> {
    let into = into.path();
    let unknown = || Failure::new(Failure::DAMAGED, format!("{first} is no file of a log"));
    let first = Segment::named(first).ok_or_else(unknown)?;
    readable(sources)?;
    let found = found(sources, first);
    let Some(last) = found.last().copied() else {
        return Ok(None);
    };
    // pgBackRest asks a cluster which archive is its own, so without one it fetches nothing.
    let fetches = site.cluster(lineage).join("global/pg_control").is_file();
    let (mut segment, mut begin) = (first, None);
    while segment <= last {
        let here = into.join(segment.name());
        let is_there = match best(sources, segment) {
            Some(file) => symlink(&file, &here)
                .map(|()| true)
                .map_err(|error| Failure::io(&here.display(), &error))?,
            None if sources.iter().any(|source| is_cut(source, segment)) => {
                let name = segment.name();
                let why = format!("of {name} of the log there are only parts: it is damaged");
                return Err(Failure::new(Failure::DAMAGED, why));
            }
            None => fetches && pgbackrest::fetch(site, lineage, &segment.name(), &here)?,
        };
        begin = if is_there {
            begin.or(Some(segment))
        } else {
            None
        };
        segment = segment.next();
    }
    Ok(begin.map(|first| Log { first, last }))
}

/// What cannot be read must not be taken for what is not there.
fn readable(sources: &[PathBuf]) -> Result<(), Failure> {
    let absent = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    let failed = |path: &Path, error| Err(Failure::io(&path.display(), &error));
    for source in sources {
        let entries = match fs::read_dir(source) {
            Ok(entries) => entries,
            Err(error) if absent(&error) => continue,
            Err(error) => return failed(source, error),
        };
        for file in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            match File::open(&file) {
                Err(error) if !absent(&error) => return failed(&file, error),
                _ => {}
            }
        }
    }
    Ok(())
}

/// The files of one timeline that somebody has, in their order.
fn found(sources: &[PathBuf], first: Segment) -> Vec<Segment> {
    let entries = sources
        .iter()
        .filter_map(|source| fs::read_dir(source).ok());
    let names = entries
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut segments: Vec<Segment> = names
        .filter_map(|name| Segment::named(name.trim_end_matches(".partial")))
        .filter(|segment| segment.timeline == first.timeline && *segment >= first)
        .filter(|segment| {
            best(sources, *segment).is_some()
                || sources.iter().any(|source| is_cut(source, *segment))
        })
        .collect();
    segments.sort_unstable();
    segments
}

/// Every file of the log is made as long as it will be.
fn is_whole(file: &Path) -> bool {
    file.metadata().is_ok_and(|found| found.len() == SEGMENT)
}

/// Whether a source has a file that was begun, and is shorter now than it was made.
fn is_cut(source: &Path, segment: Segment) -> bool {
    let mut names = [segment.name(), format!("{}.partial", segment.name())].into_iter();
    names.any(|name| {
        let file = source.join(name);
        !is_whole(&file) && segment.is_begun_in(&file)
    })
}

/// A finished file, or of those that are not the one that goes furthest. What the old cluster left holds no
/// less than what it sent.
fn best(sources: &[PathBuf], segment: Segment) -> Option<PathBuf> {
    let whole = begun(sources, segment, "").into_iter().next();
    whole.or_else(|| {
        begun(sources, segment, ".partial")
            .into_iter()
            .max_by_key(|file| extent(file))
    })
}

fn begun(sources: &[PathBuf], segment: Segment, ending: &str) -> Vec<PathBuf> {
    let name = format!("{}{ending}", segment.name());
    let files = sources.iter().map(|source| source.join(&name));
    files
        .filter(|file| segment.is_begun_in(file) && is_whole(file))
        .collect()
}

/// Whatever the sources have of one file; those that are finished last.
pub(super) fn copies(sources: &[PathBuf], segment: Segment) -> Vec<PathBuf> {
    let mut copies = begun(sources, segment, ".partial");
    copies.append(&mut begun(sources, segment, ""));
    copies
}

impl Log {
    /// Where a cluster that replayed it must have come to, at least.
    pub fn is_replayed_by(&self, data: &Path) -> bool {
        fork(data)
            .is_some_and(|place| self.last.holds(place) || place == self.last.next().first_byte())
    }
}

/// Where a cluster left the timeline that it was restored from, as its newest history says.
fn fork(data: &Path) -> Option<u64> {
    let names = fs::read_dir(data.join("pg_wal")).ok()?;
    let histories = names.filter_map(|entry| Some(entry.ok()?.path()));
    let newest = histories
        .filter(|path| path.extension().is_some_and(|end| end == "history"))
        .max()?;
    let text = fs::read_to_string(newest).ok()?;
    let last = text.lines().rev().find(|line| !line.trim().is_empty())?;
    place(last.split_whitespace().nth(1)?)
}

/// A place as PostgreSQL writes it: `0/3004860`.
pub(super) fn place(text: &str) -> Option<u64> {
    let (high, low) = text.split_once('/')?;
    let part = |text| u64::from_str_radix(text, 16).ok();
    Some((part(high)? << 32) | part(low)?)
}

/// How far a file is written. A receiver makes it as long as it will be, with zeros.
fn extent(file: &Path) -> u64 {
    const BLOCK: usize = 64 * 1024;
    let last = || -> std::io::Result<u64> {
        let mut file = File::open(file)?;
        let mut end = file.metadata()?.len();
        let mut block = vec![0; BLOCK];
        while end > 0 {
            let length = end.min(BLOCK as u64);
            let start = end - length;
            file.seek(SeekFrom::Start(start))?;
            let read = file.by_ref().take(length).read_to_end({
                block.clear();
                &mut block
            })?;
            if let Some(at) = block[..read].iter().rposition(|byte| *byte != 0) {
                return Ok(start + at as u64 + 1);
            }
            end = start;
        }
        Ok(0)
    };
    last().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_as_postgresql_counts() {
        let segment = Segment::named("0000000200000001000000FF").unwrap();
        assert_eq!(segment.next().name(), "000000020000000200000000");
        assert!(segment.holds(0x1_FF00_0010) && !segment.holds(0x2_0000_0000));
        assert_eq!(
            (segment.start().as_str(), place("1/FF000000")),
            ("1/FF000000", Some(segment.first_byte()))
        );
        assert_eq!(Segment::named("00000002.history"), None);
        assert_eq!(Segment::named("0000000200000001000000FF.partial"), None);
    }
}
