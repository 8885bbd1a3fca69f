//! `scorehold load --demo`.

use super::{failure, output::print, runtime};
use crate::config::Config;
use crate::error::StartError;
use crate::services::demo;
use crate::state::AppState;

/// Creates the demo board, unless it is there, and prints its address.
pub fn run(config: Config) -> Result<(), StartError> {
    let address = runtime::block_on(async {
        let state = AppState::open(config)?;
        demo::install(&state).await.map_err(failure)
    })?;
    print(&format!("{address}\n"))
}
