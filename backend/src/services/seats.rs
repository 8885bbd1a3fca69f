//! Use cases of those who come in by an invitation: take a seat, be let in, look after the seat.

use serde_json::json;
use uuid::Uuid;

use super::change::{Change, run};
use super::links::{self, LinkOnBoard};
use super::{access, players};
use crate::db::{Conn, Tx};
use crate::domain::actor::{Action, Caller, Link, Seat};
use crate::domain::game::{Game, GameRef};
use crate::domain::id::{LinkId, PlayerId};
use crate::domain::link::{JoinMode, KeptLink, LinkDetails, Place, Terms};
use crate::domain::player::Profile;
use crate::domain::secret::Secrets;
use crate::domain::text::{Colour, Name};
use crate::error::{Code, Error, Result};
use crate::repos;
use crate::repos::standings::Placed;

/// Seats of a board at most that are not revoked.
pub const MAX_SEATS: i64 = 500;

/// Somebody who would like to come in.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// What they are called.
    pub name: Name,
    /// The colour that they would like.
    pub colour: Option<Colour>,
    /// By which their device is known again.
    pub client_id: Option<Uuid>,
}

/// A seat on its board.
#[derive(Debug)]
pub struct SeatOnBoard {
    /// The board.
    pub game: Game,
    /// The seat.
    pub kept: KeptLink,
    /// Whom its holder plays, with the rank.
    pub player: Option<Placed>,
    /// Whether they may enter their own scores.
    pub scores: bool,
}

/// Takes a seat by an invitation; `true` when this device had it already. The owner's choice decides
/// whether it has its player at once.
///
/// # Errors
/// `unauthenticated`, `not_found`, `forbidden` without an invitation, `join_closed`, `board_full`.
pub fn join(
    tx: &mut Tx<'_>,
    caller: Caller,
    secrets: &Secrets,
    game: &GameRef,
    newcomer: Newcomer,
) -> Result<(SeatOnBoard, bool)> {
    let game = access::lock(tx.conn, caller, game, Action::Join, false)?;
    let (invitation, terms) = invitation(tx.conn, caller, &game)?;
    if let Some(kept) = taken(tx.conn, invitation, newcomer.client_id)? {
        return Ok((on_board(tx.conn, game, kept)?, true));
    }
    refuse_closed(terms.mode)?;
    refuse_full(tx.conn, &game)?;
    let link = Link {
        id: LinkId(tx.next_id()),
        ..invitation
    };
    let seat = Caller::Seat(Seat {
        link,
        player: None,
        scores: terms.scores,
    });
    let changed = run(tx, seat, game, |change| {
        sit(change, secrets, (link, invitation.id), terms.mode, newcomer)
    })?;
    Ok((on_board(tx.conn, changed.game, changed.value)?, false))
}

/// The invitation that the caller came with, and what the owner decided about it.
fn invitation(conn: &mut Conn, caller: Caller, game: &Game) -> Result<(Link, Terms)> {
    let found = match caller.link_on(game.id) {
        Some(link) => repos::links::find(conn, game.id, link.id)?,
        None => None,
    };
    let terms = found.and_then(|kept| Some((kept.link, kept.details.join?)));
    terms.ok_or_else(|| Error::internal(&"an invitation without terms"))
}

/// The seat that the device took before.
fn taken(conn: &mut Conn, invitation: Link, client_id: Option<Uuid>) -> Result<Option<KeptLink>> {
    let Some(client_id) = client_id else {
        return Ok(None);
    };
    let found = repos::links::find_by_client(conn, invitation.game, invitation.id, client_id)?;
    match found {
        Some(kept) if kept.revoked_at.is_some() => Err(Error::new(
            Code::JoinClosed,
            "The owner of the board has taken this seat back.",
        )),
        found => Ok(found),
    }
}

