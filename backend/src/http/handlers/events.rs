//! `/games/{game}/events`

use actix_web::{HttpResponse, Responder, get, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::actor::Caller;
use crate::domain::secret::Purpose;
use crate::error::{Code, Error, Result};
use crate::http::answer::Answer;
use crate::http::dto::event::{ChangeList, Ticket};
use crate::http::openapi::LARGEST;
use crate::http::page::revision;
use crate::http::request::Request;
use crate::http::{stream, throttle, ticket};
use crate::live::Event;
use crate::services::{access, events};
use crate::state::AppState;

/// Changes that a poller gets at once.
const POLL: i64 = 100;

/// What events are asked for.
#[derive(Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EventsQuery {
    /// Begin after this revision; 0 tells everything.
    #[serde(default, deserialize_with = "revision")]
    #[param(minimum = 0)]
    after: Option<i64>,
    /// A ticket of `POST …/events/ticket`, for a browser that can send no header.
    #[param(max_length = 1000)]
    ticket: Option<String>,
}

/// Follow a board
///
/// Server-sent events: `id` is the revision. Without a cursor the first event is `snapshot`, the
/// revision and the first 100 rows; with `Last-Event-ID` or `?after=` every change since then comes
/// first, without a gap. A `ping` without id
/// is sent at once and then every 15 s. More than 20 items in one change:
/// `refetch: true`. With `Accept: application/json` the changes come as a list, for those who poll.
#[utoipa::path(tag = "events", params(EventsQuery), responses((status = 200, description = "The stream, or the list.",
    content((ChangeList = "application/json"), (String = "text/event-stream")))))]
#[get("/games/{game}/events")]
pub async fn stream_events(http: actix_web::HttpRequest, request: Request) -> Result<HttpResponse> {
    let (state, parts) = (request.state.clone(), request.parts());
    let query: EventsQuery = parts.query()?;
    let after = cursor(query.after, parts.last_event_id())?;
    let admitted = match &query.ticket {
        Some(ticket) => Some(admit(&state, ticket).await?),
        None => None,
    };
    if !parts.accepts_stream() {
        return Ok(poll(request, admitted, after.unwrap_or(0))
            .await?
            .respond_to(&http));
    }
    let address = throttle::address(&http, &state.config.server.trusted_proxies);
    stream::open(request, address, admitted, after).await
}

/// The browser's own memory is newer than the address that it was given at first.
fn cursor(after: Option<i64>, last_event_id: Option<&str>) -> Result<Option<i64>> {
    let Some(text) = last_event_id else {
        return Ok(after);
    };
    match text.parse::<i64>() {
        Ok(revision @ 0..=LARGEST) => Ok(Some(revision)),
        _ => Err(Error::at(
            Code::InvalidHeader,
            "Last-Event-ID",
            "A revision is expected.",
        )),
    }
}

/// Verifies a ticket and uses it up.
async fn admit(state: &AppState, ticket: &str) -> Result<Caller> {
    let claims = ticket::verify(ticket, state.signer(Purpose::Ticket), state.clock.now())?;
    let caller = claims.says.caller();
    state
        .db
        .write(move |tx| events::spend(tx, claims.says.id(), claims.expires_at()))
        .await?;
    Ok(caller)
}

async fn poll(request: Request, admitted: Option<Caller>, after: i64) -> Result<Answer> {
    request
        .read(move |parts, conn, caller| {
            let game = access::view(conn, admitted.unwrap_or(caller), &parts.game()?)?;
            let changes = events::after(conn, game.id, after, POLL)?;
            let told = changes.last().map_or(after, |change| change.revision);
            let list: Vec<String> = changes
                .iter()
                .map(|change| Event::from(change).json)
                .collect();
            let has_more = told < game.revision;
            let body = format!(
                r#"{{"data":[{}],"revision":{},"has_more":{has_more}}}"#,
                list.join(","),
                game.revision
            );
            let body = serde_json::value::RawValue::from_string(body)
                .map_err(|error| Error::internal(&error))?;
            Ok(Answer::ok(&body)?.etag(format!("{}.{after}", game.revision)))
        })
        .await
}

/// Get a ticket for a stream
///
/// For one stream within 60 seconds: a browser's `EventSource` sends no header.
#[utoipa::path(tag = "events", responses((status = 201, description = "The ticket.", body = Ticket)))]
#[post("/games/{game}/events/ticket")]
pub async fn create_ticket(request: Request) -> Result<Answer> {
    let state = request.state.clone();
    request
        .write(move |parts, tx, caller| {
            let game = events::admit(tx, caller, &parts.game()?)?;
            let claims = ticket::claims(&game, caller, state.signer(Purpose::Ticket), tx.now);
            let body = Ticket {
                ticket: None,
                expires_in: claims.seconds_left(tx.now),
            };
            Ok(Answer::created(&body)?.ticket(claims))
        })
        .await
}
