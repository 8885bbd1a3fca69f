//! What can be ordered, and who sells it: the only source of prices.

use serde::{Deserialize, Serialize};

use super::entitlement::{Features, Scope};

/// What an order of a product gives: kept with the order, whatever the catalogue says later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Grant {
    /// What it unlocks.
    pub features: Features,
    /// For how many days each; `None`: for ever.
    pub days: Option<i64>,
    /// For one board, or for every board of an account.
    pub scope: Scope,
}

/// Something that can be ordered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its name in the API.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// What it gives.
    pub description: String,
    /// The price of one, in minor units; 0 for what is free.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// What it unlocks: `logo`, `theme`, `overlay`, `limits`.
    #[serde(default)]
    pub entitlements: Features,
    /// For how many days each unlocks it; absent: for ever.
    pub days: Option<i64>,
    /// For one board, or for every board of an account.
    #[serde(default)]
    pub scope: Scope,
}

impl Product {
    /// What an order of it gives.
    pub fn grant(&self) -> Grant {
        Grant {
            features: self.entitlements,
            days: self.days,
            scope: self.scope,
        }
    }
}

/// Who sells, as it stands on an invoice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seller {
    /// The name.
    #[serde(default)]
    pub name: String,
    /// The address, a few lines.
    #[serde(default)]
    pub address: String,
    /// How to pay: an account, what to write.
    #[serde(default)]
    pub payment: String,
}

/// Everything that can be ordered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Who sells.
    #[serde(default)]
    pub seller: Seller,
    /// The products, in the order in which they are shown.
    #[serde(rename = "product")]
    pub products: Vec<Product>,
}

/// Days of a product at most: a hundred of it last for 1,000 years at most.
const LONGEST: i64 = 3_650;

impl Catalogue {
    /// Reads a catalogue from TOML.
    ///
    /// # Errors
    /// What is wrong with it, for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let catalogue: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        for (place, product) in catalogue.products.iter().enumerate() {
            let fault = |what: String| Err(format!("product {}: {what}", product.id));
            let currency = &product.currency;
            if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
                return fault(format!("currency {currency:?} is not ISO 4217"));
            }
            if !(0..=100_000_000).contains(&product.amount_minor) {
                return fault("amount_minor must be 0 to 100000000".to_owned());
            }
            if product
                .days
                .is_some_and(|days| !(1..=LONGEST).contains(&days))
            {
                return fault(format!("days must be 1 to {LONGEST}"));
            }
            if catalogue.products[..place]
                .iter()
                .any(|other| other.id == product.id)
            {
                return Err(format!("product {} stands twice", product.id));
            }
        }
        Ok(catalogue)
    }

    /// The product of that name.
    pub fn find(&self, id: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::entitlement::Feature;

    #[test]
    fn the_catalogue_of_the_repository_is_sound() {
        let catalogue = Catalogue::parse(include_str!("../../catalogue.toml")).unwrap();
        let products = catalogue.products.iter().map(|product| {
            let Grant {
                features,
                days,
                scope,
            } = product.grant();
            (product.id.as_str(), features, days, scope)
        });
        let board = Features::of([Feature::Logo, Feature::Theme, Feature::Overlay]);
        assert_eq!(
            products.collect::<Vec<_>>(),
            [
                ("free", Features::NONE, None, Scope::Board),
                ("pass-7d", board, Some(7), Scope::Board),
                ("board-forever", board, None, Scope::Board),
                ("pro-month", Features::ALL, Some(30), Scope::Account),
            ]
        );
    }

    #[test]
    fn a_broken_catalogue_says_why() {
        let product = |currency: &str, amount: i64, more: &str| {
            format!(
                "[[product]]\nid='a'\nname='A'\ndescription=''\namount_minor={amount}\ncurrency='{currency}'\n{more}\n"
            )
        };
        assert!(Catalogue::parse(&product("EUR", 1, "days=1")).is_ok());
        for text in [
            product("euro", 1, ""),
            product("EUR", -1, ""),
            product("EUR", 1, "days=0"),
            product("EUR", 1, "entitlements=['castle']"),
            product("EUR", 1, "scope='world'"),
            product("EUR", 1, "").repeat(2),
            "x = 1".to_owned(),
        ] {
            assert!(Catalogue::parse(&text).is_err(), "{text}");
        }
    }
}
