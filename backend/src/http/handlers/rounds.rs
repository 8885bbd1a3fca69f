//! `/games/{game}/rounds`

use actix_web::{delete, get, patch, post, put};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::ShelfWord;
use super::players::same_key;
use crate::db::Conn;
use crate::domain::actor::Caller;
use crate::domain::id::RoundId;
use crate::domain::round::RoundDetails;
use crate::domain::score::NewScore;
use crate::domain::text::ExternalId;
use crate::error::{Code, Error, Result};
use crate::http::answer::Answer;
use crate::http::dto::round::{Round, RoundBody, RoundList, RoundPatchBody};
use crate::http::dto::score::new_scores;
use crate::http::page::{Keyset, Limit};
use crate::http::parts::Parts;
use crate::http::request::{Request, with_current};
use crate::http::routes::BASE;
use crate::repos::rounds::Listing;
use crate::services::rounds::{self, RoundOnBoard};

/// Scores of a round at once at most.
const MAX_SCORES: usize = 1000;

fn etag(found: &RoundOnBoard) -> String {
    format!("{}.{}", found.round.version, found.game.revision)
}

fn found(round: &RoundOnBoard) -> Result<Answer> {
    Ok(Answer::ok(&Round::from(round))?.etag(etag(round)))
}

fn made(round: &RoundOnBoard) -> Result<Answer> {
    let address = format!("{BASE}/games/{}/rounds/{}", round.game.slug, round.round.id);
    Ok(Answer::created(&Round::from(round))?
        .etag(etag(round))
        .location(address))
}

/// The round as it is now.
fn current(conn: &mut Conn, caller: Caller, parts: &Parts) -> Result<Value> {
    Ok(json!(Round::from(&rounds::read(
        conn,
        caller,
        &parts.game()?,
        parts.id("round")?
    )?)))
}

/// What a list of rounds is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RoundsQuery {
    /// Rows at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    /// Where the last page ended: its `next_cursor`.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline, value_type = Option<RoundSort>)]
    sort: RoundSort,
    /// `trashed` lists the trash.
    #[serde(default)]
    #[param(inline, value_type = Option<ShelfWord>)]
    state: ShelfWord,
}

/// The order of a list of rounds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
enum RoundSort {
    /// The first round first.
    #[default]
    #[serde(rename = "number")]
    FirstFirst,
    /// The last round first.
    #[serde(rename = "-number")]
    LastFirst,
}

/// List rounds
///
/// With their scores, in the order of their numbers.
#[utoipa::path(tag = "rounds", params(RoundsQuery), responses((status = 200, description = "A page of rounds.", body = RoundList)))]
#[get("/games/{game}/rounds")]
pub async fn list_rounds(request: Request) -> Result<Answer> {
    request
        .read(|parts, conn, caller| {
            let query: RoundsQuery = parts.query()?;
            let keyset = Keyset::new(&parts.path, &parts.query, query.limit, query.cursor, 25);
            let listing = Listing {
                shelf: query.state.into(),
                newest_first: query.sort == RoundSort::LastFirst,
                after: keyset.after()?.map(|[number]| number),
                limit: keyset.limit,
            };
            let (_, page) = rounds::list(conn, caller, &parts.game()?, &listing)?;
            keyset.answer(
                &page,
                |(round, _)| [round.number],
                |(round, scores)| Round::new(round, scores),
            )
        })
        .await
}

/// Create a round
///
/// With all its scores at once, if they are known: one change of the board, all or none.
#[utoipa::path(tag = "rounds", request_body = RoundBody, responses(
    (status = 200, description = "All its scores were here already; nothing was counted twice.", body = Round),
    (status = 201, description = "The round.", body = Round)))]
#[post("/games/{game}/rounds")]
pub async fn create_round(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let (details, scores) = turned(parts.json()?, None)?;
            let sent = rounds::create(tx, caller, &parts.game()?, details, scores)?;
            if sent.created {
                made(&sent)
            } else {
                found(&sent)
            }
        })
        .await
}

