//! Tokens made from a server secret, kept nowhere.
//!
//! A link's token is an HMAC over (kind, board, id, salt), so that an answer can be repeated without
//! ever storing it; the database keeps its SHA-256. A refresh token names its session and generation
//! beside the HMAC over them, so that the database keeps nothing of it at all.

use std::fmt;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::id::{GameId, LinkId, SessionId};
use super::session::Session;

/// Keys derived from the one secret of the configuration, a purpose each (HKDF-SHA-256, RFC 5869).
#[derive(Clone)]
pub struct Secrets {
    links: [u8; 32],
    tickets: [u8; 32],
    access: [u8; 32],
    refresh: [u8; 32],
    mails: [u8; 32],
}

/// What a signed token is for; each purpose has a key of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// One stream.
    Ticket,
    /// The requests of a device that is logged in.
    Access,
    /// What is sent by mail.
    Mail,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(redacted)")
    }
}

impl Secrets {
    /// Derives the keys.
    pub fn derive(secret: &[u8]) -> Self {
        let kdf = Hkdf::<Sha256>::new(None, secret);
        let key = |purpose: &[u8]| {
            let mut key = [0u8; 32];
            // 32 bytes are far below the 255 blocks that HKDF can give.
            let _fits = kdf.expand(purpose, &mut key);
            key
        };
        Self {
            links: key(b"scorehold link tokens"),
            tickets: key(b"scorehold stream tickets"),
            access: key(b"scorehold access tokens"),
            refresh: key(b"scorehold refresh tokens"),
            mails: key(b"scorehold mailed tokens"),
        }
    }

    /// The token of a link, always the same for the same link.
    pub fn link_token(&self, game: GameId, link: LinkId, salt: &[u8]) -> Token {
        let mut message = b"link".to_vec();
        message.extend(game.0.to_be_bytes());
        message.extend(link.0.to_be_bytes());
        message.extend(salt);
        Token::from_bits(&hmac(&self.links, &message))
    }

    /// The refresh token of a session's present generation.
    pub fn refresh_token(&self, session: &Session) -> RefreshToken {
        RefreshToken {
            session: session.id,
            generation: session.generation,
            proof: self.refresh_proof(session.id, session.generation, &session.salt),
        }
    }

    /// Whether the token was made for this session, in whatever generation.
    pub fn made(&self, token: &RefreshToken, session: &Session) -> bool {
        // Compared by their hashes, so that the time tells nothing.
        let expected = self.refresh_proof(session.id, token.generation, &session.salt);
        token.session == session.id && Sha256::digest(expected) == Sha256::digest(token.proof)
    }

    fn refresh_proof(&self, session: SessionId, generation: i64, salt: &[u8]) -> [u8; PROOF] {
        let mut message = b"refresh".to_vec();
        message.extend(session.0.to_be_bytes());
        message.extend(generation.to_be_bytes());
        message.extend(salt);
        let mut proof = [0u8; PROOF];
        proof.copy_from_slice(&hmac(&self.refresh, &message)[..PROOF]);
        proof
    }

    /// The key that signs tokens for one purpose.
    pub fn signing_key(&self, purpose: Purpose) -> &[u8] {
        match purpose {
            Purpose::Ticket => &self.tickets,
            Purpose::Access => &self.access,
            Purpose::Mail => &self.mails,
        }
    }
}

fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    // The block size of SHA-256 is 64 bytes: a shorter key is filled up with zeros (RFC 2104).
    let mut block = [0u8; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new((&block).into());
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// A link's token, `shl_` and 32 letters: 160 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// SHA-256 of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

const PREFIX: &str = "shl_";
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LETTERS: usize = 32;

/// Bytes as letters, eight for each five of them (a multiple of five is expected).
fn letters(bytes: &[u8]) -> String {
    let groups = bytes.chunks(5).flat_map(|five| {
        let word = five
            .iter()
            .fold(0u64, |word, byte| word << 8 | u64::from(*byte));
        (0..8)
            .rev()
            .map(move |place| char::from(ALPHABET[(word >> (5 * place) & 31) as usize]))
    });
    groups.collect()
}

/// The bytes that letters stand for.
fn bytes(letters: &str) -> Option<Vec<u8>> {
    let mut found = Vec::with_capacity(letters.len() / 8 * 5);
    for eight in letters.as_bytes().chunks(8) {
        let word = eight.iter().try_fold(0u64, |word, letter| {
            let place = ALPHABET.iter().position(|known| known == letter)?;
            Some(word << 5 | place as u64)
        })?;
        found.extend(&word.to_be_bytes()[3..]);
    }
    Some(found)
}

impl Token {
    fn from_bits(bits: &[u8; 32]) -> Self {
        Self(format!("{PREFIX}{}", letters(&bits[..20])))
    }

    /// A token as it was handed in; `None` when it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let letters = text.strip_prefix(PREFIX)?;
        let plausible = letters.len() == LETTERS && letters.bytes().all(|b| ALPHABET.contains(&b));
        plausible.then(|| Self(text.to_owned()))
    }

    /// By what a credential, valid or not, is told from others without being kept.
    pub fn fingerprint(credential: &[u8]) -> Fingerprint {
        Fingerprint(Sha256::digest(credential).into())
    }

    /// What the database keeps of it.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }

    /// The token itself, for the one answer that shows it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("shl_redacted")
    }
}

