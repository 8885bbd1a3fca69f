//! The log itself tells where a database was wiped, also when its machine is gone: a transaction that gives up
//! the storage of tables says so in its commit record, and DROP DATABASE in one of its own.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Stdio;

use super::programs::missing;
use super::wal::{SEGMENT, Segment, place};
use super::{Failure, Site};

/// A transaction that gave up storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shot {
    /// Its number.
    pub xid: u64,
    /// When it was committed, as the log says it.
    pub at: String,
    /// What it gave up.
    pub what: String,
}

/// What stands in the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Story {
    /// Transactions that gave up storage, the first first.
    pub shots: Vec<Shot>,
    /// How many others were committed after the first of them.
    pub committed_since: u64,
    /// How many were committed before.
    pub committed: u64,
    /// When the last one was committed, as the log says it.
    pub ends_at: String,
    /// Whether the transaction that was asked for is among them.
    pub holds_wanted: bool,
}

/// Reads the log from a place on, to its end.
///
/// # Errors
/// 65 when it ends before its last file.
pub fn look(
    site: &Site,
    wal: &Path,
    from: &str,
    last: Segment,
    asked: (u32, Option<u64>),
) -> Result<Story, Failure> {
    let mut before = None;
    loop {
        let (story, words) = read(site, wal, from, last, asked)?;
        if ends_in(&words, last) && !is_damaged(&words, last, &wal.join(last.name())) {
            return Ok(story);
        }
        // One that is being written has gone on since it was read, and the next time it is read further.
        if before.as_ref() == Some(&words) {
            let (words, ends_at) = (words.trim(), &story.ends_at);
            return Err(Failure::new(
                Failure::DAMAGED,
                format!(
                    "the log is damaged before its end: {words}\n  it is whole until {ends_at}: --at with a time \
                     before that brings back what is",
                ),
            ));
        }
        before = Some(words);
    }
}

/// What stands in it, and what pg_waldump had against it.
fn read(
    site: &Site,
    wal: &Path,
    from: &str,
    last: Segment,
    (database, wanted): (u32, Option<u64>),
) -> Result<(Story, String), Failure> {
    let mut command = site.postgres().command("pg_waldump");
    command
        .arg("--path")
        .arg(wal)
        .arg(format!("--start={from}"))
        .arg(format!("--timeline={}", last.timeline()))
        .args(["--rmgr=Transaction", "--rmgr=Database"])
        .env("TZ", "UTC")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let name = "pg_waldump";
    let mut running = command.spawn().map_err(|error| missing(name, &error))?;
    let mut story = Story::default();
    if let Some(out) = running.stdout.take() {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            story.take(&line, database, wanted);
        }
    }
    let mut words = String::new();
    if let Some(mut err) = running.stderr.take() {
        let _unread = err.read_to_string(&mut words);
    }
    let _ended = running.wait();
    Ok((story, words))
}

/// Whether the log goes on behind the place where it could not be read.
fn is_damaged(words: &str, last: Segment, file: &Path) -> bool {
    match former_life(words) {
        Some(offset) => is_written_after(offset, last, file),
        None => goes_on_after(words, file),
    }
}

/// What was being written when it broke off looks like damage, but nothing comes after it. Every record points
/// back to the one before.
fn goes_on_after(words: &str, file: &Path) -> bool {
    const BROKEN_HEADS: [&str; 2] = ["invalid magic number ", "invalid info bits "];
    let is_overwritten = |head: &str| {
        let number = words.split_once(head).map(|(_, rest)| rest);
        number.is_some_and(|number| !number.starts_with("0000"))
    };
    let named = |word: &str| place(word.trim_end_matches([':', ',', ';']));
    let places: Vec<u64> = words.split_whitespace().filter_map(named).collect();
    let pointer = |record| pointer_to(record, file);
    let broken = match places[..] {
        // What breaks off at the end of a page is not named, but the record before, to which it points.
        [before] => pointer(before).map(|pointer| pointer - POINTER),
        _ => places.last().copied(),
    };
    BROKEN_HEADS.into_iter().any(is_overwritten)
        || broken.is_some_and(|broken| pointer(broken).is_some())
}

