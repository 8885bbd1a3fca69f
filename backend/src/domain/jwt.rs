//! Short-lived signed tokens (RFC 7519, RFC 8725): what we say to ourselves through others' hands.
//!
//! The library's defaults are lax, so everything is checked here: algorithm, kind, issuer, audience,
//! and the times against our own clock.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::time::Timestamp;

const ISSUER: &str = "scorehold";

/// One kind of token: `typ` of its header, by which no other kind is accepted in its place, and how long
/// it is good for, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// `typ` of the header.
    pub typ: &'static str,
    /// Seconds.
    pub seconds: i64,
}

/// What a token says, beside what every token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims<T> {
    iss: String,
    aud: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    /// What this kind says.
    #[serde(flatten)]
    pub says: T,
}

/// A token that is not good here, or not any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// Signs and verifies for one installation: its key, and the id of its database as the audience, so
/// that a token of another installation is worthless.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// 32 bytes.
    pub key: &'a [u8],
    /// The database's own id.
    pub audience: &'a str,
}

impl<T> Claims<T> {
    /// Seconds until it expires.
    pub fn seconds_left(&self, now: Timestamp) -> i64 {
        (self.exp - seconds(now)).max(0)
    }

    /// When it expires.
    pub fn expires_at(&self) -> Timestamp {
        Timestamp::from_millis(self.exp * 1000)
    }
}

impl Signer<'_> {
    /// The claims of a new token, good from now on.
    pub fn claims<T>(&self, kind: Kind, says: T, now: Timestamp) -> Claims<T> {
        let now = seconds(now);
        Claims {
            iss: ISSUER.to_owned(),
            aud: self.audience.to_owned(),
            iat: now,
            nbf: now,
            exp: now + kind.seconds,
            says,
        }
    }

    /// The token itself.
    ///
    /// # Errors
    /// Claims that do not serialise: a fault of ours.
    pub fn sign<T: Serialize>(
        &self,
        kind: Kind,
        claims: &Claims<T>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let header = Header {
            typ: Some(kind.typ.to_owned()),
            ..Header::new(Algorithm::HS256)
        };
        jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(self.key))
    }

    /// Reads a token.
    ///
    /// # Errors
    /// Whatever is wrong with it: always the same.
    pub fn verify<T: DeserializeOwned>(
        &self,
        kind: Kind,
        token: &str,
        now: Timestamp,
    ) -> Result<Claims<T>, Refused> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[self.audience]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud"]);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let key = DecodingKey::from_secret(self.key);
        let token =
            jsonwebtoken::decode::<Claims<T>>(token, &key, &validation).map_err(|_| Refused)?;
        let now = seconds(now);
        let in_time = token.claims.nbf <= now && now < token.claims.exp;
        if token.header.typ.as_deref() == Some(kind.typ) && in_time {
            Ok(token.claims)
        } else {
            Err(Refused)
        }
    }
}

fn seconds(now: Timestamp) -> i64 {
    now.millis() / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Kind = Kind {
        typ: "minute+jwt",
        seconds: 60,
    };
    const OURS: Signer<'_> = Signer {
        key: &[1; 32],
        audience: "here",
    };

    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    struct Says {
        sub: String,
    }

    fn now() -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000)
    }

    fn claims() -> Claims<Says> {
        let says = Says {
            sub: "ana".to_owned(),
        };
        OURS.claims(MINUTE, says, now())
    }

    #[test]
    fn a_token_is_good_here_and_now_only() {
        let token = OURS.sign(MINUTE, &claims()).unwrap();
        assert_eq!(OURS.verify(MINUTE, &token, now()), Ok(claims()));
        assert_eq!(claims().seconds_left(now().plus_seconds(59)), 1);
        let verify = |by: Signer<'_>, kind, token: &str, at| by.verify::<Says>(kind, token, at);
        let there = Signer {
            audience: "there",
            ..OURS
        };
        let theirs = Signer {
            key: &[2; 32],
            ..OURS
        };
        let other = Kind {
            typ: "other+jwt",
            ..MINUTE
        };
        let (before, after) = (now().plus_seconds(-1), now().plus_seconds(60));
        for (by, kind, token, at) in [
            (there, MINUTE, &*token, now()),
            (theirs, MINUTE, &*token, now()),
            (OURS, other, &*token, now()),
            (OURS, MINUTE, &*token, before),
            (OURS, MINUTE, &*token, after),
            (OURS, MINUTE, "nonsense", now()),
        ] {
            assert_eq!(verify(by, kind, token, at), Err(Refused));
        }
    }

    #[test]
    fn no_other_algorithm_is_taken() {
        let header = Header {
            typ: Some(MINUTE.typ.to_owned()),
            ..Header::new(Algorithm::HS384)
        };
        let key = EncodingKey::from_secret(OURS.key);
        let token = jsonwebtoken::encode(&header, &claims(), &key).unwrap();
        assert_eq!(OURS.verify::<Says>(MINUTE, &token, now()), Err(Refused));
    }
}
