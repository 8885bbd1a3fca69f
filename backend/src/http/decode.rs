//! Reads JSON and parameters into types, and says exactly what is wrong where.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};

use crate::error::{Code, Error, Result};

/// Reads a JSON body.
///
/// # Errors
/// `invalid_json` for what is no JSON, `invalid_fields` with a pointer for what does not fit.
pub fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    // Read as JSON first: what is no JSON at all is another fault than a field that does not fit.
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        Error::new(Code::InvalidJson, format!("The body is not JSON: {error}."))
    })?;
    if value.is_array() {
        // Members by their place would be taken for members by their name.
        return Err(Error::field(
            Code::InvalidFields,
            "",
            "invalid_type",
            "A JSON object is expected.",
        ));
    }
    typed(value)
}

/// Reads a JSON value.
///
/// # Errors
/// `invalid_fields` with a pointer.
pub fn typed<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let (pointer, code, detail) =
            fault(&error.inner().to_string(), pointer(error.path(), "/"), "/");
        Error::field(Code::InvalidFields, pointer, &code, detail)
    })
}

/// Reads the parameters of a query; none is ever ignored.
///
/// # Errors
/// `unknown_parameter`, `invalid_parameter`.
pub fn query<T: DeserializeOwned>(query: &str) -> Result<T> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| Error::new(Code::InvalidParameter, "The query is not well-formed."))?;
    let mut values = Map::new();
    for (name, value) in pairs {
        if value.contains('\0') {
            return Err(Error::at(
                Code::InvalidParameter,
                name,
                "NUL is not allowed.",
            ));
        }
        if values.insert(name.clone(), Value::String(value)).is_some() {
            return Err(Error::at(
                Code::InvalidParameter,
                name,
                "This parameter stands twice.",
            ));
        }
    }
    serde_path_to_error::deserialize(Value::Object(values)).map_err(|error| {
        let (name, code, detail) = fault(&error.inner().to_string(), pointer(error.path(), ""), "");
        match code.as_str() {
            "unknown_field" => Error::at(
                Code::UnknownParameter,
                name,
                detail.replace("field", "parameter"),
            ),
            _ => Error::at(Code::InvalidParameter, name, detail),
        }
    })
}

/// Applies a merge patch (RFC 7396) to what a thing is now; `null` clears a member.
///
/// # Errors
/// `invalid_fields` for a patch that is no object.
pub fn merge(current: Value, patch: &Value) -> Result<Value> {
    let (Value::Object(mut merged), Value::Object(patch)) = (current, patch) else {
        return Err(Error::field(
            Code::InvalidFields,
            "",
            "invalid_type",
            "A merge patch is an object.",
        ));
    };
    let known: Vec<String> = merged.keys().cloned().collect();
    for (name, value) in patch {
        // A member that does not exist stays in the way even as `null`, and is refused as unknown.
        let value = match (merged.remove(name), value) {
            (Some(_), Value::Null) => continue,
            (Some(before @ Value::Object(_)), Value::Object(_)) => merge(before, value)?,
            _ => value.clone(),
        };
        merged.insert(name.clone(), value);
    }
    merged.retain(|name, value| !value.is_null() || !known.contains(name));
    Ok(Value::Object(merged))
}

fn pointer(path: &Path, root: &str) -> String {
    let parts: Vec<String> = path
        .iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Map { key } => Some(escaped(key)),
            Segment::Enum { variant } => Some(variant.clone()),
            Segment::Unknown => None,
        })
        .collect();
    match (root, parts.is_empty()) {
        (_, true) => String::new(),
        (root, false) => format!("{root}{}", parts.join("/")),
    }
}

/// A name as a part of a JSON pointer (RFC 6901).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Sorts what serde says into a pointer, a stable code and a sentence. Our own types begin their
/// sentence with the code (`too_long: …`).
fn fault(said: &str, pointer: String, root: &str) -> (String, String, String) {
    // serde counts the unknown key itself into the path, a missing one not.
    let below = |name: &str| match pointer.rsplit('/').next() {
        Some(last) if last == escaped(name) => pointer.clone(),
        _ => format!("{pointer}{root}{}", escaped(name)),
    };
    let quoted = said.split('`').nth(1).unwrap_or_default().to_owned();
    if said.starts_with("unknown field") {
        return (
            below(&quoted),
            "unknown_field".to_owned(),
            format!("There is no field {quoted}."),
        );
    }
    if said.starts_with("missing field") {
        return (
            below(&quoted),
            "missing_field".to_owned(),
            format!("The field {quoted} is required."),
        );
    }
    if said.starts_with("unknown variant") {
        let allowed = said
            .split_once("expected ")
            .map_or("", |(_, allowed)| allowed);
        return (
            pointer,
            "invalid_value".to_owned(),
            format!("Expected {allowed}."),
        );
    }
    match said.split_once(": ") {
        Some((code, detail)) if code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') => {
            (pointer, code.to_owned(), format!("{detail}."))
        }
        _ => (pointer, "invalid_type".to_owned(), format!("{said}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only read")]
    struct Outer {
        name: crate::domain::text::Name,
        #[serde(default)]
        inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only read")]
    struct Inner {
        value: crate::domain::decimal::Decimal,
    }

    fn refused(body: Value) -> (String, String) {
        let error = json::<Outer>(body.to_string().as_bytes()).unwrap_err();
        (
            error.errors[0].pointer.clone(),
            error.errors[0].code.clone(),
        )
    }

    #[test]
    fn a_fault_is_named_where_it_stands() {
        for (body, pointer, code) in [
            (json!({}), "/name", "missing_field"),
            (json!({"name": 1}), "/name", "invalid_type"),
            (json!({"name": ""}), "/name", "too_short"),
            (json!({"name": "a", "x": 1}), "/x", "unknown_field"),
            (
                json!({"name": "a", "inner": [{"value": 1}, {}]}),
                "/inner/1/value",
                "missing_field",
            ),
            (
                json!({"name": "a", "inner": [{"value": "x"}]}),
                "/inner/0/value",
                "invalid_number",
            ),
            (
                json!({"name": "a", "inner": [{"value": 1, "y": 2}]}),
                "/inner/0/y",
                "unknown_field",
            ),
            (json!([]), "", "invalid_type"),
        ] {
            assert_eq!(
                refused(body.clone()),
                (pointer.to_owned(), code.to_owned()),
                "{body}"
            );
        }
    }

    #[test]
    fn a_number_keeps_every_digit() {
        let body: Outer =
            json(br#"{"name": "a", "inner": [{"value": 0.1234560}, {"value": "1e2"}]}"#).unwrap();
        let values: Vec<String> = body
            .inner
            .iter()
            .map(|inner| inner.value.to_string())
            .collect();
        assert_eq!(values, ["0.123456", "100"]);
    }

    #[test]
    fn a_merge_patch_clears_and_sets() {
        let merged = merge(
            json!({"a": 1, "b": 2, "c": null}),
            &json!({"a": null, "d": 4}),
        )
        .unwrap();
        assert_eq!(merged, json!({"b": 2, "d": 4}));
        let within = merge(json!({"a": {"b": 1, "c": 2}}), &json!({"a": {"b": 3}}));
        assert_eq!(within.unwrap(), json!({"a": {"b": 3, "c": 2}}));
        let unknown = merge(json!({"a": 1}), &json!({"x": null})).unwrap();
        assert_eq!(unknown, json!({"a": 1, "x": null}));
        assert!(merge(json!({}), &json!([])).is_err());
    }
}
