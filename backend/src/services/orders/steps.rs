//! The steps of an order: each is an edge of the one table, one row in `order_events`, one transaction.

use serde_json::{Value, json};

use super::{Side, change, lock, refused};
use crate::db::Tx;
use crate::domain::actor::{Actor, Caller};
use crate::domain::id::OrderId;
use crate::domain::order::{Order, Step, transition};
use crate::domain::payment::{Reference, Shop};
use crate::error::{Code, Error, Result};
use crate::services::{Expected, entitlements, expect};

/// Submits a draft: from now on its payment is waited for, as long as the provider says.
///
/// # Errors
/// `order_state`; `payments_disabled` where nothing is sold.
pub fn submit(tx: &mut Tx<'_>, caller: Caller, order: OrderId, shop: &Shop) -> Result<Order> {
    let order = lock(tx, caller, order, Side::Customer)?;
    let Some(provider) = &shop.provider else {
        return Err(Error::new(
            Code::PaymentsDisabled,
            "Nothing is sold on this server: everything is unlocked already.",
        ));
    };
    let until = tx.now.plus_seconds(provider.patience_days() * 86_400);
    advance(tx, order, &caller.actor(), Step::Submit, |order| {
        order.payment.provider = Some(provider.name().to_owned());
        order.expires_at = Some(until);
        None
    })
}

/// Cancels what is not paid yet. It stays readable.
///
/// # Errors
/// `precondition_failed`, `order_state`.
pub fn cancel(
    tx: &mut Tx<'_>,
    caller: Caller,
    order: OrderId,
    expected: Option<&Expected>,
) -> Result<Order> {
    let order = lock(tx, caller, order, Side::Customer)?;
    expect(expected, order.version)?;
    advance(tx, order, &caller.actor(), Step::Cancel, |order| {
        order.expires_at = None;
        None
    })
}

/// Ends an order whose payment did not come.
pub(super) fn expire(tx: &mut Tx<'_>, order: Order) -> Result<Order> {
    advance(tx, order, &Caller::System.actor(), Step::Expire, |order| {
        order.expires_at = None;
        None
    })
}

/// Notes that all of it was paid.
///
/// # Errors
/// `forbidden` for whoever is no operator, `order_state`.
pub fn pay(tx: &mut Tx<'_>, caller: Caller, order: OrderId, reference: Reference) -> Result<Order> {
    let order = lock(tx, caller, order, Side::Operator)?;
    advance(tx, order, &caller.as_operator(), Step::Pay, |order| {
        order.payment.paid_minor = order.total_minor();
        order.payment.reference = Some(reference.to_string());
        order.expires_at = None;
        Some(("reference", json!(reference)))
    })
}

/// Gives what was paid for: the entitlement comes in the same transaction.
///
/// # Errors
/// As [`pay`].
pub fn fulfil(tx: &mut Tx<'_>, caller: Caller, order: OrderId) -> Result<Order> {
    let order = lock(tx, caller, order, Side::Operator)?;
    let fulfilled = advance(tx, order, &caller.as_operator(), Step::Fulfil, |_| None)?;
    entitlements::grant(tx, &fulfilled)?;
    Ok(fulfilled)
}

/// What is given back.
#[derive(Debug, Clone)]
pub struct Refund {
    /// How much; `None`: all that is left.
    pub amount_minor: Option<i64>,
    /// What the transfer is found by again.
    pub reference: Option<Reference>,
}

/// Gives money back. When nothing is left of it, what the order unlocked ends, in the same transaction.
///
/// # Errors
/// As [`pay`]; `refund_exceeds_payment`.
pub fn refund(tx: &mut Tx<'_>, caller: Caller, order: OrderId, refund: &Refund) -> Result<Order> {
    let order = lock(tx, caller, order, Side::Operator)?;
    // Whatever can be refunded in part can be refunded whole, and the other way round.
    next(&order, Step::Refund)?;
    let left = order.refundable_minor();
    let amount = refund.amount_minor.unwrap_or(left);
    if !(1..=left).contains(&amount) {
        let found = format!(
            "{left} of {} are left to refund; 1 to {left} are possible.",
            order.payment.paid_minor
        );
        return Err(
            Error::at(Code::RefundExceedsPayment, "/amount_minor", found)
                .with("refundable_minor", json!(left)),
        );
    }
    let step = if amount == left {
        Step::Refund
    } else {
        Step::RefundPart
    };
    let refunded = advance(tx, order, &caller.as_operator(), step, |order| {
        order.payment.refunded_minor += amount;
        Some(("reference", json!(refund.reference)))
    })?;
    if step == Step::Refund {
        entitlements::end(tx, &refunded)?;
    }
    Ok(refunded)
}

/// The one function that moves an order along an edge.
fn advance(
    tx: &mut Tx<'_>,
    order: Order,
    actor: &Actor,
    step: Step,
    work: impl FnOnce(&mut Order) -> Option<(&'static str, Value)>,
) -> Result<Order> {
    let to = next(&order, step)?;
    let action = format!("order.{step}");
    change(tx, order, actor, &action, |order| {
        order.state = to;
        Ok(work(order))
    })
}

fn next(order: &Order, step: Step) -> Result<crate::domain::order::OrderState> {
    transition(order.state, step).ok_or_else(|| refused(order, &format!("it cannot be {step}")))
}
