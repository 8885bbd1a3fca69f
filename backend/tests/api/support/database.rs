//! A database for each test, copied from a template that is migrated once per run.

use std::path::{Path, PathBuf};
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use scorehold::config::Config;
use scorehold::db::migrate;
use scorehold::db::tables::{Class, TABLES};

use super::foreign;

/// Which engine a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// One database, gone when the test ends.
pub struct Database {
    pub engine: Engine,
    /// The owner's way in, as `SCOREHOLD__DATABASE__URL` takes it.
    url: String,
    /// The server's own way in where it is another role than the owner.
    runtime: Option<String>,
    /// An owner who is not superuser, and goes with the database.
    owner: Option<String>,
    /// It goes with its server, which is another than that of the suite.
    goes_with_server: bool,
}

#[derive(QueryableByName)]
struct Text {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Database {
    /// A migrated database of the environment `test`.
    pub fn migrated(engine: Engine) -> Self {
        static SQLITE: OnceLock<Vec<u8>> = OnceLock::new();
        static POSTGRES: OnceLock<Database> = OnceLock::new();
        match engine {
            Engine::Sqlite => {
                let template =
                    SQLITE.get_or_init(|| std::fs::read(Self::template(engine).file()).unwrap());
                let copy = Self::empty(engine);
                std::fs::write(copy.file(), template).unwrap();
                copy
            }
            Engine::Postgres => {
                let template = POSTGRES.get_or_init(|| Self::template(engine));
                // Copying files is quicker than writing every page to the log, at this size.
                let options = "STRATEGY FILE_COPY IS_TEMPLATE true";
                Self::create(&format!("TEMPLATE {} {options}", template.name()))
            }
        }
    }

