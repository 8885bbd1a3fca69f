//! Starting and stopping one cluster, as the user that owns it.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::programs::run;
use super::{Failure, Site};
use crate::archive::disk::{beside, sync_directory_of};

/// Where a cluster is reached from this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// The directory of its socket.
    pub directory: PathBuf,
    /// The number of its socket.
    pub port: u16,
}

/// No server listens there: it is a part of the name of a socket.
const PRIVATE: u16 = 6543;
/// How often it is asked whether it is done.
const LOOK: Duration = Duration::from_millis(100);
/// Whom a cluster lets in that nobody else may see yet: whoever can read its directory.
const PRIVATE_RULES: (&str, &str) = ("scorehold-private.conf", "local all all trust\n");

/// One cluster.
#[derive(Debug)]
pub struct Server<'a> {
    site: &'a Site,
    /// Its data directory.
    pub data: PathBuf,
}

impl<'a> Server<'a> {
    /// The cluster in a directory.
    pub fn at(site: &'a Site, data: PathBuf) -> Self {
        Self { site, data }
    }

    /// Whether it is running.
    ///
    /// # Errors
    /// 69 when PostgreSQL's programs are not there.
    pub fn is_running(&self) -> Result<bool, Failure> {
        let mut command = self.site.postgres().command("pg_ctl");
        let ended = run(command.arg("status").arg("-D").arg(&self.data))?;
        Ok(ended.code == Some(0))
    }

