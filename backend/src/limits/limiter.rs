//! One rule, held for each of its callers.

use std::hash::Hash;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::Policy;

/// Requests after which callers that are idle again are forgotten.
const SWEEP: u32 = 10_000;

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

type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// Counts the requests of each caller.
pub(super) struct Limiter<K: Hash + Eq + Clone> {
    policy: Policy,
    clock: DefaultClock,
    keyed: Keyed<K>,
    asked: AtomicU32,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    pub(super) fn new(policy: Policy) -> Self {
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

    pub(super) fn take(&self, key: &K) -> Result<Left, Exhausted> {
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
