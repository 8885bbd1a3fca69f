//! `/products` and `/orders`

use actix_web::{delete, get, patch, post};
use serde::{Deserialize, Deserializer};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use crate::domain::order::{self, OrderState};
use crate::domain::text::Search;
use crate::error::{Code, Error, Result};
use crate::http::answer::Answer;
use crate::http::dto::order::{Order, OrderBody, OrderList, OrderPatchBody, ProductList};
use crate::http::dto::payment::{OrderEvent, OrderEventList};
use crate::http::page::{Keyset, Limit};
use crate::http::request::{Request, with_current};
use crate::http::routes::BASE;
use crate::repos::orders::Listing;
use crate::services::orders;

pub(super) fn found(order: &order::Order) -> Result<Answer> {
    Ok(Answer::ok(&Order::from(order))?.etag(order.version.to_string()))
}

/// List products
///
/// What can be ordered. Keeping, restoring and sharing safely is never behind payment.
#[utoipa::path(tag = "orders", responses((status = 200, description = "The catalogue.", body = ProductList)))]
#[get("/products")]
pub async fn list_products(request: Request) -> Result<Answer> {
    let shop = request.state.shop.clone();
    request
        .read(move |_, _, _| Answer::ok(&ProductList::from(&*shop)))
        .await
}

/// What a list of orders is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OrdersQuery {
    /// Rows at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    /// Where the last page ended: its `next_cursor`.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline, value_type = Option<OrderSort>)]
    sort: OrderSort,
    /// In this state only.
    #[serde(default, deserialize_with = "state")]
    #[param(value_type = Option<String>, max_length = 20)]
    state: Option<OrderState>,
    /// Somewhere in the number, in whatever case.
    #[param(value_type = Option<String>, max_length = 60)]
    q: Option<Search>,
}

fn state<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OrderState>, D::Error> {
    OrderState::deserialize(deserializer).map(Some)
}

/// The order of a list of orders.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
enum OrderSort {
    /// The newest first.
    #[default]
    #[serde(rename = "-created_at")]
    NewestFirst,
    /// The oldest first.
    #[serde(rename = "created_at")]
    OldestFirst,
}

/// List orders
///
/// Your own: those of your account and of its boards, or those of the board that your own link opens.
/// Operators are given everybody's.
#[utoipa::path(tag = "orders", params(OrdersQuery), responses((status = 200, description = "A page of orders.", body = OrderList)))]
#[get("/orders")]
pub async fn list_orders(request: Request) -> Result<Answer> {
    request
        .known()?
        .read(|parts, conn, caller| {
            let query: OrdersQuery = parts.query()?;
            let keyset = Keyset::new(&parts.path, &parts.query, query.limit, query.cursor, 25);
            let listing = Listing {
                state: query.state,
                number: query
                    .q
                    .map(|q| q.as_str().to_uppercase())
                    .unwrap_or_default(),
                newest_first: query.sort == OrderSort::NewestFirst,
                after: keyset.after()?.map(|[created, id]| (created, id)),
                limit: keyset.limit,
                ..Listing::default()
            };
            let page = orders::list(conn, caller, listing)?;
            keyset.answer(
                &page,
                |order| [order.created_at.millis(), order.id.0],
                Order::from,
            )
        })
        .await
}

/// Draft an order
///
/// For your account, for one of your boards, or for the board that your own link opens, at the
/// catalogue's price of now. Without a board, a product for one board waits for the first of your boards
/// that uses it. An `Idempotency-Key` is required, so that nothing is ordered twice.
#[utoipa::path(tag = "orders", request_body = OrderBody, responses((status = 201, description = "The draft.", body = Order)))]
#[post("/orders")]
pub async fn draft_order(request: Request) -> Result<Answer> {
    let catalogue = request.state.shop.catalogue.clone();
    request
        .known()?
        .write(move |parts, tx, caller| {
            parts.keyed()?;
            let body: OrderBody = parts.json()?;
            let details = body.details()?;
            let product = catalogue.find(&body.product).ok_or_else(|| {
                Error::at(
                    Code::UnknownProduct,
                    "/product",
                    "GET /products lists what can be ordered.",
                )
            })?;
            let order = orders::draft(tx, caller, body.game_id, product, details)?;
            let address = format!("{BASE}/orders/{}", order.id);
            Ok(Answer::created(&Order::from(&order))?
                .etag(order.version.to_string())
                .location(address))
        })
        .await
}

