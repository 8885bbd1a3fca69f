//! Random histories: whatever was done, undone and gone back from, every moment is shown as it was
//! seen, and the journal, read from its beginning, is the board as it stands.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use scorehold::domain::game::GameRef;
use scorehold::services::history::verify;
use serde_json::{Value, json};

use crate::support::{Answer, Board, TestApp, both_engines, id_of};

/// What a hand may do. Numbers choose among what is there.
#[derive(Debug, Clone)]
enum Step {
    Add(usize, i64, Option<usize>),
    Set(usize, i64),
    Amend(usize, i64),
    /// DELETE, or POST …/restore.
    Shelve(&'static str, usize, bool),
    Rename(usize, &'static str),
    Key(usize, &'static str),
    Join,
    Settle(Value),
    /// Undo the change that is so many revisions back.
    Undo(i64),
    /// Go back so many revisions.
    Rewind(i64),
}

fn any_step() -> impl Strategy<Value = Step> {
    let (one, value) = (|| 0..8usize, || -9..=9i64);
    let settings = select(vec![
        json!({"direction": "low"}),
        json!({"direction": "high", "ties": "ordinal"}),
        json!({"rule": "best"}),
        json!({"rule": "sum", "title": "Saturday"}),
        json!({"rule": "average"}),
        json!({"ties": "dense", "tie_break": "latest"}),
    ]);
    prop_oneof![
        8 => (one(), value(), prop::option::weighted(0.3, one())).prop_map(|(p, v, r)| Step::Add(p, v, r)),
        3 => (one(), value()).prop_map(|(p, v)| Step::Set(p, v)),
        3 => (one(), value()).prop_map(|(s, v)| Step::Amend(s, v)),
        4 => (select(vec!["scores", "players", "rounds"]), one(), any::<bool>())
            .prop_map(|(kind, n, back)| Step::Shelve(kind, n, back)),
        2 => (one(), select(vec!["Ana", "Ben", "Cleo"])).prop_map(|(p, name)| Step::Rename(p, name)),
        2 => (one(), select(vec!["a", "b"])).prop_map(|(p, key)| Step::Key(p, key)),
        1 => Just(Step::Join),
        2 => settings.prop_map(Step::Settle),
        4 => (0..6i64).prop_map(Step::Undo),
        3 => (0..12i64).prop_map(Step::Rewind),
    ]
}

/// A board under the hands of a random history.
struct Hands {
    board: Board,
    players: Vec<String>,
    rounds: Vec<String>,
    scores: Vec<String>,
    /// What was shown after each revision, the first at 1.
    shown: Vec<Vec<Value>>,
}

impl Hands {
    fn new(app: &TestApp) -> Self {
        let board = app.any_board();
        let mut hands = Self {
            board,
            players: Vec::new(),
            rounds: Vec::new(),
            scores: Vec::new(),
            shown: Vec::new(),
        };
        hands.look();
        for name in ["P0", "P1", "P2"] {
            hands.players.push(hands.board.player(name));
            hands.look();
        }
        for _ in 0..2 {
            hands.rounds.push(hands.board.round("A round"));
            hands.look();
        }
        hands
    }

    fn rows(&self, at: Option<usize>) -> Vec<Value> {
        let at = at.map_or(String::new(), |at| format!("?at={at}"));
        let answer = self.board.get(&format!("/standings{at}")).expect(200);
        answer.rows().clone()
    }

    /// Writes down what is shown, if the board has moved.
    fn look(&mut self) {
        let revision = usize::try_from(self.board.revision()).unwrap();
        if revision > self.shown.len() {
            self.shown.push(self.rows(None));
        }
        assert_eq!(self.shown.len(), revision, "one request, one revision");
    }

    fn take(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let before = self.board.revision();
        let answer = self.ask(step);
        prop_assert!(answer.status < 500, "{step:?}: {}", answer.text);
        if answer.status == 201 {
            match step {
                Step::Add(..) | Step::Set(..) => self.scores.push(id_of(&answer["score"])),
                Step::Join => self.players.push(id_of(&answer.json)),
                _ => {}
            }
        }
        self.look();
        match (step, answer.status) {
            (Step::Rewind(_), 201) => {
                let to = usize::try_from(answer["restored"].as_i64().unwrap()).unwrap();
                prop_assert_eq!(self.last(), essence(&self.shown[to - 1]));
            }
            (Step::Undo(0), 201) if before > 1 => {
                let there = usize::try_from(before).unwrap() - 2;
                prop_assert_eq!(self.last(), essence(&self.shown[there]));
            }
            _ => {}
        }
        Ok(())
    }

    fn last(&self) -> Vec<Value> {
        essence(self.shown.last().unwrap())
    }

    fn ask(&self, step: &Step) -> Answer {
        let of =
            |all: &[String], n: usize| all.get(n % all.len().max(1)).cloned().unwrap_or_default();
        let board = &self.board;
        match step {
            Step::Add(player, value, round) => {
                let round = round.map(|round| of(&self.rounds, round));
                let player = of(&self.players, *player);
                board.submit(json!({"player_id": player, "value": value, "round_id": round}))
            }
            Step::Set(player, value) => {
                let player = of(&self.players, *player);
                board.submit(json!({"player_id": player, "value": value, "op": "set"}))
            }
            Step::Amend(score, value) => {
                let path = format!("/scores/{}", of(&self.scores, *score));
                board.patch(&path, json!({"value": value, "note": format!("{value}")}))
            }
            Step::Shelve(kind, which, back) => {
                let all = match *kind {
                    "scores" => &self.scores,
                    "players" => &self.players,
                    _ => &self.rounds,
                };
                let path = format!("/{kind}/{}", of(all, *which));
                match back {
                    true => board.post(&format!("{path}/restore"), json!({})),
                    false => board.delete(&path),
                }
            }
            Step::Rename(player, name) => {
                let path = format!("/players/{}", of(&self.players, *player));
                board.patch(&path, json!({"name": name}))
            }
            Step::Key(player, key) => {
                let path = format!("/players/{}", of(&self.players, *player));
                board.patch(&path, json!({"external_id": key}))
            }
            Step::Join => board.post("/players", json!({"name": "Newcomer", "external_id": "a"})),
            Step::Settle(settings) => board.patch("", settings),
            Step::Undo(back) => {
                let revision = (board.revision() - back).max(1);
                board.post(&format!("/journal/{revision}/undo"), json!({}))
            }
            Step::Rewind(back) => {
                let to = (board.revision() - back).max(1);
                board.post("/rewind", json!({"to_revision": to}))
            }
        }
    }
}

/// What goes back: everything that is shown but the number of edits.
fn essence(rows: &[Value]) -> Vec<Value> {
    let mut rows = rows.to_vec();
    for row in &mut rows {
        row["player"]["version"] = Value::Null;
    }
    rows
}

fn every_moment_is_shown_as_it_was_seen(app: &TestApp) {
    let config = Config {
        cases: 12,
        failure_persistence: None,
        max_shrink_iters: 100,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&vec(any_step(), 30), |steps| {
        let mut hands = Hands::new(app);
        for step in &steps {
            hands.take(step)?;
        }
        for (at, shown) in hands.shown.iter().enumerate() {
            prop_assert_eq!(&hands.rows(Some(at + 1)), shown, "revision {}", at + 1);
        }
        let game = GameRef::Slug(hands.board.slug.clone());
        let soundness = app.look(move |conn| verify(conn, &game));
        prop_assert_eq!(soundness.findings, vec![]);
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

both_engines!(every_moment_is_shown_as_it_was_seen);
