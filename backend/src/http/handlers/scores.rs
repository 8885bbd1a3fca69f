//! `/games/{game}/scores`

use actix_web::{delete, get, patch, post};
use serde::{Deserialize, Deserializer};
use utoipa::{IntoParams, ToSchema};

use crate::domain::id::{PlayerId, RoundId};
use crate::error::{Code, Error, Result};
use crate::http::answer::Answer;
use crate::http::dto::score::{
    AmendBody, BatchAnswer, BatchBody, Score, ScoreAnswer, ScoreBody, ScoreList, new_scores,
};
use crate::http::page::{Keyset, Limit};
use crate::http::request::Request;
use crate::http::routes::BASE;
use crate::repos::scores::Listing;
use crate::services::scores::{self, Batch};

/// Scores of a batch at most.
const MAX_BATCH: usize = 500;

/// What a list of scores is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ScoresQuery {
    /// Rows at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    /// Where the last page ended: its `next_cursor`.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline, value_type = Option<ScoreSort>)]
    sort: ScoreSort,
    /// Of one player.
    #[param(value_type = Option<String>, max_length = 17)]
    player_id: Option<PlayerId>,
    /// Of one round.
    #[param(value_type = Option<String>, max_length = 17)]
    round_id: Option<RoundId>,
    /// `true` lists those that were taken back.
    #[serde(default, deserialize_with = "flag")]
    #[param(value_type = Option<bool>)]
    voided: bool,
}

fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(serde::de::Error::custom(
            "invalid_value: true or false is expected",
        )),
    }
}

/// The order of a list of scores.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
enum ScoreSort {
    /// The newest first.
    #[default]
    #[serde(rename = "-recorded_at")]
    NewestFirst,
    /// The oldest first.
    #[serde(rename = "recorded_at")]
    OldestFirst,
}

/// List scores
///
/// The ledger of the board: every entry that counts, or every one that was taken back.
#[utoipa::path(tag = "scores", params(ScoresQuery), responses((status = 200, description = "A page of scores.", body = ScoreList)))]
#[get("/games/{game}/scores")]
pub async fn list_scores(request: Request) -> Result<Answer> {
    request
        .read(|parts, conn, caller| {
            let query: ScoresQuery = parts.query()?;
            let keyset = Keyset::new(&parts.path, &parts.query, query.limit, query.cursor, 25);
            let listing = Listing {
                voided: query.voided,
                player: query.player_id,
                rounds: query.round_id.map(|round| vec![round]),
                newest_first: query.sort == ScoreSort::NewestFirst,
                after: keyset.after()?.map(|[revision, item]| (revision, item)),
                limit: keyset.limit,
            };
            let (_, page) = scores::list(conn, caller, &parts.game()?, &listing)?;
            keyset.answer(
                &page,
                |score| [score.recorded.revision, score.recorded.item],
                Score::from,
            )
        })
        .await
}

/// Submit a score
///
/// With a `client_id` it counts exactly once, however often it is sent: a replay is answered with
/// 200, the same score, and the player's present total and rank.
#[utoipa::path(tag = "scores", request_body = ScoreBody, responses(
    (status = 200, description = "The score was here already; nothing was counted twice.", body = ScoreAnswer),
    (status = 201, description = "The score, and where the player stands now.", body = ScoreAnswer)))]
#[post("/games/{game}/scores")]
pub async fn submit_score(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let new = parts.json::<ScoreBody>()?.try_into()?;
            one(&scores::submit(tx, caller, &parts.game()?, &new)?)
        })
        .await
}

/// The answer for one score that was submitted: 201, or 200 for a replay.
fn one(batch: &Batch) -> Result<Answer> {
    let replayed = batch.items.iter().all(|item| item.replayed);
    let answer = ScoreAnswer::of(batch).ok_or_else(|| Error::internal(&"no score was answered"))?;
    if replayed {
        return Answer::ok(&answer);
    }
    let address = format!(
        "{BASE}/games/{}/scores/{}",
        batch.game.slug, answer.score.id
    );
    Ok(Answer::created(&answer)?.location(address))
}

/// Submit several scores
///
/// Up to 500, all or none: one change of the board. Known ones come back marked `replayed`; when all
/// are known the answer is 200 and the board stays at its revision.
#[utoipa::path(tag = "scores", request_body = BatchBody, responses(
    (status = 200, description = "All were here already; nothing was counted twice.", body = BatchAnswer),
    (status = 201, description = "The scores, and where their players stand now.", body = BatchAnswer)))]
#[post("/games/{game}/scores/batch")]
pub async fn submit_batch(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let BatchBody { items } = parts.json()?;
            if !(1..=MAX_BATCH).contains(&items.len()) {
                let detail = format!("1 to {MAX_BATCH} scores at once.");
                return Err(Error::field(
                    Code::InvalidFields,
                    "/items",
                    "wrong_length",
                    detail,
                ));
            }
            let news = new_scores(items, "items")?;
            let batch = scores::submit_batch(tx, caller, &parts.game()?, &news)?;
            let answer = BatchAnswer::from(&batch);
            if answer.data.iter().all(|item| item.replayed) {
                Answer::ok(&answer)
            } else {
                Answer::created(&answer)
            }
        })
        .await
}

/// Read a score
///
/// One entry of the ledger.
#[utoipa::path(tag = "scores", responses((status = 200, description = "The score.", body = Score)))]
#[get("/games/{game}/scores/{score}")]
pub async fn read_score(request: Request) -> Result<Answer> {
    request
        .read(|parts, conn, caller| {
            let (_, score) = scores::read(conn, caller, &parts.game()?, parts.id("score")?)?;
            Answer::ok(&Score::from(&score))
        })
        .await
}

/// Amend a score
///
/// A merge patch of value, tiebreak, note and time. The entry keeps its place; what it was stays in
/// the journal.
#[utoipa::path(tag = "scores", request_body(content((AmendBody = "application/merge-patch+json"), (AmendBody = "application/json"))),
    responses((status = 200, description = "The score, and where the player stands now.", body = ScoreAnswer)))]
#[patch("/games/{game}/scores/{score}")]
pub async fn amend_score(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let batch = scores::amend(tx, caller, &parts.game()?, parts.id("score")?, |now| {
                parts.patched::<AmendBody>(now)?.try_into()
            })?;
            moved(&batch)
        })
        .await
}

fn moved(batch: &Batch) -> Result<Answer> {
    let answer = ScoreAnswer::of(batch).ok_or_else(|| Error::internal(&"no score was answered"))?;
    Answer::ok(&answer)
}

/// Take a score back
///
/// It stops counting and stays in the ledger; it comes back by `POST …/restore`.
#[utoipa::path(tag = "scores", responses((status = 204, description = "It no longer counts.")))]
#[delete("/games/{game}/scores/{score}")]
pub async fn void_score(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            scores::void(tx, caller, &parts.game()?, parts.id("score")?)?;
            Ok(Answer::no_content())
        })
        .await
}

/// Let a score count again
///
/// At its old place in the ledger.
#[utoipa::path(tag = "scores", responses((status = 200, description = "The score, and where the player stands now.", body = ScoreAnswer)))]
#[post("/games/{game}/scores/{score}/restore")]
pub async fn restore_score(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            moved(&scores::restore(
                tx,
                caller,
                &parts.game()?,
                parts.id("score")?,
            )?)
        })
        .await
}
