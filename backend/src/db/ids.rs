//! Time-sorted 64-bit ids: 42 bits of milliseconds, 10 bits of node, 12 bits of counter (TSID).

use std::sync::atomic::{AtomicI64, Ordering};

use crate::domain::time::Timestamp;

const COUNTER_BITS: u32 = 12;
const NODE_BITS: u32 = 10;
/// 2020-01-01T00:00:00Z in epoch milliseconds, TSID's own epoch.
const EPOCH: i64 = 1_577_836_800_000;

/// Makes ids that rise within this process and do not meet those of another node.
#[derive(Debug)]
pub struct Ids {
    node: i64,
    /// Time and counter of the last id, without the node: `milliseconds << 12 | counter`.
    last: AtomicI64,
}

impl Ids {
    /// A generator for one node; only the lowest 10 bits of `node` count.
    pub fn new(node: u16) -> Self {
        Self {
            node: i64::from(node) & ((1 << NODE_BITS) - 1),
            last: AtomicI64::new(0),
        }
    }

    /// The next id. More than 4,096 in a millisecond borrow from the next one.
    pub fn next(&self, now: Timestamp) -> i64 {
        let tick = (now.millis() - EPOCH).max(0) << COUNTER_BITS;
        let later = |last: i64| Some(tick.max(last + 1));
        let last = self
            .last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, later)
            .unwrap_or_default();
        let stamp = tick.max(last + 1);
        let (millis, counter) = (stamp >> COUNTER_BITS, stamp & ((1 << COUNTER_BITS) - 1));
        millis << (NODE_BITS + COUNTER_BITS) | self.node << COUNTER_BITS | counter
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_also_when_the_clock_stands_or_falls_back() {
        let ids = Ids::new(7);
        let now = Timestamp::from_millis(1_800_000_000_000);
        let earlier = Timestamp::from_millis(1_799_999_999_000);
        let made: Vec<i64> = (0..10_000)
            .map(|n| ids.next(if n % 2 == 0 { now } else { earlier }))
            .collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(made.iter().all(|id| (id >> COUNTER_BITS) & 1023 == 7));
    }

    #[test]
    fn two_nodes_never_meet() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let (one, two) = (Ids::new(1), Ids::new(2));
        let mut all: Vec<i64> = (0..5_000)
            .flat_map(|_| [one.next(now), two.next(now)])
            .collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 10_000);
    }
}
