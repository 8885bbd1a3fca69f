//! Use cases about orders: drafted, read, changed and cancelled by the holder of a board's own link.

use serde_json::{Value, json};

use super::{Expected, access, expect};
use crate::db::{Conn, Tx};
use crate::domain::actor::{Action, Caller, LinkRole};
use crate::domain::game::GameRef;
use crate::domain::id::{GameId, OrderId};
use crate::domain::order::{Order, OrderDetails, OrderState, Product};
use crate::error::{Code, Error, Result};
use crate::repos::orders::Listing;
use crate::repos::{self, Page};

/// Drafts an order for a board. The price is the catalogue's, now.
///
/// # Errors
/// `game_required`, and those of [`access::inspect`].
pub fn draft(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: Option<GameId>,
    product: &Product,
    details: OrderDetails,
) -> Result<Order> {
    access::authenticated(caller)?;
    let game = game.ok_or_else(|| {
        Error::at(
            Code::GameRequired,
            "/game_id",
            "Without an account an order belongs to a board.",
        )
    })?;
    let game = access::inspect(tx.conn, caller, &GameRef::Id(game), Action::Own)?;
    let id = OrderId(tx.next_id());
    let order = Order {
        id,
        number: id.to_string().replace("ord_", "SH-"),
        game: Some(game.id),
        state: OrderState::Draft,
        product: product.id.clone(),
        details,
        currency: product.currency.clone(),
        unit_minor: product.amount_minor,
        tax_minor: 0,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    repos::orders::insert(tx.conn, &order)?;
    repos::orders::record(
        tx.conn,
        &order,
        &caller.actor(),
        "order.drafted",
        None,
        Some(&facts(&order)),
    )?;
    Ok(order)
}

/// What the ledger of orders keeps of one.
fn facts(order: &Order) -> Value {
    json!({
        "state": order.state,
        "product": order.product,
        "details": order.details,
        "currency": order.currency,
        "unit_minor": order.unit_minor,
        "tax_minor": order.tax_minor,
    })
}

/// Reads an order.
///
/// # Errors
/// `unauthenticated`, `not_found`.
pub fn read(conn: &mut Conn, caller: Caller, order: OrderId) -> Result<Order> {
    access::authenticated(caller)?;
    let found = repos::orders::find(conn, order)?;
    own(caller, found)
}

/// Somebody else's order is not found.
fn own(caller: Caller, found: Option<Order>) -> Result<Order> {
    found
        .filter(|order| {
            let link = order.game.and_then(|game| caller.link_on(game));
            link.is_some_and(|link| link.role == LinkRole::Own)
        })
        .ok_or_else(|| Error::not_found("order"))
}

/// The orders of the caller's board.
///
/// # Errors
/// `unauthenticated`, `forbidden` for a link that does not own its board.
pub fn list(conn: &mut Conn, caller: Caller, listing: &Listing) -> Result<Page<Order>> {
    access::authenticated(caller)?;
    match caller {
        Caller::Link(link) if link.role == LinkRole::Own => {
            Ok(repos::orders::list(conn, link.game, listing)?)
        }
        _ => Err(Error::new(
            Code::Forbidden,
            "Only an own link sees the orders of its board.",
        )),
    }
}

/// Changes a draft; `edit` makes the new details from the present ones.
///
/// # Errors
/// `precondition_failed`, `order_state`, and what `edit` refuses.
pub fn update(
    tx: &mut Tx<'_>,
    caller: Caller,
    order: OrderId,
    expected: Option<&Expected>,
    edit: impl FnOnce(&OrderDetails) -> Result<OrderDetails>,
) -> Result<Order> {
    change(tx, caller, order, expected, "order.updated", |order| {
        order.details = edit(&order.details)?;
        Ok(())
    })
}

/// Cancels a draft. It stays readable.
///
/// # Errors
/// `precondition_failed`, `order_state`.
pub fn cancel(
    tx: &mut Tx<'_>,
    caller: Caller,
    order: OrderId,
    expected: Option<&Expected>,
) -> Result<Order> {
    change(tx, caller, order, expected, "order.cancelled", |order| {
        order.state = OrderState::Cancelled;
        Ok(())
    })
}

/// The one door for a change of an order: lock, check, work, write down.
fn change(
    tx: &mut Tx<'_>,
    caller: Caller,
    order: OrderId,
    expected: Option<&Expected>,
    action: &str,
    work: impl FnOnce(&mut Order) -> Result<()>,
) -> Result<Order> {
    access::authenticated(caller)?;
    let found = repos::orders::lock(tx.conn, order)?;
    let mut order = own(caller, found)?;
    expect(expected, order.version)?;
    if order.state != OrderState::Draft {
        return Err(Error::new(
            Code::OrderState,
            format!("The order is {}; only a draft can change.", order.state),
        ));
    }
    let before = facts(&order);
    work(&mut order)?;
    let after = facts(&order);
    if before == after {
        return Ok(order);
    }
    order.version += 1;
    order.updated_at = tx.now;
    repos::orders::save(tx.conn, &order)?;
    repos::orders::record(
        tx.conn,
        &order,
        &caller.actor(),
        action,
        Some(&before),
        Some(&after),
    )?;
    Ok(order)
}
