//! The last good point: the newest state that is whole.

use super::super::Say;
use super::aside::{Aside, Wrong};
use super::place::{Place, explained};
use crate::archive::copies::{Copies, Point};
use crate::archive::promise::Promise;
use crate::db::summary::Examined;
use crate::domain::time::Timestamp;
use crate::error::StartError;

/// So many transactions may be given up without a person: what came after a wipe until it was found.
const DOUBT: usize = 100;

/// Why a person has to decide.
#[derive(Debug, Clone, Copy)]
enum Doubt {
    Damaged,
    Unkept,
    Long,
}

/// Brings back the newest state, not later than a point, that is whole and holds what was promised. What came
/// after it was never acknowledged, or is the damage itself.
///
/// # Errors
/// 65 when the archive is damaged or never was whole, 66 when what was promised is nowhere in it or more would
/// be given up than a wipe and its discovery explain: then a person decides.
pub(super) fn bring_last_good(
    place: &Place<'_>,
    copies: &Copies,
    point: Point,
    (aside, promise): (&Aside, Option<Promise>),
    say: Say<'_>,
) -> Result<(Point, Examined), StartError> {
    let search = Search {
        place,
        copies,
        aside,
        say,
    };
    let mut doubt = match search.bring(point, promise) {
        Ok(found) => return Ok((point, found)),
        Err(Wrong::Other(error)) => return Err(error),
        Err(Wrong::Archive(error)) => {
            say(&format!("{point} does not come back: {error}"))?;
            Some(Doubt::Damaged)
        }
        Err(Wrong::Content(why)) => {
            say(&format!("{point} is not whole: {why}"))?;
            None
        }
    };
    let earlier = earlier(copies, point)?;
    // What was promised may lie in what is damaged.
    let mut found = search.newest(&earlier, promise.filter(|_| doubt.is_none()))?;
    if found.is_none() && promise.is_some() && doubt.is_none() {
        doubt = Some(Doubt::Unkept);
        found = search.newest(&earlier, None)?;
    }
    let Some(found) = found else {
        return Err(StartError::new(
            65,
            "no state of the archive is whole; nothing was touched",
        ));
    };
    let given_up = earlier.len() - found.place_in_list;
    if given_up > DOUBT {
        doubt.get_or_insert(Doubt::Long);
    }
    match doubt {
        Some(doubt) => Err(doubt.refusal(earlier[found.place_in_list], given_up)),
        None => search.complete(found),
    }
}

/// A state of the archive that is whole.
struct Found {
    place_in_list: usize,
    point: Point,
    /// Where it was brought last, and so is still there.
    brought: Option<Examined>,
}

/// Brings states back, one in place of the other.
struct Search<'a> {
    place: &'a Place<'a>,
    copies: &'a Copies,
    aside: &'a Aside,
    say: Say<'a>,
}

impl Search<'_> {
    fn bring(&self, point: Point, promise: Option<Promise>) -> Result<Examined, Wrong> {
        let found = self
            .aside
            .bring(self.place, (self.copies, point), self.say)?;
        self.aside.keeps(promise)?;
        Ok(found)
    }

    fn newest(
        &self,
        transactions: &[(u64, Timestamp)],
        promise: Option<Promise>,
    ) -> Result<Option<Found>, StartError> {
        let numbers: Vec<u64> = transactions.iter().map(|(number, _)| *number).collect();
        let mut last = None;
        let whole = newest_whole(&numbers, |number| {
            let point = Point::Transaction(number);
            match self.bring(point, promise) {
                Ok(found) => {
                    last = Some((point, found));
                    Ok(true)
                }
                Err(Wrong::Archive(_) | Wrong::Content(_)) => {
                    last = None;
                    let further = format!("{point} is not whole either: looking further back");
                    (self.say)(&further).map(|()| false)
                }
                Err(Wrong::Other(error)) => Err(error),
            }
        })?;
        Ok(whole.map(|place_in_list| {
            let point = Point::Transaction(numbers[place_in_list]);
            let brought = last.filter(|(brought, _)| *brought == point);
            Found {
                place_in_list,
                point,
                brought: brought.map(|(_, found)| found),
            }
        }))
    }

    /// Brings it once more where another one was brought after it.
    fn complete(&self, found: Found) -> Result<(Point, Examined), StartError> {
        let point = found.point;
        match found.brought {
            Some(brought) => Ok((point, brought)),
            None => Ok((point, self.bring(point, None)?)),
        }
    }
}

impl Doubt {
    /// Changes that were acknowledged may be among what would be given up, so nobody but a person gives it up.
    fn refusal(self, (number, at): (u64, Timestamp), given_up: usize) -> StartError {
        let (exit, why) = match self {
            Self::Damaged => (65, "the archive is damaged"),
            Self::Unkept => (
                66,
                "what was acknowledged last is in no state of the archive",
            ),
            Self::Long => (66, "something is missing since long ago"),
        };
        StartError::new(
            exit,
            format!(
                "{why}: the newest state that is whole is transaction {number:016x} of {at}, {given_up} \
                 transactions earlier. Nothing was touched. To go back to it, and give up what came after: \
                 scorehold recover --at {number:016x}"
            ),
        )
    }
}

/// The transactions before a point, in order.
fn earlier(copies: &Copies, point: Point) -> Result<Vec<(u64, Timestamp)>, StartError> {
    let mut listed = copies
        .transactions()
        .map_err(|failure| explained(&failure))?;
    listed.sort_unstable();
    match point {
        Point::Transaction(limit) => listed.retain(|(number, _)| *number < limit),
        // The newest is the one that is not whole.
        Point::Latest | Point::Time(_) => {
            listed.pop();
        }
    }
    Ok(listed)
}

/// The place of the newest that is whole. What is lost stays lost, so that it is looked for in growing steps
/// from the end, and between the last two of them by halves.
fn newest_whole(
    numbers: &[u64],
    mut is_whole: impl FnMut(u64) -> Result<bool, StartError>,
) -> Result<Option<usize>, StartError> {
    let (mut bad, mut step, mut good) = (numbers.len(), 1, None);
    while bad > 0 && good.is_none() {
        let at = bad.saturating_sub(step);
        match is_whole(numbers[at])? {
            true => good = Some(at),
            false => (bad, step) = (at, step * 2),
        }
    }
    let Some(mut good) = good else {
        return Ok(None);
    };
    while bad - good > 1 {
        let middle = usize::midpoint(good, bad);
        match is_whole(numbers[middle])? {
            true => good = middle,
            false => bad = middle,
        }
    }
    Ok(Some(good))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_whole_state_is_found_in_few_looks() {
        for length in 0..200 {
            let numbers: Vec<u64> = (1..=length).collect();
            for last in 0..=length {
                let mut looks = 0;
                let found = newest_whole(&numbers, |number| {
                    looks += 1;
                    Ok(number <= last)
                });
                let expected = usize::try_from(last).unwrap().checked_sub(1);
                assert_eq!(found, Ok(expected), "{last} of {length}");
                assert!(looks <= 16, "{looks} looks for {last} of {length}");
                assert!(last != length || looks <= 1);
            }
        }
    }

    #[test]
    fn what_cannot_be_asked_ends_the_search() {
        let refusal = StartError::new(69, "the archive does not answer");
        let found = newest_whole(&[1, 2, 3], |_| Err(refusal.clone()));
        assert_eq!(found, Err(refusal));
    }
}
