//! What a handler may ask of a request: path, query, body and headers, each read when it is asked for.

use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::{HttpRequest, web};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{decode, key};
use crate::db::Conn;
use crate::domain::actor::Caller;
use crate::domain::game::GameRef;
use crate::domain::id::NotAnId;
use crate::domain::jwt::Signer;
use crate::domain::secret::Token;
use crate::domain::session::ACCESS;
use crate::domain::text::ExternalId;
use crate::domain::time::Timestamp;
use crate::error::{Code, Error, Result};
use crate::repos::links::Holder;
use crate::services::access::{self, Credential};
use crate::services::{Expected, requests};

/// What a closure may look at, on whatever thread it runs.
pub struct Parts {
    /// The path as it was asked for.
    pub path: String,
    /// The query, raw.
    pub query: String,
    query_read: AtomicBool,
    takes_key: bool,
    credential: Option<Credential>,
    method: String,
    segments: Vec<(String, String)>,
    content_type: Option<String>,
    body: web::Bytes,
    now: Timestamp,
    if_match: Option<String>,
    if_none_match: Option<String>,
    idempotency_key: Option<String>,
    accepts_stream: bool,
    last_event_id: Option<String>,
}

impl Parts {
    /// Reads the headers of a request.
    ///
    /// # Errors
    /// `invalid_header`.
    pub fn new(
        request: &HttpRequest,
        credential: Option<Credential>,
        body: web::Bytes,
        now: Timestamp,
    ) -> Result<Self> {
        let headers = request.headers();
        let accept = text(headers, header::ACCEPT)?.unwrap_or_default();
        Ok(Self {
            path: request.path().to_owned(),
            query: request.query_string().to_owned(),
            query_read: AtomicBool::new(false),
            takes_key: key::is_taken(request),
            credential,
            method: request.method().to_string(),
            segments: request
                .match_info()
                .iter()
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
                .collect(),
            content_type: text(headers, header::CONTENT_TYPE)?,
            body,
            now,
            if_match: text(headers, header::IF_MATCH)?,
            if_none_match: text(headers, header::IF_NONE_MATCH)?,
            idempotency_key: idempotency_key(headers)?,
            accepts_stream: !accept.contains("application/json"),
            last_event_id: text(headers, HeaderName::from_static("last-event-id"))?,
        })
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    /// `unsupported_media_type`, `invalid_json`, `invalid_fields`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        self.expect_media_type(&["application/json"])?;
        decode::json(&self.body)
    }

    /// Reads the body as a merge patch and applies it to what a thing is now.
    ///
    /// # Errors
    /// `unsupported_media_type`, `invalid_json`, `invalid_fields`.
    pub fn patched<T: DeserializeOwned>(&self, current: &impl Serialize) -> Result<T> {
        self.expect_media_type(&["application/merge-patch+json", "application/json"])?;
        let patch: Value = decode::json(&self.body)?;
        let current = serde_json::to_value(current).map_err(|error| Error::internal(&error))?;
        decode::typed(decode::merge(current, &patch)?)
    }

    fn expect_media_type(&self, allowed: &[&str]) -> Result<()> {
        let found = self.content_type.as_deref().unwrap_or("");
        let bare = found.split(';').next().unwrap_or("").trim();
        if allowed.iter().any(|one| one.eq_ignore_ascii_case(bare)) {
            return Ok(());
        }
        Err(Error::new(
            Code::UnsupportedMediaType,
            format!(
                "Content-Type is {found:?}; expected is {}.",
                allowed.join(" or ")
            ),
        ))
    }

