//! Faults that go through: something is killed or wiped, found, and made good.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::{Range, SETTLED};
use crate::compare;
use crate::faults::harm::{Cure, Found, Harm};
use crate::faults::v9_kills::{self, Victim};
use crate::load::Crowd;
use crate::oracle;
use crate::provision::Recovery;
use crate::report::{Ending, Entry};

/// How long nobody may notice a harm. What it takes is in the report.
const UNNOTICED: Duration = Duration::from_secs(10);
/// Answers that left before a harm and arrive after it.
const ON_THEIR_WAY: Duration = Duration::from_millis(500);
/// How long nothing may be acknowledged, where that alone can be looked at.
const WATCHED: Duration = Duration::from_secs(2);
/// Clients in haste ask again so soon.
const HASTE: Duration = Duration::from_millis(250);

impl Range {
    pub(super) fn kill(
        &mut self,
        victims: &[Victim],
        crowd: &Crowd,
        entry: &mut Entry,
    ) -> Result<()> {
        entry.ending = Ending::Survived;
        entry.shots = victims.len();
        let mut rng = fastrand::Rng::with_seed(self.seed);
        for victim in victims {
            let killed = v9_kills::kill(&mut self.scratch, *victim, &mut rng)?;
            if !crowd.pulse.goes_on() {
                break;
            }
            entry.was_back_after(killed.elapsed());
        }
        Ok(())
    }

    /// One harm after the other, each under load, and each made good before the next.
    pub(super) fn undo(&mut self, harms: &[Harm], crowd: &Crowd, entry: &mut Entry) -> Result<()> {
        entry.ending = Ending::Undone;
        entry.shots = harms.len();
        for harm in harms {
            self.scratch.aim()?;
            (harm.before)(&mut self.scratch)?;
            if harm.found == Found::ByServer {
                self.scratch.until_ready()?;
            }
            let struck = Instant::now();
            (harm.strike)(&mut self.scratch)?;
            let dealt = Instant::now();
            if harm.found == Found::ByServer {
                if !self.scratch.takes_no_changes(UNNOTICED) {
                    entry.remarks.push(format!("{}: nobody noticed", harm.what));
                }
                entry.was_found_after(dealt.elapsed());
            }
            let recovery = self.cure(harm, struck, crowd, entry)?;
            if !crowd.pulse.goes_on() {
                entry.remarks.push(format!("{}: not back", harm.what));
                break;
            }
            entry.was_back_after(struck.elapsed());
            if let Some(recovery) = recovery {
                entry.was_recovered(harm.what, &recovery);
                self.scratch.clear_former()?;
            }
        }
        Ok(())
    }

    fn cure(
        &mut self,
        harm: &Harm,
        struck: Instant,
        crowd: &Crowd,
        entry: &mut Entry,
    ) -> Result<Option<Recovery>> {
        let (since, end) = match harm.cure {
            Cure::Recovery => return self.scratch.recover().map(Some),
            Cure::Ends(end) => (struck, end),
            Cure::Room(end) => (Instant::now(), end),
        };
        let unsafe_ones = self.acknowledged_in_vain(since, crowd)?;
        let answers = crowd.pulse.window(struck).reasons;
        if let (Cure::Room(_), Some(fault)) =
            (harm.cure, answers.iter().find(|one| one.starts_with("500")))
        {
            entry
                .remarks
                .push(format!("{}: it was answered {fault}", harm.what));
        }
        if unsafe_ones > 0 {
            let what = harm.what;
            entry.remarks.push(format!(
                "{what}: {unsafe_ones} acknowledged changes are not in the archive"
            ));
        }
        end(&mut self.scratch)?;
        Ok(None)
    }

    /// How many changes the clients were promised that this machine alone has. Where the archive cannot be
    /// asked: how many were acknowledged at all when nothing carried them away any more.
    fn acknowledged_in_vain(&self, struck: Instant, crowd: &Crowd) -> Result<usize> {
        let Some(archived) = self.scratch.archived()? else {
            let from = struck + ON_THEIR_WAY;
            std::thread::sleep((from + WATCHED).saturating_duration_since(Instant::now()));
            return Ok(crowd.pulse.window(from).acknowledged);
        };
        let records = oracle::read(&self.oracles)?;
        let archived = compare::database::read(&archived, &self.boards)?;
        self.scratch.clear_former()?;
        Ok(compare::judge(&records, &self.boards, &archived).lost.len())
    }

    /// V9b: a replay is an acknowledgement too.
    pub(super) fn stall(&mut self, crowd: &Crowd, entry: &mut Entry) -> Result<()> {
        entry.ending = Ending::Undone;
        entry.shots = 1;
        let hasty = self.crowd("hasty", &self.boards[SETTLED..], usize::MAX, HASTE)?;
        ensure!(
            hasty.pulse.goes_on(),
            "the clients in haste are not answered"
        );
        let struck = Instant::now();
        self.scratch.signal_archive("STOP")?;
        std::thread::sleep(6 * HASTE);
        let asked_again = hasty.pulse.window(struck).unknown;
        // With what is still on its way to it.
        self.scratch.kill_archive();
        self.scratch.lose_machine()?;
        hasty.stop()?;
        if asked_again == 0 {
            entry.remarks.push("nobody asked again".to_owned());
        }
        let recovery = self.scratch.recover()?;
        if !crowd.pulse.goes_on() {
            entry.remarks.push("not back".to_owned());
        }
        entry.was_back_after(struck.elapsed());
        entry.was_recovered("the machine lost", &recovery);
        self.scratch.clear_former()
    }
}
