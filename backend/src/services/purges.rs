//! The end of a board that lay in the trash for 30 days: the one deletion that there is.

use crate::db::Conn;
use crate::db::purge::{self, Rows};
use crate::domain::game::{Game, GameRef};
use crate::domain::time::Timestamp;
use crate::error::{Code, Error, Result};
use crate::repos;

/// How long a board stays in the trash at least, in days.
const KEPT_DAYS: i64 = 30;

/// A board that may go, and what goes with it.
#[derive(Debug)]
pub struct Doomed {
    /// The board.
    pub game: Game,
    /// Its rows, by table.
    pub rows: Rows,
}

/// Looks at what a purge would take; nothing is changed.
///
/// # Errors
/// `not_found`, `not_trashed` for a board that stands or has not been in the trash long enough,
/// `order_state` for one that orders refer to.
pub fn plan(conn: &mut Conn, game: &GameRef, now: Timestamp) -> Result<Doomed> {
    let game = find(conn, game, now)?;
    let rows = purge::count(conn, game.id.0)?;
    Ok(Doomed { game, rows })
}

/// Deletes a board and everything of it, for ever. `confirmed` is its address, so that no slip of the
/// keyboard decides.
///
/// # Errors
/// As [`plan`]; `precondition_failed` when another board was confirmed.
pub fn carry_out(
    conn: &mut Conn,
    game: &GameRef,
    confirmed: &str,
    now: Timestamp,
) -> Result<Doomed> {
    let game = find(conn, game, now)?;
    if confirmed != game.slug {
        return Err(Error::new(
            Code::PreconditionFailed,
            format!(
                "{confirmed} was confirmed, but the address of this board is {}. Nothing was deleted.",
                game.slug
            ),
        ));
    }
    let rows = purge::delete(conn, now, game.id.0, game.revision)?;
    Ok(Doomed { game, rows })
}

fn find(conn: &mut Conn, game: &GameRef, now: Timestamp) -> Result<Game> {
    let game = repos::games::lock(conn, game)?.ok_or_else(|| Error::not_found("board"))?;
    let refused = |code, why: String| Err(Error::new(code, format!("{why} Nothing was deleted.")));
    let Some(trashed_at) = game.trashed_at else {
        return refused(
            Code::NotTrashed,
            format!("{} is not in the trash.", game.slug),
        );
    };
    let free = trashed_at.plus_seconds(KEPT_DAYS * 86_400);
    if now < free {
        let why = format!(
            "{} is in the trash since {trashed_at} and stays there until {free}.",
            game.slug
        );
        return refused(Code::NotTrashed, why);
    }
    if repos::orders::any_for(conn, game.id)? {
        let why = format!("Orders refer to {}, and the books need them.", game.slug);
        return refused(Code::OrderState, why);
    }
    Ok(game)
}
