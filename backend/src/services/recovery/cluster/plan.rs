//! From which backup, and how far: the last good point.

use std::path::Path;

use super::super::{At, Say};
use super::{database_name, used};
use crate::archive::cluster::Site;
use crate::archive::cluster::pgbackrest::{self, Backup, Lineage, Target};
use crate::archive::cluster::shot::{self, Story};
use crate::archive::cluster::sift::sift;
use crate::archive::cluster::wal::{self, Gathered, Log};
use crate::archive::disk::beside;
use crate::config::{ArchiveMode, Config};
use crate::domain::time::{Clock, SystemClock, Timestamp};
use crate::error::StartError;

/// What is known of the database that is to be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Old {
    /// It answers, and has lost something.
    Wiped,
    /// It does not answer, or its files are not what its log says.
    Lost,
}

/// Other changes after the first sign of a wipe, beyond which nobody knows what that sign was.
const DOUBT: u64 = 100;

/// From where, how far.
#[derive(Debug)]
pub(super) struct Plan {
    pub lineage: i32,
    /// The newest lineage that the archive knows.
    pub newest: i32,
    pub backup: Backup,
    pub target: Target,
    /// The log, put together.
    pub wal: Gathered,
    pub log: Option<Log>,
}

impl Plan {
    /// Finds the backup and the point, and puts the log together beside the new directory.
    pub fn make(
        config: &Config,
        site: &Site,
        (at, old): (Option<At>, Old),
        into: &Path,
        say: Say<'_>,
    ) -> Result<Self, StartError> {
        let lineages = pgbackrest::lineages(site)?;
        let newest = lineages.last().map_or(0, |newest| newest.lineage);
        let lineages = used(site, lineages);
        let (source, backups) = candidates(&lineages, at)?;
        let lineage = source.lineage;
        let mut sources = site.received(lineage);
        sources.push(site.cluster(lineage).join("pg_wal"));
        for backup in backups {
            let wal = Gathered::at(beside(into, ".wal"))?;
            let log = wal::gather(site, lineage, &sources, &backup.first_segment, &wal)?;
            if log.is_none() && is_newest(at) && config.archive.mode == ArchiveMode::Barrier {
                return Err(no_log(&site.stanza(lineage)));
            }
            let story = |log| read(config, site, (lineage, backup), at, (&wal, log));
            let story = log.map(|log| match story(log) {
                Err(error) if error.exit == 65 && sift(site, &sources, log, &wal)? => {
                    say("a copy of the log is damaged; another one is taken")?;
                    story(log)
                }
                read => read,
            });
            let story = match (at, story.transpose()) {
                // What lies behind the moment that was asked for is in nobody's way.
                (Some(At::Time(_) | At::Transaction(_)), Err(error)) if error.exit == 65 => {
                    say(&error.message)?;
                    None
                }
                (_, read) => read?,
            };
            let target = match (at, story) {
                (None, None) => (old == Old::Lost).then_some(Target::End),
                (None, Some(story)) => {
                    say(&told(&story))?;
                    good_point(&story, old)?
                }
                (Some(at), story) => target(at, story.as_ref()),
            };
            if let Some(target) = target {
                let backup = backup.clone();
                return Ok(Self {
                    lineage,
                    newest,
                    backup,
                    target,
                    wal,
                    log,
                });
            }
        }
        let why = match at {
            Some(At::Transaction(xid)) => format!("the log since the oldest backup knows no transaction {xid}"),
            _ => "the database is damaged, but the log since the oldest backup does not tell by what; name the moment with --at".to_owned(),
        };
        Err(StartError::new(66, format!("{why}. Nothing was restored")))
    }
}

/// What the log tells about the database of this configuration.
fn read(
    config: &Config,
    site: &Site,
    (lineage, backup): (i32, &Backup),
    at: Option<At>,
    (wal, log): (&Gathered, Log),
) -> Result<Story, StartError> {
    let name = database_name(config)?;
    let number = pgbackrest::database_number(site, lineage, &backup.label, &name)?;
    let from = match log.first.name() == backup.first_segment {
        true => backup.first_record.clone(),
        false => log.first.start(),
    };
    let wanted = match at {
        Some(At::Transaction(xid)) => Some(xid),
        _ => None,
    };
    Ok(shot::look(
        site,
        wal.path(),
        &from,
        log.last,
        (number, wanted),
    )?)
}

/// Whether everything is wanted that there is.
fn is_newest(at: Option<At>) -> bool {
    matches!(at, None | Some(At::Latest))
}

fn no_log(stanza: &str) -> StartError {
    StartError::new(
        69,
        format!(
            "nothing of the log of {stanza} is here: what was changed last would be missing. Nothing was restored. \
             Make what the receivers hold readable on this machine, name it in SCOREHOLD__CLUSTER__RECEIVERS, and \
             ask again"
        ),
    )
}

/// How far a restore goes, if the log since the backup leads there. PostgreSQL refuses a moment after which
/// nothing was committed.
fn target(at: At, story: Option<&Story>) -> Option<Target> {
    match at {
        At::Latest => Some(Target::End),
        At::Transaction(xid) => story
            .is_none_or(|story| story.holds_wanted)
            .then_some(Target::Before(xid)),
        At::Time(time) => {
            let is_past_all = story.is_some_and(|story| story.ends_at < written(time));
            Some(match is_past_all {
                true => Target::End,
                false => moment(time),
            })
        }
    }
}

/// To a moment.
pub(super) fn moment(time: Timestamp) -> Target {
    Target::Time(format!("{}+00", written(time)))
}

/// A time as PostgreSQL writes it in UTC.
fn written(time: Timestamp) -> String {
    time.to_string().replace('T', " ").replace('Z', "")
}

