//! A restore that was tried aside: a backup that was never restored is none.

use super::time::Timestamp;

/// A day and two hours: one night may be late, none may be left out.
const COUNTS_FOR: i64 = 26 * 3600;

/// One try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsal {
    /// Which moments of the archive came back, in words.
    pub points: String,
    /// What was wrong; `None`: everything was there.
    pub wrong: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// What is known of an archive from its restores.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rehearsed {
    /// The last try.
    pub last: Option<Rehearsal>,
    /// When everything was there for the last time.
    pub verified_at: Option<Timestamp>,
}

impl Rehearsed {
    /// Seconds since everything was there.
    pub fn age(&self, now: Timestamp) -> Option<i64> {
        let verified = self.verified_at?;
        Some((now.millis() - verified.millis()).max(0) / 1000)
    }

    /// Whether somebody has to look: nothing was verified for too long, or the last try has failed.
    pub fn is_alarming(&self, now: Timestamp) -> bool {
        let has_failed = self.last.as_ref().is_some_and(|last| last.wrong.is_some());
        has_failed || self.age(now).is_none_or(|age| age > COUNTS_FOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rehearsed(verified_at: Option<i64>, wrong: Option<&str>) -> Rehearsed {
        Rehearsed {
            last: Some(Rehearsal {
                points: "the newest state".to_owned(),
                wrong: wrong.map(str::to_owned),
                at: Timestamp::from_millis(0),
            }),
            verified_at: verified_at.map(Timestamp::from_millis),
        }
    }

    #[test]
    fn it_counts_for_a_day_and_two_hours() {
        let now = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let good = rehearsed(Some(0), None);
        assert_eq!(good.age(now(90)), Some(90));
        assert!(!good.is_alarming(now(26 * 3600)));
        assert!(good.is_alarming(now(26 * 3600 + 1)));
        assert!(rehearsed(Some(0), Some("a table is gone")).is_alarming(now(1)));
        assert!(Rehearsed::default().is_alarming(now(0)));
        // A clock that was set back makes nothing younger than new.
        assert_eq!(rehearsed(Some(5000), None).age(now(1)), Some(0));
    }
}
