//! Exact decimals: an integer and a scale, no float anywhere.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Decimals that a board may show at most.
pub const MAX_SCALE: u8 = 6;
/// The largest total, in units of the last decimal: 15 digits.
pub const MAX_UNITS: i64 = 999_999_999_999_999;

/// `units / 10^scale`, at most 15 significant digits. It keeps the scale it was written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    units: i64,
    scale: u8,
}

impl Decimal {
    /// From units of the last decimal, as the database holds them.
    pub const fn new(units: i64, scale: u8) -> Self {
        Self { units, scale }
    }

    /// The integer.
    pub const fn units(self) -> i64 {
        self.units
    }

    /// Digits after the point.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// The same value in units of `decimals`; `None` when it has more decimals than that, or does
    /// not fit 15 digits there.
    pub fn units_at(self, decimals: u8) -> Option<i64> {
        let Decimal { units, scale } = self.trimmed();
        let factor = 10i64.checked_pow(u32::from(decimals.checked_sub(scale)?))?;
        units
            .checked_mul(factor)
            .filter(|units| units.abs() <= MAX_UNITS)
    }

    /// Digits after the point that the value needs.
    pub fn scale_needed(self) -> u8 {
        self.trimmed().scale
    }

    fn trimmed(self) -> Self {
        let mut short = self;
        while short.scale > 0 && short.units % 10 == 0 {
            short = Self::new(short.units / 10, short.scale - 1);
        }
        short
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { units, scale } = self.trimmed();
        if scale == 0 {
            return write!(f, "{units}");
        }
        let factor = 10u64.pow(u32::from(scale));
        let (whole, part) = (units.unsigned_abs() / factor, units.unsigned_abs() % factor);
        let sign = if units < 0 { "-" } else { "" };
        write!(
            f,
            "{sign}{whole}.{part:0width$}",
            width = usize::from(scale)
        )
    }
}

/// Why a text is no value.
pub const EXPECTED: &str = "invalid_number: an exact decimal is expected: at most 15 significant digits, at most 6 after the point";

impl FromStr for Decimal {
    type Err = &'static str;

    /// Reads the decimal notation of JSON, an exponent included.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                (mantissa, exponent.parse::<i32>().map_err(|_| EXPECTED)?)
            }
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let well_formed = !whole.is_empty()
            && (part.is_empty() != digits.contains('.'))
            && whole
                .bytes()
                .chain(part.bytes())
                .all(|b| b.is_ascii_digit());
        if !well_formed || digits.len() > 64 || exponent.abs() > 64 {
            return Err(EXPECTED);
        }
        let scale = i32::try_from(part.len()).map_err(|_| EXPECTED)? - exponent;
        let magnitude = significant(&format!("{whole}{part}"), scale).ok_or(EXPECTED)?;
        Ok(Self {
            units: if negative {
                -magnitude.units
            } else {
                magnitude.units
            },
            ..magnitude
        })
    }
}

/// The value of `digits / 10^scale`, with as many zeros kept after the point as were written.
fn significant(digits: &str, mut scale: i32) -> Option<Decimal> {
    let mut digits = digits.trim_start_matches('0').to_owned();
    while scale > i32::from(MAX_SCALE) && digits.ends_with('0') {
        digits.pop();
        scale -= 1;
    }
    if digits.is_empty() {
        return Some(Decimal::new(0, u8::try_from(scale.clamp(0, 6)).ok()?));
    }
    while scale < 0 {
        digits.push('0');
        scale += 1;
    }
    if digits.trim_end_matches('0').len() > 15 || scale > i32::from(MAX_SCALE) {
        return None;
    }
    let units: i64 = digits.parse().ok()?;
    (units <= MAX_UNITS).then_some(Decimal::new(units, u8::try_from(scale).ok()?))
}

impl Serialize for Decimal {
    /// A JSON number in its shortest exact form.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_string()
            .parse::<serde_json::Number>()
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    /// A JSON number or a string that holds one.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Number(number) => number.to_string(),
            serde_json::Value::String(text) => text,
            _ => return Err(serde::de::Error::custom(EXPECTED)),
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_written_is_what_is_meant() {
        for (text, units, scale, shown) in [
            ("3", 3, 0, "3"),
            ("-0.5", -5, 1, "-0.5"),
            ("12.50", 1250, 2, "12.5"),
            ("1e2", 100, 0, "100"),
            ("1.5E+1", 15, 0, "15"),
            ("25e-1", 25, 1, "2.5"),
            ("0.000001", 1, 6, "0.000001"),
            ("1.00000000", 1_000_000, 6, "1"),
            ("999999999999999", MAX_UNITS, 0, "999999999999999"),
            ("0", 0, 0, "0"),
            ("-0", 0, 0, "0"),
        ] {
            let value: Decimal = text.parse().unwrap();
            assert_eq!((value.units(), value.scale()), (units, scale), "{text}");
            assert_eq!(value.to_string(), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for text in [
            "",
            "-",
            ".5",
            "5.",
            "1.2.3",
            "NaN",
            "Infinity",
            "1e",
            "0x10",
            "+1",
            "1 000",
            "0.0000001",
            "1000000000000000",
            "1e15",
            "1e999999999",
            "1234567890.123456",
        ] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn json_keeps_every_digit(units in -MAX_UNITS..=MAX_UNITS, scale in 0u8..=6) {
            let value = Decimal::new(units, scale);
            let json = serde_json::to_string(&value).unwrap();
            let back: Decimal = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(back.to_string(), value.to_string());
            prop_assert_eq!(back.units_at(6), value.units_at(6));
        }
    }
}
