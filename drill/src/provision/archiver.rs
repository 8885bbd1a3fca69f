//! The archiver beside an SQLite file, configured as `deploy/` has it, and what it keeps. In a drill that
//! lies on the same disk: what is lost there is the data directory, never the archive's.

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use super::application::Settings;
use super::process::{self, Server};

const CONFIGURATION: &str = include_str!("../../../deploy/litestream.yml");

/// A running archiver.
pub struct Archiver(Server);

/// What the machine loses.
pub fn data(directory: &Path) -> PathBuf {
    directory.join("data")
}

/// What another machine would keep.
pub fn archive(directory: &Path) -> PathBuf {
    directory.join("archive")
}

/// The copy's own program.
pub fn program(directory: &Path) -> PathBuf {
    directory.join("litestream")
}

fn socket(directory: &Path) -> PathBuf {
    directory.join("archive.sock")
}

/// What a server has to be told of it.
pub fn settings(directory: &Path, settings: &Settings, mode: &str) -> Settings {
    settings
        .with("ARCHIVE__MODE", mode)
        .with("ARCHIVE__SOCKET", socket(directory).display().to_string())
        .with("ARCHIVE__URL", url(&archive(directory)))
        .with(
            "ARCHIVE__LITESTREAM",
            program(directory).display().to_string(),
        )
}

/// A directory as the archive's URL.
pub fn url(archive: &Path) -> String {
    format!("file://{}", archive.display())
}

/// A directory for data, empty.
pub fn make_data(data: &Path) -> Result<()> {
    fs::create_dir(data)?;
    process::hand_over(data)
}

impl Archiver {
    /// Starts it; it answers when this returns.
    pub fn start(directory: &Path) -> Result<Self> {
        let configuration = directory.join("litestream.yml");
        fs::write(&configuration, CONFIGURATION)?;
        process::hand_over(&configuration)?;
        let mut command = process::confined(program(directory));
        command
            .current_dir(directory)
            .args(["replicate", "-config"])
            .arg(configuration)
            .env("SCOREHOLD_DATA", data(directory))
            .env("SCOREHOLD_ARCHIVE_SOCKET", socket(directory))
            .env("SCOREHOLD_ARCHIVE_URL", url(&archive(directory)));
        let log = directory.join("litestream.log");
        let mut server = Server::start("Litestream", &mut command, log)?;
        server.wait_until(Duration::from_secs(30), || {
            UnixStream::connect(socket(directory)).is_ok()
        })?;
        Ok(Self(server))
    }

    /// `STOP` holds it in the middle of what it does, `CONT` lets it go on.
    pub fn signal(&mut self, name: &str) -> Result<()> {
        self.0.signal(&format!("-{name}"))
    }
}
