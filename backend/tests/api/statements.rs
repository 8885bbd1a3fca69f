//! No statement that the server sends can wipe anything: each one of the whole suite is looked at, on
//! both engines, while the suite runs. One that the database refused changed nothing.

use std::io::Write;

use crate::support::statements::{Statement, seen};
use crate::support::{TestApp, both_engines};

/// Ends the whole run, since no test could be trusted to notice: a statement may come from a task in
/// the background of any of them.
pub fn judge(statement: &Statement) {
    match fault(&statement.sql) {
        Some(fault) if !statement.refused => {
            // Not `eprintln!`, which the test runner would keep to itself.
            let _ = writeln!(std::io::stderr(), "{fault}: {}", statement.sql);
            std::process::abort();
        }
        _ => {}
    }
}

/// With what a statement begins that changes the schema or empties a table.
const NEVER: [&str; 9] = [
    "DROP", "TRUNCATE", "ALTER", "CREATE", "ATTACH", "DETACH", "VACUUM", "REINDEX", "REPLACE",
];

/// What decides which rows a statement is about. A board's rows lie together under its id.
const KEYS: [&str; 5] = ["ID", "GAME_ID", "ORDER_ID", "NUMBER", "SCOPE"];

/// What is wrong with a text of SQL.
fn fault(sql: &str) -> Option<&'static str> {
    let sql = sql
        .replace(['`', '"'], "")
        .replace(['(', ')'], " ")
        .to_uppercase();
    let words: Vec<&str> = sql.split_whitespace().collect();
    let mut statements = words.split(|word| word.ends_with(';'));
    if statements.any(|words| words.first().is_some_and(|word| NEVER.contains(word))) {
        return Some("a statement that the server must never send");
    }
    let unkeyed = (0..words.len()).any(|at| match words[at..] {
        ["DELETE", "FROM", ..] | ["UPDATE", _, "SET", ..] => !is_keyed(&words[at..]),
        _ => false,
    });
    unkeyed.then_some("a statement whose rows no key names")
}

/// Whether the first thing asked of a row is its key.
fn is_keyed(statement: &[&str]) -> bool {
    let mut condition = statement
        .iter()
        .skip_while(|word| **word != "WHERE")
        .skip(1);
    let column = condition.next().and_then(|name| name.rsplit('.').next());
    let compared = condition.next();
    column.is_some_and(|column| KEYS.contains(&column)) && matches!(compared, Some(&("=" | "IN")))
}

#[test]
fn a_statement_that_could_wipe_is_found() {
    let sound = [
        "UPDATE `games` SET `title` = ? WHERE (`games`.`id` = ?)",
        "UPDATE \"scores\" SET \"note\" = $1 WHERE ((\"scores\".\"game_id\" = $2) AND (\"scores\".\"id\" = $3))",
        "UPDATE scores SET voided_at = $1 WHERE game_id = $2 AND revision > $3",
        "DELETE FROM `mails` WHERE (`mails`.`id` IN (?, ?))",
        "INSERT INTO x (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET y = 1",
        "SELECT * FROM games WHERE id = $1 FOR UPDATE",
    ];
    for sql in sound {
        assert_eq!(fault(sql), None, "{sql}");
    }
    let culprits = [
        "DROP TABLE games",
        "SELECT 1; truncate games",
        "ALTER TABLE games ADD COLUMN x INTEGER",
        "CREATE TABLE x (id INTEGER)",
        "REPLACE INTO games VALUES (1)",
        "DELETE FROM `mails`",
        "DELETE FROM \"scores\" WHERE (\"scores\".\"voided_at\" < $1)",
        "UPDATE `games` SET `title` = ?",
        "UPDATE games SET title = 'x' WHERE 1 = 1",
        "UPDATE games SET title = 'x' WHERE id > 0",
        "UPDATE `games` SET `title` = ? WHERE (`games`.`trashed_at` = ?)",
        "WITH x AS (DELETE FROM scores RETURNING id) SELECT * FROM x",
    ];
    for sql in culprits {
        assert!(fault(sql).is_some(), "{sql}");
    }
}

fn what_is_sent_is_seen(app: &TestApp) {
    let board = app.any_board();
    let player = board.player("Ana");
    board.add(&player, 3);
    let quote = if app.is_sqlite() { '`' } else { '"' };
    for table in ["games", "players", "scores", "journal"] {
        let insert = format!("INSERT INTO {quote}{table}{quote}");
        let found = seen()
            .iter()
            .any(|statement| statement.sql.starts_with(&insert));
        assert!(found, "nothing of {insert} was seen");
    }
}

both_engines!(what_is_sent_is_seen);
