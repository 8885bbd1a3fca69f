//! The event loop that commands run in.

use std::future::Future;

use tokio::task::LocalSet;

use super::failure;
use crate::error::StartError;

/// Runs a command to its end. The loop is single-threaded and takes tasks that cannot move to
/// another thread, as the workers of the server are; they bring threads of their own.
pub fn block_on<T>(command: impl Future<Output = Result<T, StartError>>) -> Result<T, StartError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failure)
        .and_then(|runtime| LocalSet::new().block_on(&runtime, command))
}
