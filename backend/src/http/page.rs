//! Lists by keyset: limits, cursors and the address of the next page.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::key::KEY;
use crate::error::{Code, Error, Result};
use crate::repos::Page;

/// Version of the cursors: those of another version do not belong here.
const VERSION: u8 = 1;

/// What every list is asked for. A cursor is bound to the path, the filters and the order.
#[derive(Debug, Clone)]
pub struct Keyset {
    /// Rows at most.
    pub limit: i64,
    address: String,
    filters: Vec<(String, String)>,
    cursor: Option<String>,
}

/// A page as it is sent. The document describes one for each kind of row.
#[derive(Serialize)]
struct List<R> {
    data: Vec<R>,
    has_more: bool,
    next_cursor: Option<String>,
}

impl Keyset {
    /// From a request's path and query, both already checked.
    pub fn new(
        path: &str,
        query: &str,
        limit: Option<Limit>,
        cursor: Option<String>,
        default: i64,
    ) -> Self {
        let mut filters: Vec<(String, String)> =
            serde_urlencoded::from_str(query).unwrap_or_default();
        filters.retain(|(name, _)| name != "cursor");
        Self {
            limit: limit.map_or(default, |limit| limit.0),
            address: path.to_owned(),
            filters,
            cursor,
        }
    }

    /// The place after which this page begins: `N` numbers, as [`Keyset::next`] wrote them.
    ///
    /// # Errors
    /// `invalid_cursor` for one of another list, filter, order or version.
    pub fn after<const N: usize>(&self) -> Result<Option<[i64; N]>> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        let refused = || {
            Error::at(
                Code::InvalidCursor,
                "cursor",
                "This cursor is not of this list, filter and order.",
            )
        };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
        let (head, numbers) = bytes.split_at_checked(5).ok_or_else(refused)?;
        if head != self.head() || numbers.len() != 8 * N {
            return Err(refused());
        }
        let mut after = [0i64; N];
        for (number, bytes) in after.iter_mut().zip(numbers.chunks_exact(8)) {
            *number = i64::from_be_bytes(bytes.try_into().map_err(|_| refused())?);
        }
        Ok(Some(after))
    }

    /// The cursor that goes on after a place.
    pub fn next<const N: usize>(&self, place: [i64; N]) -> String {
        let mut bytes = self.head().to_vec();
        bytes.extend(place.iter().flat_map(|number| number.to_be_bytes()));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The address of the next page.
    pub fn address(&self, cursor: &str) -> String {
        let mut query = self.filters.clone();
        query.push(("cursor".to_owned(), cursor.to_owned()));
        format!(
            "{}?{}",
            self.address,
            serde_urlencoded::to_string(query).unwrap_or_default()
        )
    }

    /// The answer: the page's rows, each turned by `row`, and the way to the next page from the
    /// `place` of the last.
    ///
    /// # Errors
    /// Rows that do not serialise: a fault of ours.
    pub fn answer<'a, T, R: Serialize, const N: usize>(
        &self,
        page: &'a Page<T>,
        place: impl Fn(&T) -> [i64; N],
        row: impl Fn(&'a T) -> R,
    ) -> Result<Answer> {
        let last = page.rows.last().filter(|_| page.has_more);
        let next_cursor = last.map(|last| self.next(place(last)));
        let next = next_cursor.as_deref().map(|cursor| self.address(cursor));
        let list = List {
            data: page.rows.iter().map(row).collect(),
            has_more: page.has_more,
            next_cursor,
        };
        Ok(Answer::ok(&list)?.next(next))
    }

    fn head(&self) -> [u8; 5] {
        let mut bound: Vec<_> = self
            .filters
            .iter()
            .filter(|(name, _)| name != "limit" && name != KEY)
            .collect();
        bound.sort();
        let digest = Sha256::digest(format!("{} {bound:?}", self.address));
        [VERSION, digest[0], digest[1], digest[2], digest[3]]
    }
}

/// `?limit=` of most lists: 1 to 100.
#[derive(Debug, Clone, Copy)]
pub struct Limit(i64);

/// `?limit=` of standings and players: 1 to 1000.
#[derive(Debug, Clone, Copy)]
pub struct WideLimit(i64);

impl From<WideLimit> for Limit {
    fn from(wide: WideLimit) -> Self {
        Self(wide.0)
    }
}

/// A whole number of a query, within bounds.
pub fn whole<'de, D: Deserializer<'de>>(
    deserializer: D,
    least: i64,
    most: i64,
) -> Result<i64, D::Error> {
    let text = String::deserialize(deserializer)?;
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<i64>() {
        Ok(number) if plain && (least..=most).contains(&number) => Ok(number),
        _ => Err(serde::de::Error::custom(format!(
            "out_of_range: a whole number from {least} to {most} is expected"
        ))),
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        whole(deserializer, 1, 100).map(Self)
    }
}

impl<'de> Deserialize<'de> for WideLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        whole(deserializer, 1, 1000).map(Self)
    }
}

/// A revision in a query: 0 or more.
pub fn revision<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    whole(deserializer, 0, super::openapi::LARGEST).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_list() {
        let list = |path: &str, query: &str, cursor: Option<String>| {
            Keyset::new(path, query, None, cursor, 25)
        };
        let cursor = list("/a", "sort=x&limit=5", None).next([-7, i64::MAX]);
        let again = |path, query| list(path, query, Some(cursor.clone())).after::<2>();
        assert_eq!(
            again("/a", "limit=9&sort=x&cursor=y").unwrap(),
            Some([-7, i64::MAX])
        );
        assert!(again("/b", "sort=x").is_err());
        assert!(again("/a", "sort=y").is_err());
        assert!(
            list("/a", "sort=x", Some(cursor.clone()))
                .after::<3>()
                .is_err()
        );
        assert!(
            list("/a", "sort=x", Some("nonsense".to_owned()))
                .after::<2>()
                .is_err()
        );
    }
}
