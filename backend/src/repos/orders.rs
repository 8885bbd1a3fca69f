//! Queries about orders and their ledger.

use diesel::prelude::*;

use super::{Page, word};
use crate::db::schema::{order_events, orders};
use crate::db::{Conn, MultiBackend, on};
use crate::domain::actor::Actor;
use crate::domain::id::{GameId, OrderId};
use crate::domain::order::{Order, OrderDetails, OrderState};
use crate::domain::text::Text;
use crate::domain::time::Timestamp;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = orders, treat_none_as_null = true)]
struct Row {
    id: i64,
    number: String,
    game_id: Option<i64>,
    state: String,
    product: String,
    quantity: i32,
    currency: String,
    unit_minor: i64,
    tax_minor: i64,
    note: Option<String>,
    billing_name: Option<String>,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

impl From<&Order> for Row {
    fn from(order: &Order) -> Self {
        Self {
            id: order.id.0,
            number: order.number.clone(),
            game_id: order.game.map(|game| game.0),
            state: order.state.to_string(),
            product: order.product.clone(),
            quantity: order.details.quantity,
            currency: order.currency.clone(),
            unit_minor: order.unit_minor,
            tax_minor: order.tax_minor,
            note: order.details.note.as_ref().map(ToString::to_string),
            billing_name: order.details.billing_name.as_ref().map(ToString::to_string),
            version: order.version,
            created_at: order.created_at.millis(),
            updated_at: order.updated_at.millis(),
        }
    }
}

impl Row {
    fn into_order(self) -> QueryResult<Order> {
        Ok(Order {
            id: OrderId(self.id),
            number: self.number,
            game: self.game_id.map(GameId),
            state: word(OrderState::from_word(&self.state), "orders.state")?,
            product: self.product,
            details: OrderDetails {
                quantity: self.quantity,
                note: self.note.map(Text::stored),
                billing_name: self.billing_name.map(Text::stored),
            },
            currency: self.currency,
            unit_minor: self.unit_minor,
            tax_minor: self.tax_minor,
            version: self.version,
            created_at: Timestamp::from_millis(self.created_at),
            updated_at: Timestamp::from_millis(self.updated_at),
        })
    }
}

/// Adds an order.
pub fn insert(conn: &mut Conn, order: &Order) -> QueryResult<()> {
    diesel::insert_into(orders::table)
        .values(Row::from(order))
        .execute(conn)
        .map(drop)
}

/// Writes an order back.
pub fn save(conn: &mut Conn, order: &Order) -> QueryResult<()> {
    diesel::update(orders::table.find(order.id.0))
        .set(Row::from(order))
        .execute(conn)
        .map(drop)
}

/// Finds an order.
pub fn find(conn: &mut Conn, order: OrderId) -> QueryResult<Option<Order>> {
    orders::table
        .find(order.0)
        .first::<Row>(conn)
        .optional()?
        .map(Row::into_order)
        .transpose()
}

/// Finds an order and holds its row until the end of the transaction.
pub fn lock(conn: &mut Conn, order: OrderId) -> QueryResult<Option<Order>> {
    let Conn::Postgres(c) = conn else {
        return find(conn, order);
    };
    let row = orders::table
        .find(order.0)
        .for_update()
        .first::<Row>(c)
        .optional()?;
    row.map(Row::into_order).transpose()
}

/// What a list of orders is asked for.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// In this state only.
    pub state: Option<OrderState>,
    /// The newest first.
    pub newest_first: bool,
    /// Beyond this (created_at, id).
    pub after: Option<(i64, i64)>,
    /// Rows at most.
    pub limit: i64,
}

/// The orders of a board.
pub fn list(conn: &mut Conn, game: GameId, listing: &Listing) -> QueryResult<Page<Order>> {
    let mut query = orders::table
        .filter(orders::game_id.eq(game.0))
        .into_boxed::<MultiBackend>();
    if let Some(state) = listing.state {
        query = query.filter(orders::state.eq(state.word()));
    }
    let (created, id) = (orders::created_at, orders::id);
    query = match (listing.newest_first, listing.after) {
        (true, Some((c, i))) => query.filter(created.lt(c).or(created.eq(c).and(id.lt(i)))),
        (false, Some((c, i))) => query.filter(created.gt(c).or(created.eq(c).and(id.gt(i)))),
        (_, None) => query,
    };
    query = match listing.newest_first {
        true => query.order((created.desc(), id.desc())),
        false => query.order((created, id)),
    };
    let rows: Vec<Row> = query.limit(listing.limit + 1).load(conn)?;
    let found: QueryResult<Vec<Order>> = rows.into_iter().map(Row::into_order).collect();
    Ok(Page::cut(found?, listing.limit))
}

/// Writes down one change of an order, in the transaction that makes it.
pub fn record(
    conn: &mut Conn,
    order: &Order,
    actor: &Actor,
    action: &str,
    before: Option<&serde_json::Value>,
    after: Option<&serde_json::Value>,
) -> QueryResult<()> {
    let row = (
        order_events::order_id.eq(order.id.0),
        order_events::version.eq(order.version),
        order_events::at.eq(order.updated_at.millis()),
        order_events::actor_role.eq(&actor.role),
        order_events::actor_id.eq(actor.id),
        order_events::action.eq(action),
        order_events::before.eq(before.map(ToString::to_string)),
        order_events::after.eq(after.map(ToString::to_string)),
    );
    on!(conn, c => diesel::insert_into(order_events::table).values(row).execute(c)).map(drop)
}
