//! How much one caller may ask for: GCRA, per credential and per address, on this node.
//!
//! A class or a venue sits behind one address, so addresses are given much; making boards and asking
//! for what is not there are given little.

mod limiter;
mod place;
mod policy;
mod streams;
mod tiers;

use std::net::IpAddr;
use std::sync::Arc;

use limiter::Limiter;
pub use limiter::{Exhausted, Left};
use place::Place;
pub use policy::*;
use streams::Streams;
pub use streams::{OpenStream, STREAMS};
pub use tiers::Tier;
use tiers::Tiers;

use crate::domain::secret::Fingerprint;

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

/// The limits of one node.
pub struct Limits {
    /// Off, only the limit of streams holds.
    rates: Option<Rates>,
    streams: Arc<Streams>,
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
            streams: Arc::default(),
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
    pub fn stream(&self, address: IpAddr) -> Option<OpenStream> {
        self.streams.open(address)
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
    fn switched_off_only_streams_are_limited() {
        let limits = Limits::new(false);
        let here = address("192.0.2.1");
        for _ in 0..2 * CREATE.burst.get() {
            assert_eq!(limits.request(here, None, Some(Scarce::Board)), Ok(None));
            assert_eq!(limits.miss(here), Ok(()));
        }
        let mut open: Vec<_> = (0..STREAMS).map(|_| limits.stream(here).unwrap()).collect();
        assert!(limits.stream(here).is_none());
        assert!(limits.stream(address("192.0.2.2")).is_some());
        open.pop();
        assert!(limits.stream(here).is_some());
    }
}
