//! Every row of every table by its hash, so that one that is gone, new or different shows. The boards
//! that the clients are writing to are left out here: for them the oracle speaks.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;

use crate::provision::Database;

/// How often each row, by table and hash, is there.
pub struct Rows(HashMap<(String, String), usize>);

/// Processes come and go here by themselves, and it says nothing about anybody's scores.
const LEASES: &str = "nodes";
/// What the archiver keeps in the file for itself.
const ARCHIVERS: &str = "_litestream";

/// Reads all rows but those of boards that are written to.
pub fn read(database: &Database, busy: &[String]) -> Result<Rows> {
    let tables = columns(database)?
        .into_iter()
        .filter(|(table, _)| table != LEASES && !table.starts_with(ARCHIVERS));
    let selects = tables.map(|(table, columns)| {
        let board = match table.as_str() {
            "games" => Some("id"),
            _ => columns
                .iter()
                .any(|column| column == "game_id")
                .then_some("game_id"),
        };
        let rows = match (board, busy) {
            (None, _) | (_, []) => String::new(),
            (Some(board), _) => format!(
                " WHERE {board} IS NULL OR {board} NOT IN ({})",
                busy.join(", ")
            ),
        };
        let columns = columns.join(", ");
        let hash = match database {
            Database::Sqlite { .. } => format!("md5({columns})"),
            Database::Postgres { .. } => format!("md5(ROW({columns})::text)"),
        };
        format!("SELECT '{table}', {hash} FROM {table}{rows}")
    });
    let sql = selects.collect::<Vec<_>>().join(" UNION ALL ");
    let mut rows = HashMap::new();
    if !sql.is_empty() {
        for row in database.query(&sql)? {
            *rows.entry((row[0].clone(), row[1].clone())).or_insert(0) += 1;
        }
    }
    Ok(Rows(rows))
}

/// The tables and their columns.
fn columns(database: &Database) -> Result<BTreeMap<String, Vec<String>>> {
    let sql = match database {
        Database::Sqlite { .. } => {
            "SELECT s.name, c.name FROM sqlite_schema s, pragma_table_info(s.name) c \
             WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY s.name, c.cid"
        }
        Database::Postgres { .. } => {
            "SELECT table_name, column_name FROM information_schema.columns \
             WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
        }
    };
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in database.query(sql)? {
        columns
            .entry(row[0].clone())
            .or_default()
            .push(row[1].clone());
    }
    Ok(columns)
}

impl Rows {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.values().sum()
    }

    /// How many rows of each table are not there afterwards as they were.
    pub fn gone(&self, after: &Self) -> BTreeMap<String, usize> {
        let mut by_table: BTreeMap<String, usize> = BTreeMap::new();
        for (row, count) in &self.0 {
            let more = count.saturating_sub(after.0.get(row).copied().unwrap_or(0));
            if more > 0 {
                *by_table.entry(row.0.clone()).or_default() += more;
            }
        }
        by_table
    }

    /// How many rows of each table are gone, new or different afterwards.
    pub fn changed(&self, after: &Self) -> BTreeMap<String, usize> {
        // A row that is different is gone as it was, and new as it is.
        let mut changed = self.gone(after);
        for (table, new) in after.gone(self) {
            let gone = changed.entry(table).or_default();
            *gone = new.max(*gone);
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(hashes: &[&str]) -> Rows {
        let mut rows = HashMap::new();
        for hash in hashes {
            *rows
                .entry(("scores".to_owned(), (*hash).to_owned()))
                .or_insert(0) += 1;
        }
        Rows(rows)
    }

    #[test]
    fn what_is_gone_new_or_different_is_counted_once() {
        let before = rows(&["a", "b", "b"]);
        let count = |after: &[&str]| {
            before
                .changed(&rows(after))
                .get("scores")
                .copied()
                .unwrap_or(0)
        };
        assert_eq!(count(&["b", "a", "b"]), 0);
        assert_eq!(count(&["a", "b"]), 1);
        assert_eq!(count(&["a", "b", "c"]), 1);
        assert_eq!(count(&["a", "b", "b", "c"]), 1);
        assert_eq!(count(&[]), 3);
    }
}
