//! Answers as text to compare with: what differs from run to run is named by its kind.

use serde_json::{Map, Value};

/// Compares a whole answer with what is written beside it.
macro_rules! assert_answer {
    ($answer:expr, @$expected:literal) => {
        // Each test runs once per engine, and both must answer the same.
        insta::allow_duplicates! {
            insta::assert_snapshot!($crate::support::pretty(&$answer), @$expected)
        }
    };
}
pub(crate) use assert_answer;

/// The answer with sorted members and without what changes from run to run. What does not have the
/// form that the contract gives it stays as it is, and so fails the comparison.
pub fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(&redacted("", value)).unwrap()
}

fn redacted(member: &str, value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            let all = sorted
                .into_iter()
                .map(|(name, value)| (name.clone(), redacted(name, value)));
            Value::Object(all.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(|item| redacted(member, item)).collect(),
        Value::String(text) => {
            kind(member, text).map_or_else(|| value.clone(), |kind| format!("[{kind}]").into())
        }
        _ => value.clone(),
    }
}

fn kind<'a>(member: &str, text: &'a str) -> Option<&'a str> {
    let (prefix, rest) = text.split_once('_').unwrap_or_default();
    match prefix {
        "game" | "plr" | "rnd" | "scr" | "ord" | "lnk" | "usr" | "ses"
            if rest.len() == 13 && all(rest, CROCKFORD) =>
        {
            Some(prefix)
        }
        "shl" if rest.len() >= 27 => Some("token"),
        _ if member == "slug" && text.len() == 10 && all(&text.to_ascii_lowercase(), SLUG) => {
            Some("slug")
        }
        _ if member == "number" => Some("number"),
        _ if is_time(text) => Some("time"),
        _ => None,
    }
}

const CROCKFORD: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SLUG: &str = "0123456789bcdfghjklmnpqrstvwxyz";

fn all(text: &str, alphabet: &str) -> bool {
    text.chars().all(|letter| alphabet.contains(letter))
}

/// RFC 3339 in UTC with milliseconds.
fn is_time(text: &str) -> bool {
    let form = "dddd-dd-ddTdd:dd:dd.dddZ";
    text.len() == form.len()
        && text.chars().zip(form.chars()).all(|(letter, f)| {
            if f == 'd' {
                letter.is_ascii_digit()
            } else {
                letter == f
            }
        })
}
