//! Orders: their states, the one table of edges, and their money, an integer of minor units and a
//! currency.

use serde::Serialize;

use super::catalogue::Grant;
use super::id::{GameId, OrderId, UserId};
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
words! {
    /// What moves an order. A refund of a part and a refund of all that is left are two steps.
    Step {
        Submit = "submitted", Cancel = "cancelled", Expire = "expired", Pay = "paid", Fulfil = "fulfilled",
        RefundPart = "partially_refunded", Refund = "refunded",
    }
}

/// Every edge, once. What is not here is refused.
///
/// A part may be refunded again and again, each time with its own row in `order_events`; whatever is
/// paid may also be refunded at once. An order that was refunded in part is not fulfilled any more:
/// fulfil first, then refund.
pub const EDGES: &[(OrderState, Step, OrderState)] = {
    use OrderState::*;
    use Step::*;
    &[
        (Draft, Submit, Pending),
        (Draft, Cancel, Cancelled),
        (Pending, Cancel, Cancelled),
        (Pending, Expire, Expired),
        (Pending, Pay, Paid),
        (Paid, Fulfil, Fulfilled),
        (Paid, RefundPart, PartiallyRefunded),
        (Paid, Refund, Refunded),
        (Fulfilled, RefundPart, PartiallyRefunded),
        (Fulfilled, Refund, Refunded),
        (PartiallyRefunded, RefundPart, PartiallyRefunded),
        (PartiallyRefunded, Refund, Refunded),
    ]
};

/// Where a step leads; `None`: there is no such edge.
pub fn transition(from: OrderState, step: Step) -> Option<OrderState> {
    let edge = EDGES.iter().find(|edge| (edge.0, edge.1) == (from, step));
    edge.map(|edge| edge.2)
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

/// How an order was paid for, and what was given back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Payment {
    /// The way that the customer was shown.
    pub provider: Option<String>,
    /// What the payment is found by again.
    pub reference: Option<String>,
    /// What came in.
    pub paid_minor: i64,
    /// What was given back, never more.
    pub refunded_minor: i64,
}

/// One order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The id.
    pub id: OrderId,
    /// The number that people quote.
    pub number: String,
    /// The account that it belongs to; `None`: it belongs to its board.
    pub user: Option<UserId>,
    /// The board it is for.
    pub game: Option<GameId>,
    /// Where it stands.
    pub state: OrderState,
    /// What is ordered.
    pub product: String,
    /// What one of it gives.
    pub grant: Grant,
    /// What the customer decided.
    pub details: OrderDetails,
    /// ISO 4217.
    pub currency: String,
    /// The price of one when the order was drafted.
    pub unit_minor: i64,
    /// Tax; not computed by us.
    pub tax_minor: i64,
    /// How it was paid.
    pub payment: Payment,
    /// While it is pending: until when its payment is waited for.
    pub expires_at: Option<Timestamp>,
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

    /// What was paid and not given back.
    pub fn refundable_minor(&self) -> i64 {
        self.payment.paid_minor - self.payment.refunded_minor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_reached_and_ends_end() {
        let leads_to = |state| EDGES.iter().any(|edge| edge.2 == state);
        let goes_on = |state| EDGES.iter().any(|edge| edge.0 == state);
        for state in OrderState::ALL {
            assert_eq!(leads_to(*state), *state != OrderState::Draft, "{state}");
            let end = matches!(
                state,
                OrderState::Expired | OrderState::Cancelled | OrderState::Refunded
            );
            assert_eq!(goes_on(*state), !end, "{state}");
        }
    }

    #[test]
    fn a_step_leads_to_one_place() {
        for (from, step, to) in EDGES {
            assert_eq!(transition(*from, *step), Some(*to));
        }
        let pairs = OrderState::ALL.len() * Step::ALL.len();
        let legal = OrderState::ALL
            .iter()
            .flat_map(|from| Step::ALL.iter().map(|step| transition(*from, *step)))
            .flatten();
        assert_eq!((legal.count(), pairs), (EDGES.len(), 56));
    }
}
