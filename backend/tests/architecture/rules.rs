//! One function a rule: what it has against a source.

use super::migrations::wipes;
use super::source::{Source, has_word};

pub type Rule = fn(&Source) -> Vec<String>;

/// What each part of the program may import of the others: `http, cli -> services -> {domain, repos} -> db`.
const IMPORTS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("archive", &["domain"]),
    ("config", &[]),
    ("error", &["config"]),
    ("logging", &["config"]),
    ("maintenance", &["domain", "error"]),
    (
        "db",
        &["domain", "error", "config", "archive", "maintenance"],
    ),
    ("repos", &["db", "domain", "error"]),
    ("limits", &["domain"]),
    ("mail", &["config", "domain", "error"]),
    ("passwords", &["error"]),
    ("live", &["domain"]),
    (
        "state",
        &[
            "db",
            "limits",
            "live",
            "mail",
            "maintenance",
            "passwords",
            "domain",
            "error",
            "config",
            "archive",
        ],
    ),
    (
        "services",
        &[
            "repos",
            "db",
            "domain",
            "error",
            "config",
            "state",
            "maintenance",
            "archive",
        ],
    ),
    (
        "http",
        &[
            "services",
            "repos",
            "db",
            "limits",
            "live",
            "maintenance",
            "domain",
            "error",
            "config",
            "state",
        ],
    ),
    (
        "cli",
        &[
            "http", "services", "repos", "db", "live", "domain", "error", "config", "state",
            "logging", "archive",
        ],
    ),
];

pub fn imports(source: &Source) -> Vec<String> {
    let layer = source.layer();
    let Some((_, allowed)) = IMPORTS.iter().find(|(name, _)| *name == layer) else {
        return if ["lib", "main"].contains(&layer) {
            Vec::new()
        } else {
            vec![format!("{layer}: which layer is this?")]
        };
    };
    let climbs = "super::".repeat(source.depth());
    let mut findings = source.lines(|line| line.contains(&climbs));
    for imported in imported(&source.code) {
        if imported != layer && !allowed.contains(&imported.as_str()) {
            findings.push(format!(
                "{}: {layer} may not import {imported}",
                source.path
            ));
        }
    }
    findings
}

/// The parts of the program that are named after `crate::`, in braces or not.
fn imported(code: &str) -> Vec<String> {
    let name = |text: &str| {
        text.trim()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    code.split("crate::")
        .skip(1)
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(group) => top_level(group).iter().map(|part| name(part)).collect(),
            None => vec![name(rest)],
        })
        .collect()
}

/// The parts of `a::b, c::{d, e}}`, split at the commas that are not inside braces.
fn top_level(group: &str) -> Vec<String> {
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for letter in group.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => parts.push(String::new()),
            letter if depth == 0 => parts.last_mut().unwrap().push(letter),
            _ => {}
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

pub fn web(source: &Source) -> Vec<String> {
    match source.layer() {
        "http" | "main" => Vec::new(),
        _ => source.lines(|line| line.contains("actix_") || line.contains("utoipa")),
    }
}

pub fn diesel(source: &Source) -> Vec<String> {
    match source.layer() {
        // error.rs translates what diesel reports.
        "repos" | "db" | "error" => Vec::new(),
        _ => source.lines(|line| has_word(line, "diesel") || line.contains("diesel_")),
    }
}

pub fn pure_domain(source: &Source) -> Vec<String> {
    let impure = [
        "tokio",
        "async",
        "await",
        "std::fs",
        "std::net",
        "std::io",
        "std::process",
        "std::thread",
    ];
    match source.layer() {
        "domain" => source.lines(|line| impure.iter().any(|word| has_word(line, word))),
        _ => Vec::new(),
    }
}

pub fn no_globals(source: &Source) -> Vec<String> {
    let holders = [
        "OnceLock",
        "OnceCell",
        "LazyLock",
        "LazyCell",
        "thread_local",
        "lazy_static",
        "Box::leak",
        "static mut",
    ];
    let item = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("pub").map_or(line, |rest| {
            rest.trim_start_matches("(crate)")
                .trim_start_matches("(super)")
        });
        line.trim_start().starts_with("static ")
    };
    source.lines(|line| item(line) || holders.iter().any(|word| has_word(line, word)))
}

pub fn unsafe_code(source: &Source) -> Vec<String> {
    match source.path.as_str() {
        "db/hook.rs" => Vec::new(),
        _ => source.lines(|line| has_word(line, "unsafe") || has_word(line, "unsafe_code")),
    }
}

pub fn environment(source: &Source) -> Vec<String> {
    match source.layer() {
        "config" | "main" => Vec::new(),
        _ => source.lines(|line| {
            line.contains("std::env") || has_word(line, "env::var") || has_word(line, "env::vars")
        }),
    }
}

/// The one DROP: SQLite has no CREATE OR REPLACE TRIGGER, so a guard goes in the transaction in which its
/// successor comes.
const REPLACES_A_GUARD: (&str, &str) = ("db/guards/sqlite.rs", "DROP TRIGGER IF EXISTS {NAME}");

pub fn no_wipes(source: &Source) -> Vec<String> {
    let mut findings = source.lines(|line| line.contains("revert_"));
    let texts = source
        .code
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|text| is_statement(text));
    let is_exception =
        |wipe: &String| source.path == REPLACES_A_GUARD.0 && wipe == REPLACES_A_GUARD.1;
    findings.extend(
        texts
            .flat_map(wipes)
            .filter(|wipe| !is_exception(wipe))
            .map(|wipe| format!("{}: {wipe}", source.path)),
    );
    for call in ["diesel::delete(", "diesel::update("] {
        for (place, _) in source.code.match_indices(call) {
            let rest = &source.code[place + call.len()..];
            let what = rest.split(['\n', ';']).next().unwrap_or_default();
            if !is_keyed(source, what) {
                findings.push(format!("{}: {call}{what}: which rows?", source.path));
            }
        }
    }
    findings
}

/// Texts of the program that are SQL, and not prose that happens to hold a word of it.
fn is_statement(text: &str) -> bool {
    let text = text.to_uppercase();
    ["DROP ", "TRUNCATE ", "DELETE FROM ", "ALTER "]
        .iter()
        .any(|verb| text.contains(verb))
        || (text.contains("UPDATE ") && text.contains(" SET "))
}

/// Whether the rows are named, in the call itself or where its argument is made.
fn is_keyed(source: &Source, what: &str) -> bool {
    let keyed = |text: &str| text.contains(".find(") || text.contains(".filter(");
    let name = what
        .split([')', '.', ','])
        .next()
        .unwrap_or_default()
        .trim();
    let made = format!("let {name} = ");
    keyed(what)
        || source
            .code
            .split(&made)
            .skip(1)
            .any(|rest| keyed(rest.split(';').next().unwrap_or_default()))
}
