//! `/orders/{order}/pay`, `/fulfil`, `/refund`: what only an operator may do.

use actix_web::post;

use super::orders::found;
use crate::error::Result;
use crate::http::answer::Answer;
use crate::http::dto::order::Order;
use crate::http::dto::payment::{PayBody, RefundBody};
use crate::http::request::Request;
use crate::services::orders;

/// Note a payment
///
/// Operators only: all of it came in, and is found again by the reference. `pending` becomes `paid`.
#[utoipa::path(tag = "orders", request_body = PayBody, responses((status = 200, description = "The order, `paid`.", body = Order)))]
#[post("/orders/{order}/pay")]
pub async fn pay_order(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let body: PayBody = parts.json()?;
            found(&orders::pay(
                tx,
                caller,
                parts.id("order")?,
                body.reference,
            )?)
        })
        .await
}

/// Fulfil an order
///
/// Operators only: what was ordered is unlocked, in the same transaction. `paid` becomes `fulfilled`.
#[utoipa::path(tag = "orders", responses((status = 200, description = "The order, `fulfilled`.", body = Order)))]
#[post("/orders/{order}/fulfil")]
pub async fn fulfil_order(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| found(&orders::fulfil(tx, caller, parts.id("order")?)?))
        .await
}

/// Refund an order
///
/// Operators only: a part, again and again, or all that is left; never more than was paid. When nothing
/// is left, what the order unlocked ends. An `Idempotency-Key` is required, so that no money goes back twice.
#[utoipa::path(tag = "orders", request_body = RefundBody, responses((status = 200, description = "The order, `partially_refunded` or `refunded`.", body = Order)))]
#[post("/orders/{order}/refund")]
pub async fn refund_order(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            parts.keyed()?;
            let body: RefundBody = parts.json()?;
            let refund = body.into();
            found(&orders::refund(tx, caller, parts.id("order")?, &refund)?)
        })
        .await
}
