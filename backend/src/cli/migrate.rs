//! `scorehold migrate`.

use super::{EXIT_CONFIG, output::print};
use crate::config::Config;
use crate::db::migrate;
use crate::error::StartError;

/// Applies what is pending.
pub fn run(config: &Config) -> Result<(), StartError> {
    print(&format!("{}\n", migrate::run(config)?))
}

/// Fails when anything is pending, and names it.
pub fn check(config: &Config) -> Result<(), StartError> {
    let pending = migrate::check(config)?.names;
    if pending.is_empty() {
        return print("nothing is pending\n");
    }
    let names = pending.join(", ");
    Err(StartError::new(
        EXIT_CONFIG,
        format!("pending migrations: {names}; `scorehold migrate` applies them"),
    ))
}
