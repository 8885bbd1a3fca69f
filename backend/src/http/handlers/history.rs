//! `/games/{game}/journal/…/undo`, `/games/{game}/rewind`

use actix_web::post;

use crate::domain::when::When;
use crate::error::{Error, Result};
use crate::http::answer::Answer;
use crate::http::dto::history::{RewindAnswer, RewindBody, UndoAnswer, UndoBody};
use crate::http::request::Request;
use crate::services::history::{self, By, Rewinding};

/// How often going back is prepared anew when others change the board meanwhile.
const TRIES: usize = 3;

/// Undo a change
///
/// Whole, as one new change, which can be undone itself. What others entered since stays; where a later
/// change set the same field it is refused. A score link undoes what was done by it, an owner everything.
#[utoipa::path(tag = "journal", responses((status = 201, description = "What was undone.", body = UndoAnswer)))]
#[post("/games/{game}/journal/{revision}/undo")]
pub async fn undo_change(request: Request) -> Result<Answer> {
    let request = request.known()?;
    let parts = request.shared();
    let prepared = request.state.db.read(move |conn| {
        let caller = parts.caller(conn)?;
        history::prepare_undo(conn, caller, &parts.game()?, parts.number("revision")?)
    });
    // What is refused now is refused below, after a known Idempotency-Key was answered.
    let prepared = prepared.await.unwrap_or(None);
    request
        .write(|parts, tx, caller| {
            let (game, revision) = (parts.game()?, parts.number("revision")?);
            let undone = history::undo(tx, caller, &game, revision, prepared)?;
            Answer::created(&UndoAnswer::from(undone))
        })
        .await
}

/// Undo what somebody did
///
/// Everything that one link or account changed, as one new change: what others did stays. Where others
/// have changed the same fields since it is refused, with the list, unless `keep_later` is set. Links,
/// the owner and who may look do not go back: they are listed as `left`.
#[utoipa::path(tag = "journal", request_body = UndoBody, responses(
    (status = 200, description = "What would be undone, or that there is nothing.", body = UndoAnswer),
    (status = 201, description = "What was undone.", body = UndoAnswer)))]
#[post("/games/{game}/journal/undo")]
pub async fn undo_actor(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let by: By = parts.json::<UndoBody>()?.try_into()?;
            let undone = UndoAnswer::from(history::undo_actor(tx, caller, &parts.game()?, by)?);
            if by.dry_run || undone.undid.is_empty() {
                return Answer::ok(&undone);
            }
            Answer::created(&undone)
        })
        .await
}

/// Go back to a moment
///
/// Players, rounds, scores and the settings by which they count (title, rule, direction, ties,
/// tie_break, tiebreak_direction, target, step) stand again as they stood then. It is one new change:
/// undo it, and the board is where it was. Links, owner and visibility stay; so does every `client_id`,
/// so that a phone that sends an old score again does not count twice.
#[utoipa::path(tag = "journal", request_body = RewindBody, responses(
    (status = 200, description = "The board stood there already.", body = RewindAnswer),
    (status = 201, description = "Where the board stands now.", body = RewindAnswer)))]
#[post("/games/{game}/rewind")]
pub async fn rewind_game(request: Request) -> Result<Answer> {
    let request = request.known()?;
    // What is refused now is refused below, after a known Idempotency-Key was answered.
    let prepared = prepare(&request).await.ok();
    request
        .write(move |parts, tx, caller| {
            let to: When = parts.json::<RewindBody>()?.try_into()?;
            let went = history::rewind(tx, caller, &parts.game()?, to, prepared)?;
            let answer = RewindAnswer {
                revision: went.revision,
                restored: went.restored,
            };
            match went.anything {
                true => Answer::created(&answer),
                false => Answer::ok(&answer),
            }
        })
        .await
}

/// What takes long is worked out on a snapshot, so that other boards go on meanwhile.
async fn prepare(request: &Request) -> Result<Rewinding> {
    for _ in 1..TRIES {
        let (prepared, current) = prepare_once(request).await?;
        if prepared.revision == current {
            return Ok(prepared);
        }
    }
    prepare_once(request).await.map(|(prepared, _)| prepared)
}

/// The preparation, and the board's revision when it was done.
async fn prepare_once(request: &Request) -> Result<(Rewinding, i64)> {
    let parts = request.shared();
    let prepared = request.state.db.read(move |conn| {
        let caller = parts.caller(conn)?;
        let to: When = parts.json::<RewindBody>()?.try_into()?;
        history::prepare_rewind(conn, caller, &parts.game()?, to, parts.now())
    });
    let (prepared, parts) = (prepared.await?, request.shared());
    let current = request.state.db.read(move |conn| {
        let caller = parts.caller(conn)?;
        let game = crate::services::games::read(conn, caller, &parts.game()?)?;
        Ok::<i64, Error>(game.revision)
    });
    Ok((prepared, current.await?))
}
