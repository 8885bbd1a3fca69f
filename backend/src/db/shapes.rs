//! The tables of ours as the catalogue of the database describes them.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::tables::{Class, TABLES};
use super::{Conn, on};

/// A table that is there, with its class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Its name.
    pub table: String,
    /// What may be done with its rows.
    pub class: Class,
    /// Its columns, in their order.
    pub columns: Vec<String>,
    /// The first column of its primary key: what one change is about.
    pub key: String,
    /// The column that names the board its rows belong to.
    pub board: Option<String>,
}

impl Shape {
    /// The columns that may never change.
    pub fn facts(&self) -> Vec<&str> {
        let facts = self.columns.iter().map(String::as_str);
        facts
            .filter(|column| !self.class.lets_move(column))
            .collect()
    }
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Bool)]
    leads: bool,
}

const POSTGRES: &str = "
    SELECT c.relname::text AS table_name, a.attname::text AS column_name,
           coalesce(i.indkey[0] = a.attnum, false) AS leads
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    ORDER BY c.relname, a.attnum";
const SQLITE: &str = "
    SELECT t.name AS table_name, c.name AS column_name, c.pk = 1 AS leads
    FROM sqlite_schema t JOIN pragma_table_info(t.name) c
    WHERE t.type = 'table' ORDER BY t.name, c.cid";

/// Every table of ours that is there, in the order of the list.
///
/// # Errors
/// The engine's.
pub fn shapes(conn: &mut Conn) -> QueryResult<Vec<Shape>> {
    let sql = match conn {
        Conn::Postgres(_) => POSTGRES,
        Conn::Sqlite(_) => SQLITE,
    };
    let columns: Vec<Column> = on!(conn, c => diesel::sql_query(sql).load(c))?;
    let shape = |(table, class): &(&str, Class)| {
        let own = columns.iter().filter(|column| column.table_name == *table);
        let key = own.clone().find(|column| column.leads)?.column_name.clone();
        Some(Shape {
            table: (*table).to_owned(),
            class: *class,
            columns: own.map(|column| column.column_name.clone()).collect(),
            board: board(table, &key),
            key,
        })
    };
    Ok(TABLES.iter().filter_map(shape).collect())
}

/// Every table below a board has the board first in its primary key.
fn board(table: &str, key: &str) -> Option<String> {
    (table == "games" || key == "game_id").then(|| key.to_owned())
}
