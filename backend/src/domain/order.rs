//! Orders and what can be ordered. Money is an integer of minor units and a currency.

use serde::{Deserialize, Serialize};

use super::id::{GameId, OrderId};
use super::text::{Name, Note};
use super::time::Timestamp;
use super::words;

words! {
    /// Where an order stands.
    OrderState {
        Draft = "draft", Pending = "pending", Paid = "paid", Fulfilled = "fulfilled", Expired = "expired",
        Cancelled = "cancelled", PartiallyRefunded = "partially_refunded", Refunded = "refunded",
    }
}

/// Something that can be ordered, as the catalogue holds it.
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
    pub entitlements: Vec<String>,
}

/// Everything that can be ordered; the only source of prices.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The products, in the order in which they are shown.
    #[serde(rename = "product")]
    pub products: Vec<Product>,
}

impl Catalogue {
    /// Reads a catalogue from TOML.
    ///
    /// # Errors
    /// What is wrong with it, for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let catalogue: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        for (place, product) in catalogue.products.iter().enumerate() {
            let currency = &product.currency;
            if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
                return Err(format!(
                    "product {}: currency {currency:?} is not ISO 4217",
                    product.id
                ));
            }
            if !(0..=100_000_000).contains(&product.amount_minor) {
                return Err(format!(
                    "product {}: amount_minor must be 0 to 100000000",
                    product.id
                ));
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

/// What the customer decides about an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderDetails {
    /// How many, 1 to 100.
    pub quantity: i32,
    /// A remark for the operator.
    pub note: Option<Note>,
    /// The name on the invoice.
    pub billing_name: Option<Name>,
}

/// One order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The id.
    pub id: OrderId,
    /// The number that people quote.
    pub number: String,
    /// The board it is for.
    pub game: Option<GameId>,
    /// Where it stands.
    pub state: OrderState,
    /// What is ordered.
    pub product: String,
    /// What the customer decided.
    pub details: OrderDetails,
    /// ISO 4217.
    pub currency: String,
    /// The price of one when the order was drafted.
    pub unit_minor: i64,
    /// Tax; not computed by us.
    pub tax_minor: i64,
    /// Moves with every change.
    pub version: i64,
    /// Drafted then.
    pub created_at: Timestamp,
    /// Last changed then.
    pub updated_at: Timestamp,
}

impl Order {
    /// Without tax. At most 100 times 100,000,000: it cannot overflow.
    pub fn subtotal_minor(&self) -> i64 {
        self.unit_minor * i64::from(self.details.quantity)
    }

    /// With tax.
    pub fn total_minor(&self) -> i64 {
        self.subtotal_minor() + self.tax_minor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_of_the_repository_is_sound() {
        let catalogue = Catalogue::parse(include_str!("../../catalogue.toml")).unwrap();
        let ids: Vec<&str> = catalogue
            .products
            .iter()
            .map(|product| product.id.as_str())
            .collect();
        assert_eq!(ids, ["free", "pass-7d", "board-forever", "pro-month"]);
    }

    #[test]
    fn a_broken_catalogue_says_why() {
        let product = |currency: &str, amount: i64| {
            format!(
                "[[product]]\nid='a'\nname='A'\ndescription=''\namount_minor={amount}\ncurrency='{currency}'\n"
            )
        };
        assert!(Catalogue::parse(&product("EUR", 1)).is_ok());
        for text in [
            product("euro", 1),
            product("EUR", -1),
            product("EUR", 1).repeat(2),
            "x = 1".to_owned(),
        ] {
            assert!(Catalogue::parse(&text).is_err(), "{text}");
        }
    }
}
