//! `/me/sessions`

use actix_web::{delete, get};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::Result;
use crate::http::answer::Answer;
use crate::http::dto::user::{Session, SessionList};
use crate::http::page::{Keyset, Limit};
use crate::http::request::Request;
use crate::services::sessions;

/// What a list of sessions is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SessionsQuery {
    /// Rows at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    /// Where the last page ended: its `next_cursor`.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

/// List your devices
///
/// Those that are logged in, the oldest first.
#[utoipa::path(tag = "me", params(SessionsQuery), responses((status = 200, description = "A page of sessions.", body = SessionList)))]
#[get("/me/sessions")]
pub async fn list_sessions(request: Request) -> Result<Answer> {
    request
        .known()?
        .read(|parts, conn, caller| {
            let query: SessionsQuery = parts.query()?;
            let keyset = Keyset::new(&parts.path, &parts.query, query.limit, query.cursor, 25);
            let after = keyset.after()?.map(|[id]| id);
            let page = sessions::list(conn, caller, after, keyset.limit, parts.now())?;
            keyset.answer(
                &page,
                |session| [session.id.0],
                |session| Session::new(session, caller),
            )
        })
        .await
}

/// Read one of your devices
#[utoipa::path(tag = "me", description = "One that is logged in.", responses((status = 200, description = "The session.", body = Session)))]
#[get("/me/sessions/{session}")]
pub async fn read_session(request: Request) -> Result<Answer> {
    request
        .known()?
        .read(|parts, conn, caller| {
            let session = sessions::read(conn, caller, parts.id("session")?, parts.now())?;
            Answer::ok(&Session::new(&session, caller))
        })
        .await
}

/// Log one of your devices out
///
/// At once: its tokens are worth nothing from now on, and its streams end.
#[utoipa::path(tag = "me", responses((status = 204, description = "It is logged out.")))]
#[delete("/me/sessions/{session}")]
pub async fn revoke_session(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            sessions::revoke(tx, caller, parts.id("session")?)?;
            Ok(Answer::no_content())
        })
        .await
}
