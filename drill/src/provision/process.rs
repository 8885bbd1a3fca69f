//! Programs beside the drill: as a user without rights, and never longer than they may take.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Root lends what it starts a user who owns nothing: PostgreSQL refuses to run as root, and file
/// permissions mean nothing to it.
const UNPRIVILEGED: &str = "nobody";

/// Whether the drill itself runs as root, be it of its own namespace alone.
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Who root of a namespace is outside of it: the one user whom it knows. `None`: it is root everywhere.
fn outside(map: &str) -> Option<String> {
    let map = std::fs::read_to_string(Path::new("/proc/self").join(map)).ok()?;
    let fields: Vec<&str> = map.split_whitespace().collect();
    match fields.as_slice() {
        ["0", id, "1"] => Some((*id).to_owned()),
        _ => None,
    }
}

/// A command that ends with the drill, even if that is killed, and knows nothing of its environment.
///
/// The one who dies is the thread that starts it, so servers are started by the main thread alone.
pub fn confined(program: impl AsRef<OsStr>) -> Command {
    let to_nobody = [
        "--reuid",
        UNPRIVILEGED,
        "--regid",
        "nogroup",
        "--clear-groups",
    ];
    match (is_root(), outside("uid_map"), outside("gid_map")) {
        (false, ..) => with_parent(&[], program),
        // Root of its own namespace has nobody to lend: it is itself again.
        (true, Some(user), Some(group)) => {
            let itself = [
                "--user".to_owned(),
                format!("--map-user={user}"),
                format!("--map-group={group}"),
            ];
            let mut command = cleared("unshare");
            command
                .args(itself)
                .args(["--", "setpriv", "--pdeathsig", "KILL", "--"])
                .arg(program);
            command
        }
        (true, ..) => with_parent(&to_nobody, program),
    }
}

/// The same as the user who drills: somebody else on this machine.
pub fn foreign(program: impl AsRef<OsStr>) -> Command {
    with_parent(&[], program)
}

fn with_parent(rights: &[&str], program: impl AsRef<OsStr>) -> Command {
    let mut command = cleared("setpriv");
    command
        .args(["--pdeathsig", "KILL"])
        .args(rights)
        .arg("--")
        .arg(program);
    command
}

/// A command with the least of an environment.
fn cleared(program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("LC_ALL", "C.UTF-8");
    command.stdin(Stdio::null());
    command
}

/// Gives a file or directory to the user whom [`confined`] runs programs as.
pub fn hand_over(path: &Path) -> Result<()> {
    if is_root() && outside("uid_map").is_none() {
        let owner = format!("{UNPRIVILEGED}:nogroup");
        let done = Command::new("chown").arg(owner).arg(path).status()?;
        anyhow::ensure!(done.success(), "chown {} failed", path.display());
    }
    Ok(())
}

/// Runs a command to its end, or ends it after so many seconds: then its exit code is 124.
pub fn bounded(command: &Command, seconds: u64) -> Result<Output> {
    let mut limited = Command::new("timeout");
    limited.args(["--kill-after=5", &seconds.to_string()]);
    limited.arg(command.get_program()).args(command.get_args());
    limited.env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            limited.env(name, value);
        }
    }
    if let Some(directory) = command.get_current_dir() {
        limited.current_dir(directory);
    }
    limited.stdin(Stdio::null());
    limited
        .output()
        .with_context(|| format!("cannot run {:?}", command.get_program()))
}

/// The same, where anything but success is a failure of the drill itself.
pub fn succeed(command: &Command, seconds: u64) -> Result<String> {
    let output = bounded(command, seconds)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{command:?} ended with {}: {said}", output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A server that runs until it is stopped or goes out of scope.
pub struct Server {
    child: Child,
    name: &'static str,
    log: PathBuf,
}

impl Server {
    /// Starts it, its output in a file.
    pub fn start(name: &'static str, command: &mut Command, log: PathBuf) -> Result<Self> {
        let file = File::options().create(true).append(true).open(&log)?;
        command.stdout(file.try_clone()?).stderr(file);
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        Ok(Self { child, name, log })
    }

    /// Waits until it is ready; fails with its log when it ends first, or takes too long.
    pub fn wait_until(&mut self, limit: Duration, mut ready: impl FnMut() -> bool) -> Result<()> {
        let begun = Instant::now();
        while !ready() {
            let log = || end_of(&self.log);
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended with {status}:\n{}", self.name, log());
            }
            if begun.elapsed() > limit {
                bail!("{} is not ready after {limit:?}:\n{}", self.name, log());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Asks it to end by a signal, if it still runs: the number of one that does not is somebody else's.
    pub fn ask_to_end(&mut self, signal: &str, limit: Duration) -> Result<()> {
        self.signal(signal)?;
        self.wait_for_end(limit)
    }

    /// Sends it a signal, if it still runs.
    pub fn signal(&mut self, signal: &str) -> Result<()> {
        if self.child.try_wait()?.is_none() {
            let id = self.child.id().to_string();
            let sent = Command::new("kill").args([signal, &id]).status()?;
            anyhow::ensure!(sent.success(), "{} takes no signal", self.name);
        }
        Ok(())
    }

    /// The same to whatever it has started, if it was started with a group of its own.
    pub fn signal_all(&mut self, signal: &str) -> Result<()> {
        if self.child.try_wait()?.is_none() {
            let group = format!("-{}", self.child.id());
            let sent = Command::new("kill").args([signal, "--", &group]).status()?;
            anyhow::ensure!(sent.success(), "{} takes no signal", self.name);
        }
        Ok(())
    }

    /// Waits until it has ended by itself.
    fn wait_for_end(&mut self, limit: Duration) -> Result<()> {
        let begun = Instant::now();
        while self.child.try_wait()?.is_none() {
            if begun.elapsed() > limit {
                bail!("{} has not ended after {limit:?}", self.name);
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Ends it at once, as a power cut would end it.
    pub fn kill(&mut self) {
        // It may have ended by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The last lines of a log.
fn end_of(log: &Path) -> String {
    const LINES: usize = 20;
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

/// A port of the loopback interface that nobody listens at.
pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port())
}
