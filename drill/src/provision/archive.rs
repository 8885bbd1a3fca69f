//! What carries the changes of a copy to where they outlive its machine.

use anyhow::{Context, Result};

use super::Marker;
use super::archiver::Archiver;
use super::receivers::Receivers;
use crate::args::Engine;

/// It runs as long as this is there.
pub enum Archive {
    Litestream(Archiver),
    Receivers(Receivers),
}

impl Archive {
    /// Starts it.
    pub fn start(marker: &Marker) -> Result<Self> {
        let directory = &marker.directory;
        match marker.engine {
            Engine::Sqlite => Archiver::start(directory).map(Self::Litestream),
            Engine::Postgres => {
                let roles = marker.roles.as_ref().context("no roles")?;
                Receivers::start(directory, &roles.receiver).map(Self::Receivers)
            }
        }
    }

    /// `STOP` holds it in the middle of what it does, `CONT` lets it go on.
    pub fn signal(&mut self, name: &str) -> Result<()> {
        match self {
            Self::Litestream(archiver) => archiver.signal(name),
            Self::Receivers(receivers) => receivers.signal(name),
        }
    }
}
