//! How a player's entries fold into a total.
//!
//! The total is a fold over the live entries in the order in which they arrived (revision, item).
//! Every rule can be folded one entry at a time, so that a new entry costs the same however many
//! stand before it; taking one back folds that player anew.

use super::decimal::MAX_UNITS;
use super::game::{Direction, Rule, TiebreakDirection};
use super::score::Op;
use super::time::Timestamp;

/// What decides how entries fold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoldRules {
    /// Which entries count, and how.
    pub rule: Rule,
    /// Which total leads.
    pub direction: Direction,
    /// Which second value leads, if any.
    pub tiebreak_direction: TiebreakDirection,
}

/// A live entry as the fold sees it: values in units of the board's last decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Added to the total, or in place of it.
    pub op: Op,
    /// The value.
    pub value: i64,
    /// The second value, if the entry carries one.
    pub tiebreak: Option<i64>,
    /// When it was recorded, and where it stands in the board's history.
    pub reached: Reached,
}

/// A place in a board's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// The moment, shown but never compared.
    pub at: Timestamp,
    /// The revision, compared first.
    pub revision: i64,
    /// The item within the revision.
    pub item: i64,
}

/// The fold of a player's entries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// `None`: no score yet, which is not 0.
    pub total: Option<i64>,
    /// The second value, folded by the same rule.
    pub tiebreak: Option<i64>,
    /// The exact sum of the values, beside a rounded average.
    pub total_sum: i64,
    /// The exact sum of the second values.
    pub tiebreak_sum: i64,
    /// Entries that carried a second value.
    pub tiebreak_entries: i64,
    /// Live entries.
    pub entries: i64,
    /// The entry at which the fold last became the present total.
    pub reached: Option<Reached>,
}

/// A total that no longer fits 15 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfRange;

impl Tally {
    /// Folds entries from none.
    ///
    /// # Errors
    /// A total beyond 15 digits on the way.
    pub fn of(
        entries: impl IntoIterator<Item = Entry>,
        rules: FoldRules,
    ) -> Result<Self, OutOfRange> {
        entries
            .into_iter()
            .try_fold(Self::default(), |tally, entry| tally.with(entry, rules))
    }

    /// Folds one more entry, the newest.
    ///
    /// # Errors
    /// The total would no longer fit 15 digits.
    pub fn with(self, entry: Entry, rules: FoldRules) -> Result<Self, OutOfRange> {
        let mut next = Self {
            total_sum: checked(self.total_sum.checked_add(entry.value))?,
            tiebreak_sum: checked(self.tiebreak_sum.checked_add(entry.tiebreak.unwrap_or(0)))?,
            tiebreak_entries: self.tiebreak_entries + i64::from(entry.tiebreak.is_some()),
            entries: self.entries + 1,
            ..self
        };
        match rules.rule {
            Rule::Sum => next.add(entry),
            Rule::Latest => (next.total, next.tiebreak) = (Some(entry.value), entry.tiebreak),
            Rule::Average => next.average(),
            Rule::Best if self.entries == 0 || beats(entry, self, rules) => {
                (next.total, next.tiebreak) = (Some(entry.value), entry.tiebreak);
            }
            Rule::Best => {}
        }
        if next.total != self.total {
            next.reached = Some(entry.reached);
        }
        let fits = |value: Option<i64>| value.is_none_or(|value| value.abs() <= MAX_UNITS);
        if fits(next.total) && fits(next.tiebreak) {
            Ok(next)
        } else {
            Err(OutOfRange)
        }
    }

    /// `set` starts the sums anew from its own values; what stood before stays in the ledger.
    fn add(&mut self, entry: Entry) {
        if entry.op == Op::Set {
            self.total_sum = entry.value;
            if let Some(tiebreak) = entry.tiebreak {
                self.tiebreak_sum = tiebreak;
            }
        }
        self.total = Some(self.total_sum);
        self.tiebreak = (self.tiebreak_entries > 0).then_some(self.tiebreak_sum);
    }

    fn average(&mut self) {
        self.total = Some(divide_half_even(self.total_sum, self.entries));
        self.tiebreak = (self.tiebreak_entries > 0)
            .then(|| divide_half_even(self.tiebreak_sum, self.tiebreak_entries));
    }
}

fn checked(sum: Option<i64>) -> Result<i64, OutOfRange> {
    sum.ok_or(OutOfRange)
}

