//! A PostgreSQL cluster of the drill's own, as durable as one in production, with its archive: as
//! docs/OPERATIONS.md has an operator set it up.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::application::Settings;
use super::process::{self, Server};

/// A running cluster. One that a recovery has started is a child of nobody.
pub struct Cluster {
    pub port: u16,
    directory: PathBuf,
    server: Option<Server>,
}

/// The directory of all clusters: `lineage-1`, and those that are restored beside it.
pub fn clusters(directory: &Path) -> PathBuf {
    directory.join("clusters")
}

fn first(directory: &Path) -> PathBuf {
    clusters(directory).join("lineage-1")
}

fn pgbackrest(directory: &Path) -> PathBuf {
    directory.join("pgbackrest.conf")
}

/// Where the two receivers write, which are elsewhere.
pub fn receivers(directory: &Path) -> [(&'static str, PathBuf); 2] {
    ["receiver_1", "receiver_2"].map(|name| (name, directory.join(name)))
}

/// What a server has to be told of it.
pub fn settings(directory: &Path, settings: &Settings, mode: &str) -> Settings {
    let receivers = receivers(directory).map(|(_, place)| place.display().to_string());
    let path = |place: PathBuf| place.display().to_string();
    settings
        .with("ARCHIVE__MODE", mode)
        .with("CLUSTER__DIRECTORY", path(clusters(directory)))
        .with("CLUSTER__PGBACKREST", path(pgbackrest(directory)))
        .with("CLUSTER__RECEIVERS", receivers.join(","))
}

impl Cluster {
    /// Makes a cluster in a directory and starts it. Who logs in needs a password, as in production.
    pub fn make(directory: &Path, password: &str) -> Result<Self> {
        let secret = directory.join("superuser-password");
        fs::write(&secret, password)?;
        process::hand_over(&secret)?;
        for name in ["clusters", "repository", "run", "receiver_1", "receiver_2"] {
            let place = directory.join(name);
            fs::create_dir(&place)?;
            process::hand_over(&place)?;
        }
        let data = first(directory);
        let mut initdb = process::confined(program("initdb")?);
        initdb.current_dir(directory);
        initdb
            .arg("--pgdata")
            .arg(&data)
            .arg("--pwfile")
            .arg(secret);
        initdb.args([
            "--username=postgres",
            // Its socket lies where nobody else may look.
            "--auth-local=trust",
            "--auth-host=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
            "--no-sync",
        ]);
        process::succeed(&initdb, 60)?;
        let port = process::free_port()?;
        configure(directory, &data, port)?;
        let mut cluster = Self {
            port,
            directory: directory.to_path_buf(),
            server: None,
        };
        cluster.start(&data)?;
        Ok(cluster)
    }

    /// Starts it, and returns when it answers.
    pub fn start(&mut self, data: &Path) -> Result<()> {
        let mut command = process::confined(program("postgres")?);
        command.current_dir(&self.directory).arg("-D").arg(data);
        let log = self.directory.join("postgres.log");
        let mut server = Server::start("PostgreSQL", &mut command, log)?;
        let (is_ready, port) = (program("pg_isready")?, self.port.to_string());
        server.wait_until(Duration::from_secs(30), || {
            let mut ask = process::confined(&is_ready);
            ask.args(["-q", "-h", "127.0.0.1", "-p", &port]);
            process::bounded(&ask, 5).is_ok_and(|answer| answer.status.success())
        })?;
        self.server = Some(server);
        Ok(())
    }

    /// Stops it in order, whoever has started it. Answers whose data it served.
    pub fn stop(&mut self) -> Result<PathBuf> {
        let mut stop = process::confined(program("pg_ctl")?);
        let data = self.served()?.context("no PostgreSQL runs")?.1;
        stop.current_dir(&self.directory)
            .args(["stop", "-m", "fast", "-D"])
            .arg(&data);
        process::succeed(&stop, 30)?;
        self.server = None;
        Ok(data)
    }

    /// The postmaster that runs, and whose data it serves.
    fn served(&self) -> Result<Option<(String, PathBuf)>> {
        for entry in fs::read_dir(clusters(&self.directory))? {
            let data = entry?.path();
            let Ok(running) = fs::read_to_string(data.join("postmaster.pid")) else {
                continue;
            };
            let id = running.lines().next().context("an empty postmaster.pid")?;
            let directory = Path::new("/proc").join(id).join("cwd");
            // It may have ended, and the number be somebody else's.
            if directory.read_link().ok().as_ref() == Some(&data) {
                return Ok(Some((id.to_owned(), data)));
            }
        }
        Ok(None)
    }

    /// Kills the postmaster, whoever has started it. The children of it end when they notice. Answers whose
    /// data it served.
    pub fn kill(&mut self) -> Result<Option<PathBuf>> {
        let served = self.served()?;
        if let Some((id, _)) = &served {
            let sent = std::process::Command::new("kill")
                .args(["-KILL", id])
                .status()?;
            ensure!(sent.success(), "the postmaster takes no signal");
        }
        self.server = None;
        Ok(served.map(|(_, data)| data))
    }

    /// Kills the postmaster and starts another at the same port.
    pub fn kill_and_start(&mut self) -> Result<()> {
        let data = self.kill()?.context("no PostgreSQL runs")?;
        self.start_at_last(&data)
    }

    /// Kills the postmaster of a restored cluster, and starts it again in the directory and with the archive
    /// of the first.
    pub fn take_first_place(&mut self) -> Result<()> {
        let data = self.kill()?.context("no PostgreSQL runs")?;
        let name = data.file_name().unwrap_or_default().to_string_lossy();
        let own = name.replace("lineage", "scorehold");
        for kind in ["archive", "backup"] {
            fs::remove_dir_all(self.directory.join("repository").join(kind).join(&own))?;
        }
        let first = first(&self.directory);
        if first.exists() {
            fs::remove_dir_all(&first)?;
        }
        fs::rename(&data, &first)?;
        let push = archive_command(&self.directory, &first);
        let mut settings = File::options()
            .append(true)
            .open(first.join("postgresql.auto.conf"))?;
        writeln!(settings, "archive_command = '{push}'")?;
        self.start_at_last(&first)
    }

    /// Until the children of the one that was killed have ended, no other may have their data.
    fn start_at_last(&mut self, data: &Path) -> Result<()> {
        const TRIES: usize = 100;
        for _ in 1..TRIES {
            if self.start(data).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        self.start(data)
    }
}

impl Drop for Cluster {
    /// Its children go with the postmaster only if that can tell them.
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            // One that does not end in time is killed with its server.
            let _ = server.ask_to_end("-QUIT", Duration::from_secs(10));
        }
        // One of a recovery is killed; there is nobody left to tell if that fails.
        let _ = self.kill();
    }
}

