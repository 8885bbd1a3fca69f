//! Every row of every table by its hash, so that one that is gone, new or different shows. The boards
//! that the clients are writing to are left out here: for them the oracle speaks.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use anyhow::Result;

use crate::provision::Database;

/// How often each row, by table and hash, is there.
pub struct Rows(HashMap<(String, String), usize>);

/// Processes come and go here by themselves, and it says nothing about anybody's scores.
const LEASES: &str = "nodes";
/// What the archiver keeps in the file for itself.
const ARCHIVERS: &str = "_litestream";

/// Of these tables the bulk is so large that its rows are counted, board by board. What they say is in the heads
/// of the boards, which are compared like everything else, and `scorehold verify` looks whether it is.
const COUNTED: [&str; 2] = ["scores", "journal"];

/// Boards of which not every row is compared.
#[derive(Debug, Default, Clone)]
pub struct Apart {
    /// Those that clients are writing to.
    pub busy: Vec<String>,
    /// Those that were copied, by their numbers.
    pub bulk: Option<RangeInclusive<i64>>,
}

/// Reads all rows but those of boards that are written to.
pub fn read(database: &Database, apart: &Apart) -> Result<Rows> {
    let tables = database
        .columns()?
        .into_iter()
        .filter(|(table, _)| table != LEASES && !table.starts_with(ARCHIVERS));
    let mut selects = Vec::new();
    for (table, columns) in tables {
        let board = board(&table, &columns);
        let counted = apart.counted(&table);
        let columns = columns.join(", ");
        let hash = match database {
            Database::Sqlite { .. } => format!("md5({columns})"),
            Database::Postgres { .. } => format!("md5(ROW({columns})::text)"),
        };
        let rows = apart.compared(board, counted.as_deref());
        selects.push(format!("SELECT '{table}', {hash} FROM {table}{rows}"));
        selects.extend(counted.map(|bulk| {
            format!(
                "SELECT '{table}', 'board ' || game_id || ': ' || count(*) FROM {table} WHERE {bulk} GROUP BY game_id"
            )
        }));
    }
    let sql = selects.join(" UNION ALL ");
    let mut rows = HashMap::new();
    if !sql.is_empty() {
        for row in database.query(&sql)? {
            *rows.entry((row[0].clone(), row[1].clone())).or_insert(0) += 1;
        }
    }
    Ok(Rows(rows))
}

/// The column that says whose a row is.
fn board(table: &str, columns: &[String]) -> Option<&'static str> {
    match table {
        "games" => Some("id"),
        _ => columns
            .iter()
            .any(|column| column == "game_id")
            .then_some("game_id"),
    }
}

impl Apart {
    /// Which rows of a table are counted.
    fn counted(&self, table: &str) -> Option<String> {
        let bulk = self.bulk.as_ref().filter(|_| COUNTED.contains(&table))?;
        Some(format!(
            "game_id BETWEEN {} AND {}",
            bulk.start(),
            bulk.end()
        ))
    }

    /// Which are compared.
    fn compared(&self, board: Option<&str>, counted: Option<&str>) -> String {
        let mut conditions = Vec::new();
        if let (Some(board), [_, ..]) = (board, self.busy.as_slice()) {
            let busy = self.busy.join(", ");
            conditions.push(format!("({board} IS NULL OR {board} NOT IN ({busy}))"));
        }
        conditions.extend(counted.map(|bulk| format!("NOT ({bulk})")));
        match conditions.as_slice() {
            [] => String::new(),
            some => format!(" WHERE {}", some.join(" AND ")),
        }
    }
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
