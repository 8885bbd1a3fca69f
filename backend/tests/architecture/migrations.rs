//! The migrations of both engines, and what in a text of SQL would wipe something.

use std::path::{Path, PathBuf};

fn root(engine: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../migrations")
        .join(engine)
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

pub fn folders(engine: &str) -> Vec<String> {
    names(&root(engine))
}

pub fn files(engine: &str, folder: &str) -> Vec<String> {
    names(&root(engine).join(folder))
}

pub fn text(engine: &str, folder: &str) -> String {
    std::fs::read_to_string(root(engine).join(folder).join("up.sql")).unwrap()
}

/// The statements that would drop, empty, or touch every row. `BEFORE DELETE OR TRUNCATE` is a guard.
pub fn wipes(sql: &str) -> Vec<String> {
    let code: Vec<&str> = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect();
    let code = code
        .join(" ")
        .to_uppercase()
        .replace("BEFORE DELETE OR TRUNCATE ON", "")
        .replace("$$", " ; ")
        .replace(['(', ')'], " ");
    let statements = code
        .split([';', '\''])
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    statements.filter(|statement| is_wipe(statement)).collect()
}

fn is_wipe(statement: &str) -> bool {
    let has = |words: &str| format!(" {statement} ").contains(&format!(" {words} "));
    let unscoped = match statement.split_once(" WHERE ") {
        None => true,
        Some((_, condition)) => matches!(condition.replace(' ', "").as_str(), "TRUE" | "1=1"),
    };
    let every_row = (has("DELETE FROM") || (has("UPDATE") && has("SET"))) && unscoped;
    has("DROP") || has("TRUNCATE") || has("ON DELETE CASCADE") || has("CASCADE") || every_row
}
