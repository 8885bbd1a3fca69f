//! Which credentials may ask for more, as far as this node has found out lately.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::secret::Fingerprint;

/// How much a credential may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// As much as everybody.
    Plain,
    /// More.
    Unlocked,
}

/// For how long a tier is remembered, so that what is ordered or refunded counts a minute later.
const REMEMBERED: Duration = Duration::from_secs(60);

/// Credentials known at once, before those are forgotten whose time is over.
const MOST: usize = 10_000;

/// Which credentials may ask for how much, as far as this node has found out lately.
#[derive(Default)]
pub struct Tiers(Mutex<HashMap<Fingerprint, (Tier, Instant)>>);

impl Tiers {
    /// What is known of a credential.
    pub fn know(&self, credential: &Fingerprint) -> Option<Tier> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (tier, since) = known.get(credential)?;
        (since.elapsed() < REMEMBERED).then_some(*tier)
    }

    /// Notes what was found out.
    pub fn remember(&self, credential: Fingerprint, tier: Tier) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, (_, since)| since.elapsed() < REMEMBERED);
        }
        known.insert(credential, (tier, Instant::now()));
    }
}
