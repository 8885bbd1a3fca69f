//! Texts that are valid once they exist.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization;

/// A text of `MIN` to `MAX` characters: NFC, trimmed, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Text<const MIN: usize, const MAX: usize>(String);

/// The title of a board.
pub type Title = Text<1, 100>;
/// The name of a player, a team or a link.
pub type Name = Text<1, 60>;
/// The label of a round.
pub type Label = Text<1, 100>;
/// An integrator's own key.
pub type ExternalId = Text<1, 128>;
/// The beginning of a name that is looked for.
pub type Search = Text<0, 60>;
/// A remark of one or a few lines.
pub type Note = Text<0, 500>;
/// A longer description.
pub type Description = Text<0, 2000>;
/// A word or two: a unit, a theme, an avatar.
pub type Short = Text<0, 32>;

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    /// Takes a text from outside.
    ///
    /// # Errors
    /// `too_short`, `too_long` or `invalid_characters`, with what is allowed.
    pub fn new(text: &str) -> Result<Self, String> {
        let text: String = text.trim().nfc().collect();
        let length = text.chars().count();
        if length < MIN {
            return Err(format!(
                "too_short: at least {MIN} character{} needed",
                if MIN == 1 { " is" } else { "s are" }
            ));
        }
        if length > MAX {
            return Err(format!(
                "too_long: at most {MAX} characters are allowed, these are {length}"
            ));
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return Err("invalid_characters: control characters are not allowed".to_owned());
        }
        Ok(Self(text))
    }

    /// Takes back what the database holds: it was valid when it was stored.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Default for Text<0, MAX> {
    fn default() -> Self {
        Self(String::new())
    }
}

impl<const MIN: usize, const MAX: usize> fmt::Display for Text<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de, const MIN: usize, const MAX: usize> Deserialize<'de> for Text<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}

/// Folds case for the search by prefix: the same for `Ägir` and `ÄGIR`.
pub fn fold_case(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// A colour, `#rrggbb` in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Colour(String);

impl Colour {
    /// Takes back what the database holds.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The colour as `#rrggbb`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.strip_prefix('#') {
            Some(digits) if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()) => {
                Ok(Self(text.to_ascii_lowercase()))
            }
            _ => Err(serde::de::Error::custom(
                "invalid_colour: a colour such as #0072b2 is expected",
            )),
        }
    }
}

/// The look of a board: a colour, from which its accent is made, or a word; empty: none of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Theme(String);

impl Theme {
    /// Takes back what the database holds.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The colour as `#rrggbb`, or the word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Theme {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Short::deserialize(deserializer)?;
        if !text.as_str().starts_with('#') {
            return Ok(Self(text.0));
        }
        let colour = Colour::deserialize(serde::de::value::StringDeserializer::new(text.0))?;
        Ok(Self(colour.0))
    }
}

/// A time zone of the IANA database, such as `Europe/Berlin`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct TimeZone(String);

impl TimeZone {
    /// Takes back what the database holds.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The name in the IANA database.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for TimeZone {
    fn default() -> Self {
        Self("UTC".to_owned())
    }
}

impl<'de> Deserialize<'de> for TimeZone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let zone = jiff::tz::TimeZone::get(&text).ok();
        match zone.as_ref().and_then(|zone| zone.iana_name()) {
            Some(name) => Ok(Self(name.to_owned())),
            None => Err(serde::de::Error::custom(
                "invalid_timezone: a name such as Europe/Berlin is expected",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_trimmed_and_bounded() {
        assert_eq!(Name::new("  Ana ").unwrap().as_str(), "Ana");
        assert!(Name::new(" \t ").unwrap_err().starts_with("too_short"));
        assert!(
            Name::new(&"x".repeat(61))
                .unwrap_err()
                .starts_with("too_long")
        );
        assert!(
            Name::new("a\0b")
                .unwrap_err()
                .starts_with("invalid_characters")
        );
        assert!(Name::new(&"ä".repeat(60)).is_ok());
    }

    #[test]
    fn case_folds_across_alphabets() {
        assert_eq!(fold_case("ÄGIR"), fold_case("ägir"));
        assert_eq!(fold_case("ΑΣ"), fold_case("ας").replace('ς', "σ"));
    }

    #[test]
    fn zones_and_colours_are_known_ones() {
        assert!(serde_json::from_str::<TimeZone>("\"Europe/Berlin\"").is_ok());
        assert!(serde_json::from_str::<TimeZone>("\"Mars/Olympus\"").is_err());
        assert!(serde_json::from_str::<Colour>("\"#0072B2\"").is_ok());
        assert!(serde_json::from_str::<Colour>("\"blue\"").is_err());
        let theme = |text: &str| serde_json::from_value::<Theme>(text.into()).ok();
        for (text, expected) in [("", ""), ("dark", "dark"), ("#0072B2", "#0072b2")] {
            assert_eq!(theme(text), Some(Theme(expected.to_owned())));
        }
        assert_eq!(theme("#blue"), None);
    }
}
