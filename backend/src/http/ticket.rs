//! Tickets for streams: a browser's `EventSource` sends no header, so that a token of 60 seconds
//! and one use goes into the address instead.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::identity::Identity;
use crate::domain::actor::{Caller, Link, LinkRole};
use crate::domain::game::Game;
use crate::domain::id::{GameId, LinkId};
use crate::domain::secret::Secrets;
use crate::domain::time::Timestamp;
use crate::error::{Code, Error, Result};

/// Seconds that a ticket can be used for.
pub const SECONDS: i64 = 60;
/// `typ` of the header: no other token of ours is accepted here.
const TYP: &str = "ticket+jwt";
const ISSUER: &str = "scorehold";

/// What a ticket says. `aud` is the database's own id: a ticket of another installation is worthless.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    sub: String,
    /// The link that asked for the ticket: when it is revoked, the stream ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lnk: Option<i64>,
    jti: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl Claims {
    /// The claims of a new ticket for a board.
    pub fn new(game: &Game, caller: Caller, identity: &Identity, now: Timestamp) -> Self {
        let seconds = now.millis() / 1000;
        Self {
            iss: ISSUER.to_owned(),
            aud: identity.id.clone(),
            sub: game.id.to_string(),
            lnk: caller.link_on(game.id).map(|link| link.id.0),
            jti: Uuid::new_v4(),
            iat: seconds,
            nbf: seconds,
            exp: seconds + SECONDS,
        }
    }

    /// The ticket itself.
    ///
    /// # Errors
    /// Only a fault of ours.
    pub fn sign(&self, secrets: &Secrets) -> Result<String> {
        let header = Header {
            typ: Some(TYP.to_owned()),
            ..Header::new(Algorithm::HS256)
        };
        let key = EncodingKey::from_secret(secrets.ticket_key());
        jsonwebtoken::encode(&header, self, &key).map_err(|error| Error::internal(&error))
    }

    /// Seconds until it expires.
    pub fn seconds_left(&self, now: Timestamp) -> i64 {
        (self.exp - now.millis() / 1000).clamp(0, SECONDS)
    }

    /// What is kept so that it is used once.
    pub fn id(&self) -> &[u8] {
        self.jti.as_bytes()
    }

    /// When it expires.
    pub fn expires_at(&self) -> Timestamp {
        Timestamp::from_millis(self.exp * 1000)
    }

    /// Who comes with it: somebody who may look at that one board.
    pub fn caller(&self) -> Result<Caller> {
        let game: GameId = self.sub.parse().map_err(|_| refused())?;
        Ok(Caller::Link(Link {
            id: LinkId(self.lnk.unwrap_or_default()),
            game,
            role: LinkRole::View,
        }))
    }
}

fn refused() -> Error {
    Error::new(
        Code::InvalidCredential,
        "This ticket is not valid here, or no longer. Ask for a new one.",
    )
}

/// Reads a ticket. The library's defaults are lax, so everything is checked here: algorithm, kind,
/// issuer, audience, and the times against our own clock.
///
/// # Errors
/// `invalid_credential`, whatever is wrong.
pub fn verify(
    ticket: &str,
    secrets: &Secrets,
    identity: &Identity,
    now: Timestamp,
) -> Result<Claims> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[&identity.id]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let key = DecodingKey::from_secret(secrets.ticket_key());
    let token = jsonwebtoken::decode::<Claims>(ticket, &key, &validation).map_err(|_| refused())?;
    let seconds = now.millis() / 1000;
    let in_time = token.claims.nbf <= seconds && seconds < token.claims.exp;
    if token.header.typ.as_deref() == Some(TYP) && in_time {
        Ok(token.claims)
    } else {
        Err(refused())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(id: &str) -> Identity {
        Identity {
            lineage: 1,
            id: id.to_owned(),
            environment: "test".to_owned(),
        }
    }

    fn claims(now: Timestamp) -> Claims {
        let seconds = now.millis() / 1000;
        Claims {
            iss: ISSUER.to_owned(),
            aud: "here".to_owned(),
            sub: GameId(7).to_string(),
            lnk: None,
            jti: Uuid::nil(),
            iat: seconds,
            nbf: seconds,
            exp: seconds + SECONDS,
        }
    }

    #[test]
    fn a_ticket_is_good_here_and_now_only() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let (ours, theirs) = (Secrets::derive(&[1; 32]), Secrets::derive(&[2; 32]));
        let ticket = claims(now).sign(&ours).unwrap();
        assert_eq!(
            verify(&ticket, &ours, &identity("here"), now).unwrap(),
            claims(now)
        );
        assert!(verify(&ticket, &ours, &identity("there"), now).is_err());
        assert!(verify(&ticket, &theirs, &identity("here"), now).is_err());
        assert!(verify(&ticket, &ours, &identity("here"), now.plus_seconds(60)).is_err());
        assert!(verify(&ticket, &ours, &identity("here"), now.plus_seconds(-1)).is_err());
        assert!(verify("nonsense", &ours, &identity("here"), now).is_err());
    }

    #[test]
    fn a_token_of_another_kind_is_no_ticket() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let secrets = Secrets::derive(&[1; 32]);
        let key = EncodingKey::from_secret(secrets.ticket_key());
        let other =
            jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims(now), &key).unwrap();
        assert!(verify(&other, &secrets, &identity("here"), now).is_err());
    }
}
