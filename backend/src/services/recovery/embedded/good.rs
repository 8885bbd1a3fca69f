//! The last good point: the newest state that is whole.

use super::super::Say;
use super::aside::{Aside, Wrong};
use super::place::{Place, explained};
use crate::archive::copies::{Copies, Point};
use crate::db::summary::Examined;
use crate::domain::time::Timestamp;
use crate::error::StartError;

/// So many transactions may be given up without a person: what came after a wipe until it was found.
const DOUBT: usize = 100;

/// Brings back the newest state, not later than a point, that is whole. What came after it was never
/// acknowledged, or is the damage itself.
///
/// # Errors
/// 65 when the archive is damaged or never was whole, 66 when more would be given up than a wipe and its
/// discovery explain: then a person decides.
pub(super) fn bring_last_good(
    place: &Place<'_>,
    copies: &Copies,
    point: Point,
    aside: &Aside,
    say: Say<'_>,
) -> Result<(Point, Examined), StartError> {
    let is_damaged = match aside.bring(place, (copies, point), say) {
        Ok(found) => return Ok((point, found)),
        Err(Wrong::Other(error)) => return Err(error),
        Err(Wrong::Archive(error)) => {
            say(&format!("{point} does not come back: {error}"))?;
            true
        }
        Err(Wrong::Content(why)) => {
            say(&format!("{point} is not whole: {why}"))?;
            false
        }
    };
    let earlier = earlier(copies, point)?;
    let numbers: Vec<u64> = earlier.iter().map(|(number, _)| *number).collect();
    let mut brought = None;
    let whole = newest_whole(&numbers, |number| {
        let point = Point::Transaction(number);
        match aside.bring(place, (copies, point), say) {
            Ok(found) => {
                brought = Some((point, found));
                Ok(true)
            }
            Err(Wrong::Archive(_) | Wrong::Content(_)) => {
                brought = None;
                say(&format!(
                    "{point} is not whole either: looking further back"
                ))?;
                Ok(false)
            }
            Err(Wrong::Other(error)) => Err(error),
        }
    })?;
    let Some(place_in_list) = whole else {
        return Err(StartError::new(
            65,
            "no state of the archive is whole; nothing was touched",
        ));
    };
    let (number, at) = earlier[place_in_list];
    let given_up = numbers.len() - place_in_list;
    if is_damaged || given_up > DOUBT {
        return Err(in_doubt(is_damaged, number, at, given_up));
    }
    match brought {
        Some(brought) if brought.0 == Point::Transaction(number) => Ok(brought),
        _ => {
            let point = Point::Transaction(number);
            let found = aside.bring(place, (copies, point), say)?;
            Ok((point, found))
        }
    }
}

/// Changes that were acknowledged may be among what would be given up, so nobody but a person gives it up.
fn in_doubt(is_damaged: bool, number: u64, at: Timestamp, given_up: usize) -> StartError {
    let (exit, why) = match is_damaged {
        true => (65, "the archive is damaged"),
        false => (66, "something is missing since long ago"),
    };
    StartError::new(
        exit,
        format!(
            "{why}: the newest state that is whole is transaction {number:016x} of {at}, {given_up} transactions \
             earlier. Nothing was touched. To go back to it, and give up what came after: \
             scorehold recover --at {number:016x}"
        ),
    )
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
