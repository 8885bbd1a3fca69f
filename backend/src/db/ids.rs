//! Time-sorted 64-bit ids: 42 bits of milliseconds, 10 bits of node, 12 bits of counter (TSID).

use std::sync::atomic::{AtomicI64, Ordering};

use uuid::Uuid;

use super::nodes::Node;
use crate::domain::time::Timestamp;

const COUNTER_BITS: u32 = 12;
const NODE_BITS: u32 = 10;
/// 2020-01-01T00:00:00Z in epoch milliseconds, TSID's own epoch.
const EPOCH: i64 = 1_577_836_800_000;

/// Makes ids that rise within this process and do not meet those of another node.
#[derive(Debug)]
pub struct Ids {
    node: AtomicI64,
    holder: Uuid,
    /// Time and counter of the last id, without the node: `milliseconds << 12 | counter`.
    last: AtomicI64,
}

impl Ids {
    /// A generator for one node.
    pub fn new(node: Node) -> Self {
        Self {
            node: AtomicI64::new(node.number & ((1 << NODE_BITS) - 1)),
            holder: node.holder,
            last: AtomicI64::new(0),
        }
    }

    /// Which node makes them.
    pub fn node(&self) -> Node {
        Node {
            number: self.node.load(Ordering::Relaxed),
            holder: self.holder,
        }
    }

    /// Goes on as another node.
    pub(super) fn become_node(&self, number: i64) {
        self.node.store(number, Ordering::Relaxed);
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
        let node = self.node.load(Ordering::Relaxed);
        millis << (NODE_BITS + COUNTER_BITS) | node << COUNTER_BITS | counter
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(number: i64) -> Node {
        Node {
            number,
            ..Node::alone()
        }
    }

    #[test]
    fn ids_rise_also_when_the_clock_stands_or_falls_back() {
        let ids = Ids::new(node(7));
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
        let (one, two) = (Ids::new(node(1)), Ids::new(node(2)));
        let mut all: Vec<i64> = (0..5_000)
            .flat_map(|_| [one.next(now), two.next(now)])
            .collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 10_000);
    }
}