    /// Refuses a directory that its own owner may not enter: nobody could stop what runs in it.
    ///
    /// # Errors
    /// 74 when it is closed.
    pub fn refuse_closed(&self) -> Result<(), Failure> {
        match fs::metadata(self.data.join("postmaster.pid")) {
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                let data = self.data.display();
                Err(Failure::new(
                    Failure::IO,
                    format!(
                        "{data} is closed to its owner, and may be whole: chmod 700 {data}, and look again"
                    ),
                ))
            }
            _ => Ok(()),
        }
    }

    /// Whether the files are there without which no cluster serves anybody for long.
    pub fn has_its_files(&self) -> bool {
        let mut files = [
            "base/1/PG_VERSION",
            "global/pg_control",
            "pg_wal/archive_status",
        ]
        .into_iter();
        files.all(|file| self.data.join(file).exists())
    }

    /// Where it is reached now.
    ///
    /// # Errors
    /// 69 when it is not running, or has no socket.
    pub fn door(&self) -> Result<Door, Failure> {
        let unknown = |why: &str| {
            let data = self.data.display();
            Failure::new(Failure::UNREACHABLE, format!("the cluster {data} {why}"))
        };
        let running = fs::read_to_string(self.data.join("postmaster.pid"))
            .map_err(|_| unknown("is not running"))?;
        let lines: Vec<&str> = running.lines().collect();
        let port = lines.get(3).and_then(|port| port.trim().parse().ok());
        let directory = lines.get(4).filter(|directory| directory.starts_with('/'));
        match (port, directory) {
            (Some(port), Some(directory)) => Ok(Door {
                directory: PathBuf::from(directory),
                port,
            }),
            _ => Err(unknown("has no socket: set unix_socket_directories")),
        }
    }

    /// Starts it for nobody but us, without a network and without waiting for receivers, and returns when it
    /// has recovered.
    ///
    /// # Errors
    /// 66 when the log ends before the target; 65 when it cannot recover.
    pub fn start_private(&self) -> Result<Door, Failure> {
        let (name, rules) = PRIVATE_RULES;
        let file = self.data.join(name);
        self.write(&file, rules)?;
        let (data, file) = (self.data.display(), file.display());
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{data}' -c port={PRIVATE} -c hba_file='{file}' \
             -c synchronous_standby_names='' -c hot_standby=off -c logging_collector=off"
        );
        self.start(&["-o", &options])
            .and_then(|()| self.await_recovered())
            .map_err(|failure| self.explained(failure))?;
        Ok(Door {
            directory: self.data.clone(),
            port: PRIVATE,
        })
    }

    /// pg_ctl comes back as soon as the log is being replayed, and nobody is let in before that is done.
    fn await_recovered(&self) -> Result<(), Failure> {
        loop {
            let mut command = self.site.postgres().command("pg_isready");
            command.args(["-q", "-U", &self.site.superuser, "-h"]);
            command.arg(&self.data);
            if run(command.args(["-p", &PRIVATE.to_string()]))?.code == Some(0) {
                return Ok(());
            }
            if !self.is_running()? {
                return Err(Failure::new(
                    Failure::DAMAGED,
                    "it ended while it recovered",
                ));
            }
            std::thread::sleep(LOOK);
        }
    }

    /// Starts it as it is configured.
    ///
    /// # Errors
    /// 69 when it does not start.
    pub fn start_public(&self) -> Result<(), Failure> {
        self.start(&[])
    }

    fn start(&self, arguments: &[&str]) -> Result<(), Failure> {
        let mut command = self.site.postgres().command("pg_ctl");
        command
            .args(["start", "--wait", "--timeout=36000", "--silent"])
            .arg("-D")
            .arg(&self.data)
            .arg("-l")
            .arg(self.log())
            .args(arguments);
        let ended = run(&mut command)?;
        match ended.code {
            Some(0) => Ok(()),
            _ => Err(Failure::new(Failure::UNREACHABLE, ended.last_words())),
        }
    }

    /// Stops it; at once, should it not stop in order.
    ///
    /// # Errors
    /// 69 when it goes on running.
    pub fn stop(&self) -> Result<(), Failure> {
        // In order means that receivers have all of it, for which nobody waits long.
        match self.ask_to_stop("fast", "5")? {
            true => Ok(()),
            false => self.stop_at_once(),
        }
    }

    /// Stops it in the middle of what it does.
    ///
    /// # Errors
    /// 69 when it goes on running.
    pub fn stop_at_once(&self) -> Result<(), Failure> {
        if self.ask_to_stop("immediate", "30")? {
            return Ok(());
        }
        match self.is_running()? {
            false => Ok(()),
            true => Err(Failure::new(
                Failure::UNREACHABLE,
                format!("the cluster {} does not stop", self.data.display()),
            )),
        }
    }

    fn ask_to_stop(&self, mode: &str, seconds: &str) -> Result<bool, Failure> {
        let mut command = self.site.postgres().command("pg_ctl");
        command.args(["stop", "--wait", "--silent", "-m", mode, "-t", seconds]);
        Ok(run(command.arg("-D").arg(&self.data))?.code == Some(0))
    }

    /// Lets a running cluster read its settings again.
    ///
    /// # Errors
    /// 69 when it is not running.
    pub fn reload(&self) -> Result<(), Failure> {
        let mut command = self.site.postgres().command("pg_ctl");
        let ended = run(command
            .args(["reload", "--silent"])
            .arg("-D")
            .arg(&self.data))?;
        match ended.code {
            Some(0) => Ok(()),
            _ => Err(Failure::new(Failure::UNREACHABLE, ended.last_words())),
        }
    }

    /// Gives its directory another name, its log too. It must be stopped.
    ///
    /// # Errors
    /// 74.
    pub fn rename(self, into: &Path) -> Result<Self, Failure> {
        let failed = |error| Failure::io(&into.display(), &error);
        let renamed = Self::at(self.site, into.to_path_buf());
        fs::rename(self.log(), renamed.log()).map_err(failed)?;
        fs::rename(&self.data, into).map_err(failed)?;
        sync_directory_of(into).map_err(failed)?;
        Ok(renamed)
    }

    /// Adds settings, which rule over those that stand there. Read when the cluster starts.
    ///
    /// # Errors
    /// 74.
    pub fn set(&self, settings: &[(&str, &str)]) -> Result<(), Failure> {
        let file = self.data.join("postgresql.auto.conf");
        let line =
            |(name, value): &(&str, &str)| format!("{name} = '{}'\n", value.replace('\'', "''"));
        let lines: String = settings.iter().map(line).collect();
        self.write(&file, &lines)
    }

    fn write(&self, file: &Path, text: &str) -> Result<(), Failure> {
        let mut options = OpenOptions::new();
        options.append(true).create(true).mode(0o600);
        let written = options.open(file).and_then(|mut file| {
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
        });
        written.map_err(|error| Failure::io(&file.display(), &error))
    }

    /// Beside the cluster, so that no backup holds it.
    fn log(&self) -> PathBuf {
        beside(&self.data, ".log")
    }

    fn explained(&self, failure: Failure) -> Failure {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        // Our own asking whether it is done is not its failure.
        let asked =
            |line: &str| line.contains("accepting connections") || line.contains("starting up");
        let fatal = |line: &&str| line.contains("FATAL") && !asked(line);
        let fatal = log.lines().rev().find(fatal);
        let Some(fatal) = fatal else { return failure };
        let exit = match fatal.contains("before configured recovery target") {
            true => Failure::NOT_FOUND,
            false => Failure::DAMAGED,
        };
        let log = self.log();
        Failure::new(
            exit,
            format!(
                "the copy does not recover: {fatal}\n  (in {})",
                log.display()
            ),
        )
    }
}
