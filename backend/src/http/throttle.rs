//! Rate limits of the API: who asks, what is left, and the refusal when nothing is.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use serde_json::json;

use super::routes::BASE;
use super::{key, parts, problem};
use crate::config::Networks;
use crate::domain::entitlement::Feature;
use crate::domain::secret::{Fingerprint, Purpose, Token};
use crate::domain::user::Email;
use crate::error::{Code, Error};
use crate::limits::{Exhausted, Left, Limits, Policy, Scarce, Tier};
use crate::services::{access, entitlements};
use crate::state::AppState;

const FORWARDED_FOR: &str = "x-forwarded-for";
// The fields of draft-ietf-httpapi-ratelimit-headers.
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Counts every request of the API.
///
/// # Errors
/// Those of the services inside.
pub async fn throttle(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let state = request.app_data::<web::Data<AppState>>().cloned();
    let Some(state) = state.filter(|_| request.path().starts_with(BASE)) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let address = address(request.request(), &state.config.server.trusted_proxies);
    let key = key::of(request.query_string());
    let credential = fingerprint(request.headers(), key.as_deref());
    let scarce = scarce(request.method(), request.path(), request.query_string());
    let left = match state.limits.request(address, credential, scarce) {
        Ok(left) => left,
        Err(exhausted) => return Ok(request.into_response(refusal(&exhausted))),
    };
    let proof = credential.filter(|known| state.limits.wonder(known));
    let proof = proof.map(|known| (known, request.headers().clone()));
    let mut response = next.call(request).await?.map_into_boxed_body();
    if let Some((known, headers)) = proof
        && response.status() != StatusCode::UNAUTHORIZED
    {
        learn(&state, known, &headers, key.as_deref()).await;
    }
    let missed = match response.status() {
        StatusCode::UNAUTHORIZED => credential.is_some(),
        StatusCode::NOT_FOUND => credential.is_none(),
        _ => false,
    };
    if missed && let Err(exhausted) = state.limits.miss(address) {
        return Ok(response.into_response(refusal(&exhausted)));
    }
    if let Some(Left { policy, remaining }) = left {
        tell(response.headers_mut(), policy, remaining, 0);
    }
    Ok(response)
}

/// Finds out how much a credential may ask for, once it has been taken: one that was invented is never
/// looked up for this.
async fn learn(state: &AppState, known: Fingerprint, headers: &HeaderMap, key: Option<&str>) {
    let (signer, now) = (state.signer(Purpose::Access), state.clock.now());
    let Ok(Some(credential)) = parts::credential(headers, key, signer, now) else {
        return;
    };
    let shop = state.shop.clone();
    let unlocked = state.db.read(move |conn| {
        let caller = access::authenticate(conn, Some(&credential), now)?.caller;
        entitlements::of_caller(conn, &shop, caller, now)
    });
    match unlocked.await {
        Ok(features) if features.contain(Feature::Limits) => {
            state.limits.remember(known, Tier::Unlocked);
        }
        Ok(_) => state.limits.remember(known, Tier::Plain),
        Err(error) => tracing::warn!(%error, "what is unlocked is not known"),
    }
}

/// By what a credential is counted, wherever it stands.
fn fingerprint(headers: &HeaderMap, key: Option<&str>) -> Option<Fingerprint> {
    let sent = headers.get(header::AUTHORIZATION);
    let sent = sent.map(HeaderValue::as_bytes);
    sent.or(key.map(str::as_bytes)).map(Token::fingerprint)
}

/// Which tighter rule a request counts for, beside those for all.
fn scarce(method: &Method, path: &str, query: &str) -> Option<Scarce> {
    let path = path.strip_prefix(BASE)?;
    if path.starts_with("/games/") {
        let looks_back = query.split('&').any(|one| one.starts_with("at="));
        let goes_back = path.ends_with("/undo") || path.ends_with("/rewind");
        if looks_back || goes_back {
            return Some(Scarce::History);
        }
    }
    match path {
        _ if method != Method::POST => None,
        "/games" => Some(Scarce::Board),
        "/auth/register" | "/auth/login" | "/auth/verify" => Some(Scarce::Entry),
        path if path.starts_with("/auth/password/") => Some(Scarce::Entry),
        path if path.starts_with("/games/") && path.ends_with("/join") => Some(Scarce::Seat),
        _ => None,
    }
}

