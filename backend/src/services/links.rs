//! Use cases about capability links.

use serde_json::{Value, json};

use super::change::{Change, change};
use super::{Expected, access, expect, mails};
use crate::db::{Conn, Tx};
use crate::domain::actor::{Action, Caller, Link, LinkRole};
use crate::domain::game::{Game, GameRef};
use crate::domain::id::{GameId, LinkId};
use crate::domain::link::{KeptLink, LinkDetails, Place};
use crate::domain::mail::Errand;
use crate::domain::secret::{Secrets, Token};
use crate::domain::time::Timestamp;
use crate::domain::user::Email;
use crate::error::{Code, Error, Result};
use crate::repos::links::{Holder, Listing};
use crate::repos::{self, Page};

/// Milliseconds within which a second use is not written down again.
const USE_GRAIN: i64 = 60_000;

/// A link on its board.
#[derive(Debug)]
pub struct LinkOnBoard {
    /// The board after it.
    pub game: Game,
    /// The link.
    pub kept: KeptLink,
}

/// A board's links, the oldest first.
///
/// # Errors
/// `unauthenticated`, `not_found`, `trashed`, `forbidden`.
pub fn list(
    conn: &mut Conn,
    caller: Caller,
    game: &GameRef,
    listing: &Listing,
) -> Result<Page<KeptLink>> {
    let game = access::inspect(conn, caller, game, Action::Own)?;
    Ok(repos::links::list(conn, game.id, listing)?)
}

/// Makes a link.
///
/// # Errors
/// `forbidden`, `invalid_fields` for an end that has passed, or terms that do not go with the role.
pub fn create(
    tx: &mut Tx<'_>,
    caller: Caller,
    secrets: &Secrets,
    game: &GameRef,
    role: LinkRole,
    details: LinkDetails,
) -> Result<LinkOnBoard> {
    let changed = change(tx, caller, game, Action::Own, |change| {
        lies_ahead(details.expires_at, change.tx.now)?;
        suits(&details, role == LinkRole::Join)?;
        let link = Link {
            id: LinkId(change.tx.next_id()),
            game: change.game.id,
            role,
        };
        let kept = keep(change.tx, secrets, link, details, None)?;
        change.record("link.created", link.id.0, None, Some(facts(&kept)));
        Ok(kept)
    })?;
    Ok(LinkOnBoard {
        game: changed.game,
        kept: changed.value,
    })
}

/// Stores a new link with its proof.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    link: Link,
    details: LinkDetails,
    place: Option<Place>,
) -> Result<KeptLink> {
    let kept = KeptLink {
        link,
        details,
        place,
        revoked_at: None,
        last_used_at: None,
        version: 1,
        created_at: tx.now,
    };
    let (token, salt) = mint(secrets, link)?;
    repos::links::insert(tx.conn, &kept, &token, &salt)?;
    Ok(kept)
}

/// What the journal keeps of a new link.
pub(super) fn facts(kept: &KeptLink) -> Value {
    let LinkDetails {
        name,
        expires_at,
        join,
    } = &kept.details;
    let mut facts = json!({"role": kept.link.role, "name": name, "expires_at": expires_at});
    if let Some(terms) = join {
        facts["join"] = json!(terms);
    }
    if let Some(place) = &kept.place {
        facts["parent"] = json!(place.parent);
        facts["player_id"] = json!(place.player);
    }
    facts
}

/// An invitation says how people come in, and no other link does.
fn suits(details: &LinkDetails, invitation: bool) -> Result<()> {
    let (code, detail) = match details.join {
        None if invitation => ("required", "Say how people come in: mode and scores."),
        Some(_) if !invitation => ("not_allowed", "Only an invitation says how people come in."),
        _ => return Ok(()),
    };
    Err(Error::field(Code::InvalidFields, "/join", code, detail))
}

/// Changes a link's name, its end or its terms; `edit` makes the new details from the present ones.
///
/// # Errors
/// `not_found`, `precondition_failed`, `last_own_link`, `invalid_fields`, and what `edit` refuses.
pub fn update(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    link: LinkId,
    expected: Option<&Expected>,
    edit: impl FnOnce(&LinkDetails) -> Result<LinkDetails>,
) -> Result<LinkOnBoard> {
    on_link(tx, caller, game, link, expected, |change, kept| {
        let details = edit(&kept.details)?;
        suits(&details, kept.details.join.is_some())?;
        if details.expires_at != kept.details.expires_at {
            lies_ahead(details.expires_at, change.tx.now)?;
        }
        if details == kept.details {
            return Ok(());
        }
        let before = json!(kept.details);
        kept.details = details;
        let after = json!(kept.details);
        save(change, kept)?;
        change.record("link.updated", link.0, Some(before), Some(after));
        Ok(())
    })
}

/// Revokes a link, for ever: its token is worth nothing from now on, and its streams end. With an
/// invitation the seats end that were taken by it.
///
/// # Errors
/// `not_found`, `precondition_failed`, `last_own_link`.
pub fn revoke(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    link: LinkId,
    expected: Option<&Expected>,
) -> Result<LinkOnBoard> {
    on_link(tx, caller, game, link, expected, |change, kept| {
        end(change, kept)?;
        let game = change.game.id;
        for mut seat in repos::links::seats(change.conn(), game, link)? {
            end(change, &mut seat)?;
        }
        Ok(())
    })
}

