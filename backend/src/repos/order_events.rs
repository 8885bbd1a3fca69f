//! Queries about the ledger of orders: rows are added and read, nothing else.

use diesel::prelude::*;
use serde_json::Value;

use super::{Page, corrupt};
use crate::db::schema::order_events;
use crate::db::{Conn, MultiBackend, on};
use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::domain::order::Order;
use crate::domain::time::Timestamp;

#[derive(Queryable)]
struct Row {
    _order_id: i64,
    version: i64,
    at: i64,
    actor_role: String,
    actor_id: Option<i64>,
    action: String,
    before: Option<String>,
    after: Option<String>,
}

/// One change of an order.
#[derive(Debug, Clone)]
pub struct OrderEvent {
    /// The order's version after it.
    pub version: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What was done.
    pub action: String,
    /// The order as it was.
    pub before: Option<Value>,
    /// The order as it became.
    pub after: Option<Value>,
}

impl Row {
    fn into_event(self) -> QueryResult<OrderEvent> {
        let parsed = |text: Option<String>| {
            text.map(|text| serde_json::from_str(&text))
                .transpose()
                .map_err(|_| corrupt("a row of order_events that is no JSON"))
        };
        Ok(OrderEvent {
            version: self.version,
            at: Timestamp::from_millis(self.at),
            actor: Actor {
                role: self.actor_role,
                id: self.actor_id,
            },
            action: self.action,
            before: parsed(self.before)?,
            after: parsed(self.after)?,
        })
    }
}

/// Writes down one change of an order, in the transaction that makes it.
pub fn record(
    conn: &mut Conn,
    order: &Order,
    actor: &Actor,
    action: &str,
    before: Option<&Value>,
    after: &Value,
) -> QueryResult<()> {
    let row = (
        order_events::order_id.eq(order.id.0),
        order_events::version.eq(order.version),
        order_events::at.eq(order.updated_at.millis()),
        order_events::actor_role.eq(&actor.role),
        order_events::actor_id.eq(actor.id),
        order_events::action.eq(action),
        order_events::before.eq(before.map(ToString::to_string)),
        order_events::after.eq(after.to_string()),
    );
    on!(conn, c => diesel::insert_into(order_events::table).values(row).execute(c)).map(drop)
}

/// What happened to an order, the first first, after a version.
pub fn list(
    conn: &mut Conn,
    order: OrderId,
    after: Option<i64>,
    limit: i64,
) -> QueryResult<Page<OrderEvent>> {
    let rows: Vec<Row> = order_events::table
        .filter(order_events::order_id.eq(order.0))
        .filter(order_events::version.gt(after.unwrap_or(0)))
        .order(order_events::version)
        .limit(limit + 1)
        .into_boxed::<MultiBackend>()
        .load(conn)?;
    let events: QueryResult<Vec<OrderEvent>> = rows.into_iter().map(Row::into_event).collect();
    Ok(Page::cut(events?, limit))
}
