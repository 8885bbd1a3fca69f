//! `?key=`: a view link in an address, for what can send no header: a browser's `EventSource`, an image, a
//! preview. No other link may show itself there, since addresses end up in histories and in the logs of
//! others; in ours they do not, which hold the route and never the query.

use actix_web::HttpRequest;
use actix_web::http::Method;

use crate::domain::secret::Token;

/// The name of the parameter.
pub const KEY: &str = "key";

/// Whether an address may hold a key: that of something to be read on a board.
pub fn is_taken(request: &HttpRequest) -> bool {
    request.method() == Method::GET && request.match_info().get("game").is_some()
}

/// What stands in the address, if anything does.
pub fn of(query: &str) -> Option<String> {
    let mut keys = pairs(query).into_iter().filter(|(name, _)| name == KEY);
    let (_, first) = keys.next()?;
    // Of two keys neither counts.
    Some(keys.next().map_or(first, |_| String::new()))
}

/// The token in the address of a page; what is none counts for nothing there.
pub fn token(query: &str) -> Option<Token> {
    Token::parse(&of(query)?)
}

/// The query without the key.
pub fn without(query: &str) -> String {
    let parts = query.split('&').filter(|part| {
        let name = part.split('=').next().unwrap_or(part);
        name != KEY
    });
    parts.collect::<Vec<_>>().join("&")
}

fn pairs(query: &str) -> Vec<(String, String)> {
    serde_urlencoded::from_str(query).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_taken_out_of_a_query() {
        assert_eq!(of("limit=3&key=shl_x&q=a%26key"), Some("shl_x".to_owned()));
        assert_eq!(without("limit=3&key=shl_x&q=a%26key"), "limit=3&q=a%26key");
        assert_eq!((of("limit=3"), without("")), (None, String::new()));
        assert_eq!(of("key=a&key=b"), Some(String::new()));
    }
}
