//! Orders and products.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list;
use crate::domain::id::{GameId, OrderId};
use crate::domain::order::{self, OrderDetails};
use crate::domain::text::{Name, Note};
use crate::domain::time::Timestamp;
use crate::error::{Code, Error};

/// Something that can be ordered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Product {
    /// Its name in the API.
    #[schema(max_length = 40, example = "pass-7d")]
    pub id: String,
    /// Its name for people.
    #[schema(max_length = 100)]
    pub name: String,
    /// What it gives.
    #[schema(max_length = 1000)]
    pub description: String,
    /// The price of one, in minor units of the currency.
    #[schema(minimum = 0)]
    pub amount_minor: i64,
    /// ISO 4217.
    #[schema(min_length = 3, max_length = 3, example = "EUR")]
    pub currency: String,
    /// What it unlocks.
    #[schema(max_items = 20)]
    pub entitlements: Vec<String>,
}

impl From<&order::Product> for Product {
    fn from(product: &order::Product) -> Self {
        let product = product.clone();
        Self {
            id: product.id,
            name: product.name,
            description: product.description,
            amount_minor: product.amount_minor,
            currency: product.currency,
            entitlements: product.entitlements,
        }
    }
}

/// Everything that can be ordered.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductList {
    /// The products, in the order in which they are shown.
    #[schema(max_items = 100)]
    pub data: Vec<Product>,
}

/// An order to be drafted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"product": "pass-7d", "quantity": 1, "game_id": "game_0C5Q0ZJ8G0N3A"}))]
pub struct OrderBody {
    /// The product, by its name in the catalogue.
    #[schema(min_length = 1, max_length = 40, example = "pass-7d")]
    pub product: String,
    /// The board it is for; required without an account.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 18)]
    pub game_id: Option<GameId>,
    /// How many.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 100, default = 1)]
    pub quantity: i32,
    /// A remark for the operator.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub note: Option<Note>,
    /// The name on the invoice.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 60)]
    pub billing_name: Option<Name>,
}

fn one() -> i32 {
    1
}

/// What may change about a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"quantity": 2}))]
pub struct OrderPatchBody {
    /// How many.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 100, default = 1)]
    pub quantity: i32,
    /// A remark for the operator.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub note: Option<Note>,
    /// The name on the invoice.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 60)]
    pub billing_name: Option<Name>,
}

impl TryFrom<OrderPatchBody> for OrderDetails {
    type Error = Error;

    fn try_from(body: OrderPatchBody) -> Result<Self, Error> {
        if (1..=100).contains(&body.quantity) {
            return Ok(Self {
                quantity: body.quantity,
                note: body.note,
                billing_name: body.billing_name,
            });
        }
        Err(Error::field(
            Code::InvalidFields,
            "/quantity",
            "out_of_range",
            "A quantity is 1 to 100.",
        ))
    }
}

impl OrderBody {
    /// What the customer decides, checked.
    ///
    /// # Errors
    /// `invalid_fields`.
    pub fn details(&self) -> Result<OrderDetails, Error> {
        OrderPatchBody {
            quantity: self.quantity,
            note: self.note.clone(),
            billing_name: self.billing_name.clone(),
        }
        .try_into()
    }
}

/// One line of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderLine {
    /// The product.
    #[schema(max_length = 40)]
    pub product: String,
    /// How many.
    #[schema(minimum = 1, maximum = 100)]
    pub quantity: i32,
    /// The price of one when the order was drafted.
    #[schema(minimum = 0)]
    pub unit_minor: i64,
    /// The price of the line.
    #[schema(minimum = 0)]
    pub total_minor: i64,
}

/// An order. Money is in minor units of the currency.
#[derive(Debug, Serialize, ToSchema)]
pub struct Order {
    /// The id.
    #[schema(value_type = String, example = "ord_0C5Q0ZJ8G0N3E", pattern = "^ord_[0-9A-HJKMNP-TV-Z]{13}$")]
    pub id: OrderId,
    /// The number that people quote.
    #[schema(max_length = 20, example = "SH-0C5Q0ZJ8G0N3E")]
    pub number: String,
    /// Where it stands.
    #[schema(inline, value_type = OrderStateWord)]
    pub state: order::OrderState,
    /// The product.
    #[schema(max_length = 40)]
    pub product: String,
    /// How many.
    #[schema(minimum = 1, maximum = 100)]
    pub quantity: i32,
    /// The board it is for.
    #[schema(required, value_type = Option<String>, max_length = 18)]
    pub game_id: Option<GameId>,
    /// ISO 4217.
    #[schema(min_length = 3, max_length = 3, example = "EUR")]
    pub currency: String,
    /// Without tax.
    #[schema(minimum = 0)]
    pub subtotal_minor: i64,
    /// Tax is not computed: whoever sells adds it to the invoice.
    #[schema(minimum = 0)]
    pub tax_minor: i64,
    /// With tax.
    #[schema(minimum = 0)]
    pub total_minor: i64,
    /// The lines.
    #[schema(max_items = 1)]
    pub lines: Vec<OrderLine>,
    /// A remark for the operator.
    #[schema(required, value_type = Option<String>, max_length = 500)]
    pub note: Option<Note>,
    /// The name on the invoice.
    #[schema(required, value_type = Option<String>, max_length = 60)]
    pub billing_name: Option<Name>,
    /// Moves with every change.
    #[schema(minimum = 1)]
    pub version: i64,
    /// Drafted then.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Last changed then.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

super::game::word_schema!(OrderStateWord {
    Draft = "draft",
    Pending = "pending",
    Paid = "paid",
    Fulfilled = "fulfilled",
    Expired = "expired",
    Cancelled = "cancelled",
    PartiallyRefunded = "partially_refunded",
    Refunded = "refunded"
});

impl From<&order::Order> for Order {
    fn from(order: &order::Order) -> Self {
        let details = order.details.clone();
        Self {
            id: order.id,
            number: order.number.clone(),
            state: order.state,
            product: order.product.clone(),
            quantity: details.quantity,
            game_id: order.game,
            currency: order.currency.clone(),
            subtotal_minor: order.subtotal_minor(),
            tax_minor: order.tax_minor,
            total_minor: order.total_minor(),
            lines: vec![OrderLine {
                product: order.product.clone(),
                quantity: details.quantity,
                unit_minor: order.unit_minor,
                total_minor: order.subtotal_minor(),
            }],
            note: details.note,
            billing_name: details.billing_name,
            version: order.version,
            created_at: order.created_at,
            updated_at: order.updated_at,
        }
    }
}

list! {
    /// One page of orders.
    OrderList of Order
}
