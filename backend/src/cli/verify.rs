//! `scorehold verify`.

use super::{EXIT_DAMAGED, output::print};
use crate::config::Config;
use crate::db::{Connector, Role, identity};
use crate::domain::game::GameRef;
use crate::error::StartError;
use crate::services::soundness::{self, Findings};

/// Checks every board, or one, each on a snapshot of its own; changes nothing.
pub fn run(config: &Config, game: Option<&str>) -> Result<(), StartError> {
    identity::check(config)?;
    let url = &config.database.url;
    let so_far = |findings: &Findings| print(&format!("{findings} so far\n"));
    told(&match game {
        Some(game) => {
            let mut conn = Connector::new(url.clone(), Role::Reader).reach()?;
            soundness::of_one(&mut conn, &named(game)?)?
        }
        None => soundness::of_all(url, &so_far)?,
    })
}

fn told(findings: &Findings) -> Result<(), StartError> {
    if findings.wrong.is_empty() {
        return print(&format!("sound: {findings}\n"));
    }
    Err(StartError::new(
        EXIT_DAMAGED,
        format!(
            "not sound, nothing was changed.\n  {}\n  looked at: {findings}",
            findings.wrong.join("\n  "),
        ),
    ))
}

fn named(game: &str) -> Result<GameRef, StartError> {
    game.parse().map_err(|_| {
        StartError::new(
            super::EXIT_USAGE,
            format!("{game} is no board: its slug or its id (game_…) is expected"),
        )
    })
}
