//! The command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Fire real faults at a scratch copy of Scorehold that is marked production.
///
/// The copy is made by the drill itself: its own directory, its own PostgreSQL cluster, loopback,
/// random ports. No other target is accepted.
#[derive(Debug, Parser)]
#[command(name = "drill", version)]
pub struct Args {
    /// On which engine; both unless one is named
    #[arg(long, value_enum)]
    pub engine: Vec<Engine>,
    /// Which fault, such as V1; all unless some are named
    #[arg(long)]
    pub fault: Vec<String>,
    /// How many scores to enter before the first fault, on each engine
    #[arg(long, default_value_t = 20_000)]
    pub scores: usize,
    /// Repeats the choices of an earlier drill; several are several rounds on one copy: of every fault the first,
    /// the others of those whose moments the seed chooses
    #[arg(long)]
    pub seed: Vec<u64>,
    /// Take one layer away first: the drill must then fail
    #[arg(long, value_enum)]
    pub without: Option<Layer>,
    /// The program to drill
    #[arg(long, default_value = "target/release/scorehold")]
    pub program: PathBuf,
    /// A Python with peewee, psycopg2 and sqlite3
    #[arg(long, default_value = ".cache/venv/bin/python")]
    pub python: PathBuf,
    /// Where drill.json and drill.md go
    #[arg(long, default_value = "target/drill")]
    pub report: PathBuf,
    /// Shoot at a copy that a drill has left standing, instead of making one
    #[arg(long, value_name = "DIRECTORY")]
    pub target: Option<PathBuf>,
}

/// Where the scores are kept.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// A file inside the program.
    Sqlite,
    /// A server of its own.
    Postgres,
}

impl Engine {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// What the mutation control can take away from the scratch copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Layer {
    /// The guards inside the database.
    Guard,
    /// The mark that says whose database it is.
    Identity,
    /// The triggers that keep the journal.
    Journal,
    /// What a connection inside our own process may do on SQLite.
    Authorizer,
    /// What an acknowledgement waits for beside the commit.
    Barrier,
    /// That what was restored has a number and an archive of its own.
    Lineage,
}
