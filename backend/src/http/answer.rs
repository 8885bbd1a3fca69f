//! What a handler answers.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::{Deserialize, Serialize};

use crate::domain::actor::Link;
use crate::domain::link::KeptLink;
use crate::error::{Error, Result};

/// An answer, whole, before it is sent: so that it can be kept for an `Idempotency-Key`. It never
/// holds a secret; what it reveals is made anew whenever it is sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    status: u16,
    body: Option<String>,
    etag: Option<String>,
    location: Option<String>,
    link: Option<String>,
    secret: Option<Secret>,
    #[serde(skip)]
    replayed: bool,
    #[serde(skip)]
    cookie: Option<String>,
}

/// A secret that an answer reveals, by what it is made from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Secret {
    /// The token of the link that came with a board.
    OwnToken {
        /// The board.
        game: i64,
        /// Its own link.
        link: i64,
    },
    /// The token of another link, and the address with it.
    LinkToken {
        /// The board.
        game: i64,
        /// Its slug.
        slug: String,
        /// The link.
        link: i64,
        /// Whether it is an invitation.
        #[serde(default)]
        invites: bool,
    },
    /// A ticket for a stream, made of these claims.
    Ticket(super::ticket::Claims),
}

impl Answer {
    fn new(status: u16, body: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_string(body).map_err(|error| Error::internal(&error))?;
        Ok(Self {
            body: Some(body),
            ..Self::empty(status)
        })
    }

    fn empty(status: u16) -> Self {
        Self {
            status,
            body: None,
            etag: None,
            location: None,
            link: None,
            secret: None,
            replayed: false,
            cookie: None,
        }
    }

    /// 200 with a body.
    ///
    /// # Errors
    /// A body that does not serialise: a fault of ours.
    pub fn ok(body: &impl Serialize) -> Result<Self> {
        Self::new(200, body)
    }

    /// 201 with a body.
    ///
    /// # Errors
    /// As [`Answer::ok`].
    pub fn created(body: &impl Serialize) -> Result<Self> {
        Self::new(201, body)
    }

    /// 202 without a body: it is being done.
    pub fn accepted() -> Self {
        Self::empty(202)
    }

    /// 204 without a body.
    pub fn no_content() -> Self {
        Self::empty(204)
    }

    /// With another status.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// With an entity tag.
    #[must_use]
    pub fn etag(self, tag: impl Into<String>) -> Self {
        Self {
            etag: Some(format!("\"{}\"", tag.into())),
            ..self
        }
    }

    /// With the address of what was made.
    #[must_use]
    pub fn location(self, address: impl Into<String>) -> Self {
        Self {
            location: Some(address.into()),
            ..self
        }
    }

    /// With the address of the next page.
    #[must_use]
    pub fn next(self, address: Option<String>) -> Self {
        Self {
            link: address.map(|address| format!("<{address}>; rel=\"next\"")),
            ..self
        }
    }

    /// With the token of a new link in `own_token`.
    #[must_use]
    pub fn own_token(self, link: Link) -> Self {
        Self {
            secret: Some(Secret::OwnToken {
                game: link.game.0,
                link: link.id.0,
            }),
            ..self
        }
    }

    /// With the token of a link in `token`, and the address that opens its board in `url`.
    #[must_use]
    pub fn link_token(self, kept: &KeptLink, slug: &str) -> Self {
        Self {
            secret: Some(Secret::LinkToken {
                game: kept.link.game.0,
                slug: slug.to_owned(),
                link: kept.link.id.0,
                invites: kept.details.join.is_some(),
            }),
            ..self
        }
    }

    /// With a ticket in `ticket`.
    #[must_use]
    pub fn ticket(self, claims: super::ticket::Claims) -> Self {
        Self {
            secret: Some(Secret::Ticket(claims)),
            ..self
        }
    }

    /// With a cookie to be kept, or to be forgotten.
    #[must_use]
    pub fn cookie(self, cookie: Option<String>) -> Self {
        Self { cookie, ..self }
    }

    pub(super) fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }

    /// Puts a member into the body that is sent.
    pub(super) fn reveal(&mut self, name: &str, secret: &str) {
        if let Some(body) = &mut self.body {
            body.truncate(body.len().saturating_sub(1));
            body.push_str(&format!(",\"{name}\":\"{secret}\"}}"));
        }
        self.secret = None;
    }

    pub(super) fn replayed(self, replayed: bool) -> Self {
        Self { replayed, ..self }
    }

    /// 304 when the client has it already.
    pub(super) fn unless_held(self, held: Option<&str>) -> Self {
        let matches = match (held, &self.etag) {
            (Some(held), Some(tag)) => held
                .split(',')
                .map(str::trim)
                .any(|one| one == "*" || one.trim_start_matches("W/") == tag),
            _ => false,
        };
        if matches && self.status == 200 {
            Self {
                body: None,
                status: 304,
                ..self
            }
        } else {
            self
        }
    }
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        let headers = [
            (header::ETAG, self.etag),
            (header::LOCATION, self.location),
            (header::LINK, self.link),
            (header::SET_COOKIE, self.cookie),
        ];
        for (name, value) in headers {
            if let Some(value) = value {
                response.insert_header((name, value));
            }
        }
        if self.replayed {
            response.insert_header(("Idempotency-Replayed", "true"));
        }
        match self.body {
            Some(body) => response.content_type("application/json").body(body),
            None => response.finish(),
        }
    }
}
