//! Random ledgers, folded and ranked by the server on both engines and by a naive reference.
//!
//! The reference knows players, rounds and entries by number. What it asks of a board names them
//! `<P1>`, `<R0>`, `<E7>`; each board puts its own ids in their place.

mod reference;
mod steps;

use proptest::collection::vec;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value, json};

use crate::support::{Board, Engine, TestApp, id_of};
use reference::{Reference, Request};
use steps::{PLAYERS, ROUNDS, Settings, any_rule, any_step};

/// The board of one engine.
struct Live {
    board: Board,
    /// What stands for what: `<P1>` for an id.
    names: Vec<(String, String)>,
    entries: usize,
}

impl Live {
    fn new(app: &TestApp, settings: Settings, rule: &str) -> Self {
        let mut body = settings.json();
        body["title"] = json!("Random");
        body["rule"] = json!(rule);
        body["decimals"] = json!(1);
        let board = app.board(body);
        let players: Vec<Value> = (0..PLAYERS)
            .map(|n| json!({"name": format!("P{n}")}))
            .collect();
        let players = board
            .post("/players", json!({"players": players}))
            .expect(201);
        let mut names: Vec<_> = players
            .rows()
            .iter()
            .zip(0..)
            .map(|(row, n)| (format!("<P{n}>"), id_of(row)))
            .collect();
        names.extend((0..ROUNDS).map(|n| (format!("<R{n}>"), board.round("A round"))));
        Self {
            board,
            names,
            entries: 0,
        }
    }

    fn own(&self, text: &str) -> String {
        self.names
            .iter()
            .fold(text.to_owned(), |text, (name, id)| text.replace(name, id))
    }

    /// Does what the reference asks, and insists on the answer that it foresees.
    fn take(&mut self, request: &Request) {
        let path = self.own(&self.board.path(&request.path));
        let body = request
            .body
            .as_ref()
            .map_or_else(String::new, |body| self.own(&body.to_string()));
        let client = self.board.owner.with("Content-Type", "application/json");
        let answer = client
            .send(request.method, &path, body)
            .expect(request.status);
        let made = match &answer["data"] {
            Value::Array(items) => items.iter().map(|item| &item["score"]).collect(),
            _ => vec![&answer["score"]],
        };
        if answer.status == 201 {
            for score in made {
                self.names
                    .push((format!("<E{}>", self.entries), id_of(score)));
                self.names.push((
                    format!("<T{}>", self.entries),
                    score["recorded_at"].as_str().unwrap().to_owned(),
                ));
                self.entries += 1;
            }
        }
    }

    /// The standings as `[rank, name, total, tiebreak, entries, reached_at]`.
    fn rows(&self) -> Vec<Value> {
        let row = |row: &Value| {
            json!([
                row["rank"],
                row["player"]["name"],
                row["total"],
                row["tiebreak"],
                row["entries"],
                row["reached_at"]
            ])
        };
        self.board.standings().rows().iter().map(row).collect()
    }

    /// Compares with the reference; only `ordinal` says in which order equals stand.
    fn agrees(&self, reference: &Reference) -> Result<Vec<Value>, TestCaseError> {
        let mut expected: Vec<Value> = reference
            .rows()
            .iter()
            .map(|row| serde_json::from_str(&self.own(&row.to_string())).unwrap())
            .collect();
        let rows = self.rows();
        let mut found = rows.clone();
        if !reference.settings.counts_tiebreak() {
            found.iter_mut().for_each(|row| row[3] = Value::Null);
        }
        if !reference.settings.orders_equals() {
            let key = |row: &Value| (row[0].as_i64().unwrap_or(i64::MAX), row[1].to_string());
            expected.sort_by_key(key);
            found.sort_by_key(key);
        }
        proptest::prop_assert_eq!(found, expected);
        proptest::prop_assert_eq!(self.board.revision(), reference.revision);
        Ok(rows
            .into_iter()
            .map(|row| json!([row[0], row[1], row[2], row[3], row[4]]))
            .collect())
    }
}

mod random_ledgers_fold_and_rank_as_the_contract_says {
    use super::*;

    #[test]
    fn sqlite_and_postgres() {
        let apps = [Engine::Sqlite, Engine::Postgres].map(TestApp::start);
        let config = Config {
            cases: 24,
            failure_persistence: None,
            max_shrink_iters: 300,
            ..Config::default()
        };
        let ledgers = (
            any_rule(),
            Settings::any(),
            proptest::bool::ANY,
            vec(any_step(), 40),
        );
        let outcome = TestRunner::new(config).run(&ledgers, |(rule, settings, paired, steps)| {
            let mut boards = [&apps[0], &apps[1]].map(|app| Live::new(app, settings, rule));
            let mut reference = Reference::new(rule, settings, paired);
            for step in steps {
                let Some(request) = reference.take(step) else {
                    continue;
                };
                boards.iter_mut().for_each(|board| board.take(&request));
                let [sqlite, postgres] =
                    [boards[0].agrees(&reference)?, boards[1].agrees(&reference)?];
                proptest::prop_assert_eq!(sqlite, postgres, "the engines differ");
            }
            Ok(())
        });
        outcome.unwrap_or_else(|failure| panic!("{failure}"));
    }
}
