//! How totals become places.
//!
//! Every player carries a [`SortKey`] that ascends from the leader down whatever the direction, so
//! that one index serves every board; ties are numbered here and never by the database.

use super::game::{Direction, TieBreak, TiebreakDirection, Ties};
use super::tally::Tally;

/// What decides the order of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankRules {
    /// Which total leads.
    pub direction: Direction,
    /// Which second value leads, if any.
    pub tiebreak_direction: TiebreakDirection,
    /// Who of two with the same pair stands first.
    pub tie_break: TieBreak,
    /// How equal pairs are numbered.
    pub ties: Ties,
}

/// Where a player belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Has a total and a rank.
    Ranked = 0,
    /// No score yet: after the ranked ones, without a rank.
    Unscored = 1,
    /// In the trash: in no standings.
    Trashed = 2,
}

/// The place in the order: ascending, the leader first. The player's id comes last of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortKey {
    /// Ranked, unscored, trashed.
    pub standing: Standing,
    /// The total, negated where high leads.
    pub total: i64,
    /// The second value likewise; none comes after all.
    pub tiebreak: i64,
    /// The revision that reached the total, negated where the latest goes first.
    pub reached: i64,
    /// The item of that revision.
    pub item: i64,
}

impl RankRules {
    /// The key of a player with this tally.
    pub fn key(self, tally: &Tally, trashed: bool) -> SortKey {
        let standing = match (trashed, tally.total) {
            (true, _) => Standing::Trashed,
            (false, Some(_)) => Standing::Ranked,
            (false, None) => Standing::Unscored,
        };
        let sign = if self.tie_break == TieBreak::Earliest {
            1
        } else {
            -1
        };
        SortKey {
            standing,
            total: tally
                .total
                .map_or(0, |total| self.direction.ascending(total)),
            tiebreak: tally
                .total
                .map_or(0, |_| self.tiebreak_direction.ascending(tally.tiebreak)),
            reached: tally.reached.map_or(0, |reached| sign * reached.revision),
            item: tally.reached.map_or(0, |reached| sign * reached.item),
        }
    }
}

/// Numbers the ranked rows of a page, one after the other.
#[derive(Debug, Clone, Copy)]
pub struct Numbering {
    ties: Ties,
    position: i64,
    rank: i64,
    last: Option<(i64, i64)>,
}

impl Numbering {
    /// From the top of the board.
    pub fn from_top(ties: Ties) -> Self {
        Self {
            ties,
            position: 0,
            rank: 0,
            last: None,
        }
    }

    /// From a row that has `position` ranked rows before it and the rank `rank`.
    pub fn from_row(ties: Ties, position: i64, rank: i64, pair: (i64, i64)) -> Self {
        Self {
            ties,
            position,
            rank,
            last: Some(pair),
        }
    }

    /// The rank of the next row, whose (total, tiebreak) is `pair`.
    pub fn next(&mut self, pair: (i64, i64)) -> i64 {
        self.position += 1;
        let tied = self.last == Some(pair);
        self.rank = match self.ties {
            Ties::Ordinal => self.position,
            _ if tied => self.rank,
            Ties::Standard => self.position,
            Ties::Dense => self.rank + 1,
        };
        self.last = Some(pair);
        self.rank
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tally::Reached;
    use crate::domain::time::Timestamp;
    use proptest::prelude::*;

    fn ranks(ties: Ties, totals: &[i64]) -> Vec<i64> {
        let mut numbering = Numbering::from_top(ties);
        totals
            .iter()
            .map(|total| numbering.next((*total, 0)))
            .collect()
    }

    #[test]
    fn three_tie_policies() {
        let totals = [9, 7, 7, 7, 3, 3, 1];
        assert_eq!(ranks(Ties::Standard, &totals), [1, 2, 2, 2, 5, 5, 7]);
        assert_eq!(ranks(Ties::Dense, &totals), [1, 2, 2, 2, 3, 3, 4]);
        assert_eq!(ranks(Ties::Ordinal, &totals), [1, 2, 3, 4, 5, 6, 7]);
    }

    /// What the app's own ranking is tested with too.
    #[derive(serde::Deserialize)]
    struct Vectors {
        cases: Vec<Case>,
    }

    #[derive(serde::Deserialize)]
    struct Case {
        name: String,
        rules: Rules,
        standings: Vec<Given>,
        ranked: Vec<(String, Option<i64>)>,
    }

    #[derive(serde::Deserialize)]
    struct Rules {
        direction: Direction,
        ties: Ties,
        tie_break: TieBreak,
        tiebreak_direction: TiebreakDirection,
    }

    #[derive(serde::Deserialize)]
    struct Given {
        id: String,
        total: Option<i64>,
        tiebreak: Option<i64>,
        reached: (i64, i64),
    }

    impl Case {
        fn rules(&self) -> RankRules {
            RankRules {
                direction: self.rules.direction,
                ties: self.rules.ties,
                tie_break: self.rules.tie_break,
                tiebreak_direction: self.rules.tiebreak_direction,
            }
        }

        /// The players in the order of their keys, numbered from the top.
        fn rank(&self) -> Vec<(String, Option<i64>)> {
            let mut keyed: Vec<_> = self
                .standings
                .iter()
                .map(|one| (self.rules().key(&one.tally(), false), one.id.clone()))
                .collect();
            keyed.sort();
            let mut numbering = Numbering::from_top(self.rules.ties);
            let mut number = |key: SortKey| match key.standing {
                Standing::Ranked => Some(numbering.next((key.total, key.tiebreak))),
                _ => None,
            };
            keyed
                .into_iter()
                .map(|(key, id)| (id, number(key)))
                .collect()
        }
    }

    impl Given {
        fn tally(&self) -> Tally {
            let (revision, item) = self.reached;
            Tally {
                total: self.total,
                tiebreak: self.tiebreak,
                reached: self.total.map(|_| Reached {
                    at: Timestamp::from_millis(0),
                    revision,
                    item,
                }),
                ..Tally::default()
            }
        }
    }

    #[test]
    fn ranks_as_the_app_does() {
        let vectors: Vectors = serde_json::from_str(include_str!("ranking.vectors.json")).unwrap();
        assert!(!vectors.cases.is_empty());
        for case in vectors.cases {
            assert_eq!(case.rank(), case.ranked, "{}", case.name);
        }
    }

    /// The definition, counted the slow way.
    fn naive(ties: Ties, totals: &[i64], place: usize) -> i64 {
        let better = totals.iter().filter(|total| **total > totals[place]);
        let count = match ties {
            Ties::Standard => better.count(),
            Ties::Dense => better.collect::<std::collections::BTreeSet<_>>().len(),
            Ties::Ordinal => place,
        };
        i64::try_from(count).unwrap() + 1
    }

    proptest! {
        #[test]
        fn numbering_agrees_with_the_definition_on_every_page(
            mut totals in prop::collection::vec(0i64..6, 1..40),
            start in any::<prop::sample::Index>(),
            ties in prop::sample::select(Ties::ALL),
        ) {
            totals.sort_unstable_by(|a, b| b.cmp(a));
            let expected: Vec<i64> = (0..totals.len()).map(|n| naive(ties, &totals, n)).collect();
            prop_assert_eq!(&ranks(ties, &totals), &expected);
            let from = start.index(totals.len());
            let mut page = Numbering::from_row(ties, i64::try_from(from).unwrap(), expected[from], (totals[from], 0));
            let numbered: Vec<i64> = totals[from..].iter().map(|total| page.next((*total, 0))).collect();
            prop_assert_eq!(&numbered, &expected[from..]);
        }
    }
}
