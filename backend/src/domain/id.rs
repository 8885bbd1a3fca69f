//! Ids: a 64-bit number inside, `prefix_` and 13 characters of Crockford base32 outside.

use std::fmt;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 13;

/// Why a text is not the id asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAnId {
    /// An id of another kind, such as `plr_…` where a game stands.
    WrongKind {
        /// The prefix that belongs here.
        expected: &'static str,
        /// The prefix found.
        found: String,
    },
    /// No id at all.
    Malformed,
}

/// Every prefix in use, for the hint when one stands in another's place.
pub const PREFIXES: &[&str] = &[
    "game", "plr", "rnd", "scr", "ord", "usr", "lnk", "key", "ses", "whk",
];

fn encode(prefix: &str, id: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let bits = id.cast_unsigned();
    let mut text = [0u8; LENGTH];
    for (place, letter) in text.iter_mut().enumerate() {
        let shift = 5 * (LENGTH - 1 - place);
        *letter = ALPHABET[((bits >> shift) & 31) as usize];
    }
    write!(f, "{prefix}_{}", str::from_utf8(&text).unwrap_or_default())
}

fn decode(prefix: &'static str, text: &str) -> Result<i64, NotAnId> {
    let (found, digits) = text.split_once('_').ok_or(NotAnId::Malformed)?;
    if found != prefix {
        return Err(match PREFIXES.contains(&found) {
            true => NotAnId::WrongKind {
                expected: prefix,
                found: found.to_owned(),
            },
            false => NotAnId::Malformed,
        });
    }
    if digits.len() != LENGTH || digits.as_bytes()[0] > b'7' {
        return Err(NotAnId::Malformed);
    }
    digits.bytes().try_fold(0i64, |id, letter| {
        let place = ALPHABET
            .iter()
            .position(|l| *l == letter.to_ascii_uppercase());
        place
            .map(|digit| id << 5 | digit as i64)
            .ok_or(NotAnId::Malformed)
    })
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                encode($prefix, self.0, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                decode($prefix, text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(|_| serde::de::Error::custom(concat!("expected an id such as ", $prefix, "_0123456789ABC")))
            }
        }
    };
}

id!(
    /// A board.
    GameId, "game"
);
id!(
    /// A player of a board.
    PlayerId, "plr"
);
id!(
    /// A round of a board.
    RoundId, "rnd"
);
id!(
    /// An entry of a board's ledger.
    ScoreId, "scr"
);
id!(
    /// An order.
    OrderId, "ord"
);
id!(
    /// A capability link of a board.
    LinkId, "lnk"
);
id!(
    /// An account.
    UserId, "usr"
);
id!(
    /// A device that is logged in.
    SessionId, "ses"
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_survives_its_text(id in 0..i64::MAX) {
            let text = PlayerId(id).to_string();
            prop_assert_eq!(text.len(), 4 + LENGTH);
            prop_assert_eq!(text.parse(), Ok(PlayerId(id)));
            prop_assert_eq!(text.to_lowercase().parse(), Ok(PlayerId(id)));
        }
    }

    #[test]
    fn another_kind_is_named_and_nonsense_refused() {
        let player = PlayerId(5).to_string();
        let wrong = NotAnId::WrongKind {
            expected: "game",
            found: "plr".to_owned(),
        };
        assert_eq!(player.parse::<GameId>(), Err(wrong));
        for text in [
            "",
            "game_",
            "game",
            "game_Z000000000000",
            "game_000000000000U",
            "game_é00000000000",
        ] {
            assert_eq!(text.parse::<GameId>(), Err(NotAnId::Malformed), "{text}");
        }
    }
}
