//! The real archiver beside a server under test, and what its archive holds.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::{Database, Engine, TestApp, uuid};

/// A process of its own with an archive of its own; both are gone when the test ends.
pub struct Archiver {
    place: PathBuf,
    database: PathBuf,
    process: Option<Child>,
}

impl Archiver {
    /// Starts one beside a database that is migrated, but not open yet.
    fn beside(database: &Database) -> Self {
        // The address of a socket is short.
        let place = std::env::temp_dir().join(format!("scorehold-{}", uuid()));
        fs::create_dir(&place).unwrap();
        let mut archiver = Self {
            database: database.file(),
            place,
            process: None,
        };
        archiver.start();
        archiver
    }

    /// Starts it, or starts it again.
    pub fn start(&mut self) {
        let config = self.place.join("litestream.yml");
        let (socket, database, archive) = (self.socket(), &self.database, self.archive());
        let text = format!(
            "socket: {{enabled: true, path: {}, permissions: 0600}}\nlogging: {{level: error}}\n\
             l0-retention: 24h\ndbs:\n  - path: {}\n    replica: {{url: \"{archive}\"}}\n",
            socket.display(),
            database.display(),
        );
        fs::write(&config, text).unwrap();
        let process = Command::new(program())
            .arg("replicate")
            .arg("-config")
            .arg(&config)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.process = Some(process);
    }

    /// As the machine or the operating system ends it.
    pub fn kill(&mut self) {
        let mut process = self.process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// Stops it in the middle of whatever it does, or lets it go on.
    pub fn signal(&self, name: &str) {
        let id = self.process.as_ref().unwrap().id().to_string();
        let sent = Command::new("kill").args([format!("-{name}"), id]).status();
        assert!(sent.unwrap().success());
    }

    /// Restores the newest state of the archive into a new file.
    pub fn restore(&self) -> PathBuf {
        let file = self.place.join(format!("{}.db", uuid()));
        let restored = Command::new(program())
            .args(["restore", "-o"])
            .arg(&file)
            .arg(self.archive())
            .output()
            .unwrap();
        assert!(restored.status.success(), "{restored:?}");
        file
    }

    /// What a server has to be told of it.
    pub fn settings(&self) -> [(&'static str, String); 2] {
        [
            ("SCOREHOLD__ARCHIVE__MODE", "barrier".to_owned()),
            (
                "SCOREHOLD__ARCHIVE__SOCKET",
                self.socket().display().to_string(),
            ),
        ]
    }

    fn socket(&self) -> PathBuf {
        self.place.join("s")
    }

    fn archive(&self) -> String {
        format!("file://{}", self.place.join("archive").display())
    }
}

impl Drop for Archiver {
    fn drop(&mut self) {
        if self.process.is_some() {
            self.kill();
        }
        fs::remove_dir_all(&self.place).unwrap();
    }
}

/// A server whose acknowledgements wait for its archive.
pub fn archived(environment: &'static str) -> (TestApp, Archiver) {
    let database = match environment {
        "test" => Database::migrated(Engine::Sqlite),
        other => Database::of_environment(Engine::Sqlite, other, &[]),
    };
    let archiver = Archiver::beside(&database);
    let settings = archiver.settings();
    let settings = settings
        .each_ref()
        .map(|(key, value)| (*key, value.as_str()));
    let app = TestApp::over(database, environment, &settings);
    app.root().until("/readyz", |ready| ready.status == 200);
    (app, archiver)
}

/// Where the checks have installed it.
fn program() -> PathBuf {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.cache/venv/bin/litestream");
    std::env::var("SCOREHOLD_TEST_LITESTREAM").map_or(installed, PathBuf::from)
}
