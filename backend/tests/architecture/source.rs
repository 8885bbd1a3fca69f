//! One source file of the program, without what is no code.

use std::path::{Path, PathBuf};

pub struct Source {
    /// Below `src/`, with slashes.
    pub path: String,
    /// Without comments and without its own tests; texts in quotation marks are kept.
    pub code: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
        Self {
            path: path.to_owned(),
            code: text
                .lines()
                .map(without_comment)
                .collect::<Vec<_>>()
                .join("\n"),
        }
    }

    /// Every source of the program.
    pub fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut found = Vec::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path: PathBuf = entry.unwrap().path();
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                match path.is_dir() {
                    true => folders.push(path),
                    false if name.ends_with(".rs") && !name.contains("/tests/") => {
                        found.push(Self::new(&name, &std::fs::read_to_string(&path).unwrap()));
                    }
                    false => {}
                }
            }
        }
        found
    }

    /// The part of the program that the file belongs to: `http`, `domain`, `state`, …
    pub fn layer(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// How many modules the file lies below the root of the crate.
    pub fn depth(&self) -> usize {
        self.path.split('/').count() - usize::from(self.path.ends_with("/mod.rs"))
    }

    /// Lines that a test is true for, as findings.
    pub fn lines(&self, guilty: impl Fn(&str) -> bool) -> Vec<String> {
        let numbered = self.code.lines().zip(1..).filter(|(line, _)| guilty(line));
        numbered
            .map(|(line, number)| format!("{}:{number}: {}", self.path, line.trim()))
            .collect()
    }
}

/// The line up to `//`, unless that stands inside a text, as in an address.
fn without_comment(line: &str) -> &str {
    let places = line.match_indices("//").map(|(place, _)| place);
    let outside = |place: &usize| line[..*place].matches('"').count().is_multiple_of(2);
    places
        .into_iter()
        .find(outside)
        .map_or(line, |place| &line[..place])
}

/// Whether a word stands in a line, as a word of its own.
pub fn has_word(line: &str, word: &str) -> bool {
    let part_of_name = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(place, _)| {
        let (before, after) = (
            line[..place].chars().next_back(),
            line[place + word.len()..].chars().next(),
        );
        !part_of_name(before) && before != Some('\'') && !part_of_name(after)
    })
}
