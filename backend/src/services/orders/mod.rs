//! Use cases about orders: drafted, read and changed here; `steps.rs` moves them from state to state.

mod expiry;
mod steps;

pub use expiry::{expire_overdue, keep_expiring};
pub use steps::{Refund, cancel, fulfil, pay, refund, submit};

use serde_json::{Value, json};

use super::{Expected, access, expect};
use crate::db::{Conn, Tx};
use crate::domain::actor::{Action, Actor, Caller, LinkRole};
use crate::domain::catalogue::Product;
use crate::domain::game::GameRef;
use crate::domain::id::{GameId, OrderId};
use crate::domain::order::{Order, OrderDetails, OrderState, Payment};
use crate::error::{Code, Error, Result};
use crate::repos::order_events::OrderEvent;
use crate::repos::orders::{Listing, Whose};
use crate::repos::{self, Page};

/// Drafts an order, for the account that asks or for the board whose own link does. The price is the
/// catalogue's, now, and so is what it gives.
///
/// # Errors
/// `game_required` without an account, and those of [`access::inspect`].
pub fn draft(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: Option<GameId>,
    product: &Product,
    details: OrderDetails,
) -> Result<Order> {
    access::authenticated(caller)?;
    let user = caller.person().map(|person| person.id);
    if game.is_none() && user.is_none() {
        return Err(Error::at(
            Code::GameRequired,
            "/game_id",
            "Without an account an order belongs to a board.",
        ));
    }
    if let Some(game) = game {
        access::inspect(tx.conn, caller, &GameRef::Id(game), Action::Own)?;
    }
    let id = OrderId(tx.next_id());
    let order = Order {
        id,
        number: id.to_string().replace("ord_", "SH-"),
        user,
        game,
        state: OrderState::Draft,
        product: product.id.clone(),
        grant: product.grant(),
        details,
        currency: product.currency.clone(),
        unit_minor: product.amount_minor,
        tax_minor: 0,
        payment: Payment::default(),
        expires_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    repos::orders::insert(tx.conn, &order)?;
    let (actor, action) = (caller.actor(), "order.drafted");
    repos::order_events::record(tx.conn, &order, &actor, action, None, &facts(&order))?;
    Ok(order)
}

/// What the ledger of orders keeps of one.
fn facts(order: &Order) -> Value {
    json!({
        "state": order.state,
        "product": order.product,
        "grant": order.grant,
        "details": order.details,
        "currency": order.currency,
        "unit_minor": order.unit_minor,
        "tax_minor": order.tax_minor,
        "payment": order.payment,
        "expires_at": order.expires_at,
    })
}

/// Reads an order.
///
/// # Errors
/// `unauthenticated`, `not_found`.
pub fn read(conn: &mut Conn, caller: Caller, order: OrderId) -> Result<Order> {
    access::authenticated(caller)?;
    let found = repos::orders::find(conn, order)?;
    visible(conn, caller, found)
}

/// What happened to an order, after a version of it, the first first.
///
/// # Errors
/// As [`read`].
pub fn events(
    conn: &mut Conn,
    caller: Caller,
    order: OrderId,
    after: Option<i64>,
    limit: i64,
) -> Result<Page<OrderEvent>> {
    let order = read(conn, caller, order)?;
    Ok(repos::order_events::list(conn, order.id, after, limit)?)
}

/// Somebody else's order is not found, except by those who look after payments.
fn visible(conn: &mut Conn, caller: Caller, found: Option<Order>) -> Result<Order> {
    let order = found.ok_or_else(|| Error::not_found("order"))?;
    if caller.is_operator() || is_customer(conn, caller, &order)? {
        return Ok(order);
    }
    Err(Error::not_found("order"))
}

/// An order belongs to its account; one without an account to everybody who owns its board.
fn is_customer(conn: &mut Conn, caller: Caller, order: &Order) -> Result<bool> {
    let person = caller.person().map(|person| person.id);
    if order.user.is_some() {
        return Ok(order.user == person);
    }
    let Some(game) = order.game else {
        return Ok(false);
    };
    let game = repos::games::find(conn, &GameRef::Id(game))?;
    Ok(game.is_some_and(|game| caller.role_on(&game) == Some(LinkRole::Own)))
}

/// The caller's own orders; all orders for those who look after payments.
///
/// # Errors
/// `unauthenticated`, `forbidden` for a link that does not own its board.
pub fn list(conn: &mut Conn, caller: Caller, mut listing: Listing) -> Result<Page<Order>> {
    access::authenticated(caller)?;
    listing.whose = match caller {
        _ if caller.is_operator() => Whose::All,
        Caller::Person(person) => Whose::Account(person.id),
        Caller::Link(link) if link.role == LinkRole::Own => Whose::Board(link.game),
        _ => {
            return Err(Error::new(
                Code::Forbidden,
                "Only an own link sees the orders of its board.",
            ));
        }
    };
    Ok(repos::orders::list(conn, &listing)?)
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
    let order = lock(tx, caller, order, Side::Customer)?;
    expect(expected, order.version)?;
    change(tx, order, &caller.actor(), "order.updated", |order| {
        if order.state != OrderState::Draft {
            return Err(refused(order, "only a draft can change"));
        }
        order.details = edit(&order.details)?;
        Ok(None)
    })
}

/// On which side of an order somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Who ordered: drafts, changes, submits, cancels.
    Customer,
    /// Who looks after payments: notes what was paid, fulfils, refunds.
    Operator,
}

/// Finds an order and holds its row, for somebody who may act on that side of it.
fn lock(tx: &mut Tx<'_>, caller: Caller, order: OrderId, side: Side) -> Result<Order> {
    access::authenticated(caller)?;
    let found = repos::orders::lock(tx.conn, order)?;
    let order = visible(tx.conn, caller, found)?;
    let allowed = match side {
        Side::Customer => is_customer(tx.conn, caller, &order)?,
        Side::Operator => caller.is_operator(),
    };
    if allowed {
        return Ok(order);
    }
    let who = match side {
        Side::Customer => "Only whoever made the order may do this.",
        Side::Operator => "Only an operator may do this.",
    };
    Err(Error::new(Code::Forbidden, who))
}

/// The one door for a change of an order whose row is held: work, save, write down. The work answers
/// what the row of the ledger says beside the order itself. A change that changes nothing is none.
fn change(
    tx: &mut Tx<'_>,
    before: Order,
    actor: &Actor,
    action: &str,
    work: impl FnOnce(&mut Order) -> Result<Option<(&'static str, Value)>>,
) -> Result<Order> {
    let mut order = before.clone();
    let remark = work(&mut order)?;
    if order == before {
        return Ok(order);
    }
    order.version += 1;
    order.updated_at = tx.now;
    repos::orders::save(tx.conn, &order)?;
    let (was, mut is) = (facts(&before), facts(&order));
    if let Some((name, value)) = remark {
        is[name] = value;
    }
    repos::order_events::record(tx.conn, &order, actor, action, Some(&was), &is)?;
    Ok(order)
}

fn refused(order: &Order, what: &str) -> Error {
    Error::new(
        Code::OrderState,
        format!("The order is {}; {what}.", order.state),
    )
}
