//! The OpenAPI document: collected from the handlers by utoipa, completed here with what all
//! operations share, so that no handler repeats it.

mod complete;
mod schemas;

use actix_web::App;
use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use serde_json::Value;
use utoipa_actix_web::AppExt;

use super::routes;

/// The largest whole number that every JSON reader keeps exactly (RFC 8259, 6): 2^53 - 1.
pub const LARGEST: i64 = (1 << 53) - 1;

/// The document as it is served and committed, indented, with a newline at the end.
///
/// # Errors
/// Only a fault of ours.
pub fn document() -> Result<String, serde_json::Error> {
    let collected = App::new()
        .into_utoipa_app()
        .configure(routes::api)
        .split_for_parts()
        .1;
    let mut document = serde_json::to_value(collected)?;
    complete::complete(&mut document)?;
    Ok(format!("{document:#}\n"))
}

/// Which methods exist on which path: the document's own table.
#[derive(Clone)]
pub struct Paths(Vec<(ResourceDef, Vec<Method>)>);

impl Paths {
    /// Reads the table out of the document, and adds what stands beside the API.
    ///
    /// # Errors
    /// A document that is no JSON: a fault of ours.
    pub fn of(document: &str) -> Result<Self, serde_json::Error> {
        let document: Value = serde_json::from_str(document)?;
        let paths = document["paths"].as_object().cloned().unwrap_or_default();
        let mut table: Vec<_> = paths
            .iter()
            .map(|(path, item)| {
                let names = item
                    .as_object()
                    .map(|item| item.keys().cloned().collect::<Vec<_>>());
                let methods = names
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(|name| name.to_ascii_uppercase().parse().ok());
                (ResourceDef::new(path.as_str()), methods.collect())
            })
            .collect();
        let beside = [
            "/openapi.json",
            "/docs",
            "/problems/{code}",
            "/healthz",
            "/readyz",
            "/status",
        ];
        table.extend(beside.map(|path| (ResourceDef::new(path), vec![Method::GET])));
        Ok(Self(table))
    }

    /// The methods of a path, HEAD and OPTIONS included; `None` where there is nothing.
    pub fn allowed(&self, path: &str) -> Option<String> {
        // Where a fixed word and a parameter both fit, the path with the word is meant.
        let fitting = self.0.iter().filter(|(known, _)| known.is_match(path));
        let parameters =
            |known: &ResourceDef| known.pattern().map_or(0, |text| text.matches('{').count());
        let (_, methods) = fitting.min_by_key(|(known, _)| parameters(known))?;
        let mut names: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
        if names.contains(&"GET") {
            names.push("HEAD");
        }
        names.push("OPTIONS");
        names.sort_unstable();
        names.dedup();
        Some(names.join(", "))
    }
}