/// The backups from which the point can be reached, the best first.
fn candidates(
    lineages: &[Lineage],
    at: Option<At>,
) -> Result<(&Lineage, Vec<&Backup>), StartError> {
    let nothing = |why: &str| StartError::new(66, format!("{why}; nothing was touched"));
    let newest = lineages.last();
    let newest = newest.ok_or_else(|| nothing("the archive holds no backup"))?;
    let Some(At::Time(time)) = at else {
        return Ok((newest, newest.backups()?.iter().rev().collect()));
    };
    if time > SystemClock.now() {
        return Err(nothing(&format!("{time} has not come yet")));
    }
    let reaches = |backup: &&Backup| backup.stopped_at * 1000 <= time.millis();
    for lineage in lineages.iter().rev() {
        if let Some(backup) = lineage.backups()?.iter().rev().find(reaches) {
            return Ok((lineage, vec![backup]));
        }
    }
    Err(nothing(&format!("the archive begins after {time}")))
}

/// As far as everything is good: all of it, unless the log tells where it was wiped.
fn good_point(story: &Story, old: Old) -> Result<Option<Target>, StartError> {
    let Some(first) = story.shots.first() else {
        return Ok((old == Old::Lost).then_some(Target::End));
    };
    if story.committed_since > DOUBT {
        return Err(StartError::new(
            66,
            format!(
                "transaction {} gave up {}, but {} changes came after it, so that nobody knows whether it did harm. \
                 Nothing was restored. Name the moment with --at: a time, or the number of the transaction before \
                 which to stop",
                first.xid, first.what, story.committed_since
            ),
        ));
    }
    Ok(Some(Target::Before(first.xid)))
}

fn told(story: &Story) -> String {
    match story.shots.first() {
        None => format!(
            "{} changes since the backup, and none that wiped anything",
            story.committed
        ),
        Some(shot) => format!(
            "transaction {} of {} gave up {}; the last good point is just before it, {} changes after the backup. \
             {} changes came after it: they are left out, and stay in the old cluster",
            shot.xid, shot.at, shot.what, story.committed, story.committed_since
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::cluster::Failure;
    use crate::archive::cluster::shot::Shot;

    fn archive() -> Vec<Lineage> {
        let lineage = |lineage, times: &[i64]| Lineage {
            lineage,
            backups: times
                .iter()
                .map(|time| Backup::complete_in(*time))
                .collect(),
            unread: None,
        };
        vec![lineage(1, &[100, 200]), lineage(2, &[300])]
    }

    fn chosen(at: Option<At>) -> Result<(i32, Vec<i64>), u8> {
        let archive = archive();
        let found = candidates(&archive, at);
        let (lineage, backups) = found.map_err(|error| error.exit)?;
        Ok((
            lineage.lineage,
            backups.iter().map(|one| one.stopped_at).collect(),
        ))
    }

    #[test]
    fn a_moment_is_reached_from_the_newest_backup_before_it() {
        let time = |seconds: i64| Some(At::Time(Timestamp::from_millis(seconds * 1000)));
        assert_eq!(chosen(time(250)), Ok((1, vec![200])));
        assert_eq!(chosen(time(301)), Ok((2, vec![300])));
        assert_eq!(chosen(time(99)), Err(66));
        assert_eq!(chosen(time(9_999_999_999)), Err(66));
        assert_eq!(chosen(None), Ok((2, vec![300])));
    }

    #[test]
    fn nobody_goes_back_to_an_older_lineage_since_the_newest_cannot_be_read() {
        let mut archive = archive();
        archive[1].unread = Some(Failure::new(65, "the list is damaged"));
        for at in [
            None,
            Some(At::Latest),
            Some(At::Time(Timestamp::from_millis(250_000))),
        ] {
            assert_eq!(candidates(&archive, at).unwrap_err().exit, 65, "{at:?}");
        }
    }

    #[test]
    fn a_moment_after_all_is_the_end_and_an_unknown_transaction_nothing() {
        let time = Timestamp::from_millis(1_500);
        let written = Target::Time("1970-01-01 00:00:01.500+00".to_owned());
        assert_eq!(super::target(At::Time(time), None), Some(written.clone()));
        let story = |ends_at: &str| Story {
            ends_at: format!("1970-01-01 00:00:{ends_at} UTC"),
            ..Story::default()
        };
        let target = |ends_at| super::target(At::Time(time), Some(&story(ends_at)));
        assert_eq!(target("01.499999"), Some(Target::End));
        assert_eq!(target("01.500001"), Some(written));
        assert_eq!(
            super::target(At::Transaction(731), Some(&story("01.0"))),
            None
        );
    }

    #[test]
    fn a_sign_with_many_changes_after_it_is_left_to_a_person() {
        let shot = Shot {
            xid: 731,
            at: String::new(),
            what: String::new(),
        };
        let story = |committed_since| Story {
            shots: vec![shot.clone()],
            committed_since,
            committed: 7,
            ..Story::default()
        };
        let before = Ok(Some(Target::Before(731)));
        assert_eq!(
            good_point(&story(DOUBT), Old::Lost).map_err(|e| e.exit),
            before
        );
        assert_eq!(
            good_point(&story(DOUBT + 1), Old::Wiped).map_err(|e| e.exit),
            Err(66)
        );
        let silent = Story::default();
        assert_eq!(
            good_point(&silent, Old::Lost).map_err(|e| e.exit),
            Ok(Some(Target::End))
        );
        assert_eq!(
            good_point(&silent, Old::Wiped).map_err(|e| e.exit),
            Ok(None)
        );
    }
}
