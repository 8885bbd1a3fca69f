//! The rules of the house, read from the sources: who may import whom, where the libraries stay, and
//! that nothing in the released program can wipe a database. Every rule is shown to be able to fail.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test fails by panicking"
)]

#[path = "architecture/migrations.rs"]
mod migrations;
#[path = "architecture/rules.rs"]
mod rules;
#[path = "architecture/source.rs"]
mod source;

use rules::Rule;
use source::Source;

/// What a rule finds in the sources of the program.
fn findings(rule: Rule) -> Vec<String> {
    let sources = Source::all();
    assert!(
        sources.len() > 50,
        "only {} sources were found",
        sources.len()
    );
    sources.iter().flat_map(rule).collect()
}

/// Insists that a rule has nothing against the program, and something against a culprit.
#[track_caller]
fn holds(rule: Rule, culprits: &[(&str, &str)]) {
    for (path, text) in culprits {
        assert!(
            !rule(&Source::new(path, text)).is_empty(),
            "the rule overlooks {path}: {text}"
        );
    }
    let findings = findings(rule);
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

#[test]
fn imports_run_one_way() {
    holds(
        rules::imports,
        &[
            ("domain/score.rs", "use crate::db::Conn;"),
            (
                "domain/score.rs",
                "use crate::{error::Error, domain::id::GameId};",
            ),
            ("repos/scores.rs", "use crate::services::scores;"),
            ("db/mod.rs", "fn f() { crate::repos::alive() }"),
            ("services/scores.rs", "use crate::http::dto::score::Score;"),
            ("services/scores.rs", "use crate::{db::Tx, cli::demo};"),
            ("http/routes.rs", "use crate::cli::serve;"),
            ("services/scores.rs", "use super::super::http::dto;"),
        ],
    );
}

#[test]
fn the_web_stays_under_http() {
    holds(
        rules::web,
        &[
            ("services/scores.rs", "use actix_web::web;"),
            ("domain/game.rs", "#[derive(utoipa::ToSchema)]"),
        ],
    );
}

#[test]
fn diesel_stays_under_repos_and_db() {
    holds(
        rules::diesel,
        &[
            ("services/scores.rs", "use diesel::prelude::*;"),
            ("http/ops.rs", "diesel::sql_query(x)"),
        ],
    );
}

#[test]
fn the_domain_does_no_work_of_its_own() {
    let culprits = [
        "use tokio::sync::mpsc;",
        "pub async fn f() {}",
        "std::fs::read(path)",
        "use std::net::TcpStream;",
    ];
    holds(
        rules::pure_domain,
        &culprits.map(|text| ("domain/game.rs", text)),
    );
}

#[test]
fn nothing_global_can_hold_a_handle() {
    let culprits = [
        "static DB: Mutex<Option<Db>> = Mutex::new(None);",
        "pub(crate) static mut COUNT: u32 = 0;",
        "use std::sync::OnceLock;",
        "const CELL: OnceCell<Db> = OnceCell::new();",
        "LazyLock::new(|| 1)",
        "thread_local! { }",
        "lazy_static! { }",
        "Box::leak(db)",
    ];
    holds(rules::no_globals, &culprits.map(|text| ("state.rs", text)));
}

#[test]
fn unsafe_code_stays_in_one_file() {
    let culprits = [
        "unsafe { f() }",
        "#![allow(unsafe_code)]",
        "pub unsafe fn f() {}",
        "unsafe impl Send for Db {}",
    ];
    holds(
        rules::unsafe_code,
        &culprits.map(|text| ("db/connection.rs", text)),
    );
}

#[test]
fn only_the_configuration_reads_the_environment() {
    holds(
        rules::environment,
        &[
            ("state.rs", "std::env::var(\"X\")"),
            ("db/mod.rs", "use std::env;"),
            ("cli/mod.rs", "std::env::vars_os()"),
        ],
    );
}

#[test]
fn no_statement_wipes_anything() {
    let culprits = [
        "conn.batch_execute(\"DROP TABLE games\")",
        "conn.batch_execute(\"truncate games\")",
        "sql_query(\"DELETE FROM games\")",
        "sql_query(\"UPDATE games SET title = 'x'\")",
        "sql_query(\"DELETE FROM games WHERE 1 = 1\")",
        "diesel::delete(games::table).execute(conn)",
        "diesel::update(games::table).set(x).execute(conn)",
        "conn.revert_last_migration(MIGRATIONS)",
    ];
    let culprits = culprits.map(|text| ("repos/games.rs", text));
    let misplaced = ("db/guards/mod.rs", "\"DROP TRIGGER IF EXISTS {name}\"");
    holds(rules::no_wipes, &[&culprits[..], &[misplaced]].concat());
}

#[test]
fn migrations_tell_one_story_in_two_dialects() {
    let [sqlite, postgres] = ["sqlite", "postgres"].map(migrations::folders);
    assert!(sqlite.len() >= 4);
    assert_eq!(sqlite, postgres);
    for engine in ["sqlite", "postgres"] {
        for folder in migrations::folders(engine) {
            assert_eq!(
                migrations::files(engine, &folder),
                ["up.sql"],
                "{engine}/{folder}"
            );
        }
    }
}

#[test]
fn migrations_only_go_forward() {
    let culprits = [
        "DROP TABLE games;",
        "ALTER TABLE games DROP COLUMN title;",
        "TRUNCATE games;",
        "DELETE FROM games;",
        "delete from games where true;",
        "UPDATE games SET title = 'x';",
        "CREATE TABLE a (b BIGINT REFERENCES games (id) ON DELETE CASCADE);",
        "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN DELETE FROM games; END $$;",
    ];
    for culprit in culprits {
        assert!(
            !migrations::wipes(culprit).is_empty(),
            "{culprit} was overlooked"
        );
    }
    let guards = "CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON scores FOR EACH STATEMENT EXECUTE FUNCTION f(); -- DROP it\n\
                  CREATE TRIGGER facts BEFORE UPDATE OF value ON scores BEGIN SELECT RAISE(ABORT, 'no'); END;\n\
                  DELETE FROM spent_tickets WHERE expires_at < 5;";
    assert_eq!(migrations::wipes(guards), [] as [&str; 0]);
    for engine in ["sqlite", "postgres"] {
        for folder in migrations::folders(engine) {
            let found = migrations::wipes(&migrations::text(engine, &folder));
            assert!(found.is_empty(), "{engine}/{folder}: {found:?}");
        }
    }
}