    /// A database without any table; on SQLite only the place where the file will be.
    pub fn empty(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(unique_name());
                std::fs::create_dir_all(&directory).unwrap();
                Self {
                    engine,
                    url: format!("sqlite:{}", directory.join("scorehold.db").display()),
                    runtime: None,
                    owner: None,
                    goes_with_server: false,
                }
            }
            Engine::Postgres => Self::create("TEMPLATE template0"),
        }
    }

    fn template(engine: Engine) -> Self {
        let database = Self::empty(engine);
        migrate::run(&database.config("test", &[])).unwrap();
        database
    }

    fn create(options: &str) -> Self {
        let name = unique_name();
        on_server(&format!("CREATE DATABASE {name} {options}")).unwrap();
        let (server, _) = server_url().rsplit_once('/').unwrap();
        Self {
            engine: Engine::Postgres,
            url: format!("{server}/{name}"),
            runtime: None,
            owner: None,
            goes_with_server: false,
        }
    }

    /// A migrated database of any environment. On PostgreSQL the server reaches it as a role that owns
    /// nothing and that the migration makes, since production refuses every other.
    pub fn of_environment(engine: Engine, environment: &str, settings: &[(&str, &str)]) -> Self {
        let mut database = Self::empty(engine);
        if engine == Engine::Postgres {
            let (_, place) = database.url.rsplit_once('@').unwrap();
            database.runtime = Some(format!("postgres://{}@{place}", database.name()));
        }
        migrate::run(&database.config(environment, settings)).unwrap();
        database
    }

    /// A migrated database of the environment `test` on a server of its own, with which it goes.
    pub fn on(server: &str) -> Self {
        let (place, _) = server.rsplit_once('/').unwrap();
        let database = Self {
            engine: Engine::Postgres,
            url: format!("{place}/scorehold"),
            runtime: None,
            owner: None,
            goes_with_server: true,
        };
        let mut conn = PgConnection::establish(server).unwrap();
        conn.batch_execute("CREATE DATABASE scorehold").unwrap();
        migrate::run(&database.config("test", &[])).unwrap();
        database
    }

    /// An empty database as a provider hands it out: its owner, who migrates, is not superuser.
    pub fn managed() -> Self {
        let mut database = Self::create("TEMPLATE template0");
        let (name, (_, place)) = (
            database.name().to_owned(),
            database.url.rsplit_once('@').unwrap(),
        );
        let owner = format!("{name}_owner");
        let url = format!("postgres://{owner}@{place}");
        on_server(&format!("CREATE ROLE {owner} LOGIN CREATEROLE")).unwrap();
        on_server(&format!("ALTER DATABASE {name} OWNER TO {owner}")).unwrap();
        database.runtime = Some(format!("postgres://{name}@{place}"));
        database.owner = Some(owner);
        database.url = url;
        database
    }

    /// The owner's way in, or that of any other role.
    pub fn url_of(&self, role: &str) -> String {
        let (_, place) = self.url.rsplit_once('@').unwrap();
        format!("postgres://{role}@{place}")
    }

    /// The configuration of a server on this database.
    pub fn config(&self, environment: &str, further: &[(&str, &str)]) -> Config {
        let variables = self.variables(environment, further);
        Config::load(None, variables).unwrap().config
    }

    /// The same as a command finds it in its environment.
    pub fn variables(
        &self,
        environment: &str,
        further: &[(&str, &str)],
    ) -> impl Iterator<Item = (String, String)> + use<> {
        let own = [
            ("SCOREHOLD__ENVIRONMENT", environment),
            (
                "SCOREHOLD__DATABASE__URL",
                self.runtime.as_deref().unwrap_or(&self.url),
            ),
            ("SCOREHOLD__DATABASE__MIGRATE_URL", &self.url),
            (
                "SCOREHOLD__AUTH__SECRET",
                "a secret that is only good enough for tests",
            ),
            ("SCOREHOLD__SERVER__BIND", "127.0.0.1:0"),
            ("SCOREHOLD__SERVER__ADMIN_BIND", "127.0.0.1:0"),
            ("SCOREHOLD__DEMO__ENABLED", "false"),
            // Tests ask more than people do.
            ("SCOREHOLD__LIMITS__ENABLED", "false"),
        ];
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let all: Vec<_> = own.iter().chain(further).map(owned).collect();
        all.into_iter()
    }

    /// Runs SQL as the server's own role.
    pub fn execute_as_server(&self, sql: &str) -> QueryResult<()> {
        match &self.runtime {
            Some(url) => PgConnection::establish(url).unwrap().batch_execute(sql),
            None => self.execute(sql),
        }
    }

    /// Runs SQL over a connection that is not the application's: as the database's owner, or from
    /// another process.
    pub fn execute(&self, sql: &str) -> QueryResult<()> {
        match self.engine {
            Engine::Sqlite => foreign::execute(&self.file(), sql),
            Engine::Postgres => PgConnection::establish(&self.url)
                .unwrap()
                .batch_execute(sql),
        }
    }

    /// Runs SQL as somebody who took the guards of boards off first, and means it.
    pub fn execute_unguarded(&self, sql: &str) -> QueryResult<()> {
        let tables = ["games", "players", "rounds", "scores", "journal"];
        let off = tables.map(|table| match self.engine {
            Engine::Sqlite => format!(
                "DROP TRIGGER IF EXISTS {table}_keep; DROP TRIGGER IF EXISTS {table}_facts;"
            ),
            Engine::Postgres => format!("ALTER TABLE {table} DISABLE TRIGGER ALL;"),
        });
        let first = match self.engine {
            Engine::Sqlite => "",
            Engine::Postgres => "ALTER EVENT TRIGGER guard_ddl DISABLE;",
        };
        self.execute(&format!("{first}{}{sql}", off.concat()))
    }

    /// The configuration's name of this database.
    pub fn address(&self) -> &str {
        &self.url
    }

    /// Takes off the guards that compare a row's end with the clock.
    pub fn forget_time(&self) {
        let expiring = TABLES
            .iter()
            .filter(|(_, class)| *class == Class::Ephemeral);
        let sql: String = expiring
            .map(|(table, _)| match self.engine {
                Engine::Sqlite => format!("DROP TRIGGER IF EXISTS {table}_expired;"),
                Engine::Postgres => format!("ALTER TABLE {table} DISABLE TRIGGER {table}_expired;"),
            })
            .collect();
        let (off, on) = match self.engine {
            // The server takes nobody's change of the schema but a migration's.
            Engine::Sqlite => (MIGRATED, "COMMIT;"),
            Engine::Postgres => (
                "ALTER EVENT TRIGGER guard_ddl DISABLE;",
                "ALTER EVENT TRIGGER guard_ddl ENABLE ALWAYS;",
            ),
        };
        self.execute(&format!("{off}{sql}{on}")).unwrap();
    }

    /// The one number that a query answers, which it calls `number`.
    pub fn number(&self, sql: &str) -> i64 {
        match self.engine {
            Engine::Sqlite => number_in(&self.file(), sql),
            Engine::Postgres => {
                let mut conn = PgConnection::establish(&self.url).unwrap();
                let row: Number = diesel::sql_query(sql).get_result(&mut conn).unwrap();
                row.number
            }
        }
    }

    /// The texts that a query answers, each of which it calls `text`.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        let query = diesel::sql_query(sql);
        let rows: Vec<Text> = match self.engine {
            Engine::Sqlite => query.load(&mut sqlite(&self.file())).unwrap(),
            Engine::Postgres => query
                .load(&mut PgConnection::establish(&self.url).unwrap())
                .unwrap(),
        };
        rows.into_iter().map(|row| row.text).collect()
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        PathBuf::from(self.url.strip_prefix("sqlite:").unwrap())
    }

    /// The name of a PostgreSQL database.
    pub fn name(&self) -> &str {
        self.url.rsplit_once('/').unwrap().1
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.goes_with_server {
            return;
        }
        match self.engine {
            Engine::Sqlite => std::fs::remove_dir_all(self.file().parent().unwrap()).unwrap(),
            Engine::Postgres => {
                // What only a superuser can take off, and nothing of the product does.
                on_server(&format!("ALTER DATABASE {} IS_TEMPLATE false", self.name())).unwrap();
                on_server(&format!("DROP DATABASE {} WITH (FORCE)", self.name())).unwrap();
                let runtime = self.runtime.as_ref().map(|_| self.name());
                for role in runtime.into_iter().chain(self.owner.as_deref()) {
                    on_server(&format!("DROP ROLE IF EXISTS {role}")).unwrap();
                }
            }
        }
    }
}

