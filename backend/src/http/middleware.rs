//! What happens to every request: an id, HEAD answered as GET, headers for safety, one line of log.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest};

use super::problem;

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// The id under which the log knows a request.
#[derive(Clone)]
struct RequestId(String);

/// The id of a request: the caller's own, or one that was made.
pub fn request_id(request: &HttpRequest) -> String {
    request
        .extensions()
        .get::<RequestId>()
        .map_or_else(String::new, |id| id.0.clone())
}

/// Takes the caller's id if it is plausible: 1 to 64 visible ASCII characters.
fn choose_id(headers: &HeaderMap) -> String {
    let offered = headers
        .get(&REQUEST_ID)
        .and_then(|value| value.to_str().ok());
    let plausible =
        |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic());
    match offered.filter(plausible) {
        Some(id) => id.to_owned(),
        None => uuid::Uuid::new_v4().to_string(),
    }
}

/// Wraps every request of the public listener.
///
/// # Errors
/// Those of the services inside.
pub async fn around(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let (started, id) = (Instant::now(), choose_id(request.headers()));
    let method = request.method().clone();
    request.extensions_mut().insert(RequestId(id.clone()));
    // The router knows no HEAD. The connection remembers it and sends the headers only.
    if method == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let path = request.path().to_owned();
    let response = next.call(request).await?.map_into_boxed_body();
    let route = response.request().match_pattern();
    let (request, response) = response.into_parts();
    let mut response = problem::complete(&request, response);
    dress(response.headers_mut(), &id, &path);
    tracing::info!(
        request_id = %id,
        method = %method,
        route = route.as_deref().unwrap_or("none"),
        status = response.status().as_u16(),
        milliseconds = started.elapsed().as_secs_f64() * 1000.0,
        "request"
    );
    Ok(ServiceResponse::new(request, response))
}

fn dress(headers: &mut HeaderMap, id: &str, path: &str) {
    let mut default = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::REFERRER_POLICY, "no-referrer");
    if path.starts_with("/api/") {
        default(header::CACHE_CONTROL, "private, no-cache");
        // Beside what CORS has put there.
        headers.append(
            header::VARY,
            HeaderValue::from_static("Authorization, Accept, Accept-Encoding"),
        );
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}
