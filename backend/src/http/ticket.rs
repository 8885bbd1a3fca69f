//! Tickets for streams: a browser's `EventSource` sends no header, so that a token of 60 seconds
//! and one use goes into the address instead.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::actor::{Caller, Link, LinkRole, Person};
use crate::domain::game::Game;
use crate::domain::id::{GameId, LinkId, SessionId, UserId};
use crate::domain::jwt::{self, Kind, Signer};
use crate::domain::time::Timestamp;
use crate::error::{Code, Error, Result};

/// Good for one stream within a minute.
const TICKET: Kind = Kind {
    typ: "ticket+jwt",
    seconds: 60,
};

/// What a ticket says: which board, and who asked for it. When their link or their session ends, so
/// does the stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    sub: GameId,
    jti: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<LinkId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<(UserId, SessionId)>,
}

/// A ticket with its times.
pub type Claims = jwt::Claims<Ticket>;

/// The claims of a new ticket for a board.
pub fn claims(game: &Game, caller: Caller, signer: Signer<'_>, now: Timestamp) -> Claims {
    let ticket = Ticket {
        sub: game.id,
        jti: Uuid::new_v4(),
        link: caller.link_on(game.id).map(|link| link.id),
        person: caller.person().map(|person| (person.id, person.session)),
    };
    signer.claims(TICKET, ticket, now)
}

/// The ticket itself.
///
/// # Errors
/// Only a fault of ours.
pub fn sign(claims: &Claims, signer: Signer<'_>) -> Result<String> {
    signer
        .sign(TICKET, claims)
        .map_err(|error| Error::internal(&error))
}

/// Reads a ticket.
///
/// # Errors
/// `invalid_credential`, whatever is wrong.
pub fn verify(ticket: &str, signer: Signer<'_>, now: Timestamp) -> Result<Claims> {
    signer.verify(TICKET, ticket, now).map_err(|_| {
        Error::new(
            Code::InvalidCredential,
            "This ticket is not valid here, or no longer. Ask for a new one.",
        )
    })
}

impl Ticket {
    /// What is kept so that it is used once.
    pub fn id(&self) -> &[u8] {
        self.jti.as_bytes()
    }

    /// Who comes with it, to look.
    pub fn caller(&self) -> Caller {
        match (self.link, self.person) {
            (Some(id), _) => Caller::Link(Link {
                id,
                game: self.sub,
                role: LinkRole::View,
            }),
            (None, Some((id, session))) => Caller::Person(Person {
                id,
                session,
                operator: false,
            }),
            (None, None) => Caller::Anonymous,
        }
    }
}