fn refuse_closed(mode: JoinMode) -> Result<()> {
    match mode {
        JoinMode::Open | JoinMode::Approve => Ok(()),
        JoinMode::Off => Err(Error::new(
            Code::JoinClosed,
            "The owner of the board lets nobody new in just now.",
        )),
    }
}

fn refuse_full(conn: &mut Conn, game: &Game) -> Result<()> {
    if repos::links::count_seats(conn, game.id)? < MAX_SEATS {
        return Ok(());
    }
    Err(Error::new(
        Code::BoardFull,
        format!("All {MAX_SEATS} seats of this board are taken."),
    ))
}

fn sit(
    change: &mut Change<'_, '_>,
    secrets: &Secrets,
    (link, parent): (Link, LinkId),
    mode: JoinMode,
    newcomer: Newcomer,
) -> Result<KeptLink> {
    let place = Place {
        parent,
        player: (mode == JoinMode::Open).then(|| PlayerId(change.tx.next_id())),
        colour: newcomer.colour,
        client_id: newcomer.client_id,
    };
    let details = LinkDetails {
        name: newcomer.name,
        expires_at: None,
        join: None,
    };
    let kept = links::keep(change.tx, secrets, link, details, Some(place))?;
    change.record("link.joined", link.id.0, None, Some(links::facts(&kept)));
    seat_player(change, &kept)?;
    Ok(kept)
}

/// Adds the player of a seat that has one.
fn seat_player(change: &mut Change<'_, '_>, kept: &KeptLink) -> Result<()> {
    let place = kept.place.as_ref();
    let Some((place, player)) = place.and_then(|place| Some((place, place.player?))) else {
        return Ok(());
    };
    let profile = Profile {
        name: kept.details.name.clone(),
        colour: place.colour.clone(),
        external_id: None,
        team: None,
        avatar: None,
        position: None,
    };
    players::insert_as(change, player, profile).map(drop)
}

/// Lets somebody in who waits; for somebody who is in nothing changes.
///
/// # Errors
/// `unauthenticated`, `forbidden`, `not_found` for a link that is no seat, or was revoked.
pub fn approve(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    link: LinkId,
) -> Result<LinkOnBoard> {
    links::on_link(tx, caller, game, link, None, |change, kept| {
        let player = PlayerId(change.tx.next_id());
        let place = kept
            .place
            .as_mut()
            .ok_or_else(|| Error::not_found("seat"))?;
        if place.player.is_some() {
            return Ok(());
        }
        place.player = Some(player);
        links::save(change, kept)?;
        let bodies = [None, Some(player)].map(|id| Some(json!({ "player_id": id })));
        let [before, after] = bodies;
        change.record("link.approved", link.0, before, after);
        seat_player(change, kept)
    })
}

/// Reads the own seat.
///
/// # Errors
/// `unauthenticated`, `not_found`, `trashed`, `forbidden` for those who have none.
pub fn read(conn: &mut Conn, caller: Caller, game: &GameRef) -> Result<SeatOnBoard> {
    let game = access::inspect(conn, caller, game, Action::Sit)?;
    let found = match caller.link_on(game.id) {
        Some(link) => repos::links::find(conn, game.id, link.id)?,
        None => None,
    };
    on_board(conn, game, found.ok_or_else(|| Error::not_found("seat"))?)
}

fn on_board(conn: &mut Conn, game: Game, kept: KeptLink) -> Result<SeatOnBoard> {
    let Some(place) = kept.place.as_ref() else {
        return Err(Error::not_found("seat"));
    };
    let scores = repos::links::let_score(conn, game.id, place.parent)?;
    let player = match place.player {
        Some(player) => repos::players::find(conn, game.id, player)?,
        None => None,
    };
    let player = match player {
        Some(player) => {
            let rank = repos::standings::rank(conn, &game, &player)?;
            Some((player, rank))
        }
        None => None,
    };
    Ok(SeatOnBoard {
        game,
        kept,
        player,
        scores,
    })
}