/// A round as it was sent: its details and its scores.
fn turned(body: RoundBody, key: Option<ExternalId>) -> Result<(RoundDetails, Vec<NewScore>)> {
    if body.scores.len() > MAX_SCORES {
        let detail = format!("At most {MAX_SCORES} scores at once.");
        return Err(Error::field(
            Code::InvalidFields,
            "/scores",
            "wrong_length",
            detail,
        ));
    }
    let details = RoundDetails {
        label: body.label,
        external_id: key.or(body.external_id),
        comment: body.comment,
        state: body.state,
    };
    Ok((details, new_scores(body.scores, "scores")?))
}

/// Create or update a round by your own key
///
/// 201 when the round is new, 200 when one with this `external_id` was there. Scores with a
/// `client_id` that the board knows are not counted again.
#[utoipa::path(tag = "rounds", request_body = RoundBody, responses(
    (status = 200, description = "The round was there and is as asked for now.", body = Round),
    (status = 201, description = "The round is new.", body = Round)))]
#[put("/games/{game}/rounds/by-external/{external_id}")]
pub async fn put_round(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let (key, body) = (parts.external_id()?, parts.json::<RoundBody>()?);
            same_key(body.external_id.as_ref(), &key)?;
            let (details, scores) = turned(body, Some(key.clone()))?;
            let (game, expected) = (parts.game()?, parts.expected()?);
            let put = rounds::put(tx, caller, &game, &key, expected.as_ref(), details, scores)?;
            if put.created { made(&put) } else { found(&put) }
        })
        .await
}

/// Read a round
///
/// With its scores.
#[utoipa::path(tag = "rounds", responses((status = 200, description = "The round.", body = Round)))]
#[get("/games/{game}/rounds/{round}")]
pub async fn read_round(request: Request) -> Result<Answer> {
    request
        .read(|parts, conn, caller| {
            found(&rounds::read(
                conn,
                caller,
                &parts.game()?,
                parts.id("round")?,
            )?)
        })
        .await
}

/// Change a round
///
/// A merge patch: what is absent stays, `null` clears. A closed round takes no scores.
#[utoipa::path(tag = "rounds", request_body(content((RoundPatchBody = "application/merge-patch+json"), (RoundPatchBody = "application/json"))),
    responses((status = 200, description = "The round as it is now.", body = Round)))]
#[patch("/games/{game}/rounds/{round}")]
pub async fn update_round(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let (game, round, expected) = (
                parts.game()?,
                parts.id::<RoundId>("round")?,
                parts.expected()?,
            );
            let updated = rounds::update(tx, caller, &game, round, expected.as_ref(), |details| {
                parts.patched::<RoundPatchBody>(details)?.try_into()
            });
            found(&with_current(updated, || current(tx.conn, caller, parts))?)
        })
        .await
}

/// Put a round into the trash
///
/// Its scores stop counting; all come back by `POST …/restore`.
#[utoipa::path(tag = "rounds", responses((status = 204, description = "The round is in the trash.")))]
#[delete("/games/{game}/rounds/{round}")]
pub async fn trash_round(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let (game, round, expected) = (parts.game()?, parts.id("round")?, parts.expected()?);
            let trashed = rounds::trash(tx, caller, &game, round, expected.as_ref());
            with_current(trashed, || current(tx.conn, caller, parts))?;
            Ok(Answer::no_content())
        })
        .await
}

/// Take a round out of the trash
///
/// Its scores count again, at their old places.
#[utoipa::path(tag = "rounds", responses((status = 200, description = "The round as it is now.", body = Round)))]
#[post("/games/{game}/rounds/{round}/restore")]
pub async fn restore_round(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            found(&rounds::restore(
                tx,
                caller,
                &parts.game()?,
                parts.id("round")?,
            )?)
        })
        .await
}
