//! The typed configuration: compiled defaults, then the TOML file named by `--config`, then
//! `SCOREHOLD__SECTION__KEY`, then `SCOREHOLD__SECTION__KEY_FILE` for secrets.
//!
//! This module is the only reader of the process's environment. Nothing looks for a file by
//! itself and no environment is assumed: a program that guesses where it runs has once deleted
//! a production database.

mod database;
mod draft;
mod environment;
mod faults;
mod keys;
mod layers;
mod reader;
mod rules;
mod secret;
mod sections;
mod sources;
mod url;
mod words;

use std::path::Path;

pub use database::DatabaseUrl;
pub use environment::{Environment, process_variables};
pub use faults::{Fault, Faults};
pub use layers::{Origin, Setting};
pub use rules::Purpose;
pub use secret::Secret;
pub use sections::{
    Archive, ArchiveMode, ArchiveUrl, Auth, Billing, Cluster, Database, Demo, Limits, Log,
    LogFormat, LogLevel, Mail, Networks, Server,
};
pub use url::SmtpUrl;

/// Everything the program may be told from outside, parsed and checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where this process runs; never guessed.
    pub environment: Environment,
    /// Listeners and the address people see.
    pub server: Server,
    /// Which database, and which identity it must have.
    pub database: Database,
    /// The server's secret.
    pub auth: Auth,
    /// The archive outside the host.
    pub archive: Archive,
    /// The cluster of PostgreSQL on this machine.
    pub cluster: Cluster,
    /// Rate limits.
    pub limits: Limits,
    /// Orders and payments.
    pub billing: Billing,
    /// Outgoing mail.
    pub mail: Mail,
    /// The living demo board.
    pub demo: Demo,
    /// The program's log.
    pub log: Log,
}

/// A configuration together with what a person may want to know about it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration itself.
    pub config: Config,
    /// Every key in reading order, redacted, with the origin of its value.
    pub settings: Vec<Setting>,
    /// Gaps that are allowed but that a person should know of.
    pub warnings: Vec<String>,
}

impl Config {
    /// Reads the configuration without the rules of any single command.
    pub fn load(
        file: Option<&Path>,
        vars: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Loaded, Faults> {
        Self::load_for(Purpose::Inspect, file, vars)
    }

    /// Reads the configuration for a command, and reports all that is wrong with it at once.
    pub fn load_for(
        purpose: Purpose,
        file: Option<&Path>,
        vars: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Loaded, Faults> {
        let mut faults = Faults::default();
        let layers = layers::Layers::gather(purpose, file, vars, &mut faults);
        let draft = draft::Draft::read(&layers, &mut faults);
        rules::check(purpose, &draft, &mut faults);
        match draft.finish() {
            Ok(config) if faults.is_empty() => Ok(Loaded {
                settings: layers.settings(),
                warnings: rules::warnings(&config),
                config,
            }),
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests;
