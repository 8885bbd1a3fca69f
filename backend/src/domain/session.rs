//! Sessions: a device that is logged in, and the rotation of its refresh token.

use serde::{Deserialize, Serialize};

use super::id::{SessionId, UserId};
use super::jwt::Kind;
use super::text::Text;
use super::time::Timestamp;

/// Access tokens: what a device that is logged in sends with each request (`typ` after RFC 9068).
pub const ACCESS: Kind = Kind {
    typ: "at+jwt",
    seconds: 600,
};

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Whose it is.
    pub sub: UserId,
    /// The device: when it is logged out, the token is worthless at once.
    pub sid: SessionId,
}

/// Seconds for which a session lasts after its last renewal: 60 days.
pub const LASTS: i64 = 60 * 86_400;
/// Seconds for which a refresh token is honoured after it was replaced, whatever became of its successor.
pub const GRACE: i64 = 30;

/// What a device calls itself.
pub type Agent = Text<0, 200>;

/// One device that is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The id.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// Counts the refresh tokens, from 1.
    pub generation: i64,
    /// From this and the id a token is made.
    pub salt: Vec<u8>,
    /// What the device calls itself.
    pub agent: Agent,
    /// When the present token was made.
    pub rotated_at: Timestamp,
    /// When the one before it was made.
    pub rotated_before_at: Timestamp,
    /// Logged out, or revoked, then.
    pub revoked_at: Option<Timestamp>,
    /// Over then, unless it is renewed.
    pub expires_at: Timestamp,
    /// Logged in then.
    pub created_at: Timestamp,
}

/// What to do with a refresh token that was really ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the newest: replace it.
    Rotate,
    /// It was replaced, but its owner may not have heard: answer the newest again.
    Repeat,
    /// It was replaced long ago and its successor was used: two hold it, and one is a thief.
    Stolen,
}

impl Session {
    /// Judges a token by its generation (RFC 9700, 4.14.2): one that was replaced is honoured until its
    /// successor is first used, and in any case for 30 s.
    pub fn judge(&self, generation: i64, now: Timestamp) -> Verdict {
        let within = |replaced: Timestamp| now < replaced.plus_seconds(GRACE);
        match self.generation - generation {
            0 => Verdict::Rotate,
            1 => Verdict::Repeat,
            2 if within(self.rotated_before_at) => Verdict::Repeat,
            _ => Verdict::Stolen,
        }
    }

    /// Goes on to the next token.
    pub fn rotate(&mut self, now: Timestamp) {
        self.generation += 1;
        self.rotated_before_at = self.rotated_at;
        self.rotated_at = now;
        self.expires_at = now.plus_seconds(LASTS);
    }

    /// Whether the device is still logged in.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000).plus_seconds(seconds)
    }

    /// Generation 3: the second token was made at 100 s, the third at 110 s.
    fn session() -> Session {
        Session {
            id: SessionId(1),
            user: UserId(2),
            generation: 3,
            salt: Vec::new(),
            agent: Agent::default(),
            rotated_at: at(110),
            rotated_before_at: at(100),
            revoked_at: None,
            expires_at: at(1000),
            created_at: at(0),
        }
    }

    #[test]
    fn every_token_is_judged_by_its_successor() {
        for (generation, now, expected) in [
            (3, 111, Verdict::Rotate),
            (3, 999, Verdict::Rotate),
            (2, 111, Verdict::Repeat),
            // However long its successor is not used.
            (2, 999, Verdict::Repeat),
            // Replaced at 100 s, its successor used at 110 s.
            (1, 129, Verdict::Repeat),
            (1, 130, Verdict::Stolen),
            (0, 111, Verdict::Stolen),
            (4, 111, Verdict::Stolen),
        ] {
            assert_eq!(
                session().judge(generation, at(now)),
                expected,
                "{generation} at {now} s"
            );
        }
    }

    #[test]
    fn a_session_lasts_from_its_last_renewal() {
        let mut session = session();
        assert!(session.is_live(at(999)) && !session.is_live(at(1000)));
        session.rotate(at(999));
        assert_eq!(
            (session.generation, session.rotated_before_at),
            (4, at(110))
        );
        assert!(session.is_live(at(998 + LASTS)) && !session.is_live(at(999 + LASTS)));
        session.revoked_at = Some(at(1000));
        assert!(!session.is_live(at(1001)));
    }
}
