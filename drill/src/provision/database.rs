//! A way into a database past the application: as its superuser, or from a foreign process.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use super::process;
use crate::limits;

/// A database of the scratch copy.
#[derive(Debug, Clone)]
pub enum Database {
    /// A file, opened by Python: the one that is in use, where a recovery has left another beside it.
    Sqlite { file: PathBuf, python: PathBuf },
    /// A URL with a user and a password.
    Postgres { url: String },
}

/// What a foreign process does with an SQLite file: runs SQL, and prints the rows.
const PYTHON: &str = include_str!("sqlite.py");

impl Database {
    /// As `SCOREHOLD__DATABASE__URL` takes it.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite { file, .. } => format!("sqlite:{}", active(file).display()),
            Self::Postgres { url } => url.clone(),
        }
    }

    /// Runs SQL that must succeed.
    pub fn execute(&self, sql: &str) -> Result<()> {
        process::succeed(&self.command(sql), limits::STATEMENT).map(drop)
    }

    /// The rows of one query or of several; a field holds no tab and no line break.
    pub fn query(&self, sql: &str) -> Result<Vec<Vec<String>>> {
        let text = process::succeed(&self.command(sql), limits::STATEMENT)?;
        Ok(text
            .lines()
            .map(|line| line.split('\t').map(str::to_owned).collect())
            .collect())
    }

    /// The one value that a query answers.
    pub fn value(&self, sql: &str) -> Result<String> {
        let rows = self.query(sql)?;
        ensure!(
            rows.len() == 1 && rows[0].len() == 1,
            "{sql} answered {rows:?}"
        );
        Ok(rows[0][0].clone())
    }

    /// The tables and their columns.
    pub fn columns(&self) -> Result<BTreeMap<String, Vec<String>>> {
        let sql = match self {
            Self::Sqlite { .. } => {
                "SELECT s.name, c.name FROM sqlite_schema s, pragma_table_info(s.name) c \
                 WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY s.name, c.cid"
            }
            Self::Postgres { .. } => {
                "SELECT table_name, column_name FROM information_schema.columns \
                 WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
            }
        };
        let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in self.query(sql)? {
            columns
                .entry(row[0].clone())
                .or_default()
                .push(row[1].clone());
        }
        Ok(columns)
    }

    fn command(&self, sql: &str) -> Command {
        match self {
            Self::Sqlite { file, python } => {
                let mut command = process::foreign(python);
                command.args(["-c", PYTHON]).arg(active(file)).arg(sql);
                command
            }
            Self::Postgres { url } => psql(url, sql),
        }
    }
}

/// The file that `scorehold` uses: the one that the pointer beside it names, if there is one.
pub fn active(file: &Path) -> PathBuf {
    let pointer = file.with_added_extension("current");
    std::fs::read_to_string(pointer).map_or_else(
        |_| file.to_path_buf(),
        |name| file.with_file_name(name.trim_end()),
    )
}

/// What a person at a prompt would type.
pub fn psql(url: &str, sql: &str) -> Command {
    let mut command = process::foreign("psql");
    command.args([
        "--no-psqlrc",
        "--quiet",
        "--no-align",
        "--tuples-only",
        "--field-separator=\t",
    ]);
    command.args([
        "--set",
        "ON_ERROR_STOP=1",
        "--dbname",
        url,
        "--command",
        sql,
    ]);
    let seconds = limits::STATEMENT;
    let options = format!("-c statement_timeout={seconds}s -c lock_timeout=10s");
    command.env("PGOPTIONS", options);
    command.env("PGCONNECT_TIMEOUT", "10");
    command
}
