//! V6: a test run in a shell that is prepared for production, as at Replit in 2025.

use anyhow::{Result, ensure};

use super::Shot;
use crate::provision::{Aim, process};

/// Whatever runs tests or development servers, each before it does anything else.
const COMMANDS: [&[&str]; 5] = [
    &["scripts/gate", "lint"],
    &["scripts/gate", "check"],
    &["scripts/gate", "test"],
    &["scripts/verify"],
    &["scripts/development", "serve"],
];

/// In the drill's own checkout.
pub fn fire(aim: &Aim<'_>) -> Result<Vec<Shot>> {
    let checkout = std::env::current_dir()?;
    let mut shots = Vec::new();
    for arguments in COMMANDS {
        ensure!(
            checkout.join(arguments[0]).is_file(),
            "{} is not here: run the drill in the checkout",
            arguments[0]
        );
        let mut command = process::foreign(checkout.join(arguments[0]));
        command.current_dir(&checkout).args(&arguments[1..]);
        command.envs(aim.scratch.marker.settings.variables());
        shots.push(Shot::command(arguments.join(" "), &command, 78)?);
    }
    Ok(shots)
}
