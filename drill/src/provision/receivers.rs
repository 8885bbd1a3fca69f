//! The receivers of PostgreSQL's log, as `deploy/` has them. In production they are on two other machines, so
//! that they outlive the one that is lost.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;

use anyhow::Result;

use super::cluster;
use super::process::{self, Server};

const SCRIPT: &str = include_str!("../../../deploy/scorehold-receiver");

/// Both of them.
pub struct Receivers(Vec<Server>);

impl Receivers {
    /// Starts them; whether they have arrived the database tells.
    pub fn start(directory: &Path, connection: &str) -> Result<Self> {
        let script = directory.join("scorehold-receiver");
        fs::write(&script, SCRIPT)?;
        fs::set_permissions(&script, PermissionsExt::from_mode(0o755))?;
        let start = |(name, place): (&'static str, std::path::PathBuf)| {
            let mut command = process::confined(&script);
            command.current_dir(directory).arg(name).arg(place);
            command.args(["scorehold", connection]).process_group(0);
            Server::start(name, &mut command, directory.join(format!("{name}.log")))
        };
        cluster::receivers(directory)
            .into_iter()
            .map(start)
            .collect::<Result<_>>()
            .map(Self)
    }

    /// Holds what they run, or lets it go on.
    pub fn signal(&mut self, name: &str) -> Result<()> {
        self.0
            .iter_mut()
            .try_for_each(|receiver| receiver.signal_all(&format!("-{name}")))
    }
}

impl Drop for Receivers {
    /// What they run would outlive them.
    fn drop(&mut self) {
        // There is nobody left to tell if that fails.
        let _ = self.signal("KILL");
    }
}
