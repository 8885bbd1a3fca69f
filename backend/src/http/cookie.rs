//! The one cookie: a browser's refresh token. Scripts never see it, and it goes to `/auth` only.

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap};

use super::routes::BASE;
use crate::domain::secret::RefreshToken;
use crate::domain::session::LASTS;
use crate::error::{Code, Error, Result};

const NAME: &str = "scorehold_refresh";

/// Hands the token to the browser to keep. `secure`: it is sent over TLS only.
pub fn keep(token: &RefreshToken, secure: bool) -> String {
    set(&token.reveal(), LASTS, secure)
}

/// Tells the browser to forget the token.
pub fn forget(secure: bool) -> String {
    set("", 0, secure)
}

fn set(value: &str, seconds: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!(
        "{NAME}={value}; Max-Age={seconds}; Path={BASE}/auth; HttpOnly; SameSite=Strict{secure}"
    )
}

/// The token that the browser kept, if it is one.
///
/// # Errors
/// `forbidden` for a page of another origin: only our own may use it.
pub fn find(request: &HttpRequest, public_url: &str) -> Result<Option<RefreshToken>> {
    let Some(cookie) = request.cookie(NAME) else {
        return Ok(None);
    };
    if is_foreign(request.headers(), public_url) {
        return Err(Error::new(
            Code::Forbidden,
            "The cookie works for pages of this server only. Ask with {\"delivery\": \"body\"} at log-in and keep the refresh_token.",
        ));
    }
    Ok(RefreshToken::parse(cookie.value()))
}

/// Whether a page of another origin asks. A program sends no `Origin`.
fn is_foreign(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else {
        return false;
    };
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    let own = public_url.split_once("://").map_or("", |(_, host)| host);
    let own = own.split('/').next().unwrap_or_default();
    host.is_empty() || (Some(host) != text(header::HOST) && host != own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn only_our_own_pages_may_use_the_cookie() {
        for (origin, foreign) in [
            (None, false),
            (Some("http://127.0.0.1:8080"), false),
            (Some("https://scores.example"), false),
            (Some("https://evil.example"), true),
            (Some("https://scores.example.evil.example"), true),
            (Some("null"), true),
        ] {
            let request = TestRequest::default().insert_header(("Host", "127.0.0.1:8080"));
            let request = match origin {
                Some(origin) => request.insert_header(("Origin", origin)),
                None => request,
            };
            let request = request.to_http_request();
            let found = is_foreign(request.headers(), "https://scores.example/boards");
            assert_eq!(found, foreign, "{origin:?}");
        }
    }

    #[test]
    fn the_cookie_is_kept_from_scripts_and_other_sites() {
        let gone = forget(true);
        for part in [
            "Max-Age=0",
            "Path=/api/v1/auth",
            "HttpOnly",
            "SameSite=Strict",
            "Secure",
        ] {
            assert!(gone.contains(part), "{gone}");
        }
        assert!(!forget(false).contains("Secure"));
    }
}
