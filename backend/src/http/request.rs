//! A request as a handler sees it: the one extractor of the API.
//!
//! A handler says what it needs (`known()`, `json()`, `query()`, `game()`) inside the closure that
//! it hands to `read` or `write`, so that refusals come in the order of the contract: the credential
//! before anything else.

use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer::{Answer, Secret};
use super::key;
use super::parts::{Parts, credential};
use super::routes::BASE;
use super::ticket;
use crate::db::{Conn, Tx};
use crate::domain::actor::Caller;
use crate::domain::id::{GameId, LinkId};
use crate::domain::secret::Purpose;
use crate::error::{Code, Error, Result};
use crate::services::{access, links, requests};
use crate::state::AppState;

/// Bytes of a body at most.
pub const MAX_BODY: usize = 1024 * 1024;

/// A request, with everything that a handler may ask of it.
#[derive(Clone)]
pub struct Request {
    /// The application's state: the database handle of this request comes from here.
    pub state: AppState,
    inner: Arc<Parts>,
}

impl FromRequest for Request {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let state = request.app_data::<web::Data<AppState>>();
            let state = state
                .ok_or_else(|| Error::internal(&"no state"))?
                .get_ref()
                .clone();
            // The credential is looked at before the body is read.
            let (signer, now) = (state.signer(Purpose::Access), state.clock.now());
            // Whoever comes in shows what it takes in the body; an access token that has just expired
            // must not be in the way.
            let entry = request.path().starts_with(&format!("{BASE}/auth/"));
            let key = key::of(request.query_string()).filter(|_| key::is_taken(&request));
            let credential = match entry {
                true => None,
                false => credential(request.headers(), key.as_deref(), signer, now)?,
            };
            let body = read_body(payload).await?;
            let inner = Arc::new(Parts::new(&request, credential, body, now)?);
            Ok(Self { state, inner })
        })
    }
}

async fn read_body(mut payload: Payload) -> Result<web::Bytes> {
    let mut body = web::BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk =
            chunk.map_err(|_| Error::new(Code::InvalidJson, "The body ended too early."))?;
        if body.len() + chunk.len() > MAX_BODY {
            return Err(Error::new(
                Code::BodyTooLarge,
                format!("A body has at most {MAX_BODY} bytes."),
            ));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

impl Request {
    /// What the request asks, to be looked at before it is read or written.
    pub fn parts(&self) -> &Parts {
        &self.inner
    }

    /// The same, for a closure that runs elsewhere.
    pub fn shared(&self) -> Arc<Parts> {
        self.inner.clone()
    }

    /// The body of an operation that asks for nothing else.
    ///
    /// # Errors
    /// `unknown_parameter`, `unsupported_media_type`, `invalid_json`, `invalid_fields`.
    pub fn body_alone<T: DeserializeOwned>(&self) -> Result<T> {
        self.inner.refuse_unread_query()?;
        self.inner.json()
    }

    /// Refuses those who come without a credential: every write needs one.
    ///
    /// # Errors
    /// `unauthenticated`.
    pub fn known(self) -> Result<Self> {
        if self.inner.has_credential() {
            return Ok(self);
        }
        access::authenticated(Caller::Anonymous).map(|()| self)
    }

    /// Answers from the database, with 304 for what the client holds already.
    ///
    /// # Errors
    /// What `work` refuses.
    pub async fn read<F>(self, work: F) -> Result<Answer>
    where
        F: FnOnce(&Parts, &mut Conn, Caller) -> Result<Answer> + Send + 'static,
    {
        let parts = self.inner.clone();
        let answer = self.state.db.read(move |conn| {
            let caller = parts.caller(conn)?;
            let answer = work(&parts, conn, caller)?;
            parts.refuse_unread_query()?;
            Ok(answer)
        });
        Ok(answer.await?.unless_held(self.inner.held()))
    }

    /// Changes something: once per `Idempotency-Key`, answered when it is durable.
    ///
    /// # Errors
    /// What `work` refuses.
    pub async fn write<F>(self, work: F) -> Result<Answer>
    where
        F: FnOnce(&Parts, &mut Tx<'_>, Caller) -> Result<Answer> + Send + 'static,
    {
        let (parts, state) = (self.inner.clone(), self.state.clone());
        let answer = self.state.db.write(move |tx| {
            let holder = parts.holder(tx.conn)?;
            let caller = holder.caller;
            let mut answer = once(&parts, tx, caller, work)?;
            parts.refuse_unread_query()?;
            reveal(&mut answer, tx, &state)?;
            links::used(tx, holder)?;
            Ok(answer)
        });
        answer.await
    }
}

/// Makes the secret of an answer anew from what it is made of.
fn reveal(answer: &mut Answer, tx: &mut Tx<'_>, state: &AppState) -> Result<()> {
    let mut token = |game, link| links::token(tx.conn, &state.secrets, GameId(game), LinkId(link));
    match answer.secret().cloned() {
        None => {}
        Some(Secret::OwnToken { game, link }) => {
            answer.reveal("own_token", token(game, link)?.reveal());
        }
        Some(Secret::LinkToken {
            game,
            slug,
            link,
            invites,
        }) => {
            let token = token(game, link)?;
            let url = state.link_address(&slug, &token, invites);
            answer.reveal("token", token.reveal());
            answer.reveal("url", &url);
        }
        Some(Secret::Ticket(claims)) => {
            let ticket = ticket::sign(&claims, state.signer(Purpose::Ticket))?;
            answer.reveal("ticket", &ticket);
        }
    }
    Ok(())
}

fn once<F>(parts: &Parts, tx: &mut Tx<'_>, caller: Caller, work: F) -> Result<Answer>
where
    F: FnOnce(&Parts, &mut Tx<'_>, Caller) -> Result<Answer>,
{
    let Some(key) = parts.idempotency() else {
        return work(parts, tx, caller);
    };
    let (kept, replayed) = requests::once(tx, caller, &key, |tx| {
        let answer = work(parts, tx, caller)?;
        serde_json::to_string(&answer).map_err(|error| Error::internal(&error))
    })?;
    let answer: Answer = serde_json::from_str(&kept).map_err(|error| Error::internal(&error))?;
    Ok(answer.replayed(replayed))
}

/// Adds the present representation to a failed precondition, so that the client can decide at once.
///
/// # Errors
/// The failure itself, or that of `current`.
pub fn with_current<T>(result: Result<T>, current: impl FnOnce() -> Result<Value>) -> Result<T> {
    match result {
        Err(error) if error.code == Code::PreconditionFailed => Err(match current() {
            Ok(current) => error.with("current", current),
            Err(_) => error,
        }),
        other => other,
    }
}
