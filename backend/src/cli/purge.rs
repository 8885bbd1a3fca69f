//! `scorehold purge`.

use clap::Args;

use super::output::print;
use crate::config::Config;
use crate::db::once;
use crate::domain::game::GameRef;
use crate::domain::time::{Clock, SystemClock};
use crate::error::StartError;
use crate::services::purges::{self, Doomed};

/// The exit code of what is not there.
const EXIT_NOT_FOUND: u8 = 66;

#[derive(Debug, Args)]
pub struct Purge {
    /// The board's address (ten letters and digits) or id
    board: String,
    /// Really delete it: repeat the board's address
    #[arg(long, value_name = "ADDRESS")]
    confirm: Option<String>,
}

/// Tells what would go, or deletes it.
pub fn run(command: &Purge, config: &Config) -> Result<(), StartError> {
    let game: GameRef = command.board.parse().map_err(|_| {
        let why = format!(
            "{} is neither the address nor the id of a board",
            command.board
        );
        StartError::new(EXIT_NOT_FOUND, why)
    })?;
    let now = SystemClock.now();
    let Some(confirmed) = &command.confirm else {
        let doomed = once::purge(config, |conn| purges::plan(conn, &game, now))?;
        let slug = &doomed.game.slug;
        return print(&format!(
            "{}Nothing was deleted. To delete it for ever:\n  scorehold purge {slug} --confirm {slug}\n",
            told("would go", &doomed)
        ));
    };
    let doomed = once::purge(config, |conn| {
        purges::carry_out(conn, &game, confirmed, now)
    })?;
    print(&told("is gone", &doomed))
}

fn told(what: &str, Doomed { game, rows }: &Doomed) -> String {
    let rows = rows
        .iter()
        .map(|(table, rows)| format!("{rows} of {table}"));
    let (slug, title) = (&game.slug, &game.settings.title);
    format!(
        "{slug} \"{title}\" {what}: {}\n",
        rows.collect::<Vec<_>>().join(", ")
    )
}