/// Whether an entry is better than the best so far, compared as one pair. An equal one is not: who
/// was there first keeps the place.
fn beats(entry: Entry, best: Tally, rules: FoldRules) -> bool {
    let pair = |total, tiebreak| {
        (
            rules.direction.ascending(total),
            rules.tiebreak_direction.ascending(tiebreak),
        )
    };
    pair(entry.value, entry.tiebreak) < pair(best.total.unwrap_or_default(), best.tiebreak)
}

/// Divides and rounds half to even, exactly.
fn divide_half_even(sum: i64, count: i64) -> i64 {
    let (quotient, remainder) = (sum.div_euclid(count), sum.rem_euclid(count));
    let up = match (remainder * 2).cmp(&count) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => quotient % 2 != 0,
    };
    quotient + i64::from(up)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HIGH_SUM: FoldRules = FoldRules {
        rule: Rule::Sum,
        direction: Direction::High,
        tiebreak_direction: TiebreakDirection::High,
    };

    fn entry(revision: i64, op: Op, value: i64, tiebreak: Option<i64>) -> Entry {
        let reached = Reached {
            at: Timestamp::from_millis(revision * 1000),
            revision,
            item: 0,
        };
        Entry {
            op,
            value,
            tiebreak,
            reached,
        }
    }

    fn fold(rules: FoldRules, entries: &[(Op, i64, Option<i64>)]) -> Tally {
        let numbered = entries
            .iter()
            .zip(1..)
            .map(|(&(op, v, t), n)| entry(n, op, v, t));
        Tally::of(numbered, rules).unwrap()
    }

    #[test]
    fn no_entry_is_not_zero() {
        assert_eq!(fold(HIGH_SUM, &[]).total, None);
        assert_eq!(fold(HIGH_SUM, &[(Op::Add, 0, None)]).total, Some(0));
    }

    #[test]
    fn set_replaces_and_add_goes_on_from_there() {
        let tally = fold(
            HIGH_SUM,
            &[
                (Op::Add, 5, Some(2)),
                (Op::Set, 10, None),
                (Op::Add, 1, Some(1)),
            ],
        );
        assert_eq!(
            (tally.total, tally.tiebreak, tally.entries),
            (Some(11), Some(3), 3)
        );
    }

    #[test]
    fn reached_is_when_the_present_total_last_came_about() {
        let tally = fold(HIGH_SUM, &[(Op::Add, 5, None), (Op::Add, 0, None)]);
        assert_eq!(tally.reached.unwrap().revision, 1);
        let tally = fold(
            HIGH_SUM,
            &[(Op::Add, 5, None), (Op::Add, -2, None), (Op::Add, 2, None)],
        );
        assert_eq!(tally.reached.unwrap().revision, 3);
    }

    #[test]
    fn best_compares_the_pair_as_one() {
        let high = FoldRules {
            rule: Rule::Best,
            ..HIGH_SUM
        };
        let tally = fold(
            high,
            &[
                (Op::Add, 9, Some(1)),
                (Op::Add, 9, Some(3)),
                (Op::Add, 5, Some(99)),
            ],
        );
        assert_eq!((tally.total, tally.tiebreak), (Some(9), Some(3)));
        let low = FoldRules {
            direction: Direction::Low,
            tiebreak_direction: TiebreakDirection::None,
            ..high
        };
        let tally = fold(
            low,
            &[
                (Op::Add, -3, Some(1)),
                (Op::Add, -4, None),
                (Op::Add, -4, Some(7)),
            ],
        );
        assert_eq!((tally.total, tally.tiebreak), (Some(-4), None));
    }

    #[test]
    fn averages_round_half_to_even_and_the_sum_stays_exact() {
        let average = FoldRules {
            rule: Rule::Average,
            ..HIGH_SUM
        };
        for (values, expected) in [
            (&[1, 2][..], 2),
            (&[2, 3], 2),
            (&[-1, -2], -2),
            (&[-2, -3], -2),
            (&[1, 1, 2], 1),
            (&[1, 2, 2], 2),
        ] {
            let entries: Vec<_> = values.iter().map(|v| (Op::Add, *v, None)).collect();
            let tally = fold(average, &entries);
            assert_eq!(tally.total, Some(expected), "{values:?}");
            assert_eq!(tally.total_sum, values.iter().sum::<i64>());
        }
    }

    #[test]
    fn a_total_beyond_fifteen_digits_is_refused() {
        let nearly = Tally::default()
            .with(entry(1, Op::Add, MAX_UNITS, None), HIGH_SUM)
            .unwrap();
        assert_eq!(
            nearly.with(entry(2, Op::Add, 1, None), HIGH_SUM),
            Err(OutOfRange)
        );
        assert!(nearly.with(entry(2, Op::Set, 1, None), HIGH_SUM).is_ok());
    }
}
