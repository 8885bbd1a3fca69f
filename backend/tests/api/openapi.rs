//! The document: what is served, what is committed, and what the contract promises are one.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::support::{TestApp, both_engines};

const OPERATIONS: &str = "
POST /auth/register
POST /auth/login
POST /auth/refresh
POST /auth/logout
POST /auth/verify
POST /auth/password/forgot
POST /auth/password/reset
GET PATCH DELETE /me
GET /me/export
PUT /me/password
PUT /me/email
POST /me/verification
GET /me/sessions
GET DELETE /me/sessions/{session}
GET POST /games
GET PATCH DELETE /games/{game}
POST /games/{game}/restore
POST /games/{game}/claim
GET PUT DELETE /games/{game}/logo
GET POST /games/{game}/links
PATCH DELETE /games/{game}/links/{link}
POST /games/{game}/links/{link}/rotate
POST /games/{game}/links/{link}/mail
POST /games/{game}/links/{link}/approve
POST /games/{game}/join
GET /games/{game}/seat
GET POST /games/{game}/players
GET PATCH DELETE /games/{game}/players/{player}
POST /games/{game}/players/{player}/restore
PUT /games/{game}/players/by-external/{external_id}
GET POST /games/{game}/rounds
GET PATCH DELETE /games/{game}/rounds/{round}
POST /games/{game}/rounds/{round}/restore
PUT /games/{game}/rounds/by-external/{external_id}
GET POST /games/{game}/scores
GET PATCH DELETE /games/{game}/scores/{score}
POST /games/{game}/scores/{score}/restore
POST /games/{game}/scores/batch
GET /games/{game}/standings
GET /games/{game}/standings/around/{player}
GET /games/{game}/standings/{player}
GET /games/{game}/events
POST /games/{game}/events/ticket
GET /games/{game}/journal
POST /games/{game}/journal/undo
POST /games/{game}/journal/{revision}/undo
POST /games/{game}/rewind
GET /products
GET POST /orders
GET PATCH DELETE /orders/{order}
POST /orders/{order}/submit
POST /orders/{order}/cancel
POST /orders/{order}/pay
POST /orders/{order}/fulfil
POST /orders/{order}/refund
GET /orders/{order}/events
";

fn served(app: &TestApp) -> Value {
    let answer = app.root().get("/openapi.json").expect(200);
    assert!(answer.need("Content-Type").starts_with("application/json"));
    answer.json
}

/// Method, path and description of every operation.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let methods = [
        "get", "put", "post", "patch", "delete", "head", "options", "trace",
    ];
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        methods
            .iter()
            .map(move |method| (path, *method, &item[*method]))
    });
    all.filter(|(.., operation)| !operation.is_null())
        .map(|(path, method, operation)| (method.to_uppercase(), path.clone(), operation))
        .collect()
}

fn the_served_document_is_the_committed_one(app: &TestApp) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/openapi.json");
    let committed = std::fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let committed: Value = serde_json::from_str(&committed).unwrap();
    assert!(
        served(app) == committed,
        "openapi/openapi.json is not what the server serves: run `make openapi`"
    );
}

fn the_document_has_what_the_contract_names_and_nothing_else(app: &TestApp) {
    let mut promised = BTreeSet::new();
    for line in OPERATIONS.lines().filter(|line| !line.is_empty()) {
        let (methods, path) = line.rsplit_once(' ').unwrap();
        promised.extend(
            methods
                .split(' ')
                .map(|method| format!("{method} /api/v1{path}")),
        );
    }
    let document = served(app);
    let api = operations(&document)
        .into_iter()
        .filter(|(_, path, _)| path.starts_with("/api/"));
    let found: BTreeSet<String> = api
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    assert_eq!(found, promised);
}

fn every_operation_explains_itself(app: &TestApp) {
    let document = served(app);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let name = format!("{method} {path}");
        for member in ["operationId", "summary", "description"] {
            assert!(
                operation[member]
                    .as_str()
                    .is_some_and(|text| !text.trim().is_empty()),
                "{name} has no {member}"
            );
        }
        assert!(
            ids.insert(operation["operationId"].to_string()),
            "{name}: its operationId stands twice"
        );
        assert_eq!(
            operation["tags"].as_array().map(Vec::len),
            Some(1),
            "{name}"
        );
        let responses = operation["responses"].as_object().unwrap();
        assert!(
            responses.keys().any(|status| status.starts_with('2')),
            "{name}"
        );
        for (status, response) in responses {
            let described = resolve(&document, response)["description"]
                .as_str()
                .is_some_and(|text| !text.is_empty());
            assert!(described, "{name}: {status} has no description");
        }
        assert!(
            responses.keys().any(|status| status.starts_with('4')) || !path.starts_with("/api/"),
            "{name} has no 4xx"
        );
    }
}

fn every_parameter_is_bounded(app: &TestApp) {
    let document = served(app);
    for (method, path, operation) in operations(&document) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter = resolve(&document, parameter);
            let schema = resolve(&document, &parameter["schema"]);
            let kinds = schema["type"].to_string();
            let name = format!("{} of {method} {path}: {schema}", parameter["name"]);
            assert!(
                parameter["description"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{name}"
            );
            if kinds.contains("integer") {
                assert!(!schema["minimum"].is_null(), "{name}");
            }
            if kinds.contains("string") {
                let bounded = ["maxLength", "enum", "const", "pattern"]
                    .iter()
                    .any(|bound| !schema[*bound].is_null());
                assert!(bounded, "{name}");
            }
        }
    }
}

fn one_scheme_carries_every_credential(app: &TestApp) {
    let document = served(app);
    let schemes = document["components"]["securitySchemes"]
        .as_object()
        .unwrap();
    assert_eq!(schemes.len(), 1);
    let scheme = schemes.values().next().unwrap();
    assert_eq!(
        (&scheme["type"], &scheme["scheme"]),
        (&"http".into(), &"bearer".into())
    );
}

fn every_reference_leads_somewhere(app: &TestApp) {
    let document = served(app);
    let text = document.to_string();
    for part in text.split("\"$ref\":\"").skip(1) {
        let target = part.split('"').next().unwrap();
        let found = document.pointer(target.trim_start_matches('#'));
        assert!(found.is_some(), "{target} leads nowhere");
    }
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

both_engines!(
    the_served_document_is_the_committed_one,
    the_document_has_what_the_contract_names_and_nothing_else,
    every_operation_explains_itself,
    every_parameter_is_bounded,
    one_scheme_carries_every_credential,
    every_reference_leads_somewhere,
);