/// The one number that a query on an SQLite file answers, which it calls `number`.
pub fn number_in(file: &Path, sql: &str) -> i64 {
    let row: Number = diesel::sql_query(sql)
        .get_result(&mut sqlite(file))
        .unwrap();
    row.number
}

fn sqlite(file: &Path) -> SqliteConnection {
    let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    conn.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
    conn
}

/// As if `scorehold migrate` changed the schema: as one transaction, with its record.
const MIGRATED: &str =
    "BEGIN IMMEDIATE; INSERT INTO permits (id, purpose, instance, issued_at, issued_by)
    SELECT hex(randomblob(16)), 'migrate', id, 0, 'a test' FROM instance;";

/// Runs a statement on the throw-away server itself, as its superuser.
pub fn on_server(sql: &str) -> QueryResult<()> {
    PgConnection::establish(server_url())
        .unwrap()
        .batch_execute(sql)
}

fn server_url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| {
        std::env::var("SCOREHOLD_TEST_POSTGRES")
            .expect("SCOREHOLD_TEST_POSTGRES is not set: run `make check`, it starts PostgreSQL")
    })
}

/// Unique among the tests of a run, and among runs on one machine.
fn unique_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let started = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_nanos();
    format!(
        "scorehold_test_{}_{started}_{}",
        process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    )
}
