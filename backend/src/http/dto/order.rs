//! Orders and products.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list;
use crate::domain::catalogue;
use crate::domain::entitlement::{Features, Scope};
use crate::domain::id::{GameId, OrderId, UserId};
use crate::domain::order::{self, OrderDetails};
use crate::domain::payment::Shop;
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
    #[schema(inline, value_type = Vec<FeatureWord>, max_items = 4)]
    pub entitlements: Features,
    /// For how many days each unlocks it; null: for ever.
    #[schema(required, minimum = 1)]
    pub days: Option<i64>,
    /// For one board, or for every board of an account.
    #[schema(inline, value_type = ScopeWord)]
    pub scope: Scope,
}

super::game::word_schema!(pub FeatureWord { Logo = "logo", Theme = "theme", Overlay = "overlay", Limits = "limits" });
super::game::word_schema!(ScopeWord { Board = "board", Account = "account" });

impl From<&catalogue::Product> for Product {
    fn from(product: &catalogue::Product) -> Self {
        let product = product.clone();
        Self {
            id: product.id,
            name: product.name,
            description: product.description,
            amount_minor: product.amount_minor,
            currency: product.currency,
            entitlements: product.entitlements,
            days: product.days,
            scope: product.scope,
        }
    }
}

/// Everything that can be ordered.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductList {
    /// The products, in the order in which they are shown.
    #[schema(max_items = 100)]
    pub data: Vec<Product>,
    /// Whether anything is sold here; otherwise everything is unlocked, and orders cannot be submitted.
    pub payments: bool,
    /// Who sells, as it stands on an invoice.
    pub seller: Seller,
}

/// Who sells.
#[derive(Debug, Serialize, ToSchema)]
pub struct Seller {
    /// The name.
    #[schema(max_length = 200)]
    pub name: String,
    /// The address, a few lines.
    #[schema(max_length = 1000)]
    pub address: String,
    /// How to pay.
    #[schema(max_length = 1000)]
    pub payment: String,
}

impl From<&Shop> for ProductList {
    fn from(shop: &Shop) -> Self {
        let seller = shop.catalogue.seller.clone();
        Self {
            data: shop.catalogue.products.iter().map(Product::from).collect(),
            payments: !shop.is_closed(),
            seller: Seller {
                name: seller.name,
                address: seller.address,
                payment: seller.payment,
            },
        }
    }
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
    /// The account it belongs to; null: it belongs to its board.
    #[schema(required, value_type = Option<String>, max_length = 17)]
    pub user_id: Option<UserId>,
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
    /// What was paid.
    #[schema(minimum = 0)]
    pub paid_minor: i64,
    /// What was given back, never more than was paid.
    #[schema(minimum = 0)]
    pub refunded_minor: i64,
    /// The way in which it is paid; null until it is submitted.
    #[schema(required, max_length = 40, example = "manual")]
    pub provider: Option<String>,
    /// What the payment is found by again.
    #[schema(required, max_length = 100)]
    pub reference: Option<String>,
    /// While it is pending: until when its payment is waited for.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
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

super::game::word_schema!(pub OrderStateWord {
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
            user_id: order.user,
            game_id: order.game,
            currency: order.currency.clone(),
            subtotal_minor: order.subtotal_minor(),
            tax_minor: order.tax_minor,
            total_minor: order.total_minor(),
            paid_minor: order.payment.paid_minor,
            refunded_minor: order.payment.refunded_minor,
            provider: order.payment.provider.clone(),
            reference: order.payment.reference.clone(),
            expires_at: order.expires_at,
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
