//! Queries about the logos of boards: every one is kept, the newest is the one that is shown.

use std::collections::HashMap;

use diesel::prelude::*;

use super::word;
use crate::db::schema::logos;
use crate::db::{Conn, MultiBackend};
use crate::domain::id::GameId;
use crate::domain::image::Kind;

/// A picture as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// SHA-256.
    pub digest: Vec<u8>,
    /// Of what kind.
    pub kind: Kind,
    /// Itself.
    pub image: Vec<u8>,
}

/// Adds the logo that a revision set; `None`: the revision took it away.
pub fn insert(
    conn: &mut Conn,
    game: GameId,
    revision: i64,
    logo: Option<&Logo>,
) -> QueryResult<()> {
    diesel::insert_into(logos::table)
        .values((
            logos::game_id.eq(game.0),
            logos::revision.eq(revision),
            logos::digest.eq(logo.map(|logo| logo.digest.clone())),
            logos::media_type.eq(logo.map(|logo| logo.kind.word())),
            logos::image.eq(logo.map(|logo| logo.image.clone())),
        ))
        .execute(conn)
        .map(drop)
}

/// The present logo of a board.
pub fn find(conn: &mut Conn, game: GameId) -> QueryResult<Option<Logo>> {
    type Row = (Option<Vec<u8>>, Option<String>, Option<Vec<u8>>);
    let row: Option<Row> = logos::table
        .filter(logos::game_id.eq(game.0))
        .order(logos::revision.desc())
        .select((logos::digest, logos::media_type, logos::image))
        .first(conn)
        .optional()?;
    let Some((Some(digest), Some(kind), Some(image))) = row else {
        return Ok(None);
    };
    let kind = word(Kind::from_word(&kind), "logos.media_type")?;
    Ok(Some(Logo {
        digest,
        kind,
        image,
    }))
}

/// The digest of the present logo of each of these boards that has one.
pub fn digests(conn: &mut Conn, games: Vec<i64>) -> QueryResult<HashMap<GameId, Vec<u8>>> {
    let rows: Vec<(i64, Option<Vec<u8>>)> = logos::table
        .filter(logos::game_id.eq_any(games))
        .order((logos::game_id, logos::revision))
        .select((logos::game_id, logos::digest))
        .into_boxed::<MultiBackend>()
        .load(conn)?;
    // The newest comes last.
    let newest: HashMap<GameId, Option<Vec<u8>>> = rows
        .into_iter()
        .map(|(game, digest)| (GameId(game), digest))
        .collect();
    let present = newest.into_iter();
    Ok(present
        .filter_map(|(game, digest)| Some((game, digest?)))
        .collect())
}
