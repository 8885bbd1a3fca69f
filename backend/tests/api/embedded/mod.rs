//! An SQLite database that is marked production, its archive, and the way back: on the real archiver.

mod backup;
mod recover;
mod refused;
mod rehearse;
mod restore;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{
    Answer, Archiver, Board, Database, Said, TestApp, archived, number_in, scorehold, served,
    started,
};

/// A machine with a server in production, whose archive lies elsewhere.
struct World {
    app: TestApp,
    archiver: Archiver,
    board: Board,
    ana: String,
}

impl World {
    /// With one board and five scores.
    fn new() -> Self {
        let (app, archiver) = archived("production");
        let board = app.any_board();
        let ana = board.player("Ana");
        let world = Self {
            app,
            archiver,
            board,
            ana,
        };
        world.score(5);
        world
    }

    fn score(&self, times: usize) {
        for _ in 0..times {
            self.board.add(&self.ana, 1);
        }
    }

    /// The configured file.
    fn file(&self) -> PathBuf {
        self.app.database.file()
    }

    /// A file beside it.
    fn beside(&self, name: &str) -> PathBuf {
        self.file().with_file_name(name)
    }

    fn run(&self, words: &[&str]) -> Said {
        self.run_with(words, &[])
    }

    /// Runs a command as the operator of this machine, with further settings.
    fn run_with(&self, words: &[&str], further: &[(&str, &str)]) -> Said {
        self.run_in("production", words, further)
    }

    fn run_in(&self, environment: &str, words: &[&str], further: &[(&str, &str)]) -> Said {
        let address = self.app.root().address();
        let address = address.trim_start_matches("http://");
        let settings = self.archiver.settings();
        let mut all: Vec<_> = settings
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        all.push(("SCOREHOLD__SERVER__ADMIN_BIND", address));
        all.retain(|(key, _)| further.iter().all(|(other, _)| other != key));
        all.extend(further);
        // An empty one is left out.
        all.retain(|(_, value)| !value.is_empty());
        scorehold(words, self.app.database.variables(environment, &all))
    }

    /// Stops the server.
    fn stopped(self) -> Stopped {
        let Self {
            app,
            archiver,
            board,
            ana,
        } = self;
        Stopped {
            database: app.stop(),
            archiver,
            board,
            ana,
        }
    }

    #[track_caller]
    fn until_ready(&self, lineage: i64) -> Answer {
        self.app.root().until("/readyz", |ready| {
            ready.status == 200 && ready["lineage"] == lineage
        })
    }

    /// From now on nothing is acknowledged.
    #[track_caller]
    fn until_refused(&self) -> Answer {
        self.app
            .root()
            .until("/readyz", |ready| ready["maintenance"]["by"] == "watchdog")
    }

    /// Everything that was acknowledged is there, and another score is acknowledged, and archived.
    #[track_caller]
    fn goes_on(&self, file: &str, acknowledged: i64) {
        assert_eq!(self.board.total(&self.ana), acknowledged);
        self.board.add(&self.ana, 1);
        assert_eq!(scores(&self.archiver.restore_of(file)), acknowledged + 1);
        assert_eq!(scores(&self.beside(file)), acknowledged + 1);
    }

    fn pointer(&self) -> Option<String> {
        fs::read_to_string(self.beside("scorehold.db.current")).ok()
    }

    /// All files beside the database, with their bytes, but for what a running server writes.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let entries = fs::read_dir(self.file().parent().unwrap()).unwrap();
        let files = entries.map(|entry| entry.unwrap().path());
        let is_quiet = |file: &PathBuf| {
            let name = file.display().to_string();
            file.is_file()
                && ["-shm", "-wal", ".probe"]
                    .iter()
                    .all(|end| !name.ends_with(end))
        };
        let read = |file: PathBuf| (file.clone(), fs::read(file).unwrap());
        files.filter(is_quiet).map(read).collect()
    }
}

/// The same without a server.
struct Stopped {
    database: Database,
    archiver: Archiver,
    board: Board,
    ana: String,
}

impl Stopped {
    fn run(&self, words: &[&str]) -> Said {
        let settings = self.archiver.settings();
        let mut all: Vec<_> = settings
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        // Nobody is there.
        all.push(("SCOREHOLD__SERVER__ADMIN_BIND", "127.0.0.1:9"));
        scorehold(words, self.database.variables("production", &all))
    }

    /// Starts a server that takes no changes, and stops it again; answers why.
    fn refused(self) -> (Self, String) {
        let app = started(self.database, "production", &self.archiver);
        let ready = app
            .root()
            .until("/readyz", |ready| ready["maintenance"]["by"] == "watchdog");
        let why = ready["maintenance"]["why"].as_str().unwrap().to_owned();
        let database = app.stop();
        (Self { database, ..self }, why)
    }

    /// Starts a server again.
    fn served(self) -> World {
        let Self {
            database,
            archiver,
            board,
            ana,
        } = self;
        let app = served(database, "production", &archiver);
        let owner = app.anonymous().bearer(&board.token);
        let board = Board::of(
            &owner,
            &owner.get(&board.path("")).expect(200),
            &board.token,
        );
        World {
            app,
            archiver,
            board,
            ana,
        }
    }
}

fn scores(file: &Path) -> i64 {
    number_in(file, "SELECT count(*) AS number FROM scores")
}