/// What a cluster runs for every finished file of its log: the first of all archives takes it.
fn archive_command(directory: &Path, data: &Path) -> String {
    let (backrest, data) = (pgbackrest(directory), data.display());
    let backrest = backrest.display();
    format!(
        "pgbackrest --config={backrest} --stanza=scorehold-1 --pg1-path={data} archive-push \"%p\""
    )
}

/// Nothing but the addresses, the log and the archive differs from the defaults: `fsync` stays on.
fn configure(directory: &Path, data: &Path, port: u16) -> Result<()> {
    let place = directory.display();
    let push = archive_command(directory, data);
    let file = data.join("postgresql.conf");
    let settings = format!(
        "port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{place}/run'\n\
         fsync = on\nsynchronous_commit = on\narchive_mode = on\narchive_command = '{push}'\n\
         wal_keep_size = '64MB'\nlog_line_prefix = '%m [%p] xid=%x %u@%d '\nlog_statement = 'ddl'\n"
    );
    let defaults = fs::read_to_string(&file)?;
    fs::write(&file, defaults + &settings)?;
    configure_archive(directory, directory, "")
}

/// Tells pgBackRest where an archive is, where it may note what it does, and what else.
pub fn configure_archive(directory: &Path, place: &Path, more: &str) -> Result<()> {
    let (run, archive) = (directory.join("run"), place.join("repository"));
    let (run, archive, file) = (run.display(), archive.display(), pgbackrest(place));
    fs::write(
        &file,
        format!(
            "[global]\nrepo1-path={archive}\nrepo1-retention-full=8\nlog-path={run}\nlock-path={run}\n\
             spool-path={run}\ncompress-type=lz4\nprocess-max=2\nstart-fast=y\nlog-level-console=warn\n{more}"
        ),
    )?;
    process::hand_over(&file)
}

/// Debian keeps the server's programs out of PATH, in a directory for each version.
pub fn program(name: &str) -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql")
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