    /// Reads the query.
    ///
    /// # Errors
    /// `unknown_parameter`, `invalid_parameter`.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T> {
        self.query_read.store(true, Ordering::Relaxed);
        match self.takes_key {
            true => decode::query(&key::without(&self.query)),
            false => decode::query(&self.query),
        }
    }

    /// Refuses parameters where the operation has none: they are never ignored.
    ///
    /// # Errors
    /// `unknown_parameter`.
    pub fn refuse_unread_query(&self) -> Result<()> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        if self.query_read.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.query::<Nothing>().map(drop)
    }

    /// The board of the path, by id or slug.
    ///
    /// # Errors
    /// `wrong_id_type`, `not_found`.
    pub fn game(&self) -> Result<GameRef> {
        self.id("game")
    }

    /// An id of the path.
    ///
    /// # Errors
    /// `wrong_id_type` with a hint, `not_found`.
    pub fn id<T: FromStr<Err = NotAnId>>(&self, name: &str) -> Result<T> {
        self.segment(name)
            .parse()
            .map_err(|not: NotAnId| match not {
                NotAnId::WrongKind { expected, found } => Error::new(
                    Code::WrongIdType,
                    format!(
                        "An id that begins with {expected}_ belongs here; this is one of {found}_."
                    ),
                ),
                NotAnId::Malformed => Error::not_found(name),
            })
    }

    /// A number of the path.
    ///
    /// # Errors
    /// `not_found`.
    pub fn number(&self, name: &str) -> Result<i64> {
        let text = self.segment(name);
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| plain);
        number.ok_or_else(|| Error::not_found(name))
    }

    /// The `external_id` of the path.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn external_id(&self) -> Result<ExternalId> {
        // The router leaves %25, %2B and %2F as they came.
        let text = percent_encoding::percent_decode_str(self.segment("external_id"));
        let text = text.decode_utf8().map_err(|_| "it is not UTF-8".to_owned());
        text.and_then(|text| ExternalId::new(&text))
            .map_err(|why| Error::at(Code::InvalidParameter, "external_id", why))
    }

    fn segment(&self, name: &str) -> &str {
        self.segments
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    /// What `If-Match` expects; only the version of a tag counts.
    ///
    /// # Errors
    /// `invalid_header`.
    pub fn expected(&self) -> Result<Option<Expected>> {
        let Some(tags) = self.if_match.as_deref().map(str::trim) else {
            return Ok(None);
        };
        if tags == "*" {
            return Ok(Some(Expected::Any));
        }
        let versions = tags.split(',').map(|tag| {
            let tag = tag.trim().strip_prefix('"')?.strip_suffix('"')?;
            let version = tag.split('.').next().unwrap_or(tag);
            // A tag that is not ours matches nothing, but is no fault.
            Some(version.parse().unwrap_or(-1))
        });
        let versions: Option<Vec<i64>> = versions.collect();
        versions
            .map(|versions| Some(Expected::Versions(versions)))
            .ok_or_else(|| {
                Error::at(
                    Code::InvalidHeader,
                    "If-Match",
                    "Entity tags in quotation marks, or *, are expected.",
                )
            })
    }

    /// When the request came.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Who asks.
    ///
    /// # Errors
    /// `invalid_credential`.
    pub fn caller(&self, conn: &mut Conn) -> Result<Caller> {
        self.holder(conn).map(|holder| holder.caller)
    }

    /// Who asks, and when their link was last written down as used.
    ///
    /// # Errors
    /// `invalid_credential`.
    pub fn holder(&self, conn: &mut Conn) -> Result<Holder> {
        access::authenticate(conn, self.credential.as_ref(), self.now)
    }

    /// Whether the caller wants a stream; a poller asks for JSON.
    pub fn accepts_stream(&self) -> bool {
        self.accepts_stream
    }

    /// The revision that a broken stream ended with.
    pub fn last_event_id(&self) -> Option<&str> {
        self.last_event_id.as_deref()
    }

    /// Whether a credential came with the request.
    pub fn has_credential(&self) -> bool {
        self.credential.is_some()
    }

    /// What the client holds already, by its entity tag.
    pub fn held(&self) -> Option<&str> {
        self.if_none_match.as_deref()
    }

    /// The key of a request that must not be done twice.
    pub fn idempotency(&self) -> Option<requests::Key> {
        let key = self
            .idempotency_key
            .clone()
            .filter(|_| self.method == "POST")?;
        Some(requests::Key {
            key,
            target: format!("{} {}", self.method, self.path),
            body: Sha256::digest(&self.body).to_vec(),
        })
    }

    /// Refuses a request without an `Idempotency-Key`.
    ///
    /// # Errors
    /// `idempotency_key_required`.
    pub fn keyed(&self) -> Result<()> {
        match self.idempotency_key {
            Some(_) => Ok(()),
            None => Err(Error::at(
                Code::IdempotencyKeyRequired,
                "Idempotency-Key",
                "Send a UUID of your own.",
            )),
        }
    }
}

/// Bytes of one header that we read.
const LONGEST_HEADER: usize = 8000;

fn text(headers: &HeaderMap, name: impl Into<HeaderName>) -> Result<Option<String>> {
    let name = name.into();
    match headers.get(&name).map(|value| value.to_str()) {
        None => Ok(None),
        Some(Ok(text)) if text.len() <= LONGEST_HEADER => Ok(Some(text.to_owned())),
        Some(Ok(_)) => Err(Error::at(
            Code::InvalidHeader,
            name.as_str(),
            format!("At most {LONGEST_HEADER} characters are allowed."),
        )),
        Some(Err(_)) => Err(Error::at(
            Code::InvalidHeader,
            name.as_str(),
            "This header holds characters that are not allowed.",
        )),
    }
}

/// The credential of `Authorization: Bearer`, or the view link of `?key=`. One that is malformed or expired
/// is refused even where none is needed.
///
/// # Errors
/// `invalid_credential`.
pub fn credential(
    headers: &HeaderMap,
    key: Option<&str>,
    signer: Signer<'_>,
    now: Timestamp,
) -> Result<Option<Credential>> {
    let refused = || {
        Error::new(
            Code::InvalidCredential,
            "The credential is malformed or expired: Bearer and a token are expected, or the key of a view link.",
        )
    };
    let value = match (headers.get(header::AUTHORIZATION), key) {
        (None, None) => return Ok(None),
        (None, Some(key)) => {
            let token = Token::parse(key).ok_or_else(refused)?;
            return Ok(Some(Credential::ViewLink(token)));
        }
        // Two credentials may say two things.
        (Some(_), Some(_)) => return Err(refused()),
        (Some(value), None) => value,
    };
    let (scheme, text) = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or_else(refused)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refused());
    }
    let text = text.trim();
    let link = || Token::parse(text).map(Credential::Link);
    let access = || signer.verify(ACCESS, text, now).ok();
    let found = link().or_else(|| access().map(|claims| Credential::Access(claims.says)));
    found.map(Some).ok_or_else(refused)
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(key) = text(headers, HeaderName::from_static("idempotency-key"))? else {
        return Ok(None);
    };
    if (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(Some(key));
    }
    Err(Error::at(
        Code::InvalidHeader,
        "Idempotency-Key",
        "1 to 255 visible ASCII characters are expected.",
    ))
}
