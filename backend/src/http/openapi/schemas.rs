//! What every schema shares: words in one piece, bounds, and the partial form of what is patched.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::LARGEST;

/// Completes the schemas of the whole document.
pub fn complete(document: &mut Value) {
    patches(document);
    bound(document);
}

/// A merge patch names what it changes: its body is the whole one with nothing required.
fn patches(document: &mut Value) {
    for (name, whole) in name_patches(document) {
        let used = document["paths"].to_string().contains(&reference(&whole));
        let schemas = &mut document["components"]["schemas"];
        let mut schema = schemas[&whole].clone();
        if let (false, Some(schemas)) = (used, schemas.as_object_mut()) {
            schemas.remove(&whole);
        }
        make_partial(&mut schema);
        schemas[name] = schema;
    }
}

/// Points the PATCH operations at the partial forms, and returns the name of each with that of the
/// whole.
fn name_patches(document: &mut Value) -> BTreeMap<String, String> {
    let mut named = BTreeMap::new();
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    let bodies = paths.filter_map(|(_, item)| item.pointer_mut("/patch/requestBody/content"));
    for (_, media) in bodies.filter_map(Value::as_object_mut).flatten() {
        let whole = media["schema"]["$ref"].as_str().unwrap_or_default();
        let whole = whole.rsplit('/').next().unwrap_or_default().to_owned();
        let kind = whole.trim_end_matches("Body").trim_end_matches("Patch");
        let name = format!("{kind}Patch");
        media["schema"]["$ref"] = json!(reference(&name));
        named.insert(name, whole);
    }
    named
}

fn reference(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

/// What is left out stays as it is, so nothing is required and nothing has a default.
fn make_partial(schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else {
        return;
    };
    schema.remove("required");
    let members = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (_, member) in members.into_iter().flatten() {
        if let Some(member) = member.as_object_mut() {
            member.remove("default");
        }
    }
}

/// Gives every text, number and list of the document a bound, where its own type has none.
fn bound(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(bound),
        Value::Object(object) => {
            flatten(object);
            bound_schema(object);
            object
                .iter_mut()
                .filter(|(key, _)| *key != "example" && *key != "examples")
                .for_each(|(_, value)| bound(value));
        }
        _ => {}
    }
}

fn bound_schema(schema: &mut Map<String, Value>) {
    let is = |schema: &Map<String, Value>, kind: &str| match schema.get("type") {
        Some(Value::String(one)) => one == kind,
        Some(Value::Array(many)) => many.iter().any(|one| one == kind),
        _ => false,
    };
    let has = |schema: &Map<String, Value>, key: &str| schema.contains_key(key);
    if is(schema, "string") && !has(schema, "enum") && !has(schema, "const") {
        if !has(schema, "format") {
            schema.entry("pattern").or_insert(json!("^[^\\u0000]*$"));
        }
        schema.entry("maxLength").or_insert(json!(2000));
    }
    if is(schema, "integer") {
        schema.entry("format").or_insert(json!("int64"));
        schema.entry("minimum").or_insert(json!(-LARGEST));
        schema.entry("maximum").or_insert(json!(LARGEST));
    }
    if is(schema, "array") && schema.contains_key("items") {
        schema.entry("maxItems").or_insert(json!(1000));
    }
}

/// Words with a description come as `allOf` of the words and an object, which nothing satisfies: one
/// schema says both.
fn flatten(schema: &mut Map<String, Value>) {
    let words = |parts: &Vec<Value>| parts.iter().any(|part| part.get("enum").is_some());
    if !schema
        .get("allOf")
        .and_then(Value::as_array)
        .is_some_and(words)
    {
        return;
    }
    let Some(Value::Array(parts)) = schema.remove("allOf") else {
        return;
    };
    for part in parts {
        let Value::Object(part) = part else { continue };
        let object = part.get("type") == Some(&json!("object"));
        schema.extend(part.into_iter().filter(|(key, _)| !object || key != "type"));
    }
}
