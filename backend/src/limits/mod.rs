//! How much one caller may ask for: GCRA, per credential and per address, on this node.
//!
//! A class or a venue sits behind one address, so addresses are given much; making boards and asking
//! for what is not there are given little.

mod tiers;

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

pub use tiers::Tier;
use tiers::Tiers;

use crate::domain::secret::Fingerprint;

/// Streams that one address may hold open.
pub const STREAMS: usize = 500;
/// Requests after which callers that are idle again are forgotten.
const SWEEP: u32 = 10_000;

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

    fn quota(self) -> Option<Quota> {
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

/// What is given sparingly, beside what holds for every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scarce {
    /// A board is made.
    Board,
    /// A seat is taken.
    Seat,
    /// An account is made or entered.
    Entry,
    /// What was is worked out from the journal.
    History,
}

/// What a caller has left of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// The policy.
    pub policy: Policy,
    /// Requests left at once.
    pub remaining: u32,
}

/// A caller who asked for more than a policy gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhausted {
    /// The policy.
    pub policy: Policy,
    /// Whole seconds after which the next request is taken.
    pub wait: u64,
}

/// A network that counts as one caller: an IPv4 address, or the /64 that one IPv6 host is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Place(IpAddr);

impl From<IpAddr> for Place {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(six) => {
                let [a, b, c, d, ..] = six.segments();
                IpAddr::from([a, b, c, d, 0, 0, 0, 0])
            }
            four => four,
        })
    }
}

type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

struct Limiter<K: std::hash::Hash + Eq + Clone> {
    policy: Policy,
    clock: DefaultClock,
    keyed: Keyed<K>,
    asked: AtomicU32,
}

impl<K: std::hash::Hash + Eq + Clone> Limiter<K> {
    fn new(policy: Policy) -> Self {
        // No interval of ours is empty, so there is a quota.
        let quota = policy.quota().unwrap_or(Quota::per_second(policy.burst));
        let clock = DefaultClock::default();
        Self {
            policy,
            keyed: RateLimiter::dashmap_with_clock(quota, clock.clone())
                .with_middleware::<StateInformationMiddleware>(),
            clock,
            asked: AtomicU32::new(0),
        }
    }

    fn take(&self, key: &K) -> Result<Left, Exhausted> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.keyed.retain_recent();
            self.keyed.shrink_to_fit();
        }
        let policy = self.policy;
        match self.keyed.check_key(key) {
            Ok(state) => Ok(Left {
                policy,
                remaining: state.remaining_burst_capacity(),
            }),
            Err(until) => Err(Exhausted {
                policy,
                wait: seconds(until.wait_time_from(self.clock.now())),
            }),
        }
    }
}

fn seconds(wait: Duration) -> u64 {
    (wait.as_millis().div_ceil(1000) as u64).max(1)
}

/// The limits of one node.
pub struct Limits {
    /// Off, only the limit of streams holds.
    rates: Option<Rates>,
    streams: Mutex<HashMap<Place, usize>>,
}

struct Rates {
    addresses: Limiter<Place>,
    credentials: Limiter<Fingerprint>,
    unlocked: Limiter<Fingerprint>,
    tiers: Tiers,
    creations: Limiter<Place>,
    seats: Limiter<Place>,
    entries: Limiter<Place>,
    histories: Limiter<Place>,
    accounts: Limiter<Fingerprint>,
    misses: Limiter<Place>,
}

impl Limits {
    /// The limits, with or without those of rates.
    pub fn new(rates: bool) -> Self {
        Self {
            rates: rates.then(|| Rates {
                addresses: Limiter::new(ADDRESS),
                credentials: Limiter::new(CREDENTIAL),
                unlocked: Limiter::new(UNLOCKED),
                tiers: Tiers::default(),
                creations: Limiter::new(CREATE),
                seats: Limiter::new(JOIN),
                entries: Limiter::new(ENTRY),
                histories: Limiter::new(HISTORY),
                accounts: Limiter::new(ACCOUNT),
                misses: Limiter::new(MISS),
            }),
            streams: Mutex::default(),
        }
    }

    /// Counts a request; what is left is that of the rule nearest to its end.
    ///
    /// # Errors
    /// The rule that is exhausted.
    pub fn request(
        &self,
        address: IpAddr,
        credential: Option<Fingerprint>,
        scarce: Option<Scarce>,
    ) -> Result<Option<Left>, Exhausted> {
        let Some(rates) = &self.rates else {
            return Ok(None);
        };
        let place = address.into();
        let unlocked = credential.filter(|one| rates.tiers.know(one) == Some(Tier::Unlocked));
        let (by_address, by_credential) = match (unlocked, credential) {
            // Whoever has proved to be more needs not share an address.
            (Some(one), _) => (None, Some(rates.unlocked.take(&one)?)),
            (None, Some(one)) => (
                Some(rates.addresses.take(&place)?),
                Some(rates.credentials.take(&one)?),
            ),
            (None, None) => (Some(rates.addresses.take(&place)?), None),
        };
        let left = [
            by_address,
            by_credential,
            match scarce {
                Some(Scarce::Board) => Some(rates.creations.take(&place)?),
                Some(Scarce::Seat) => Some(rates.seats.take(&place)?),
                Some(Scarce::Entry) => Some(rates.entries.take(&place)?),
                Some(Scarce::History) => Some(rates.histories.take(&place)?),
                None => None,
            },
        ];
        Ok(left.into_iter().flatten().min_by_key(|left| left.remaining))
    }

