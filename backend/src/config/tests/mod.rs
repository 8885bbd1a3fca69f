//! What a whole configuration may and may not say.

mod keys;
mod rules;
mod sources;

use super::*;

const LONG: &str = "0123456789abcdef0123456789abcdef";

/// Variables, written without the prefix they all have.
fn vars(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |(name, value): &(&str, &str)| (format!("SCOREHOLD__{name}"), (*value).to_owned());
    pairs.iter().map(pair).collect()
}

fn load(pairs: &[(&str, &str)]) -> Result<Loaded, Faults> {
    Config::load(None, vars(pairs))
}

/// The faults as `KEY: problem` lines, without the prefix.
fn faults(result: Result<Loaded, Faults>) -> Vec<String> {
    let faults = result.expect_err("the configuration should be refused");
    let line = |fault: &Fault| {
        format!(
            "{}: {}",
            fault.key.replace("SCOREHOLD__", ""),
            fault.problem
        )
    };
    faults.iter().map(line).collect()
}

fn faulty_keys(result: Result<Loaded, Faults>) -> Vec<String> {
    let key = |line: String| line.split(": ").next().unwrap().to_owned();
    faults(result).into_iter().map(key).collect()
}

/// A production that `serve` accepts, on which the tests below turn one thing.
const PRODUCTION: [(&str, &str); 6] = [
    ("ENVIRONMENT", "production"),
    ("DATABASE__URL", "postgres://app:pw@db/scores"),
    ("AUTH__SECRET", LONG),
    ("ARCHIVE__MODE", "barrier"),
    ("SERVER__PUBLIC_URL", "https://scores.example.org/"),
    ("LOG__LEVEL", "warn"),
];

fn production(purpose: Purpose, turned: &[(&str, &str)]) -> Result<Loaded, Faults> {
    let mut all: std::collections::BTreeMap<_, _> = PRODUCTION.into_iter().collect();
    all.extend(turned.iter().copied());
    let all: Vec<_> = all.into_iter().collect();
    Config::load_for(purpose, None, vars(&all))
}
