//! Every row of every table, as text.

use std::collections::BTreeMap;

use scorehold::db::tables::TABLES;

use crate::support::{Database, Engine};

/// What a database holds.
pub struct Rows(BTreeMap<&'static str, Vec<String>>);

impl Rows {
    pub fn of(database: &Database) -> Self {
        let read = |table: &'static str| {
            let row = row(database, table);
            let sql = format!("SELECT {row} AS text FROM {table} AS t ORDER BY 1");
            (table, database.texts(&sql))
        };
        let rows = Self(TABLES.iter().map(|(table, _)| read(table)).collect());
        for table in [
            "games", "players", "rounds", "scores", "journal", "orders", "users",
        ] {
            assert!(
                !rows.0[table].is_empty(),
                "{table} is empty: nothing is shown"
            );
        }
        rows
    }

    /// How many there are in a table.
    pub fn count(&self, table: &str) -> usize {
        self.0[table].len()
    }

    /// The same, but for one table.
    pub fn without(mut self, table: &str) -> Self {
        self.0.remove(table);
        self
    }

    pub fn same(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    /// The tables that differ.
    pub fn difference(&self, other: &Self) -> String {
        let differ = self
            .0
            .iter()
            .filter(|(table, rows)| other.0.get(*table) != Some(rows));
        let told = differ.map(|(table, rows)| {
            let now = other.0.get(table).map_or(0, Vec::len);
            format!("{table} had {} rows and has {now}", rows.len())
        });
        told.collect::<Vec<_>>().join("; ")
    }
}

/// What makes one text of a row.
fn row(database: &Database, table: &str) -> String {
    match database.engine {
        Engine::Postgres => "t::text".to_owned(),
        Engine::Sqlite => {
            let columns = format!("SELECT name AS text FROM pragma_table_info('{table}')");
            let columns = database.texts(&columns);
            let quoted = columns.iter().map(|name| format!("quote(\"{name}\")"));
            quoted.collect::<Vec<_>>().join("||'|'||")
        }
    }
}
