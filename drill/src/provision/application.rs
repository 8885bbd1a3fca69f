//! The released program, run as in production.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::Result;

use super::Scratch;
use super::process::{self, Server};
use crate::limits;
use crate::load::client::Client;

/// Settings by variable, as a unit file or a compose file would give them.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// The same with one setting more, or another.
    pub fn with(&self, name: &str, value: impl Into<String>) -> Self {
        let mut settings = self.clone();
        settings
            .0
            .insert(format!("SCOREHOLD__{name}"), value.into());
        settings
    }

    /// The same with one setting less.
    pub fn without(&self, name: &str) -> Self {
        let mut settings = self.clone();
        settings.0.remove(&format!("SCOREHOLD__{name}"));
        settings
    }

    /// Where a server with these settings listens.
    pub fn address(&self) -> String {
        format!(
            "http://{}",
            self.0
                .get("SCOREHOLD__SERVER__BIND")
                .map_or("", String::as_str)
        )
    }

    /// The settings by their variables.
    pub fn variables(&self) -> impl Iterator<Item = (&String, &String)> {
        self.0.iter()
    }
}

/// A command of the program with nothing in its environment but these settings.
pub fn command(scratch: &Scratch, settings: &Settings, arguments: &[&str]) -> Command {
    let directory = &scratch.marker.directory;
    let mut command = process::confined(directory.join("scorehold"));
    command
        .current_dir(directory)
        .args(arguments)
        .envs(settings.variables());
    command
}

/// A running server.
pub struct Application {
    _server: Server,
}

impl Application {
    /// Starts it and waits until it takes work. One from which a layer was taken may never call itself ready.
    pub fn start(scratch: &Scratch, settings: &Settings) -> Result<Self> {
        let mut command = command(scratch, settings, &["serve"]);
        let log = scratch.marker.directory.join("scorehold.log");
        let mut server = Server::start("scorehold serve", &mut command, log)?;
        let client = Client::new(&settings.address(), None);
        server.wait_until(limits::STARTED, || {
            client
                .get("/readyz")
                .is_ok_and(|answer| answer.status == 200 || scratch.without.is_some())
        })?;
        Ok(Self { _server: server })
    }
}
