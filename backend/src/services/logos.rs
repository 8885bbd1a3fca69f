//! A board's own logo: the picture is kept for ever, the journal holds its digest.

use std::collections::HashMap;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::change::change;
use super::{Expected, access, entitlements, expect};
use crate::db::{Conn, Tx};
use crate::domain::actor::{Action, Caller};
use crate::domain::entitlement::{Feature, Features};
use crate::domain::game::{Game, GameRef};
use crate::domain::id::GameId;
use crate::domain::image::{self, LARGEST};
use crate::domain::payment::Shop;
use crate::domain::time::Timestamp;
use crate::error::{Code, Error, Result};
use crate::repos;
use crate::repos::logos::Logo;

/// What a board looks like beyond its settings: what is unlocked, and the digest of its logo.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// What is unlocked.
    pub features: Features,
    /// SHA-256 of the logo that is shown.
    pub logo: Option<Vec<u8>>,
}

/// The looks of some boards.
///
/// # Errors
/// Only those of the database.
pub fn looks<'a>(
    conn: &mut Conn,
    shop: &Shop,
    games: impl Iterator<Item = &'a Game> + Clone,
    now: Timestamp,
) -> Result<HashMap<GameId, Look>> {
    let mut logos = repos::logos::digests(conn, games.clone().map(|game| game.id.0).collect())?;
    let unlocked = entitlements::of_boards(conn, shop, games, now)?;
    let look = |(game, features): (GameId, Features)| {
        let logo = logos.remove(&game);
        let logo = logo.filter(|_| features.contain(Feature::Logo));
        (game, Look { features, logo })
    };
    Ok(unlocked.into_iter().map(look).collect())
}

/// The look of a board.
///
/// # Errors
/// Only those of the database.
pub fn look(conn: &mut Conn, shop: &Shop, game: &Game, now: Timestamp) -> Result<Look> {
    let all = looks(conn, shop, std::iter::once(game), now)?;
    Ok(all.get(&game.id).cloned().unwrap_or_default())
}

/// The logo that a board shows.
///
/// # Errors
/// `not_found` where it shows none, and those of [`access::view`].
pub fn read(
    conn: &mut Conn,
    shop: &Shop,
    caller: Caller,
    game: &GameRef,
    now: Timestamp,
) -> Result<Logo> {
    let game = access::view(conn, caller, game)?;
    let unlocked = entitlements::of_board(conn, shop, &game, now)?;
    let logo = repos::logos::find(conn, game.id)?;
    logo.filter(|_| unlocked.contain(Feature::Logo))
        .ok_or_else(|| Error::not_found("logo"))
}

/// Gives a board a logo.
///
/// # Errors
/// `precondition_failed`, `body_too_large`, `invalid_image`, `product_required`.
pub fn put(
    tx: &mut Tx<'_>,
    shop: &Shop,
    caller: Caller,
    game: &GameRef,
    expected: Option<&Expected>,
    image: Vec<u8>,
) -> Result<Game> {
    set(tx, caller, game, expected, |tx, game| {
        entitlements::require(tx, shop, game, Feature::Logo, "/image")?;
        picture(image).map(Some)
    })
}

/// Takes a board's logo away. The picture stays where all that was ever there is kept.
///
/// # Errors
/// `precondition_failed`, and those of [`access`].
pub fn remove(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    expected: Option<&Expected>,
) -> Result<Game> {
    set(tx, caller, game, expected, |_, _| Ok(None))
}

fn picture(image: Vec<u8>) -> Result<Logo> {
    if image.len() > LARGEST {
        return Err(Error::at(
            Code::BodyTooLarge,
            "/image",
            format!("A logo has at most {LARGEST} bytes."),
        ));
    }
    let kind = image::look(&image).map_err(|why| Error::at(Code::InvalidImage, "/image", why))?;
    Ok(Logo {
        digest: Sha256::digest(&image).to_vec(),
        kind,
        image,
    })
}

fn set(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    expected: Option<&Expected>,
    make: impl FnOnce(&mut Tx<'_>, &Game) -> Result<Option<Logo>>,
) -> Result<Game> {
    let changed = change(tx, caller, game, Action::Own, |change| {
        expect(expected, change.game.version)?;
        let next = make(change.tx, &change.game)?;
        let id = change.game.id;
        let before = repos::logos::find(change.conn(), id)?.map(|logo| hex::encode(logo.digest));
        let after = next.as_ref().map(|logo| hex::encode(&logo.digest));
        if before == after {
            return Ok(());
        }
        let revision = change.next_place().revision;
        repos::logos::insert(change.conn(), id, revision, next.as_ref())?;
        change.game.version += 1;
        let (before, after) = (json!({"logo": before}), json!({"logo": after}));
        change.record("game.logo", id.0, Some(before), Some(after));
        Ok(())
    })?;
    Ok(changed.game)
}
