//! The watchdog of a server of PostgreSQL: whether it is still the database that was opened, whole and guarded, and
//! whether receivers and archive go on.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::result::DatabaseErrorKind::{ClosedConnection, UnableToSendCommand};
use diesel::result::Error::DatabaseError;

use super::super::identity::{self, Catalogue, Identity};
use super::super::{Connector, guards, intact, permits, wiped};
use super::{Conn, NOBODY, Seen};
use crate::config::ArchiveMode;
use crate::domain::maintenance::Fault;

/// How long a receiver may be silent about a part of the log before no changes are taken.
const SILENCE: Duration = Duration::from_secs(2);
/// How long the archive may fail to take a file: PostgreSQL tries again every second, and what passes by
/// itself is no fault.
const FAILING: Duration = Duration::from_secs(3);
/// How long the watchdog waits for a connection.
const ANSWER: Duration = Duration::from_secs(2);
/// What the watchdog knows of a server of PostgreSQL.
#[derive(Debug)]
pub(in super::super) struct Standby {
    mode: ArchiveMode,
    known: Mutex<Identity>,
    waiting: Mutex<Option<Waiting>>,
    failing: Mutex<Option<Instant>>,
    armed: Mutex<Option<Armed>>,
}

/// How the database was guarded when it was looked at.
#[derive(Debug)]
struct Armed {
    lacking: Vec<String>,
    /// What `scorehold migrate` had done by then.
    migrations: i64,
}

impl Armed {
    fn of(conn: &mut Conn) -> QueryResult<Self> {
        Ok(Self {
            lacking: guards::look(conn)?.lacking_of_what_is_kept(),
            migrations: permits::migrations(conn)?,
        })
    }

    fn gone_since(&self, before: &Self) -> Vec<String> {
        if self.migrations > before.migrations {
            return Vec::new();
        }
        let gone = self.lacking.iter();
        let gone = gone.filter(|name| !before.lacking.contains(name));
        gone.cloned().collect()
    }
}

/// Some of the log has not been confirmed.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    received: i64,
    since: Instant,
}

impl Standby {
    pub(in super::super) fn of(mode: ArchiveMode, identity: Identity) -> Self {
        Self {
            mode,
            known: Mutex::new(identity),
            waiting: Mutex::default(),
            failing: Mutex::default(),
            armed: Mutex::default(),
        }
    }

    /// Who the database is, as far as it was looked at.
    pub(in super::super) fn identity(&self) -> Identity {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.clone()
    }

    /// Looks whether it is still the database that was opened, and whether receivers and archive go on.
    ///
    /// # Errors
    /// Why no change could be acknowledged.
    pub(in super::super) fn look(&self, readers: &r2d2::Pool<Connector>) -> Result<(), Fault> {
        let Ok(mut conn) = readers.get_timeout(ANSWER) else {
            return self.silent();
        };
        match identity::read(&mut conn) {
            Ok(found) => self.accept(found)?,
            Err(_) => return self.silent(),
        }
        match wiped::look(&mut conn) {
            Ok(None) => {}
            Ok(Some(sign)) => return Err(Fault::full(sign.why)),
            Err(error) => return self.unread(&error),
        }
        match Armed::of(&mut conn) {
            Ok(armed) => self.guards(armed)?,
            Err(error) => return self.unread(&error),
        }
        self.archive(&mut conn).map_err(Fault::read_only)
    }

    /// A server that does not answer refuses changes by itself; where each of them waits for an archive, it
    /// is told.
    ///
    /// # Errors
    /// There is an archive.
    pub(in super::super) fn silent(&self) -> Result<(), Fault> {
        match self.mode {
            ArchiveMode::Off => Ok(()),
            _ => Err(Fault::read_only("the database does not answer")),
        }
    }

    /// Who is not there refuses by himself; one that is there and cannot read is told.
    fn unread(&self, error: &diesel::result::Error) -> Result<(), Fault> {
        match error {
            DatabaseError(ClosedConnection | UnableToSendCommand, _) => self.silent(),
            error => Err(Fault::read_only(format!(
                "the database cannot be read: {error}"
            ))),
        }
    }

    /// What was armed is to stay so, until `scorehold migrate` says otherwise: a newer release has other guards.
    fn guards(&self, now: Armed) -> Result<(), Fault> {
        let mut armed = self.armed.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = armed
            .as_ref()
            .map_or_else(Vec::new, |before| now.gone_since(before));
        if gone.is_empty() {
            *armed = Some(now);
            return Ok(());
        }
        let names = gone.join(", ");
        Err(Fault::read_only(format!("guards are gone: {names}")))
    }

