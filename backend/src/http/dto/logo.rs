//! A board's own logo.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

/// A logo to be shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"image": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNgYPj/HwADAgH/p7WbEAAAAABJRU5ErkJggg=="}))]
pub struct LogoBody {
    /// A PNG, JPEG or WebP in base64: at most 256 KiB, and 2,000 pixels a side.
    #[serde(deserialize_with = "base64")]
    #[schema(value_type = String, min_length = 4, max_length = 349528, pattern = "^[A-Za-z0-9+/]+={0,2}$")]
    pub image: Vec<u8>,
}

fn base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    STANDARD
        .decode(text)
        .map_err(|_| serde::de::Error::custom("invalid_base64: base64 with padding is expected"))
}
