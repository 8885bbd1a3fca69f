//! The server's secret.

use std::fmt;
use std::str::FromStr;

use super::reader::Invalid;

/// Fewer bytes could be guessed.
const MIN_BYTES: usize = 32;

/// Key material of at least 32 bytes. It shows itself to no log.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Takes bytes as a secret when there are enough of them.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() >= MIN_BYTES).then_some(Self(bytes))
    }

    /// The bytes, to derive keys from.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::new(text.as_bytes().to_vec()).ok_or(Invalid)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
