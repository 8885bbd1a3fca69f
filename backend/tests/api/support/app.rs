//! The application under test: the real server on a port of its own, in the test's process.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};

use actix_web::dev::ServerHandle;
use clap::Parser;
use scorehold::cli::Cli;
use scorehold::config::Config;
use scorehold::db::{Conn, Tx};
use scorehold::domain::maintenance::Fault;
use scorehold::domain::time::{Clock, SystemClock, Timestamp};
use scorehold::error::{Error, StartError};
use scorehold::state::{self, AppState, MakeBarrier};
use serde_json::{Value, json};

use super::{Board, Client, Database, Engine, Fuse, Person, statements};
use crate::statements::judge;

/// A server with a database of its own; both are gone when the test ends.
pub struct TestApp {
    server: Server,
    pub database: Database,
    /// The environment of server and database.
    environment: &'static str,
    clock: Arc<TestClock>,
    fuse: Fuse,
}

/// The machine's clock, moved ahead as the test wants.
#[derive(Default)]
pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        SystemClock
            .now()
            .plus_seconds(self.0.load(Ordering::SeqCst))
    }
}

impl TestApp {
    /// Starts a server of the environment `test` on a new database.
    pub fn start(engine: Engine) -> Self {
        Self::over(Database::migrated(engine), "test", &[])
    }

    /// Starts a server of any environment on a new database, which it migrates first.
    pub fn of_environment(
        engine: Engine,
        environment: &'static str,
        settings: &[(&str, &str)],
    ) -> Self {
        Self::over(
            Database::of_environment(engine, environment, settings),
            environment,
            settings,
        )
    }

    /// Starts a server on a database that is migrated already.
    pub fn over(database: Database, environment: &'static str, settings: &[(&str, &str)]) -> Self {
        let clock = Arc::new(TestClock::default());
        let config = database.config(environment, settings);
        let fuse = Fuse::default();
        let server = Server::start_with(config, clock.clone(), &fuse).unwrap();
        Self {
            server,
            database,
            environment,
            clock,
            fuse,
        }
    }

    /// A second server on the same database, as after a restart or on another node.
    pub fn second_server(&self) -> Server {
        Server::start(self.database.config(self.environment, &[])).unwrap()
    }

    /// The server stops, its database stays.
    pub fn stop(self) -> Database {
        let Self {
            server, database, ..
        } = self;
        drop(server);
        database
    }

    /// Lets time pass for the server. For its database it does not, so that for the guard that
    /// compares both what the server thinks expired has not: it is taken off.
    pub fn pass(&self, seconds: i64) {
        self.database.forget_time();
        self.clock.0.fetch_add(seconds, Ordering::SeqCst);
    }

    /// A client without a credential, for paths under `/api/v1`.
    pub fn anonymous(&self) -> Client {
        self.server.anonymous()
    }

    /// A new account, logged in.
    pub fn person(&self, name: &str) -> Person {
        Person::register(&self.anonymous(), name)
    }

    /// Does what the server does by itself from time to time.
    pub fn act<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> T {
        self.attempt(work).unwrap()
    }

    /// The same, where it may be refused.
    pub fn attempt<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let db = self.server.state.db.clone();
        actix_web::rt::System::new().block_on(db.write(work))
    }

    /// Runs a command as an operator does, in the environment of the server.
    pub fn command(&self, words: &[&str]) -> Result<(), StartError> {
        let words = std::iter::once("scorehold").chain(words.iter().copied());
        let command = Cli::try_parse_from(words).unwrap();
        command.run(self.database.variables(self.environment, &[]))
    }

    /// Breaks something that the server's watchdog looks at, and waits until it refuses changes.
    #[track_caller]
    pub fn breaks(&self, fault: Fault) {
        self.fuse.blow(Some(fault));
        self.root()
            .until("/readyz", |ready| ready["maintenance"]["by"] == "watchdog");
    }

    /// Mends it again. The watchdog finds that out by itself.
    pub fn mend(&self) {
        self.fuse.blow(None);
    }

    /// Looks at the database as the server does.
    pub fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static,
    ) -> T {
        let db = self.server.state.db.clone();
        actix_web::rt::System::new()
            .block_on(db.read(work))
            .unwrap()
    }

    /// Where mail goes that is sent nowhere else.
    pub fn outbox(&self) -> PathBuf {
        match self.database.engine {
            Engine::Sqlite => self.database.file().with_file_name("outbox"),
            Engine::Postgres => PathBuf::from("outbox"),
        }
    }

    /// A client without a credential, for paths from the root.
    pub fn root(&self) -> Client {
        self.server.root()
    }

    /// A new board with these settings, made without an account.
    pub fn board(&self, settings: Value) -> Board {
        Board::create(&self.anonymous(), settings)
    }

    /// A new board with all defaults.
    pub fn any_board(&self) -> Board {
        self.board(json!({"title": "Friday"}))
    }

    pub fn is_sqlite(&self) -> bool {
        self.database.engine == Engine::Sqlite
    }
}

/// One running server, stopped when it goes out of scope.
pub struct Server {
    handle: ServerHandle,
    state: AppState,
    thread: Option<JoinHandle<()>>,
    root: Client,
}

impl Server {
    /// Starts a server, or says why it refuses to.
    pub fn start(config: Config) -> Result<Self, StartError> {
        Self::start_with(config, Arc::new(SystemClock), &Fuse::default())
    }

    fn start_with(config: Config, clock: Arc<dyn Clock>, fuse: &Fuse) -> Result<Self, StartError> {
        let fuse = fuse.clone();
        let barriers: MakeBarrier =
            Arc::new(move |config| Ok(Arc::new(fuse.before(state::barrier(config)?))));
        statements::record(judge);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let root = Client::new(format!("http://{}", listener.local_addr().unwrap()));
        let (started, start) = mpsc::channel();
        let thread = thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let state = match AppState::open_with(config, clock, barriers) {
                    Ok(state) => state,
                    Err(refusal) => return started.send(Err(refusal)).unwrap(),
                };
                let server = scorehold::http::serve(state.clone(), listener).unwrap();
                started.send(Ok((server.handle(), state))).unwrap();
                server.await.unwrap();
            });
        });
        let (handle, state) = start.recv().unwrap()?;
        Ok(Self {
            handle,
            state,
            thread: Some(thread),
            root,
        })
    }

    /// As SIGTERM does first: takes no new work.
    pub fn drain(&self) {
        self.state.drain();
    }

    pub fn root(&self) -> Client {
        self.root.clone()
    }

    pub fn anonymous(&self) -> Client {
        self.root.under("/api/v1")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The command is sent by the call itself; the future only waits for the end, as the thread does.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}