/// Bytes of the HMAC that a refresh token carries: 192 bits.
const PROOF: usize = 24;
const REFRESH_PREFIX: &str = "shr_";
const REFRESH_LETTERS: usize = (8 + 8 + PROOF) / 5 * 8;

/// A refresh token, `shr_` and 64 letters.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// The session that it says it is of.
    pub session: SessionId,
    /// Which of the session's tokens it is, from 1.
    pub generation: i64,
    proof: [u8; PROOF],
}

impl RefreshToken {
    /// A token as it was handed in; `None` when it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let letters = text.strip_prefix(REFRESH_PREFIX)?;
        let bytes = bytes(letters).filter(|_| letters.len() == REFRESH_LETTERS)?;
        let (session, rest) = bytes.split_first_chunk::<8>()?;
        let (generation, proof) = rest.split_first_chunk::<8>()?;
        Some(Self {
            session: SessionId(i64::from_be_bytes(*session)),
            generation: i64::from_be_bytes(*generation),
            proof: proof.try_into().ok()?,
        })
    }

    /// The token itself, for the one answer that shows it.
    pub fn reveal(&self) -> String {
        let mut all = self.session.0.to_be_bytes().to_vec();
        all.extend(self.generation.to_be_bytes());
        all.extend(self.proof);
        format!("{REFRESH_PREFIX}{}", letters(&all))
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("shr_redacted")
    }
}

#[cfg(test)]
mod tests {
    use super::super::id::UserId;
    use super::super::session::Agent;
    use super::super::time::Timestamp;
    use super::*;

    #[test]
    fn a_token_can_be_made_again_but_not_by_another_secret() {
        let (ours, theirs) = (Secrets::derive(&[1; 32]), Secrets::derive(&[2; 32]));
        let token = ours.link_token(GameId(1), LinkId(2), b"salt");
        assert_eq!(ours.link_token(GameId(1), LinkId(2), b"salt"), token);
        assert_eq!(Token::parse(token.reveal()), Some(token.clone()));
        for other in [
            theirs.link_token(GameId(1), LinkId(2), b"salt"),
            ours.link_token(GameId(2), LinkId(2), b"salt"),
            ours.link_token(GameId(1), LinkId(3), b"salt"),
            ours.link_token(GameId(1), LinkId(2), b"pepper"),
        ] {
            assert_ne!(other.hash(), token.hash());
        }
    }

    #[test]
    fn what_cannot_be_a_token_is_none() {
        for text in [
            "",
            "shl_",
            "shl_short",
            "shl_UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU",
            "shk_00000000000000000000000000000000",
        ] {
            assert_eq!(Token::parse(text), None);
        }
    }

    fn session(id: i64, generation: i64, salt: &[u8]) -> Session {
        Session {
            id: SessionId(id),
            user: UserId(1),
            generation,
            salt: salt.to_vec(),
            agent: Agent::default(),
            rotated_at: Timestamp::from_millis(0),
            rotated_before_at: Timestamp::from_millis(0),
            revoked_at: None,
            expires_at: Timestamp::from_millis(0),
            created_at: Timestamp::from_millis(0),
        }
    }

    #[test]
    fn a_refresh_token_proves_its_session_and_generation() {
        let (ours, theirs) = (Secrets::derive(&[1; 32]), Secrets::derive(&[2; 32]));
        let token = ours.refresh_token(&session(7, 3, b"salt"));
        assert_eq!(token.reveal().len(), 68);
        let read = RefreshToken::parse(&token.reveal()).unwrap();
        assert_eq!((read.session, read.generation), (SessionId(7), 3));
        assert!(ours.made(&read, &session(7, 9, b"salt")));
        assert!(!theirs.made(&read, &session(7, 3, b"salt")));
        assert!(!ours.made(&read, &session(8, 3, b"salt")));
        assert!(!ours.made(&read, &session(7, 3, b"pepper")));
        let forged = RefreshToken {
            generation: 4,
            ..read
        };
        assert!(!ours.made(&forged, &session(7, 4, b"salt")));
    }

    #[test]
    fn what_cannot_be_a_refresh_token_is_none() {
        let good = Secrets::derive(&[1; 32])
            .refresh_token(&session(7, 3, b"salt"))
            .reveal();
        for text in [
            "",
            "shr_",
            "shr_0",
            &good[..67],
            &format!("{good}0"),
            &good.replace("shr_", "shl_"),
            &good.to_uppercase(),
        ] {
            assert_eq!(RefreshToken::parse(text), None, "{text}");
        }
    }
}
