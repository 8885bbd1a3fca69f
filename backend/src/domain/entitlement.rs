//! What orders unlock. Keeping, restoring and sharing safely is never among it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::id::{GameId, OrderId, UserId};
use super::time::Timestamp;
use super::words;

words! {
    /// Something that a product unlocks: a board's own logo, its own colour, views without our mark,
    /// higher rate limits.
    Feature { Logo = "logo", Theme = "theme", Overlay = "overlay", Limits = "limits" }
}
words! {
    /// What a product is for: one board, or every board of an account.
    Scope { Board = "board", Account = "account" }
}

/// Some features, as one number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Features(u8);

impl Features {
    /// Nothing is unlocked.
    pub const NONE: Self = Self(0);
    /// Everything is unlocked.
    pub const ALL: Self = Self(0b1111);

    /// These.
    pub fn of(features: impl IntoIterator<Item = Feature>) -> Self {
        Self(features.into_iter().fold(0, |all, one| all | bit(one)))
    }

    /// Whether it is among them.
    pub fn contain(self, feature: Feature) -> bool {
        self.0 & bit(feature) != 0
    }

    /// These and those.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not among them, as a number: 0 where everything is unlocked.
    pub fn lacking(self) -> u8 {
        Self::ALL.0 & !self.0
    }

    /// One by one.
    pub fn iter(self) -> impl Iterator<Item = Feature> {
        let all = Feature::ALL.iter().copied();
        all.filter(move |feature| self.contain(*feature))
    }

    /// Takes back what the database holds; `None`: an unknown word.
    pub fn stored(text: &str) -> Option<Self> {
        let words = text.split(',').filter(|word| !word.is_empty());
        let features: Option<Vec<Feature>> = words.map(Feature::from_word).collect();
        features.map(Self::of)
    }
}

fn bit(feature: Feature) -> u8 {
    match feature {
        Feature::Logo => 1,
        Feature::Theme => 2,
        Feature::Overlay => 4,
        Feature::Limits => 8,
    }
}

/// The words, separated by commas.
impl fmt::Display for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.iter().map(Feature::word).collect();
        f.write_str(&words.join(","))
    }
}

impl Serialize for Features {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Features {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<Feature>::deserialize(deserializer).map(Self::of)
    }
}

/// What one order unlocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitlement {
    /// The order.
    pub order: OrderId,
    /// The one board; `None`: every board of the account, or its first that needs it.
    pub game: Option<GameId>,
    /// The account that ordered it.
    pub user: Option<UserId>,
    /// Which of the two, where no board is named.
    pub scope: Scope,
    /// The product.
    pub product: String,
    /// What it unlocks.
    pub features: Features,
    /// From then on.
    pub valid_from: Timestamp,
    /// Until then; `None`: for ever.
    pub valid_until: Option<Timestamp>,
    /// Refunded in full then.
    pub ended_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_survive_their_text() {
        for number in 0..16 {
            let features = Features(number);
            assert_eq!(Features::stored(&features.to_string()), Some(features));
            assert_eq!(features.lacking(), 15 - number);
        }
        assert_eq!(Features::stored("logo,castle"), None);
    }
}
