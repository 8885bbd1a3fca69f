//! The program as its users start it: a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::{Client, Database};

/// Nothing that a process is waited for takes longer, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server in a process of its own, gone when it goes out of scope.
pub struct Process {
    child: Child,
    log: Receiver<String>,
    root: Client,
}

impl Process {
    /// Starts a server on a migrated database of the environment `test`.
    pub fn serve(database: &Database, further: &[(&str, &str)]) -> Self {
        let mut settings = vec![("SCOREHOLD__LOG__FORMAT", "json")];
        settings.extend(further);
        let mut child = Command::new(env!("CARGO_BIN_EXE_scorehold"))
            .arg("serve")
            .env_clear()
            .envs(database.variables("test", &settings))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = lines(child.stderr.take().unwrap());
        let mut server = Self {
            child,
            log,
            root: Client::new(String::new()),
        };
        let told = server.log_until(|line| line["message"] == "serving");
        let told: Value = serde_json::from_str(told.last().unwrap()).unwrap();
        let address = told["address"].as_str().unwrap();
        server.root = Client::new(format!("http://{address}"));
        server
    }

    pub fn root(&self) -> Client {
        self.root.clone()
    }

    pub fn anonymous(&self) -> Client {
        self.root.under("/api/v1")
    }

    /// What the process has logged since it was last asked, up to a line that is waited for.
    #[track_caller]
    pub fn log_until(&self, last: impl Fn(&Value) -> bool) -> Vec<String> {
        let mut heard = Vec::new();
        loop {
            let line = self.log.recv_timeout(PATIENCE);
            heard.push(line.unwrap_or_else(|error| panic!("{error}, after {heard:#?}")));
            let line = heard.last().map(String::as_str).unwrap_or_default();
            if serde_json::from_str(line).is_ok_and(|line| last(&line)) {
                return heard;
            }
        }
    }
}

/// The lines that come out of a pipe, as they come.
fn lines(pipe: ChildStderr) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines() {
            // After the test nobody reads on; the pipe is emptied all the same.
            let _nobody = sender.send(line.unwrap());
        }
    });
    receiver
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
