//! `/games/{game}/links`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::db::Conn;
use crate::domain::actor::Caller;
use crate::domain::id::LinkId;
use crate::error::Result;
use crate::http::answer::Answer;
use crate::http::dto::link::{Link, LinkBody, LinkList, LinkPatchBody, LinkWithToken};
use crate::http::dto::user::EmailBody;
use crate::http::page::{Keyset, Limit};
use crate::http::parts::Parts;
use crate::http::request::{Request, with_current};
use crate::http::routes::BASE;
use crate::http::throttle;
use crate::repos::links::{Listing, Standing};
use crate::services::links::{self, LinkOnBoard};

fn etag(found: &LinkOnBoard) -> String {
    format!("{}.{}", found.kept.version, found.game.revision)
}

/// A link as the answer for one.
pub(super) fn found(link: &LinkOnBoard, caller: Caller) -> Result<Answer> {
    Ok(Answer::ok(&Link::new(&link.kept, caller))?.etag(etag(link)))
}

/// The link as it is now.
fn current(conn: &mut Conn, caller: Caller, parts: &Parts) -> Result<Value> {
    let read = links::read(conn, caller, &parts.game()?, parts.id("link")?)?;
    Ok(json!(Link::new(&read.kept, caller)))
}

/// What a list of links is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LinksQuery {
    /// Rows at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    /// Where the last page ended: its `next_cursor`.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
    /// Which: all that are not revoked, the seats of people who wait to be let in, or the revoked ones.
    #[param(inline, value_type = Option<LinkState>)]
    state: Option<LinkState>,
    /// The seats that were taken by one invitation.
    #[param(value_type = Option<String>, max_length = 17)]
    parent: Option<LinkId>,
}

/// Which links a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
enum LinkState {
    /// Not revoked.
    #[serde(rename = "live")]
    Live,
    /// Seats without a player.
    #[serde(rename = "waiting")]
    Waiting,
    /// Revoked.
    #[serde(rename = "revoked")]
    Revoked,
}

impl From<LinkState> for Standing {
    fn from(state: LinkState) -> Self {
        match state {
            LinkState::Live => Self::Live,
            LinkState::Waiting => Self::Waiting,
            LinkState::Revoked => Self::Revoked,
        }
    }
}

/// List links
///
/// The oldest first, revoked ones among them: what they changed names them in the journal.
#[utoipa::path(tag = "links", params(LinksQuery), responses((status = 200, description = "A page of links, without their tokens.", body = LinkList)))]
#[get("/games/{game}/links")]
pub async fn list_links(request: Request) -> Result<Answer> {
    request
        .known()?
        .read(|parts, conn, caller| {
            let query: LinksQuery = parts.query()?;
            let keyset = Keyset::new(&parts.path, &parts.query, query.limit, query.cursor, 25);
            let listing = Listing {
                standing: query.state.map(Standing::from).unwrap_or_default(),
                parent: query.parent,
                after: keyset.after()?.map(|[id]| id),
                limit: keyset.limit,
            };
            let page = links::list(conn, caller, &parts.game()?, &listing)?;
            keyset.answer(
                &page,
                |kept| [kept.link.id.0],
                |kept| Link::new(kept, caller),
            )
        })
        .await
}

/// Make a link
///
/// The answer carries its token and its address: here, and never again. Whoever holds it may do what
/// its role says, without an account, until it is revoked or expires. A link of the role `join` is an
/// invitation: `join` says how people come in by it, with `POST …/join`.
#[utoipa::path(tag = "links", request_body = LinkBody, responses((status = 201, description = "The link, with its token.", body = LinkWithToken)))]
#[post("/games/{game}/links")]
pub async fn create_link(request: Request) -> Result<Answer> {
    let secrets = request.state.secrets.clone();
    request
        .known()?
        .write(move |parts, tx, caller| {
            let (role, details) = parts.json::<LinkBody>()?.parts();
            let made = links::create(tx, caller, &secrets, &parts.game()?, role, details)?;
            let address = format!(
                "{BASE}/games/{}/links/{}",
                made.game.slug, made.kept.link.id
            );
            Ok(Answer::created(&Link::new(&made.kept, caller))?
                .etag(etag(&made))
                .location(address)
                .link_token(&made.kept, &made.game.slug))
        })
        .await
}

/// Change a link
///
/// A merge patch of its name, its end and, of an invitation, how people come in. Its role stays: make another link for another role.
#[utoipa::path(tag = "links", request_body(content((LinkPatchBody = "application/merge-patch+json"), (LinkPatchBody = "application/json"))),
    responses((status = 200, description = "The link as it is now.", body = Link)))]
#[patch("/games/{game}/links/{link}")]
pub async fn update_link(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let (game, link, expected) = (parts.game()?, parts.id("link")?, parts.expected()?);
            let updated = links::update(tx, caller, &game, link, expected.as_ref(), |details| {
                Ok(parts.patched::<LinkPatchBody>(details)?.into())
            });
            found(
                &with_current(updated, || current(tx.conn, caller, parts))?,
                caller,
            )
        })
        .await
}

/// Revoke a link
///
/// For ever and at once: its token is refused from now on, and its open streams end. With an invitation
/// the seats end that were taken by it. Revoking the seat of somebody who waits declines them.
#[utoipa::path(tag = "links", responses((status = 204, description = "It is revoked.")))]
#[delete("/games/{game}/links/{link}")]
pub async fn revoke_link(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let (game, link, expected) = (parts.game()?, parts.id("link")?, parts.expected()?);
            let revoked = links::revoke(tx, caller, &game, link, expected.as_ref());
            with_current(revoked, || current(tx.conn, caller, parts))?;
            Ok(Answer::no_content())
        })
        .await
}

/// Renew a link
///
/// It gets a new token, in the answer and never again; the old one is refused from now on. Not for the
/// link that you come with: if the answer were lost, you would be locked out.
#[utoipa::path(tag = "links", responses((status = 200, description = "The link, with its new token.", body = LinkWithToken)))]
#[post("/games/{game}/links/{link}/rotate")]
pub async fn rotate_link(request: Request) -> Result<Answer> {
    let secrets = request.state.secrets.clone();
    request
        .known()?
        .write(move |parts, tx, caller| {
            let (game, link) = (parts.game()?, parts.id("link")?);
            let rotated = links::rotate(tx, caller, &secrets, &game, link)?;
            Ok(found(&rotated, caller)?.link_token(&rotated.kept, &rotated.game.slug))
        })
        .await
}

/// Mail a link
///
/// To whoever is to have it, perhaps yourself: the surest way not to lose it.
#[utoipa::path(tag = "links", request_body = EmailBody, responses((status = 202, description = "A mail is on its way.")))]
#[post("/games/{game}/links/{link}/mail")]
pub async fn mail_link(request: Request) -> Result<Answer> {
    let request = request.known()?;
    let state = request.state.clone();
    state.sends_mail()?;
    let limits = state.limits.clone();
    let answer = request.write(move |parts, tx, caller| {
        let body: EmailBody = parts.json()?;
        throttle::by_address(&limits, &body.email)?;
        let (game, link) = (parts.game()?, parts.id("link")?);
        links::mail(tx, caller, &game, link, body.email)?;
        Ok(Answer::accepted())
    });
    let answer = answer.await?;
    state.post.notify_one();
    Ok(answer)
}