    /// Whether it is worth asking what is unlocked for a credential: it is not known, and it counts.
    pub fn wonder(&self, credential: &Fingerprint) -> bool {
        let rates = self.rates.as_ref();
        rates.is_some_and(|rates| rates.tiers.know(credential).is_none())
    }

    /// Remembers for a minute what is unlocked for a credential that has just been proved.
    pub fn remember(&self, credential: Fingerprint, tier: Tier) {
        if let Some(rates) = &self.rates {
            rates.tiers.remember(credential, tier);
        }
    }

    /// Counts a try to log in to an account, or a mail to its address.
    ///
    /// # Errors
    /// That there were too many.
    pub fn account(&self, account: Fingerprint) -> Result<(), Exhausted> {
        match &self.rates {
            Some(rates) => rates.accounts.take(&account).map(drop),
            None => Ok(()),
        }
    }

    /// Counts a request for what is not there, or with a credential that is none.
    ///
    /// # Errors
    /// That there were too many.
    pub fn miss(&self, address: IpAddr) -> Result<(), Exhausted> {
        match &self.rates {
            Some(rates) => rates.misses.take(&address.into()).map(drop),
            None => Ok(()),
        }
    }

    /// Counts a stream for as long as what is returned lives; `None`: there are too many.
    pub fn stream(self: Arc<Self>, address: IpAddr) -> Option<OpenStream> {
        let place = Place::from(address);
        {
            let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
            let open = streams.entry(place).or_default();
            if *open >= STREAMS {
                return None;
            }
            *open += 1;
        }
        Some(OpenStream {
            limits: self,
            place,
        })
    }
}

/// A stream that counts.
pub struct OpenStream {
    limits: Arc<Limits>,
    place: Place,
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let streams = self.limits.streams.lock();
        let mut streams = streams.unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = streams.get_mut(&self.place) {
            *open -= 1;
            if *open == 0 {
                streams.remove(&self.place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::Token;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_host_of_ipv6_is_one_caller() {
        let place = |text: &str| Place::from(address(text));
        assert_eq!(place("2001:db8::1"), place("2001:db8::ffff:2"));
        assert_ne!(place("2001:db8::1"), place("2001:db8:0:1::1"));
        assert_eq!(place("::ffff:192.0.2.1"), place("192.0.2.1"));
        assert_ne!(place("192.0.2.1"), place("192.0.2.2"));
    }

    #[test]
    fn each_address_makes_its_own_burst_of_boards() {
        let limits = Limits::new(true);
        let create = |from: &str| limits.request(address(from), None, Some(Scarce::Board));
        for left in (0..CREATE.burst.get()).rev() {
            let expected = Left {
                policy: CREATE,
                remaining: left,
            };
            assert_eq!(create("192.0.2.1"), Ok(Some(expected)));
        }
        let refused = Exhausted {
            policy: CREATE,
            wait: 1,
        };
        assert_eq!(create("192.0.2.1"), Err(refused));
        assert!(create("192.0.2.2").is_ok());
        assert!(limits.request(address("192.0.2.1"), None, None).is_ok());
    }

    #[test]
    fn whoever_has_unlocked_more_shares_no_address() {
        let limits = Limits::new(true);
        let (plain, more) = (Token::fingerprint(b"plain"), Token::fingerprint(b"more"));
        assert!(limits.wonder(&plain) && limits.wonder(&more));
        limits.remember(plain, Tier::Plain);
        limits.remember(more, Tier::Unlocked);
        assert!(!limits.wonder(&plain) && !limits.wonder(&more));
        let ask = |who| limits.request(address("192.0.2.1"), Some(who), None);
        let left = |policy: Policy| {
            let remaining = policy.burst.get() - 1;
            Ok(Some(Left { policy, remaining }))
        };
        assert_eq!(ask(plain), left(CREDENTIAL));
        assert_eq!(ask(more), left(UNLOCKED));
    }

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

    #[test]
    fn switched_off_only_streams_are_limited() {
        let limits = Arc::new(Limits::new(false));
        let here = address("192.0.2.1");
        for _ in 0..2 * CREATE.burst.get() {
            assert_eq!(limits.request(here, None, Some(Scarce::Board)), Ok(None));
            assert_eq!(limits.miss(here), Ok(()));
        }
        let mut open: Vec<_> = (0..STREAMS)
            .map(|_| limits.clone().stream(here).unwrap())
            .collect();
        assert!(limits.clone().stream(here).is_none());
        assert!(limits.clone().stream(address("192.0.2.2")).is_some());
        open.pop();
        assert!(limits.clone().stream(here).is_some());
    }
}