/// Read an order
///
/// Your own, or, for operators, anybody's.
#[utoipa::path(tag = "orders", responses((status = 200, description = "The order.", body = Order)))]
#[get("/orders/{order}")]
pub async fn read_order(request: Request) -> Result<Answer> {
    request
        .known()?
        .read(|parts, conn, caller| found(&orders::read(conn, caller, parts.id("order")?)?))
        .await
}

/// Change a draft
///
/// A merge patch of quantity, note and billing name.
#[utoipa::path(tag = "orders", request_body(content((OrderPatchBody = "application/merge-patch+json"), (OrderPatchBody = "application/json"))),
    responses((status = 200, description = "The order as it is now.", body = Order)))]
#[patch("/orders/{order}")]
pub async fn update_order(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let (order, expected) = (parts.id("order")?, parts.expected()?);
            let updated = orders::update(tx, caller, order, expected.as_ref(), |details| {
                parts.patched::<OrderPatchBody>(details)?.try_into()
            });
            let current = || Ok(json!(Order::from(&orders::read(tx.conn, caller, order)?)));
            found(&with_current(updated, current)?)
        })
        .await
}

/// Submit an order
///
/// From now on its payment is waited for, until `expires_at`. `draft` becomes `pending`. Where nothing is
/// sold, 501.
#[utoipa::path(tag = "orders", responses((status = 200, description = "The order, `pending`.", body = Order)))]
#[post("/orders/{order}/submit")]
pub async fn submit_order(request: Request) -> Result<Answer> {
    let shop = request.state.shop.clone();
    request
        .known()?
        .write(move |parts, tx, caller| {
            found(&orders::submit(tx, caller, parts.id("order")?, &shop)?)
        })
        .await
}

/// Cancel an order
///
/// A draft, or one that is not paid yet. It stays readable, with the state `cancelled`.
#[utoipa::path(tag = "orders", responses((status = 200, description = "The order, `cancelled`.", body = Order)))]
#[post("/orders/{order}/cancel")]
pub async fn cancel_order(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| found(&orders::cancel(tx, caller, parts.id("order")?, None)?))
        .await
}

/// What the history of an order is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OrderEventsQuery {
    /// Rows at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    /// Where the last page ended: its `next_cursor`.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

/// Read an order's history
///
/// Every step that it took, the first first: who, when, from where to where, and what money moved.
#[utoipa::path(tag = "orders", params(OrderEventsQuery), responses((status = 200, description = "A page of its history.", body = OrderEventList)))]
#[get("/orders/{order}/events")]
pub async fn list_order_events(request: Request) -> Result<Answer> {
    request
        .known()?
        .read(|parts, conn, caller| {
            let query: OrderEventsQuery = parts.query()?;
            let keyset = Keyset::new(&parts.path, &parts.query, query.limit, query.cursor, 25);
            let (order, after) = (parts.id("order")?, keyset.after()?.map(|[version]| version));
            let page = orders::events(conn, caller, order, after, keyset.limit)?;
            keyset.answer(
                &page,
                |event| [event.version],
                |event| OrderEvent::new(event, caller),
            )
        })
        .await
}

/// Cancel an order by its address
///
/// As `POST …/cancel`: it stays readable, with the state `cancelled`.
#[utoipa::path(tag = "orders", responses((status = 204, description = "It is cancelled.")))]
#[delete("/orders/{order}")]
pub async fn delete_order(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let (order, expected) = (parts.id("order")?, parts.expected()?);
            let cancelled = orders::cancel(tx, caller, order, expected.as_ref());
            let current = || Ok(json!(Order::from(&orders::read(tx.conn, caller, order)?)));
            with_current(cancelled, current)?;
            Ok(Answer::no_content())
        })
        .await
}
