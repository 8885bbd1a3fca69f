//! What the drill does not do, and the exit code that says so.

use std::fmt;

use anyhow::Result;

/// Nothing was fired.
#[derive(Debug)]
pub struct Refusal {
    /// As `scorehold` has them: 77 for a target of another identity, 78 for a wrong environment.
    pub exit: u8,
    why: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Refusal {}

/// Refuses a target that no drill has made.
pub fn foreign<T>(why: &str) -> Result<T> {
    let why = format!("this is no copy that a drill has made, so nothing was fired: {why}");
    Err(Refusal { exit: 77, why }.into())
}

/// Refuses a shell that is prepared for a server: the drill is a test too.
#[allow(
    clippy::disallowed_methods,
    reason = "it looks for names and reads no value"
)]
pub fn prepared_shell() -> Result<()> {
    let mut names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    match names.find(|name| name.starts_with("SCOREHOLD__")) {
        None => Ok(()),
        Some(name) => {
            let why = format!("a drill does not start where a server's settings are: unset {name}");
            Err(Refusal { exit: 78, why }.into())
        }
    }
}
