//! A place in a board's history, named by its revision or by the clock.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use super::time::Timestamp;

/// A revision, or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The board as this revision left it.
    Revision(i64),
    /// The board as it was shown then.
    Time(Timestamp),
}

const EXPECTED: &str =
    "a revision such as 12, or an RFC 3339 time such as 2026-11-22T21:14:07.000Z is expected";

/// No revision has more of them.
const DIGITS: usize = 16;

impl FromStr for When {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if (1..=DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map(Self::Revision).map_err(|_| EXPECTED);
        }
        text.parse().map(Self::Time).map_err(|_| EXPECTED)
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Revision(revision) => write!(f, "revision {revision}"),
            Self::Time(time) => write!(f, "{time}"),
        }
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Number(number) => number.to_string(),
            serde_json::Value::String(text) => text,
            _ => return Err(serde::de::Error::custom(EXPECTED)),
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_or_a_moment() {
        let when = |text: &str| text.parse::<When>();
        assert_eq!(when("12"), Ok(When::Revision(12)));
        let time = "2026-11-22T21:14:07.000Z".parse().unwrap();
        assert_eq!(when("2026-11-22T21:14:07Z"), Ok(When::Time(time)));
        for text in ["", "-1", "1.5", "yesterday", "00000000000000012"] {
            assert_eq!(when(text), Err(EXPECTED), "{text}");
        }
    }
}
