//! The only queries. Every function takes a connection and answers domain types; a row's shape is
//! private to its file.

pub mod entitlements;
pub mod games;
pub mod history;
pub mod journal;
pub mod links;
pub mod logos;
pub mod mails;
pub mod maintenance;
pub mod order_events;
pub mod orders;
pub mod players;
pub mod rehearsals;
pub mod requests;
pub mod rounds;
pub mod scores;
pub mod sessions;
pub mod standings;
pub mod users;

use diesel::QueryResult;

use crate::domain::time::Timestamp;

/// What an update that names one row must have met. Where the row is gone that was read just before, the change
/// is none, and the database is damaged.
fn one_row(met: usize) -> QueryResult<()> {
    rows(1, met)
}

/// The same of an update that names several.
fn rows(named: usize, met: usize) -> QueryResult<()> {
    match met == named {
        true => Ok(()),
        false => Err(diesel::result::Error::QueryBuilderError(
            format!("an update of {named} rows met {met}").into(),
        )),
    }
}

/// A part of a list and where the next one begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Whether more follow.
    pub has_more: bool,
}

impl<T> Page<T> {
    /// Cuts a list that was asked for one row more than `limit`.
    pub fn cut(mut rows: Vec<T>, limit: i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        Self { rows, has_more }
    }

    /// The same page of something made from each row.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(make).collect(),
            has_more: self.has_more,
        }
    }
}

/// Which part of what can be trashed is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shelf {
    /// What stands.
    #[default]
    Live,
    /// What is in the trash.
    Trash,
}

/// A word of the database that the code does not know: somebody else wrote there.
fn word<T>(found: Option<T>, column: &str) -> QueryResult<T> {
    found.ok_or_else(|| corrupt(&format!("an unknown word in {column}")))
}

fn corrupt(what: &str) -> diesel::result::Error {
    diesel::result::Error::DeserializationError(what.into())
}

fn scale(stored: i32) -> QueryResult<u8> {
    u8::try_from(stored).map_err(|_| corrupt("a scale out of range"))
}

fn moment(stored: Option<i64>) -> Option<Timestamp> {
    stored.map(Timestamp::from_millis)
}

fn millis(moment: Option<Timestamp>) -> Option<i64> {
    moment.map(Timestamp::millis)
}

/// A pattern of LIKE for a text that stands somewhere.
fn within(text: &str) -> String {
    let literal = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{literal}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_that_misses_a_row_is_no_change() {
        assert!(one_row(1).is_ok());
        assert!(one_row(0).is_err());
        assert!(rows(3, 3).is_ok());
        assert!(rows(3, 2).is_err());
    }
}
