//! Payments, and what happened to an order.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::list;
use super::order::OrderStateWord;
use super::score::Actor;
use crate::domain::actor::Caller;
use crate::domain::order::OrderState;
use crate::domain::payment::Reference;
use crate::domain::time::Timestamp;
use crate::repos::order_events;
use crate::services::orders::Refund;

/// A payment that came in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reference": "transfer 2026-11-27 no. 4711"}))]
pub struct PayBody {
    /// What it is found by again.
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    pub reference: Reference,
}

/// Money that goes back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount_minor": 100, "reference": "transfer 2026-11-28 no. 12"}))]
pub struct RefundBody {
    /// How much, in minor units; all that is left, if it is absent.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub amount_minor: Option<i64>,
    /// What the transfer is found by again.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub reference: Option<Reference>,
}

impl From<RefundBody> for Refund {
    fn from(body: RefundBody) -> Self {
        Self {
            amount_minor: body.amount_minor,
            reference: body.reference,
        }
    }
}

/// One thing that happened to an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderEvent {
    /// The order's version after it.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who: by role; by id too for operators.
    pub actor: Actor,
    /// What was done.
    #[schema(max_length = 40, example = "order.paid")]
    pub action: String,
    /// Where the order stood before.
    #[schema(required, inline, value_type = Option<OrderStateWord>)]
    pub from: Option<OrderState>,
    /// Where it has stood since.
    #[schema(required, inline, value_type = Option<OrderStateWord>)]
    pub to: Option<OrderState>,
    /// The money that moved with it, in minor units: paid, or given back.
    #[schema(required, minimum = 0)]
    pub amount_minor: Option<i64>,
    /// What that is found by again.
    #[schema(required, max_length = 100)]
    pub reference: Option<String>,
}

impl OrderEvent {
    /// As a reader may see it.
    pub fn new(event: &order_events::OrderEvent, caller: Caller) -> Self {
        let of = |value: &Option<Value>, pointer: &str| {
            value
                .as_ref()
                .and_then(|value| value.pointer(pointer).cloned())
        };
        let state = |value: &Option<Value>| OrderState::from_word(of(value, "/state")?.as_str()?);
        let amount = |value: &Option<Value>, name: &str| {
            let amount = of(value, &format!("/payment/{name}_minor"));
            amount.and_then(|amount| amount.as_i64()).unwrap_or(0)
        };
        let moved = |name: &str| amount(&event.after, name) - amount(&event.before, name);
        let reference = of(&event.after, "/reference");
        let actor = &event.actor;
        Self {
            version: event.version,
            at: event.at,
            actor: Actor {
                role: actor.role.clone(),
                id: actor.public_id().filter(|_| caller.is_operator()),
            },
            action: event.action.clone(),
            from: state(&event.before),
            to: state(&event.after),
            amount_minor: Some(moved("paid") + moved("refunded")).filter(|moved| *moved > 0),
            reference: reference.and_then(|text| text.as_str().map(str::to_owned)),
        }
    }
}

list! {
    /// What happened to an order, the first first.
    OrderEventList of OrderEvent
}
