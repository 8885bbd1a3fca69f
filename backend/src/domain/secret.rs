//! Capability tokens: made from a server secret, kept nowhere.
//!
//! A token is an HMAC over (kind, board, id, salt), so that an answer can be repeated without ever
//! storing it; the database keeps its SHA-256.

use std::fmt;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::id::{GameId, LinkId};

/// Keys derived from the one secret of the configuration, a purpose each (HKDF-SHA-256, RFC 5869).
#[derive(Clone)]
pub struct Secrets {
    links: [u8; 32],
    tickets: [u8; 32],
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

    /// The key that signs stream tickets.
    pub fn ticket_key(&self) -> &[u8] {
        &self.tickets
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

impl Token {
    fn from_bits(bits: &[u8; 32]) -> Self {
        // Five bytes are eight letters: 20 bytes give the 32.
        let letters = bits[..20].chunks(5).flat_map(|five| {
            let word = five
                .iter()
                .fold(0u64, |word, byte| word << 8 | u64::from(*byte));
            (0..8)
                .rev()
                .map(move |place| char::from(ALPHABET[(word >> (5 * place) & 31) as usize]))
        });
        Self(PREFIX.chars().chain(letters).collect())
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

#[cfg(test)]
mod tests {
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
}
