//! People who keep boards: accounts.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::id::UserId;
use super::text::{Name, fold_case};
use super::time::Timestamp;

/// Days for which a deleted account can come back; then the person is erased.
pub const TOMBSTONE_DAYS: i64 = 30;

/// A mail address as it was typed: something, an at sign, a host; at most 254 characters (RFC 5321,
/// 4.5.3.1.3). Whether anybody reads it only a mail can tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Takes an address from outside.
    ///
    /// # Errors
    /// `invalid_email` with what is expected.
    pub fn new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let refused = || "invalid_email: an address such as ana@example.org is expected".to_owned();
        let (local, host) = text.rsplit_once('@').ok_or_else(refused)?;
        let printable = text.chars().all(|c| !c.is_control() && !c.is_whitespace());
        let plain = !local.contains(['@', '<', '>', ',', ';', '"', '(', ')', '\\']);
        let labels = host.split('.').all(|label| {
            let inner = label.chars().all(|c| c.is_alphanumeric() || c == '-');
            !label.is_empty() && inner && !label.starts_with('-') && !label.ends_with('-')
        });
        if printable && plain && labels && !local.is_empty() && text.len() <= 254 {
            Ok(Self(text.to_owned()))
        } else {
            Err(refused())
        }
    }

    /// Takes back what the database holds.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// By what two spellings of one address are the same.
    pub fn folded(&self) -> String {
        fold_case(&self.0)
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Characters that a password has at least (NIST SP 800-63B, 3.1.1.2); any may be used.
pub const SHORTEST_PASSWORD: usize = 8;
/// Characters that a password has at most, so that nobody lets us hash a book.
pub const LONGEST_PASSWORD: usize = 200;

/// A password somebody chooses. It is shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

impl NewPassword {
    /// The password, to be hashed.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(redacted)")
    }
}

impl<'de> Deserialize<'de> for NewPassword {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.chars().count() {
            length if length < SHORTEST_PASSWORD => Err(serde::de::Error::custom(format!(
                "too_short: at least {SHORTEST_PASSWORD} characters are needed"
            ))),
            length if length > LONGEST_PASSWORD => Err(serde::de::Error::custom(format!(
                "too_long: at most {LONGEST_PASSWORD} characters are allowed, these are {length}"
            ))),
            _ => Ok(Self(text)),
        }
    }
}

/// What a person decides about the own account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserDetails {
    /// What others may call them.
    pub display_name: Name,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The address; `None` once the person is erased.
    pub email: Option<Email>,
    /// What was decided.
    pub details: UserDetails,
    /// argon2id in the PHC string format; `None`: no password was chosen yet.
    pub password_hash: Option<String>,
    /// The address has been shown to be theirs.
    pub verified_at: Option<Timestamp>,
    /// May see and move payments since then.
    pub operator_since: Option<Timestamp>,
    /// Deleted then; it comes back by logging in within 30 days.
    pub deleted_at: Option<Timestamp>,
    /// Moves with every change of the account.
    pub version: i64,
    /// Made then.
    pub created_at: Timestamp,
    /// Last changed then.
    pub updated_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_looks_like_one() {
        for text in [
            "ana@example.org",
            " ana+x@münchen.example ",
            "a@b",
            "o'neil@x-y.org",
        ] {
            assert!(Email::new(text).is_ok(), "{text}");
        }
        let long = format!("{}@example.org", "a".repeat(243));
        for text in [
            "",
            "ana",
            "@example.org",
            "ana@",
            "ana@x..y",
            "a b@x.org",
            "a@b@c",
            "ana@-x.org",
            "a\n@x.org",
            "<a@x.org>",
            &long,
        ] {
            assert!(Email::new(text).is_err(), "{text}");
        }
    }

    #[test]
    fn spellings_of_one_address_are_the_same() {
        let folded = |text: &str| Email::new(text).unwrap().folded();
        assert_eq!(folded("Ana@Example.ORG"), folded(" ana@example.org "));
    }

    #[test]
    fn a_password_is_bounded_in_characters_and_never_shown() {
        let read = |text: &str| serde_json::from_value::<NewPassword>(text.into());
        assert!(read("1234567").is_err());
        assert!(read("ääääääää").is_ok());
        assert!(read(&"x".repeat(201)).is_err());
        assert_eq!(
            format!("{:?}", read("open sesame").unwrap()),
            "NewPassword(redacted)"
        );
    }
}
