//! Queries about orders.

use diesel::prelude::*;

use super::{Page, millis, moment, one_row, within, word};
use crate::db::schema::{games, orders};
use crate::db::{Conn, MultiBackend};
use crate::domain::catalogue::Grant;
use crate::domain::entitlement::{Features, Scope};
use crate::domain::id::{GameId, OrderId, UserId};
use crate::domain::order::{Order, OrderDetails, OrderState, Payment};
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
    user_id: Option<i64>,
    grants: String,
    grant_days: Option<i64>,
    grant_scope: String,
    provider: Option<String>,
    reference: Option<String>,
    paid_minor: i64,
    refunded_minor: i64,
    expires_at: Option<i64>,
}

impl From<&Order> for Row {
    fn from(order: &Order) -> Self {
        let payment = order.payment.clone();
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
            user_id: order.user.map(|user| user.0),
            grants: order.grant.features.to_string(),
            grant_days: order.grant.days,
            grant_scope: order.grant.scope.to_string(),
            provider: payment.provider,
            reference: payment.reference,
            paid_minor: payment.paid_minor,
            refunded_minor: payment.refunded_minor,
            expires_at: millis(order.expires_at),
        }
    }
}

impl Row {
    fn into_order(self) -> QueryResult<Order> {
        Ok(Order {
            id: OrderId(self.id),
            number: self.number,
            user: self.user_id.map(UserId),
            game: self.game_id.map(GameId),
            state: word(OrderState::from_word(&self.state), "orders.state")?,
            product: self.product,
            grant: Grant {
                features: word(Features::stored(&self.grants), "orders.grants")?,
                days: self.grant_days,
                scope: word(Scope::from_word(&self.grant_scope), "orders.grant_scope")?,
            },
            details: OrderDetails {
                quantity: self.quantity,
                note: self.note.map(Text::stored),
                billing_name: self.billing_name.map(Text::stored),
            },
            currency: self.currency,
            unit_minor: self.unit_minor,
            tax_minor: self.tax_minor,
            payment: Payment {
                provider: self.provider,
                reference: self.reference,
                paid_minor: self.paid_minor,
                refunded_minor: self.refunded_minor,
            },
            expires_at: moment(self.expires_at),
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
        .and_then(one_row)
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

/// Whose orders a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whose {
    /// Everybody's: for those who look after payments.
    #[default]
    All,
    /// Those that belong to a board.
    Board(GameId),
    /// Those of an account, and those that belong to its boards.
    Account(UserId),
}

/// Whether orders refer to a board.
pub fn any_for(conn: &mut Conn, game: GameId) -> QueryResult<bool> {
    let found = orders::table.filter(orders::game_id.eq(game.0));
    let first: Option<i64> = found.select(orders::id).first(conn).optional()?;
    Ok(first.is_some())
}

/// What a list of orders is asked for.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Whose.
    pub whose: Whose,
    /// In this state only.
    pub state: Option<OrderState>,
    /// Somewhere in the number, in upper case.
    pub number: String,
    /// The newest first.
    pub newest_first: bool,
    /// Beyond this (created_at, id).
    pub after: Option<(i64, i64)>,
    /// Rows at most.
    pub limit: i64,
}

/// A page of orders.
pub fn list(conn: &mut Conn, listing: &Listing) -> QueryResult<Page<Order>> {
    let mut query = orders::table.into_boxed::<MultiBackend>();
    let of_nobody = orders::user_id.is_null();
    query = match listing.whose {
        Whose::All => query,
        Whose::Board(game) => query.filter(of_nobody.and(orders::game_id.eq(game.0))),
        Whose::Account(user) => {
            let boards = games::table
                .filter(games::owner_id.eq(user.0))
                .select(games::id.nullable());
            let of_board = of_nobody.and(orders::game_id.eq_any(boards));
            query.filter(orders::user_id.eq(user.0).or(of_board))
        }
    };
    if let Some(state) = listing.state {
        query = query.filter(orders::state.eq(state.word()));
    }
    if !listing.number.is_empty() {
        query = query.filter(orders::number.like(within(&listing.number)).escape('\\'));
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

/// Orders whose payment has been waited for long enough, the longest first.
pub fn overdue(conn: &mut Conn, now: Timestamp, limit: i64) -> QueryResult<Vec<OrderId>> {
    let ids: Vec<i64> = orders::table
        .filter(orders::expires_at.le(now.millis()))
        .order((orders::expires_at, orders::id))
        .limit(limit)
        .select(orders::id)
        .into_boxed::<MultiBackend>()
        .load(conn)?;
    Ok(ids.into_iter().map(OrderId).collect())
}
