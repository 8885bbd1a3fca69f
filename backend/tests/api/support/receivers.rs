//! A PostgreSQL of its own whose commits wait for one of two receivers of its log.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::{Database, TestApp, uuid};

const NAMES: [&str; 2] = ["receiver_1", "receiver_2"];

/// Server and receivers; all of it is gone when the test ends.
pub struct Receivers {
    server: Child,
    url: String,
    place: PathBuf,
    running: Vec<Child>,
}

impl Receivers {
    /// A server that waits for nobody yet.
    fn of_new_server() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/with-postgres");
        // It lives as long as the pipe that it reads from.
        let mut server = Command::new(script)
            .args(["--archived", "sh", "-c"])
            .arg("echo $SCOREHOLD_TEST_POSTGRES; exec cat")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        let mut said = BufReader::new(server.stdout.take().unwrap());
        said.read_line(&mut url).unwrap();
        let place = std::env::temp_dir().join(format!("scorehold-{}", uuid()));
        fs::create_dir(&place).unwrap();
        let url = url.trim().to_owned();
        let running = Vec::new();
        Self {
            server,
            url,
            place,
            running,
        }
    }

    /// Starts both, or starts them again.
    pub fn start(&mut self) {
        let start = |name: &str| {
            let directory = self.place.join(name);
            fs::create_dir_all(&directory).unwrap();
            Command::new("pg_receivewal")
                .arg(format!("--dbname={}?application_name={name}", self.url))
                .arg("--directory")
                .arg(directory)
                .args(["--synchronous", "--no-loop", "--status-interval=1"])
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        };
        self.running = NAMES.iter().map(|name| start(name)).collect();
    }

    /// As their machines end them.
    pub fn kill(&mut self) {
        for mut one in self.running.drain(..) {
            one.kill().unwrap();
            one.wait().unwrap();
        }
    }

    /// Stops both in the middle of whatever they do, or lets them go on.
    pub fn signal(&self, name: &str) {
        let ids = self.running.iter().map(|one| one.id().to_string());
        let sent = Command::new("kill")
            .arg(format!("-{name}"))
            .args(ids)
            .status();
        assert!(sent.unwrap().success());
    }
}

impl Drop for Receivers {
    fn drop(&mut self) {
        self.kill();
        drop(self.server.stdin.take());
        self.server.wait().unwrap();
        fs::remove_dir_all(&self.place).unwrap();
    }
}

/// A server whose acknowledgements wait for a receiver.
pub fn received() -> (TestApp, Receivers) {
    let mut receivers = Receivers::of_new_server();
    let database = Database::on(&receivers.url);
    receivers.start();
    for sql in [
        "ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (receiver_1, receiver_2)'",
        "SELECT pg_reload_conf()",
    ] {
        database.execute(sql).unwrap();
    }
    let app = TestApp::over(database, "test", &[("SCOREHOLD__ARCHIVE__MODE", "barrier")]);
    app.root().until("/readyz", |ready| ready.status == 200);
    (app, receivers)
}
