//! `scorehold migrate`.

use super::{EXIT_CONFIG, output::print};
use crate::config::Config;
use crate::db::migrate::{self, Pending};
use crate::error::StartError;
use crate::services::recovery;

/// Applies what is pending.
pub fn run(config: &Config) -> Result<(), StartError> {
    recovery::refuse_forgotten(config)?;
    print(&format!("{}\n", migrate::run(config)?))
}

/// Fails when anything is pending, and names it.
pub fn check(config: &Config) -> Result<(), StartError> {
    let Pending { names, guards } = migrate::check(config)?;
    let lacking = match (names.is_empty(), guards.is_empty()) {
        (true, true) => return print("nothing is pending\n"),
        (false, _) => format!("pending migrations: {}", names.join(", ")),
        (true, false) => format!("guards that are not armed: {}", guards.join(", ")),
    };
    Err(StartError::new(
        EXIT_CONFIG,
        format!("{lacking}; `scorehold migrate` sees to it"),
    ))
}