/// PostgreSQL gives a file of the log that it needs no more the next name that it will need: where a log ends in
/// such a file, pages of its former life follow. Answers from where on, in bytes.
fn former_life(words: &str) -> Option<usize> {
    let (_, rest) = words.split_once("unexpected pageaddr ")?;
    let (_, offset) = rest.split_once("offset ")?;
    let digits = offset.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

const PAGE: usize = 8192;

/// Whether a page further on carries the place at which it stands: then the log once went on there.
fn is_written_after(offset: usize, segment: Segment, file: &Path) -> bool {
    let bytes = std::fs::read(file).unwrap_or_default();
    let first = place(&segment.start()).unwrap_or_default();
    let mut pages = (first..).step_by(PAGE).zip(bytes.chunks_exact(PAGE));
    pages.any(|(place, page)| {
        place > first + offset as u64 && page[POINTER as usize..][..8] == place.to_le_bytes()
    })
}

/// Where in its head a record points back, in bytes; there a page has its own place.
const POINTER: u64 = 8;

/// The place from where the record after another one points back to it, in the same file.
fn pointer_to(record: u64, file: &Path) -> Option<u64> {
    let bytes = std::fs::read(file).unwrap_or_default();
    let begin = usize::try_from(record % SEGMENT).unwrap_or_default();
    let mut words = bytes.get(begin..).unwrap_or_default().chunks_exact(8);
    let found = words.position(|word| *word == record.to_le_bytes())?;
    Some(record + 8 * u64::try_from(found).ok()?)
}

/// The log has no end of its own: it stops where no further record is.
fn ends_in(words: &str, last: Segment) -> bool {
    let place = |word: &str| place(word.trim_end_matches(':'));
    let names_it = words.contains(&last.name()) || words.contains(&last.next().name());
    names_it
        || words
            .split_whitespace()
            .filter_map(place)
            .any(|place| last.holds(place))
}

impl Story {
    fn take(&mut self, line: &str, database: u32, wanted: Option<u64>) {
        let Some((head, desc)) = line.split_once("desc: ") else {
            return;
        };
        let Some(xid) = number_after(head, "tx:") else {
            return;
        };
        self.holds_wanted |= wanted == Some(xid);
        let what = match desc.split_once(' ') {
            Some(("COMMIT", rest)) => {
                moment(rest).clone_into(&mut self.ends_at);
                let lost = given_up(rest, database);
                if lost.is_empty() {
                    return self.count();
                }
                format!("the storage of {} tables and indexes", lost.len())
            }
            Some(("DROP", rest)) if rest.split_whitespace().any(|dir| is_of(dir, database)) => {
                "the whole database".to_owned()
            }
            _ => return,
        };
        if self.shots.last().is_some_and(|shot| shot.xid == xid) {
            return;
        }
        let at = moment(desc.trim_start_matches("COMMIT ")).to_owned();
        self.shots.push(Shot { xid, at, what });
    }

    fn count(&mut self) {
        match self.shots.is_empty() {
            true => self.committed += 1,
            false => self.committed_since += 1,
        }
    }
}

/// `2026-11-27 21:09:34.136041 UTC; rels: …` of a commit.
fn moment(desc: &str) -> &str {
    desc.split(';').next().unwrap_or_default()
}

fn number_after(text: &str, mark: &str) -> Option<u64> {
    let rest = text.split_once(mark)?.1.trim_start();
    rest.split(',').next()?.trim().parse().ok()
}

/// `dir 1663/16388` of DROP DATABASE.
fn is_of(directory: &str, database: u32) -> bool {
    directory
        .rsplit_once('/')
        .is_some_and(|(_, number)| number.parse() == Ok(database))
}

/// The files of our database that a commit gives up; those of temporary tables go with every session.
fn given_up(desc: &str, database: u32) -> Vec<&str> {
    let folder = format!("base/{database}/");
    let list = desc.split_once("rels: ").map_or("", |(_, rest)| rest);
    let files = list
        .split(';')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let ours = |file: &&str| {
        file.strip_prefix(&folder)
            .is_some_and(|name| !name.starts_with('t'))
    };
    files.filter(ours).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
rmgr: Transaction len (rec/tot):     34/    34, tx:        728, lsn: 0/03000EF0, prev 0/03000EB0, desc: COMMIT 2026-11-27 21:09:34.136041 UTC
rmgr: Transaction len (rec/tot):     98/    98, tx:        729, lsn: 0/03000F00, prev 0/03000EB0, desc: COMMIT 2026-11-27 21:09:34.140000 UTC; rels: base/5/t3_16400; inval msgs: catcache 55
rmgr: Transaction len (rec/tot):    469/   469, tx:        731, lsn: 0/0300A148, prev 0/0300A110, desc: COMMIT 2026-11-27 21:09:34.152739 UTC; rels: base/5/16387 base/5/16390; dropped stats: 2/5/16384
rmgr: Transaction len (rec/tot):     34/    34, tx:        732, lsn: 0/0300A200, prev 0/0300A148, desc: COMMIT 2026-11-27 21:09:34.160000 UTC
rmgr: Database    len (rec/tot):     38/    38, tx:        733, lsn: 0/034299D0, prev 0/03429958, desc: DROP dir 1663/5
rmgr: Transaction len (rec/tot):     98/    98, tx:        733, lsn: 0/034299F8, prev 0/034299D0, desc: COMMIT 2026-11-27 21:09:34.214040 UTC; dropped stats: 1/5/0";

    fn story(database: u32) -> Story {
        let mut story = Story::default();
        LOG.lines()
            .for_each(|line| story.take(line, database, Some(732)));
        story
    }

    #[test]
    fn the_first_transaction_that_gave_up_storage_is_named() {
        let story = story(5);
        let xids: Vec<u64> = story.shots.iter().map(|shot| shot.xid).collect();
        assert_eq!(xids, [731, 733]);
        assert_eq!(story.shots[0].at, "2026-11-27 21:09:34.152739 UTC");
        assert_eq!(story.shots[0].what, "the storage of 2 tables and indexes");
        assert_eq!((story.committed, story.committed_since), (2, 2));
        assert_eq!(story.ends_at, "2026-11-27 21:09:34.214040 UTC");
        assert!(story.holds_wanted);
    }

    #[test]
    fn another_database_is_none_of_ours() {
        assert!(story(7).shots.is_empty());
    }

    #[test]
    fn what_another_record_points_back_to_is_not_the_end() {
        let file = std::env::temp_dir().join(format!("scorehold-shot-{}", std::process::id()));
        let mut log = vec![0; 12_288];
        let words = "error in WAL record at 0/3000100: incorrect resource manager data checksum in record at 0/3000200";
        log[0x200..0x208].copy_from_slice(&7_u64.to_le_bytes());
        std::fs::write(&file, &log).unwrap();
        assert!(!goes_on_after(words, &file), "torn");
        log[0x308..0x310].copy_from_slice(&0x300_0200_u64.to_le_bytes());
        std::fs::write(&file, &log).unwrap();
        assert!(goes_on_after(words, &file), "damaged");
        // A record at 0/3001F00 points back, and its second half would be on a page that was never written.
        let words = "error in WAL record at 0/3001A20: invalid magic number 0000 in log segment \
                     000000010000000000000003, offset 8192";
        log[0x1f08..0x1f10].copy_from_slice(&0x300_1a20_u64.to_le_bytes());
        std::fs::write(&file, &log).unwrap();
        assert!(!goes_on_after(words, &file), "torn over the end of a page");
        log[0x2108..0x2110].copy_from_slice(&0x300_1f00_u64.to_le_bytes());
        std::fs::write(&file, &log).unwrap();
        assert!(goes_on_after(words, &file), "a page that was emptied");
        std::fs::remove_file(&file).unwrap();
        let page = |magic| {
            format!(
                "invalid magic number {magic} in log segment 000000010000000000000003, offset 8192"
            )
        };
        assert!(goes_on_after(&page("D111"), &file));
        assert!(!goes_on_after(&page("0000"), &file));
    }

    #[test]
    fn what_follows_in_a_file_that_had_another_name_is_its_former_life() {
        let words = "error in WAL record at 1/6C001F28: unexpected pageaddr 1/11002000 in log segment \
                     00000001000000010000006C, offset 8192";
        let offset = former_life(words).unwrap();
        assert_eq!(offset, PAGE);
        let last = Segment::named("00000001000000010000006C").unwrap();
        let file = std::env::temp_dir().join(format!("scorehold-life-{}", std::process::id()));
        let mut log = Vec::new();
        for place in [0x1_6C00_0000_u64, 0x1_1100_2000, 0x1_1100_4000] {
            let mut page = vec![0; PAGE];
            page[8..16].copy_from_slice(&place.to_le_bytes());
            log.extend(page);
        }
        std::fs::write(&file, &log).unwrap();
        assert!(!is_written_after(offset, last, &file), "the end");
        log[2 * PAGE + 8..2 * PAGE + 16].copy_from_slice(&0x1_6C00_4000_u64.to_le_bytes());
        std::fs::write(&file, &log).unwrap();
        assert!(
            is_written_after(offset, last, &file),
            "an old page between others"
        );
        std::fs::remove_file(&file).unwrap();
        assert_eq!(former_life("invalid magic number 0000, offset 8192"), None);
    }

    #[test]
    fn a_log_ends_in_its_last_file_or_is_damaged() {
        let last = Segment::named("000000010000000000000003").unwrap();
        let ends = |words: &str| ends_in(words, last);
        assert!(ends(
            "pg_waldump: error: error in WAL record at 0/3483978: invalid record length at 0/34839B0: wanted 24, got 0"
        ));
        assert!(ends(
            "pg_waldump: error: could not find file \"000000010000000000000004\": No such file"
        ));
        assert!(!ends(
            "pg_waldump: error: error in WAL record at 0/2483978: incorrect resource manager data checksum in record at 0/2483978"
        ));
    }
}
