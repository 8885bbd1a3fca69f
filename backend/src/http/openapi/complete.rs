//! What every operation shares: parameters of the path, headers, refusals.

use serde_json::{Value, json};

use super::schemas;

type Result<T> = std::result::Result<T, serde_json::Error>;

/// GET operations that need a credential; every write but these two needs one.
const GUARDED_READS: [&str; 4] = ["list_journal", "list_links", "list_orders", "read_order"];
const OPEN_WRITES: [&str; 2] = ["create_game", "create_ticket"];

/// Completes the document that was collected from the handlers.
pub fn complete(document: &mut Value) -> Result<()> {
    let shared: Value = serde_json::from_str(include_str!("shared.json"))?;
    document["openapi"] = json!("3.1.0");
    document["info"] = json!({
        "title": "Scorehold",
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "A scoreboard that cannot lose your scores",
        "description": include_str!("intro.md"),
        "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        "contact": {"name": "The Scorehold authors"},
    });
    document["servers"] = json!([{"url": "/", "description": "This server"}]);
    document["tags"] = shared["tags"].clone();
    document["components"]["securitySchemes"] = json!({"bearer": shared["security_scheme"]});
    document["components"]["schemas"]["Problem"] = shared["problem"].clone();
    document["components"]["schemas"]["FieldError"] = shared["field_error"].clone();
    document["components"]["responses"] = refusals(&shared);
    let Some(paths) = document["paths"].as_object_mut() else {
        return Ok(());
    };
    for (path, item) in paths {
        let Some(item) = item.as_object_mut() else {
            continue;
        };
        for (method, operation) in item {
            complete_operation(path, method, operation, &shared);
        }
    }
    schemas::complete(document);
    Ok(())
}

fn refusals(shared: &Value) -> Value {
    let described =
        shared["refusals"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(status, description)| {
                let content = json!({"application/problem+json": {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "example": example(status),
                }});
                (
                    name(status),
                    json!({"description": description, "content": content}),
                )
            });
    Value::Object(described.collect())
}

fn name(status: &str) -> String {
    format!("Problem{status}")
}

/// A problem as it looks for a status: that of the first code with it.
fn example(status: &str) -> Value {
    let code = crate::error::Code::ALL
        .iter()
        .find(|code| code.status().to_string() == status);
    let (code, title) = code.map_or(("rate_limited", "Too many requests"), |code| {
        (code.name(), code.title())
    });
    json!({
        "type": format!("/problems/{code}"),
        "title": title,
        "status": status.parse::<u16>().unwrap_or_default(),
        "detail": title,
        "instance": "/api/v1/games/7h2kqm9xwd",
        "code": code,
        "request_id": "7d4f1a52-6c0b-4f35-9e39-8a1a1c3c6f10",
    })
}

fn complete_operation(path: &str, method: &str, operation: &mut Value, shared: &Value) {
    let id = operation["operationId"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let known = if method == "get" {
        GUARDED_READS.contains(&&*id)
    } else {
        !OPEN_WRITES.contains(&&*id)
    };
    operation["security"] = if known {
        json!([{"bearer": []}])
    } else {
        json!([{"bearer": []}, {}])
    };
    let tagged = is_tagged(path, method, operation);
    let parameters = parameters(path, method, tagged, &id, shared);
    match operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
    {
        Some(own) => own.splice(0..0, parameters).for_each(drop),
        None if !parameters.is_empty() => operation["parameters"] = json!(parameters),
        None => {}
    }
    let body = operation.get("requestBody").is_some();
    for status in statuses(path, method, tagged, body, known) {
        operation["responses"][status] =
            json!({"$ref": format!("#/components/responses/{}", name(status))});
    }
    if method == "get" && tagged {
        operation["responses"]["304"] = json!({"description": "You hold it already."});
    }
    if let Some(links) = shared["links"].get(&id) {
        operation["responses"]["201"]["links"] = links.clone();
    }
}

/// Whether answers carry an entity tag: those for one thing of a versioned kind, and standings.
fn is_tagged(path: &str, method: &str, operation: &Value) -> bool {
    let tag = operation["tags"][0].as_str().unwrap_or_default();
    let one = path.ends_with('}');
    match (tag, method) {
        ("standings", _) => true,
        ("games" | "links" | "players" | "rounds" | "orders", _) => one,
        _ => false,
    }
}

fn parameters(path: &str, method: &str, tagged: bool, id: &str, shared: &Value) -> Vec<Value> {
    let names = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = names
        .map(|name| shared["path_parameters"][name].clone())
        .collect();
    let mut header = |name: &str| parameters.push(shared["headers"][name].clone());
    match method {
        "get" if id == "stream_events" => header("last_event_id"),
        "get" if tagged => header("if_none_match"),
        "patch" | "put" | "delete" if tagged => header("if_match"),
        "post" => header("idempotency_key"),
        _ => {}
    }
    if id == "draft_order" {
        parameters
            .iter_mut()
            .filter(|one| one["name"] == "Idempotency-Key")
            .for_each(|one| one["required"] = json!(true));
    }
    parameters
}

fn statuses(path: &str, method: &str, tagged: bool, body: bool, known: bool) -> Vec<&'static str> {
    let writes = method != "get";
    let mut statuses = vec!["400", "401", "429", "500", "503"];
    let mut when = |applies: bool, status: &'static str| {
        if applies {
            statuses.push(status);
        }
    };
    when(known, "403");
    when(path.contains('{') || body, "404");
    when(writes && known, "409");
    when(writes && tagged && method != "post", "412");
    when(body, "413");
    when(body, "415");
    when(writes, "422");
    statuses
}
