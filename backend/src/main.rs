//! The binary `scorehold`: parses the command, calls the library, answers with an exit code.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use scorehold::cli::{Cli, EXIT_USAGE};
use scorehold::config::process_variables;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return explain(&error),
    };
    match cli.run(process_variables()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not `eprintln!`, which panics when nobody reads.
            let _ = writeln!(std::io::stderr(), "scorehold: {error}");
            ExitCode::from(error.exit)
        }
    }
}

/// Help and version arrive as errors too, but are what was asked for.
fn explain(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    match error.use_stderr() {
        true => ExitCode::from(EXIT_USAGE),
        false => ExitCode::SUCCESS,
    }
}
