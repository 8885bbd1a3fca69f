//! The real archiver beside a server under test, and what its archive holds.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use super::client::PATIENCE;
use super::{Database, Engine, TestApp, uuid};
use crate::two_worlds::NO_ARCHIVE;

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

    /// Starts it, or starts it again, with our configuration and as its unit does: until it stays.
    pub fn start(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        // One that was killed has left its socket.
        let _absent = fs::remove_file(self.socket());
        let mut process = self.spawn();
        while !self.socket().exists() {
            if process.try_wait().unwrap().is_some() {
                process = self.spawn();
            }
            let in_time = Instant::now() < deadline;
            assert!(in_time, "{}", fs::read_to_string(self.log()).unwrap());
            std::thread::yield_now();
        }
        self.process = Some(process);
    }

    fn spawn(&self) -> Child {
        let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/litestream.yml");
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.log());
        Command::new(program())
            .args(["replicate", "-config"])
            .arg(config)
            .env("SCOREHOLD_DATA", self.database.parent().unwrap())
            .env("SCOREHOLD_ARCHIVE_SOCKET", self.socket())
            .env("SCOREHOLD_ARCHIVE_URL", self.address())
            .stdout(Stdio::null())
            .stderr(log.unwrap())
            .spawn()
            .unwrap()
    }

    fn log(&self) -> PathBuf {
        self.place.join("log")
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

    /// Waits until it has carried over what another program has committed.
    pub fn synced(&self, file: &Path) {
        let synced = Command::new(program())
            .args(["sync", "-wait", "-socket"])
            .args([&self.socket(), file])
            .output()
            .unwrap();
        assert!(synced.status.success(), "{synced:?}");
    }

    /// Restores the newest state of the first file's archive into a new file.
    pub fn restore(&self) -> PathBuf {
        self.restore_of("scorehold.db")
    }

    /// The same of one that a recovery has made.
    pub fn restore_of(&self, name: &str) -> PathBuf {
        let file = self.place.join(format!("{}.db", uuid()));
        let restored = Command::new(program())
            .args(["restore", "-o"])
            .arg(&file)
            .arg(format!("{}/{name}", self.address()))
            .output()
            .unwrap();
        assert!(restored.status.success(), "{restored:?}");
        file
    }

    /// What a server has to be told of it.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("SCOREHOLD__ARCHIVE__MODE", "barrier".to_owned()),
            (
                "SCOREHOLD__ARCHIVE__SOCKET",
                self.socket().display().to_string(),
            ),
            ("SCOREHOLD__ARCHIVE__URL", self.address()),
            (
                "SCOREHOLD__ARCHIVE__LITESTREAM",
                program().display().to_string(),
            ),
        ]
    }

    /// A place of the test's own, gone with the archiver.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// The directory in which the archive of a file lies.
    pub fn archive_of(&self, name: &str) -> PathBuf {
        self.place.join("archive").join(name)
    }

    /// Does harm to the newest copies of a file, at whatever level they lie; answers how they were. Nobody may be
    /// writing there.
    pub fn harm(&self, name: &str, harm: fn(&mut Vec<u8>)) -> Vec<(PathBuf, Vec<u8>)> {
        let levels = fs::read_dir(self.archive_of(name).join("ltx")).unwrap();
        let files = levels.flat_map(|level| fs::read_dir(level.unwrap().path()).unwrap());
        let files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        // Each is called after its first and its last transaction.
        let last = |file: &PathBuf| {
            let name = file.file_stem().unwrap().to_str().unwrap();
            name.rsplit_once('-').unwrap().1.to_owned()
        };
        let newest = files.iter().map(last).max().unwrap();
        let harmed = files.into_iter().filter(|file| last(file) == newest);
        harmed
            .map(|file| {
                let before = fs::read(&file).unwrap();
                let mut bytes = before.clone();
                harm(&mut bytes);
                fs::write(&file, bytes).unwrap();
                (file, before)
            })
            .collect()
    }

    /// An archiver's program that does something first, whenever it is to bring something back.
    pub fn ambush(&self, shot: &str) -> String {
        let script = self.place.join(uuid());
        let litestream = program();
        let text = format!(
            "#!/bin/sh\ncase \"$*\" in *-dry-run*) ;; restore*) {shot} ;; esac\nexec {} \"$@\"\n",
            litestream.display()
        );
        fs::write(&script, text).unwrap();
        let runs = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&script, runs).unwrap();
        script.display().to_string()
    }

    fn socket(&self) -> PathBuf {
        self.place.join("s")
    }

    fn address(&self) -> String {
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
        other => Database::of_environment(Engine::Sqlite, other, &NO_ARCHIVE),
    };
    let archiver = Archiver::beside(&database);
    let app = served(database, environment, &archiver);
    (app, archiver)
}

/// The server of an archived database, when it is ready.
pub fn served(database: Database, environment: &'static str, archiver: &Archiver) -> TestApp {
    let app = started(database, environment, archiver);
    app.root().until("/readyz", |ready| ready.status == 200);
    app
}

/// The server of an archived database, ready or not.
pub fn started(database: Database, environment: &'static str, archiver: &Archiver) -> TestApp {
    let settings = archiver.settings();
    let settings: Vec<_> = settings
        .iter()
        .map(|(key, value)| (*key, value.as_str()))
        .collect();
    TestApp::over(database, environment, &settings)
}

/// Where the checks have installed it.
fn program() -> PathBuf {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.cache/venv/bin/litestream");
    std::env::var("SCOREHOLD_TEST_LITESTREAM").map_or(installed, PathBuf::from)
}
