//! What every operation shares: parameters of the path, headers, refusals.

use serde_json::{Value, json};

use super::schemas;

type Result<T> = std::result::Result<T, serde_json::Error>;

/// GET operations that need a credential, beside those of `/me`; every write but these two and those of
/// `/auth` needs one.
const GUARDED_READS: [&str; 6] = [
    "list_journal",
    "list_links",
    "list_orders",
    "read_order",
    "list_order_events",
    "read_seat",
];
const OPEN_WRITES: [&str; 2] = ["create_game", "create_ticket"];

/// What an operation is, as far as its refusals depend on it.
struct Traits<'a> {
    id: &'a str,
    path: &'a str,
    method: &'a str,
    /// It is one of those by which people come in.
    entry: bool,
    /// It needs a credential.
    known: bool,
    /// Its answers carry an entity tag.
    tagged: bool,
    body: bool,
}

impl<'a> Traits<'a> {
    fn of(path: &'a str, method: &'a str, operation: &'a Value) -> Self {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let tag = operation["tags"][0].as_str().unwrap_or_default();
        let entry = tag == "auth";
        let known = match method {
            "get" => GUARDED_READS.contains(&id) || tag == "me",
            _ => !entry && !OPEN_WRITES.contains(&id),
        };
        Self {
            id,
            path,
            method,
            entry,
            known,
            tagged: is_tagged(path, tag),
            body: operation.get("requestBody").is_some(),
        }
    }

    fn writes(&self) -> bool {
        self.method != "get"
    }
}

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
    let before = operation.clone();
    let traits = Traits::of(path, method, &before);
    operation["security"] = match traits.known {
        true => json!([{"bearer": []}]),
        false => json!([{"bearer": []}, {}]),
    };
    let parameters = parameters(&traits, shared);
    match operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
    {
        Some(own) => own.splice(0..0, parameters).for_each(drop),
        None if !parameters.is_empty() => operation["parameters"] = json!(parameters),
        None => {}
    }
    for status in statuses(&traits) {
        operation["responses"][status] =
            json!({"$ref": format!("#/components/responses/{}", name(status))});
    }
    if method == "get" && traits.tagged {
        operation["responses"]["304"] = json!({"description": "You hold it already."});
    }
    if let Some(links) = shared["links"].get(traits.id) {
        operation["responses"]["201"]["links"] = links.clone();
    }
}

/// Whether answers carry an entity tag: those for one thing of a versioned kind, and standings.
fn is_tagged(path: &str, tag: &str) -> bool {
    match tag {
        "standings" => true,
        "games" if path.ends_with("/logo") => true,
        "games" | "links" | "players" | "rounds" | "orders" => path.ends_with('}'),
        "me" => path.ends_with("/me"),
        _ => false,
    }
}

fn parameters(operation: &Traits<'_>, shared: &Value) -> Vec<Value> {
    let segments = operation.path.split('/');
    let names = segments.filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = names
        .map(|name| shared["path_parameters"][name].clone())
        .collect();
    if operation.method == "get" && operation.path.contains("{game}") {
        parameters.push(shared["key"].clone());
    }
    let mut header = |name: &str| parameters.push(shared["headers"][name].clone());
    match operation.method {
        "get" if operation.id == "stream_events" => header("last_event_id"),
        "get" if operation.tagged => header("if_none_match"),
        "patch" | "put" | "delete" if operation.tagged => header("if_match"),
        "post" if !operation.entry => header("idempotency_key"),
        _ => {}
    }
    if ["draft_order", "refund_order"].contains(&operation.id) {
        parameters
            .iter_mut()
            .filter(|one| one["name"] == "Idempotency-Key")
            .for_each(|one| one["required"] = json!(true));
    }
    parameters
}

fn statuses(operation: &Traits<'_>) -> Vec<&'static str> {
    let writes = operation.writes();
    let mut statuses = vec!["400", "401", "429", "500", "503"];
    let mut when = |applies: bool, status: &'static str| {
        if applies {
            statuses.push(status);
        }
    };
    when(
        operation.known || operation.id == "refresh" || operation.id == "log_out",
        "403",
    );
    when(operation.path.contains('{') || operation.body, "404");
    when(
        writes && (operation.known || operation.id == "register"),
        "409",
    );
    when(
        writes && operation.tagged && operation.method != "post",
        "412",
    );
    when(operation.body, "413");
    when(operation.body, "415");
    when(writes, "422");
    when(operation.id == "submit_order", "501");
    statuses
}