    /// The database itself, or what was restored from it. What it was restored from never comes back.
    fn accept(&self, found: Catalogue) -> Result<(), Fault> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match found {
            Catalogue::Marked(found)
                if found.id == known.id
                    && found.environment == known.environment
                    && found.lineage >= known.lineage =>
            {
                *known = found;
                Ok(())
            }
            other => Err(intact::foreign(&other)),
        }
    }

    fn archive(&self, conn: &mut Conn) -> Result<(), String> {
        if self.mode == ArchiveMode::Off {
            return Ok(());
        }
        let seen = Seen::by(conn).map_err(|error| error.to_string())?;
        let Some(seen) = seen else { return Ok(()) };
        if let Some(lacking) = seen.lacking(self.mode) {
            return Err(lacking.to_owned());
        }
        let now = Instant::now();
        if self.mode == ArchiveMode::Barrier {
            self.goes_on(&seen, now)?;
        }
        self.takes_files(&seen, now)
    }

    fn takes_files(&self, seen: &Seen, now: Instant) -> Result<(), String> {
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.archiving {
            *failing = None;
            return Ok(());
        }
        match now.duration_since(*failing.get_or_insert(now)) > FAILING {
            false => Ok(()),
            true => {
                Err("archive_command fails: no file of the log arrives in the archive".to_owned())
            }
        }
    }

    fn goes_on(&self, seen: &Seen, now: Instant) -> Result<(), String> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(received) = seen.received else {
            return Err(NOBODY.to_owned());
        };
        if received >= seen.written {
            *waiting = None;
            return Ok(());
        }
        let begun = waiting.filter(|one| one.received == received);
        let since = begun.map_or(now, |one| one.since);
        *waiting = Some(Waiting { received, since });
        match now.duration_since(since) > SILENCE {
            false => Ok(()),
            true => Err(format!(
                "no receiver has confirmed anything for {} s; {} bytes of the log are waiting",
                now.duration_since(since).as_secs(),
                seen.written - received
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(lineage: i32, id: &str) -> Identity {
        Identity {
            lineage,
            id: id.to_owned(),
            environment: "production".to_owned(),
        }
    }

    fn standby() -> Standby {
        Standby::of(ArchiveMode::Barrier, identity(2, "a"))
    }

    #[test]
    fn what_was_restored_is_accepted_and_what_it_was_restored_from_is_not() {
        let standby = standby();
        for (found, expected) in [
            (identity(2, "a"), true),
            (identity(3, "a"), true),
            (identity(2, "a"), false),
            (identity(3, "b"), false),
        ] {
            let accepted = standby.accept(Catalogue::Marked(found));
            assert_eq!(accepted.is_ok(), expected);
        }
        assert!(standby.accept(Catalogue::Empty).is_err());
    }

    #[test]
    fn a_guard_that_goes_is_found_and_one_that_never_was_is_not() {
        let (standby, of) = (standby(), |lacking: &[&str], migrations| Armed {
            lacking: lacking.iter().map(ToString::to_string).collect(),
            migrations,
        });
        let look = |lacking: &[&str], migrations| standby.guards(of(lacking, migrations)).is_ok();
        assert!(look(&["guard_ddl"], 1));
        assert!(!look(&["guard_ddl", "scores_keep"], 1));
        assert!(!look(&["scores_keep"], 1));
        assert!(look(&[], 1), "armed again");
        assert!(!look(&["guard_ddl"], 1));
        assert!(look(&["guard_ddl"], 2), "of a newer release");
    }

    #[test]
    fn a_receiver_that_stands_still_is_found_and_one_that_goes_on_is_not() {
        let (standby, start) = (standby(), Instant::now());
        let look = |seconds, written, received| {
            let now = start + Duration::from_secs(seconds);
            standby.goes_on(&Seen::at(written, received), now).is_ok()
        };
        assert!(look(0, 10, Some(10)));
        assert!(look(60, 20, Some(10)));
        assert!(look(61, 30, Some(20)));
        assert!(look(63, 40, Some(20)));
        assert!(!look(64, 40, Some(20)));
        assert!(look(65, 40, Some(40)));
        assert!(!look(66, 40, None));
    }

    #[test]
    fn an_archive_that_fails_for_a_while_is_found_and_a_hiccup_is_not() {
        let (standby, start) = (standby(), Instant::now());
        let look = |seconds, archiving| {
            let seen = Seen {
                archiving,
                ..Seen::at(1, Some(1))
            };
            let now = start + Duration::from_secs(seconds);
            standby.takes_files(&seen, now).is_ok()
        };
        assert!(look(0, false));
        assert!(look(2, true));
        assert!(look(3, false));
        assert!(look(6, false));
        assert!(!look(7, false));
        assert!(look(8, true));
    }
}
