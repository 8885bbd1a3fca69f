//! What the rules are.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::Quota;

/// One rule: so many at once, and one more after each interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// What it is called in `RateLimit-Policy`.
    pub name: &'static str,
    /// At once.
    pub burst: NonZeroU32,
    /// Milliseconds until there is one more.
    interval: u64,
}

impl Policy {
    const fn new(name: &'static str, burst: u32, interval: u64) -> Self {
        let burst = match NonZeroU32::new(burst) {
            Some(burst) => burst,
            None => NonZeroU32::MIN,
        };
        Self {
            name,
            burst,
            interval,
        }
    }

    /// Seconds after which an exhausted caller has its whole burst again.
    pub const fn window(self) -> u64 {
        (self.burst.get() as u64 * self.interval).div_ceil(1000)
    }

    /// How many more there are in what time, in words.
    pub fn pace(self) -> String {
        match self.interval {
            fast @ ..1000 => format!("{} a second", 1000 / fast),
            slow => format!("{} a minute", 60_000 / slow),
        }
    }

    pub(super) fn quota(self) -> Option<Quota> {
        let quota = Quota::with_period(Duration::from_millis(self.interval))?;
        Some(quota.allow_burst(self.burst))
    }
}

/// Every request, by address.
pub const ADDRESS: Policy = Policy::new("address", 2_000, 5);
/// Requests with a credential, by that credential.
pub const CREDENTIAL: Policy = Policy::new("credential", 300, 20);
/// Requests with a credential for which more was unlocked, by that credential alone.
pub const UNLOCKED: Policy = Policy::new("unlocked", 3_000, 2);
/// Boards made, by address.
pub const CREATE: Policy = Policy::new("create", 60, 1_000);
/// Seats taken, by address: a class sits behind one.
pub const JOIN: Policy = Policy::new("join", 60, 1_000);
/// Accounts made and entered, passwords forgotten, by address: a class sits behind one.
pub const ENTRY: Policy = Policy::new("entry", 60, 2_000);
/// Looks back and undoing, by address: they read a board's whole journal.
pub const HISTORY: Policy = Policy::new("history", 120, 250);
/// Log-ins to one account and mails to one address, wherever they come from.
pub const ACCOUNT: Policy = Policy::new("account", 10, 30_000);
/// Unknown boards and credentials asked for, by address.
pub const MISS: Policy = Policy::new("miss", 60, 1_000);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_told_in_words() {
        for (policy, pace, window) in [
            (ADDRESS, "200 a second", 10),
            (CREATE, "60 a minute", 60),
            (ACCOUNT, "2 a minute", 300),
        ] {
            assert_eq!((&*policy.pace(), policy.window()), (pace, window));
        }
    }
}