fn end(change: &mut Change<'_, '_>, kept: &mut KeptLink) -> Result<()> {
    kept.revoked_at = Some(change.tx.now);
    save(change, kept)?;
    change.record("link.revoked", kept.link.id.0, None, None);
    Ok(())
}

/// Revokes every own link of a board that an account owns.
pub(super) fn revoke_own(change: &mut Change<'_, '_>) -> Result<()> {
    let game = change.game.id;
    for mut kept in repos::links::own_links(change.conn(), game)? {
        end(change, &mut kept)?;
    }
    Ok(())
}

/// Notes a mail that brings a link to somebody. The board does not change by it.
///
/// # Errors
/// As [`read`].
pub fn mail(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    link: LinkId,
    address: Email,
) -> Result<()> {
    let found = read(tx.conn, caller, game, link)?;
    let link = found.kept.link;
    mails::send(tx, Errand::Link(link.game, link.id), address)
}

/// Gives a link a new token; the old one is worth nothing from now on, and its streams end.
///
/// # Errors
/// `not_found`; `link_in_use` for the link that the caller came with: its answer could be lost, and the
/// way back with it.
pub fn rotate(
    tx: &mut Tx<'_>,
    caller: Caller,
    secrets: &Secrets,
    game: &GameRef,
    link: LinkId,
) -> Result<LinkOnBoard> {
    on_link(tx, caller, game, link, None, |change, kept| {
        if caller.link_on(kept.link.game) == Some(kept.link) {
            return Err(Error::new(
                Code::LinkInUse,
                "You came with this link. Make another own link and renew this one with it.",
            ));
        }
        let (token, salt) = mint(secrets, kept.link)?;
        repos::links::renew(change.conn(), kept.link, &token, &salt)?;
        save(change, kept)?;
        change.record("link.rotated", link.0, None, None);
        Ok(())
    })
}

/// Works on a link that has not been revoked.
pub(super) fn on_link(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    link: LinkId,
    expected: Option<&Expected>,
    work: impl FnOnce(&mut Change<'_, '_>, &mut KeptLink) -> Result<()>,
) -> Result<LinkOnBoard> {
    let changed = change(tx, caller, game, Action::Own, |change| {
        let game = change.game.id;
        let mut kept = live(repos::links::find(change.conn(), game, link)?)?;
        expect(expected, kept.version)?;
        work(change, &mut kept)?;
        Ok(kept)
    })?;
    Ok(LinkOnBoard {
        game: changed.game,
        kept: changed.value,
    })
}

/// Reads a link that has not been revoked.
///
/// # Errors
/// `unauthenticated`, `not_found`, `trashed`, `forbidden`.
pub fn read(conn: &mut Conn, caller: Caller, game: &GameRef, link: LinkId) -> Result<LinkOnBoard> {
    let game = access::inspect(conn, caller, game, Action::Own)?;
    let kept = live(repos::links::find(conn, game.id, link)?)?;
    Ok(LinkOnBoard { game, kept })
}

fn live(found: Option<KeptLink>) -> Result<KeptLink> {
    let kept = found.ok_or_else(|| Error::not_found("link"))?;
    match kept.revoked_at {
        None => Ok(kept),
        Some(at) => Err(Error::new(
            Code::NotFound,
            format!("This link was revoked on {at}. Make a new one."),
        )),
    }
}

/// Saves a link, unless nobody would own the board for good any more.
pub(super) fn save(change: &mut Change<'_, '_>, kept: &mut KeptLink) -> Result<()> {
    kept.version += 1;
    repos::links::save(change.conn(), kept)?;
    let (game, owner) = (change.game.id, change.game.owner);
    if owner.is_some() || repos::links::has_own_link(change.conn(), game)? {
        return Ok(());
    }
    Err(Error::new(
        Code::LastOwnLink,
        "Make another own link without an end first: otherwise nobody would own the board.",
    ))
}

fn lies_ahead(expires_at: Option<Timestamp>, now: Timestamp) -> Result<()> {
    match expires_at {
        Some(at) if at <= now => Err(Error::field(
            Code::InvalidFields,
            "/expires_at",
            "out_of_range",
            format!("A time after {now} is expected."),
        )),
        _ => Ok(()),
    }
}

/// Writes down that a link was used to change something, once a minute at most.
///
/// # Errors
/// Only those of the database.
pub fn used(tx: &mut Tx<'_>, holder: Holder) -> Result<()> {
    let since = tx.now.millis() - USE_GRAIN;
    match (holder.caller.link(), holder.last_used_at) {
        (Some(_), Some(last)) if last.millis() > since => Ok(()),
        (Some(link), _) => Ok(repos::links::used(tx.conn, link, tx.now)?),
        (None, _) => Ok(()),
    }
}

fn mint(secrets: &Secrets, link: Link) -> Result<(Token, [u8; 16])> {
    let mut salt = [0u8; 16];
    getrandom::fill(&mut salt).map_err(|error| Error::internal(&error))?;
    Ok((secrets.link_token(link.game, link.id, &salt), salt))
}

/// The token of a link, made again from its salt; nothing stores it.
///
/// # Errors
/// Only those of the database.
pub fn token(conn: &mut Conn, secrets: &Secrets, game: GameId, link: LinkId) -> Result<Token> {
    let salt = repos::links::salt(conn, game, link)?;
    Ok(secrets.link_token(game, link, &salt))
}
