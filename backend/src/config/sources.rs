//! The file and the variables: reading them, and noting what they should not say.

use std::path::{Path, PathBuf};

use config::Map;

use super::faults::Faults;
use super::keys::{self, KEYS, PREFIX};
use super::layers::{Origin, Origins};
use super::rules::Purpose;

/// The text of the file, when it is TOML.
///
/// It is read here and not by the `config` crate, which tries other extensions when the path is
/// not found, and quotes the faulty line, which may hold a secret.
pub(super) fn toml(file: &Path, origins: &mut Origins, faults: &mut Faults) -> Option<String> {
    let name = file.display();
    let parsed = std::fs::read_to_string(file)
        .map_err(|error| format!("cannot read {name}: {error}"))
        .and_then(|text| match toml::from_str::<toml::Table>(&text) {
            Ok(table) => Ok((text, table)),
            Err(error) => Err(format!(
                "{name}{}: {}",
                place(&text, &error),
                error.message()
            )),
        });
    let (text, table) = match parsed {
        Ok(parsed) => parsed,
        Err(problem) => {
            faults.add("--config", problem);
            return None;
        }
    };
    for path in leaves("", &table) {
        match KEYS.iter().find(|key| key.path == path) {
            Some(key) => {
                origins.insert(key.path, Origin::File(file.to_owned()));
            }
            None => {
                let variable = keys::variable(&path);
                let place = format!(" ({path} in {name})");
                faults.add(&variable, keys::unknown(&variable, &place));
            }
        }
    }
    Some(text)
}

/// The line of an error in TOML.
fn place(text: &str, error: &toml::de::Error) -> String {
    let line = |span: std::ops::Range<usize>| text[..span.start].matches('\n').count() + 1;
    let line = error.span().map(line);
    line.map_or(String::new(), |line| format!(", line {line}"))
}

/// The dotted paths of all values of a table.
fn leaves(prefix: &str, table: &toml::Table) -> Vec<String> {
    let paths = |(name, value): (&String, &toml::Value)| {
        let path = format!("{prefix}{name}");
        match value {
            toml::Value::Table(inner) => leaves(&format!("{path}."), inner),
            _ => vec![path],
        }
    };
    table.iter().flat_map(paths).collect()
}

/// Our variables, with each `_FILE` replaced by what the file holds.
pub(super) fn variables(
    purpose: Purpose,
    vars: impl IntoIterator<Item = (String, String)>,
    origins: &mut Origins,
    faults: &mut Faults,
) -> Map<String, String> {
    let is_ours = |(name, _): &(String, String)| name.starts_with(PREFIX);
    let mut given: Map<_, _> = vars.into_iter().filter(is_ours).collect();
    let mut known = Map::new();
    for key in KEYS {
        let variable = key.variable();
        let plain = take(&mut given, &variable);
        let file = key.file_variable();
        let file = file.and_then(|name| Some((take(&mut given, &name)?, name)));
        if !purpose.reads(key) {
            continue;
        }
        let (origin, value) = match (plain, file) {
            (None, None) => continue,
            (Some(value), None) => (Origin::Environment, Some(value)),
            (None, Some((path, name))) => {
                let value = secret(&path, &name, faults);
                let path = PathBuf::from(path);
                let variable = name;
                (Origin::SecretFile { variable, path }, value)
            }
            (Some(_), Some((_, name))) => {
                faults.add(&variable, format!("{name} is set too; set one of them"));
                (Origin::Environment, None)
            }
        };
        origins.insert(key.path, origin);
        known.extend(value.map(|value| (variable, value)));
    }
    let mut strangers: Vec<_> = given.into_keys().collect();
    strangers.sort();
    for name in strangers {
        faults.add(&name, keys::unknown(&name, ""));
    }
    known
}

/// An empty variable counts as unset: compose files have no other way to pass on what may be
/// missing.
fn take(given: &mut Map<String, String>, name: &str) -> Option<String> {
    given.remove(name).filter(|value| !value.is_empty())
}

/// Editors and `echo` end a file with a newline that is no part of the secret.
fn secret(path: &str, variable: &str, faults: &mut Faults) -> Option<String> {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let line = text.strip_suffix('\n').unwrap_or(&text);
            Some(line.strip_suffix('\r').unwrap_or(line).to_owned())
        }
        Err(error) => {
            faults.add(variable, format!("cannot read {path}: {error}"));
            None
        }
    }
}
