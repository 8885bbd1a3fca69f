//! Queries about what orders unlocked.

use diesel::prelude::*;

use super::{millis, moment, word};
use crate::db::schema::entitlements;
use crate::db::{Conn, MultiBackend};
use crate::domain::entitlement::{Entitlement, Features, Scope};
use crate::domain::id::{GameId, OrderId, UserId};
use crate::domain::time::Timestamp;

#[derive(Queryable, Insertable)]
#[diesel(table_name = entitlements)]
struct Row {
    order_id: i64,
    game_id: Option<i64>,
    user_id: Option<i64>,
    scope: String,
    product: String,
    grants: String,
    valid_from: i64,
    valid_until: Option<i64>,
    ended_at: Option<i64>,
}

impl Row {
    fn into_entitlement(self) -> QueryResult<Entitlement> {
        Ok(Entitlement {
            order: OrderId(self.order_id),
            game: self.game_id.map(GameId),
            user: self.user_id.map(UserId),
            scope: word(Scope::from_word(&self.scope), "entitlements.scope")?,
            product: self.product,
            features: word(Features::stored(&self.grants), "entitlements.grants")?,
            valid_from: Timestamp::from_millis(self.valid_from),
            valid_until: moment(self.valid_until),
            ended_at: moment(self.ended_at),
        })
    }
}

/// Adds what an order unlocks: once, since the order is the key.
pub fn insert(conn: &mut Conn, entitlement: &Entitlement) -> QueryResult<()> {
    let row = Row {
        order_id: entitlement.order.0,
        game_id: entitlement.game.map(|game| game.0),
        user_id: entitlement.user.map(|user| user.0),
        scope: entitlement.scope.to_string(),
        product: entitlement.product.clone(),
        grants: entitlement.features.to_string(),
        valid_from: entitlement.valid_from.millis(),
        valid_until: millis(entitlement.valid_until),
        ended_at: millis(entitlement.ended_at),
    };
    diesel::insert_into(entitlements::table)
        .values(row)
        .execute(conn)
        .map(drop)
}

/// Ends what an order unlocked.
pub fn end(conn: &mut Conn, order: OrderId, now: Timestamp) -> QueryResult<()> {
    diesel::update(entitlements::table.find(order.0))
        .set(entitlements::ended_at.eq(now.millis()))
        .execute(conn)
        .map(drop)
}

/// Gives what was ordered without a board to one; `false` when another has it already.
pub fn bind(conn: &mut Conn, order: OrderId, game: GameId) -> QueryResult<bool> {
    let bound = diesel::update(entitlements::table.find(order.0))
        .filter(entitlements::game_id.is_null())
        .set(entitlements::game_id.eq(game.0))
        .execute(conn)?;
    Ok(bound == 1)
}

/// What is valid now for any of these boards and accounts.
pub fn valid(
    conn: &mut Conn,
    games: Vec<i64>,
    users: Vec<i64>,
    now: Timestamp,
) -> QueryResult<Vec<Entitlement>> {
    let lasts = entitlements::valid_until
        .is_null()
        .or(entitlements::valid_until.gt(now.millis()));
    let of_board = entitlements::game_id.eq_any(games);
    let of_account = entitlements::user_id
        .eq_any(users)
        .and(entitlements::game_id.is_null());
    let rows: Vec<Row> = entitlements::table
        .filter(of_board.or(of_account))
        .filter(entitlements::ended_at.is_null())
        .filter(entitlements::valid_from.le(now.millis()))
        .filter(lasts)
        .order(entitlements::order_id)
        .into_boxed::<MultiBackend>()
        .load(conn)?;
    rows.into_iter().map(Row::into_entitlement).collect()
}
