//! Standard output, whose reader may have gone.

use std::io::{ErrorKind, Write};

use super::EXIT_IO;
use crate::error::StartError;

/// Prints a result. A reader that has read enough (`| head`) is no failure.
pub fn print(text: &str) -> Result<(), StartError> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(StartError::new(
            EXIT_IO,
            format!("cannot write the output: {error}"),
        )),
        _ => Ok(()),
    }
}
