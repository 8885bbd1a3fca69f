//! A PostgreSQL cluster of the drill's own, as durable as one in production.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use super::process::{self, Server};

/// Nothing but durability differs from the defaults of production: `fsync` stays on.
const SETTINGS: [&str; 6] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=on",
    "synchronous_commit=on",
    // Who did what in which transaction, as OPERATIONS.md asks for.
    "log_line_prefix=%m [%p] xid=%x %u@%d ",
    "log_statement=ddl",
];

/// A running cluster.
pub struct Cluster {
    pub port: u16,
    server: Server,
}

/// The directory of its data.
pub fn data(directory: &Path) -> PathBuf {
    directory.join("data")
}

impl Cluster {
    /// Makes a cluster in a directory and starts it. Who logs in needs a password, as in production.
    pub fn make(directory: &Path, password: &str) -> Result<Self> {
        let secret = directory.join("superuser-password");
        std::fs::write(&secret, password)?;
        process::hand_over(&secret)?;
        let mut initdb = process::confined(program("initdb")?);
        initdb
            .current_dir(directory)
            .arg("--pgdata")
            .arg(data(directory))
            .arg("--pwfile")
            .arg(secret);
        initdb.args([
            "--username=postgres",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]);
        process::succeed(&initdb, 60)?;
        Self::start(directory, process::free_port()?)
    }

    fn start(directory: &Path, port: u16) -> Result<Self> {
        let mut command = process::confined(program("postgres")?);
        command
            .current_dir(directory)
            .arg("-D")
            .arg(data(directory))
            .args(["-p", &port.to_string()]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        let mut server = Server::start("PostgreSQL", &mut command, directory.join("postgres.log"))?;
        let is_ready = program("pg_isready")?;
        server.wait_until(Duration::from_secs(30), || {
            let mut ask = process::confined(&is_ready);
            ask.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
            process::bounded(&ask, 5).is_ok_and(|answer| answer.status.success())
        })?;
        Ok(Self { port, server })
    }
}

impl Cluster {
    /// Kills the postmaster and starts another at the same port. The children of the first end when they
    /// notice; until then no other may have their data.
    pub fn kill_and_start(mut self, directory: &Path) -> Result<Self> {
        const TRIES: usize = 100;
        self.server.kill();
        for _ in 1..TRIES {
            if let Ok(started) = Self::start(directory, self.port) {
                return Ok(started);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Self::start(directory, self.port)
    }
}

impl Drop for Cluster {
    /// Its children go with the postmaster only if that can tell them.
    fn drop(&mut self) {
        // One that does not end in time is killed with its server.
        let _ = self.server.ask_to_end("-QUIT", Duration::from_secs(10));
    }
}

/// Debian keeps the server's programs out of PATH, in a directory for each version.
pub fn program(name: &str) -> Result<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .context("PostgreSQL's programs are missing: scripts/install-system postgresql")?;
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| {
            let path = version.ok()?.path();
            let number = path.file_name()?.to_str()?.parse().ok()?;
            Some((number, path.join("bin").join(name))).filter(|(_, program)| program.exists())
        })
        .collect();
    found.sort();
    let newest = found.pop().map(|(_, program)| program);
    newest.with_context(|| format!("no {name} here: scripts/install-system postgresql"))
}
