//! Whether this process takes changes: the worse of what its watchdog has found, which needs no
//! database, and of what a person has said there.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::domain::maintenance::{Announcement, Fault, Mode};
use crate::error::{Code, Error};

/// Seconds after which a refused caller may ask again.
const COME_BACK: u64 = 5;

/// The state of one process.
#[derive(Debug, Default)]
pub struct Maintenance {
    told: RwLock<Told>,
}

#[derive(Debug, Default)]
struct Told {
    fault: Option<Fault>,
    /// Until when no look lifts it.
    stays_until: Option<Instant>,
    person: Option<Announcement>,
}

/// Which of the two is the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The watchdog of this process.
    Watchdog,
    /// A person, for every server of the database.
    Person,
}

/// What is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// What it forbids.
    pub mode: Mode,
    /// Who says so.
    pub by: By,
    /// Why, as far as it is known.
    pub why: Option<String>,
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Look.
    Read,
    /// Change something.
    Write,
}

impl Maintenance {
    /// What is in force now.
    pub fn in_force(&self) -> Option<InForce> {
        let told = self.read();
        let fault = told.fault.as_ref().map(|fault| InForce {
            mode: fault.mode,
            by: By::Watchdog,
            why: Some(fault.why.clone()),
        });
        let person = told.person.as_ref().and_then(|said| {
            Some(InForce {
                mode: said.mode?,
                by: By::Person,
                why: said.reason.clone(),
            })
        });
        // Of two equals the one that nobody can talk away.
        [person, fault]
            .into_iter()
            .flatten()
            .max_by_key(|one| one.mode.rank())
    }

    /// What is wrong, if anything.
    pub fn fault(&self) -> Option<Fault> {
        self.read().fault.clone()
    }

    /// A fault was found: no changes are taken until it is lifted.
    pub fn report(&self, fault: Fault) {
        self.note(fault, None);
    }

    /// The same for what no look can see, only the next change: none is let in before a refused caller has been
    /// told to come back.
    pub fn report_unseen(&self, fault: Fault) {
        self.note(fault, Some(Instant::now() + Duration::from_secs(COME_BACK)));
    }

    fn note(&self, fault: Fault, stays_until: Option<Instant>) {
        let before = {
            let mut told = self.write();
            told.stays_until = stays_until;
            told.fault.replace(fault.clone())
        };
        if before.as_ref() != Some(&fault) {
            tracing::error!(mode = %fault.mode, why = %fault.why, "no changes are taken");
        }
    }

    /// Everything was looked at and is well. A fault that was found since that look began stays.
    pub fn lift(&self, seen: &Fault) {
        let mut told = self.write();
        let stays = told.stays_until.is_some_and(|until| Instant::now() < until);
        if told.fault.as_ref() == Some(seen) && !stays {
            told.fault = None;
            tracing::info!(was = %seen.why, "the fault is gone: changes are taken again");
        }
    }

    /// What the last word of a person in the database is.
    pub fn announce(&self, said: Option<Announcement>) {
        self.write().person = said;
    }

    /// Lets a wish pass, or refuses it.
    ///
    /// # Errors
    /// `maintenance`.
    pub fn admit(&self, wish: Wish) -> Result<(), Error> {
        match self.in_force() {
            Some(found) if found.mode == Mode::Full || wish == Wish::Write => Err(refusal(&found)),
            _ => Ok(()),
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Told> {
        self.told.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Told> {
        self.told.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a person says is told; what the watchdog finds is for the operator alone.
fn refusal(found: &InForce) -> Error {
    let detail = match (found.by, &found.why) {
        (By::Person, Some(why)) => why.clone(),
        _ if found.mode == Mode::Full => "This server is being looked after.".to_owned(),
        _ => "This server takes no changes for the moment; reading goes on.".to_owned(),
    };
    Error::new(Code::Maintenance, detail)
        .with("mode", json!(found.mode))
        .with("retry_after", json!(COME_BACK))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    fn fault(mode: Mode) -> Fault {
        let why = "the file is gone".to_owned();
        Fault { mode, why }
    }

    fn said(mode: Mode) -> Option<Announcement> {
        Some(Announcement {
            mode: Some(mode),
            reason: Some("We move house.".to_owned()),
            at: Timestamp::from_millis(0),
        })
    }

    #[test]
    fn the_worse_of_the_two_rules() {
        use Mode::{Full, ReadOnly};
        for (found, person, expected) in [
            (None, None, None),
            (Some(fault(ReadOnly)), None, Some((ReadOnly, By::Watchdog))),
            (None, said(ReadOnly), Some((ReadOnly, By::Person))),
            (Some(fault(ReadOnly)), said(Full), Some((Full, By::Person))),
            (
                Some(fault(Full)),
                said(ReadOnly),
                Some((Full, By::Watchdog)),
            ),
            (Some(fault(Full)), said(Full), Some((Full, By::Watchdog))),
        ] {
            let maintenance = Maintenance::default();
            found
                .into_iter()
                .for_each(|fault| maintenance.report(fault));
            maintenance.announce(person);
            let in_force = maintenance.in_force().map(|found| (found.mode, found.by));
            assert_eq!(in_force, expected);
        }
    }

    #[test]
    fn each_is_lifted_alone() {
        let maintenance = Maintenance::default();
        maintenance.report(fault(Mode::ReadOnly));
        maintenance.announce(said(Mode::ReadOnly));
        maintenance.lift(&fault(Mode::ReadOnly));
        assert!(maintenance.admit(Wish::Write).is_err() && maintenance.admit(Wish::Read).is_ok());
        maintenance.report(fault(Mode::ReadOnly));
        maintenance.announce(None);
        assert!(maintenance.admit(Wish::Write).is_err());
        maintenance.lift(&fault(Mode::ReadOnly));
        assert!(maintenance.admit(Wish::Write).is_ok());
    }

    #[test]
    fn a_look_lifts_only_what_it_has_seen() {
        let maintenance = Maintenance::default();
        maintenance.report(fault(Mode::ReadOnly));
        maintenance.report(fault(Mode::Full));
        maintenance.lift(&fault(Mode::ReadOnly));
        assert!(maintenance.admit(Wish::Read).is_err());
    }

    #[test]
    fn what_no_look_can_see_stays_for_a_while() {
        let maintenance = Maintenance::default();
        maintenance.report_unseen(fault(Mode::ReadOnly));
        maintenance.lift(&fault(Mode::ReadOnly));
        assert!(maintenance.admit(Wish::Write).is_err());
        maintenance.report(fault(Mode::ReadOnly));
        maintenance.lift(&fault(Mode::ReadOnly));
        assert!(maintenance.admit(Wish::Write).is_ok());
    }

    #[test]
    fn what_is_wrong_inside_is_not_told_outside() {
        let maintenance = Maintenance::default();
        maintenance.report(fault(Mode::Full));
        let refused = maintenance.admit(Wish::Read).unwrap_err();
        assert!(!refused.detail.contains("file"), "{}", refused.detail);
    }
}