/// Where a request comes from. A trusted proxy tells; what stands before its own entry, anybody could
/// have written.
pub fn address(request: &HttpRequest, trusted: &Networks) -> IpAddr {
    let unknown = IpAddr::from(Ipv4Addr::UNSPECIFIED);
    let peer = request.peer_addr().map_or(unknown, |peer| peer.ip());
    let told = request.headers().get_all(FORWARDED_FOR);
    let told: Vec<&str> = told.filter_map(|value| value.to_str().ok()).collect();
    let hops = told.iter().flat_map(|value| value.split(',')).rev();
    let mut from = peer;
    for hop in hops {
        if !trusted.contain(from) {
            break;
        }
        match hop.trim().parse() {
            Ok(before) => from = before,
            Err(_) => break,
        }
    }
    from
}

fn refusal(exhausted: &Exhausted) -> HttpResponse {
    let mut response = too_many(exhausted).error_response();
    tell(response.headers_mut(), exhausted.policy, 0, exhausted.wait);
    response
}

/// Counts a log-in to the account of an address, or a mail to it, whether there is such an account or not.
///
/// # Errors
/// `rate_limited`.
pub fn by_address(limits: &Limits, email: &Email) -> Result<(), Error> {
    let account = Token::fingerprint(email.folded().as_bytes());
    limits
        .account(account)
        .map_err(|exhausted| too_many(&exhausted))
}

/// The refusal of one request too many.
pub fn too_many(exhausted: &Exhausted) -> Error {
    let Exhausted { policy, wait } = *exhausted;
    let detail = format!(
        "At most {} at once, and {} ({}). Come back in {wait} s.",
        policy.burst,
        policy.pace(),
        policy.name
    );
    Error::new(Code::RateLimited, detail).with(problem::RETRY_AFTER, json!(wait))
}

fn tell(headers: &mut HeaderMap, policy: Policy, remaining: u32, reset: u64) {
    let Policy { name, burst, .. } = policy;
    let fields = [
        (
            RATE_LIMIT_POLICY,
            format!("\"{name}\";q={burst};w={}", policy.window()),
        ),
        (RATE_LIMIT, format!("\"{name}\";r={remaining};t={reset}")),
    ];
    for (field, value) in fields {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(field, value);
        }
    }
}

/// The refusal of one stream too many.
pub fn too_many_streams() -> Error {
    let most = crate::limits::STREAMS;
    Error::new(
        Code::RateLimited,
        format!(
            "At most {most} streams are open for one address. Close some, or poll with Accept: application/json."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let trusted: Networks = "127.0.0.1, 10.0.0.0/8".parse().unwrap();
        let from = |peer: &str, told: &[&str]| {
            let peer = format!("{peer}:1").parse().unwrap();
            let request = told
                .iter()
                .fold(TestRequest::default().peer_addr(peer), |request, value| {
                    request.append_header((FORWARDED_FOR, *value))
                });
            address(&request.to_http_request(), &trusted).to_string()
        };
        for (peer, told, expected) in [
            ("192.0.2.1", &[] as &[&str], "192.0.2.1"),
            ("192.0.2.1", &["198.51.100.7"], "192.0.2.1"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("127.0.0.1", &["1.1.1.1, 198.51.100.7"], "198.51.100.7"),
            (
                "127.0.0.1",
                &["1.1.1.1, 198.51.100.7, 10.1.1.1"],
                "198.51.100.7",
            ),
            ("127.0.0.1", &["1.1.1.1", "198.51.100.7"], "198.51.100.7"),
            ("127.0.0.1", &["nonsense"], "127.0.0.1"),
        ] {
            assert_eq!(from(peer, told), expected, "{peer} {told:?}");
        }
    }
}
