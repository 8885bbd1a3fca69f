//! `scorehold verify --restore`: the newest state and a random earlier one are restored into a cluster aside and
//! compared with the database in use, and go again.

use super::super::{Say, continues};
use super::aside::Aside;
use super::plan::{Plan, moment};
use super::site;
use crate::archive::cluster::pgbackrest::{self, Backup, Target};
use crate::archive::cluster::server::Server;
use crate::archive::cluster::{Site, wal};
use crate::config::Config;
use crate::db::summary::Summary;
use crate::db::{Conn, Connector, Role, identity};
use crate::domain::time::Timestamp;
use crate::error::StartError;
use crate::repos;

/// What is tried, and with what it is compared.
struct Rehearsal<'a> {
    config: &'a Config,
    site: &'a Site,
    lineage: i32,
    backups: Vec<Backup>,
    database: Conn,
    say: Say<'a>,
}

/// Tries both; answers what came back, in words.
///
/// # Errors
/// 65 when something is missing in what comes back, 73 when another rehearsal is under way; otherwise as a restore.
pub(in super::super) fn rehearse(config: &Config, say: Say<'_>) -> Result<String, StartError> {
    let site = &site(config)?;
    let lineage = identity::check(config)?.lineage;
    let server = Server::at(site, site.cluster(lineage));
    let aside = Aside::of(site, &server.data)?;
    let mut database = Connector::new(config.database.url.clone(), Role::Reader).reach()?;
    let expected = continues::summary(&mut database)?;
    let changed = repos::journal::newest(&mut database)
        .map_err(|error| StartError::unreachable(&config.database.url, &error))?;
    say("all that is committed by now goes into the archive")?;
    pgbackrest::carry_over(site, lineage, &server.data, &server.door()?)?;
    let mut lineages = pgbackrest::lineages(site)?.into_iter();
    let ours = lineages.find(|one| one.lineage == lineage);
    let mut rehearsal = Rehearsal {
        config,
        site,
        lineage,
        backups: match &ours {
            Some(ours) => ours.backups()?.to_vec(),
            None => Vec::new(),
        },
        database,
        say,
    };
    let newest = rehearsal.newest(&aside, &expected)?;
    match random(&rehearsal.backups, changed)? {
        None => Ok(newest),
        Some(earlier) => Ok(newest + "; " + &rehearsal.earlier(&aside, earlier)?),
    }
}

impl Rehearsal<'_> {
    /// From what the receivers hold, if that can be read here.
    fn newest(&mut self, aside: &Aside<'_>, expected: &Summary) -> Result<String, StartError> {
        let stanza = self.site.stanza(self.lineage);
        (self.say)(&format!(
            "tries to bring back the newest state from {stanza}"
        ))?;
        let newest =
            self.backups.last().cloned().ok_or_else(|| {
                StartError::new(66, format!("the archive {stanza} holds no backup"))
            })?;
        let mut plan = self.plan(aside, newest, Target::End)?;
        let received = self.site.received(self.lineage);
        let first = &plan.backup.first_segment;
        plan.log = wal::gather(self.site, self.lineage, &received, first, &plan.wal)?;
        let copy = aside.bring(self.config, &plan, self.say)?;
        continues::refuse_less(&copy.summary, expected)?;
        continues::refuse_strangers(&copy.url, &mut self.database)?;
        continues::refuse_unsound(&continues::look_through(&copy.url, self.say)?)?;
        Ok(format!("the newest state: {}", copy.summary))
    }

    /// From the archive alone.
    fn earlier(
        &mut self,
        aside: &Aside<'_>,
        (backup, time): (Backup, Timestamp),
    ) -> Result<String, StartError> {
        (self.say)(&format!("tries to bring back the state of {time}"))?;
        let plan = self.plan(aside, backup, moment(time))?;
        let copy = aside.bring(self.config, &plan, self.say)?;
        continues::refuse_strangers(&copy.url, &mut self.database)?;
        Ok(format!("the state of {time}: {}", copy.summary))
    }

    fn plan(&self, aside: &Aside<'_>, backup: Backup, target: Target) -> Result<Plan, StartError> {
        Ok(Plan {
            lineage: self.lineage,
            newest: self.lineage,
            backup,
            target,
            wal: aside.gathered()?,
            log: None,
        })
    }
}

/// Any moment between the oldest backup and the newest change, with the backup from which it is reached: PostgreSQL
/// refuses a moment after which nothing was committed.
fn random(
    backups: &[Backup],
    changed: Option<Timestamp>,
) -> Result<Option<(Backup, Timestamp)>, StartError> {
    // A backup says the second in which it was complete.
    let complete = |backup: &Backup| (backup.stopped_at + 1) * 1000;
    let (Some(oldest), Some(changed)) = (backups.first(), changed) else {
        return Ok(None);
    };
    let from = complete(oldest);
    let span = u64::try_from(changed.millis() - from).unwrap_or_default();
    let any = continues::any_below(span)?.and_then(|any| i64::try_from(any).ok());
    Ok(any.and_then(|any| {
        let time = from + any;
        let backup = backups.iter().rev().find(|one| complete(one) <= time)?;
        Some((backup.clone(), Timestamp::from_millis(time)))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_moment_has_a_backup_before_it_and_a_change_after_it() {
        let backups = [10, 20].map(Backup::complete_in);
        let random = |changed: i64| {
            let changed = Some(Timestamp::from_millis(changed));
            let found = random(&backups, changed).unwrap();
            found.map(|(backup, time)| (backup.stopped_at, time.millis()))
        };
        assert_eq!(random(11_001), Some((10, 11_000)));
        assert_eq!(random(11_000), None);
        for _ in 0..1000 {
            let (stopped_at, time) = random(30_000).unwrap();
            assert!((11_000..30_000).contains(&time), "{time}");
            assert_eq!(stopped_at, if time < 21_000 { 10 } else { 20 });
        }
        assert_eq!(super::random(&backups, None).unwrap(), None);
    }
}
