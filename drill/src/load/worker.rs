//! One client: one change after the other, each until its outcome is known.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use fastrand::Rng;
use serde_json::Value;

use super::board::text;
use super::client::{Answer, Client};
use super::plan::{self, Change, Own};
use super::{Board, Pulse, Work};
use crate::limits;
use crate::oracle::{Oracle, Outcome, Record};

const PAUSE: Duration = Duration::from_millis(50);

pub(super) struct Worker {
    boards: Vec<Board>,
    clients: Vec<Client>,
    rng: Rng,
    own: Vec<Own>,
    batches: Range<usize>,
    oracle: Oracle,
    pulse: Arc<Pulse>,
}

impl Worker {
    pub(super) fn new(work: &Work<'_>, number: u64, oracle: Oracle, pulse: Arc<Pulse>) -> Self {
        let client = |board: &Board| {
            let token = Some(board.token.clone());
            Client::with_patience(work.address, token, work.patience)
        };
        Self {
            boards: work.boards.to_vec(),
            clients: work.boards.iter().map(client).collect(),
            rng: Rng::with_seed(work.seed.wrapping_mul(1_000).wrapping_add(number)),
            own: Vec::new(),
            batches: work.batches.clone(),
            oracle,
            pulse,
        }
    }

    pub(super) fn work(mut self) -> Result<()> {
        while self.pulse.begin() {
            let change = plan::next(&mut self.rng, &self.boards, &mut self.own, &self.batches);
            let done = self.carry_out(&change);
            self.pulse.end(change.effects.len());
            done?;
        }
        Ok(())
    }

    /// Asks until the outcome is known: the same request, so that nothing counts twice.
    fn carry_out(&mut self, change: &Change) -> Result<()> {
        let path = format!(
            "/api/v1/games/{}{}",
            self.boards[change.board].slug, change.path
        );
        let begun = Instant::now();
        let mut in_doubt = false;
        while begun.elapsed() < limits::CHANGE && !self.pulse.is_stopped() {
            let answer = self.clients[change.board].send(change.method, &path, &change.body);
            let outcome = judge(answer.as_ref().ok(), in_doubt);
            if outcome != Outcome::Unknown || !in_doubt {
                self.write(change, outcome, answer.as_ref().ok())?;
            }
            self.pulse.note(outcome, reason(outcome, &answer));
            match (outcome, answer) {
                (Outcome::Acknowledged, Ok(answer)) => return self.remember(change, &answer.body),
                (Outcome::Refused, _) => break,
                _ => in_doubt = true,
            }
            std::thread::sleep(PAUSE);
        }
        self.forget(change);
        Ok(())
    }

    /// Nobody knows what stands there now: a further change of it would promise more than its answer does.
    fn forget(&mut self, change: &Change) {
        let is_of = |own: &Own| {
            change
                .effects
                .iter()
                .any(|of| of.client_id == own.client_id)
        };
        self.own.retain(|own| !is_of(own));
    }

    fn write(&mut self, change: &Change, outcome: Outcome, answer: Option<&Answer>) -> Result<()> {
        self.oracle.write(&Record {
            board: self.boards[change.board].slug.clone(),
            outcome,
            revision: answer.and_then(|answer| answer.body["revision"].as_i64()),
            effects: change.effects.clone(),
        })
    }

    /// Keeps the ids of new scores, in the order in which they were sent.
    fn remember(&mut self, change: &Change, body: &Value) -> Result<()> {
        if change.method != "POST" {
            return Ok(());
        }
        let single = [body.clone()];
        let items = ["data", "scores"]
            .iter()
            .find_map(|list| body[list].as_array());
        for (item, effect) in items
            .map_or(&single[..], Vec::as_slice)
            .iter()
            .zip(&change.effects)
        {
            let score = if item["score"].is_null() {
                item
            } else {
                &item["score"]
            };
            self.own.push(Own {
                board: change.board,
                id: text(&score["id"]).context("a new score without an id")?,
                client_id: effect.client_id,
                state: effect.state.clone(),
            });
        }
        Ok(())
    }
}

/// What was said instead of an acknowledgement.
fn reason(outcome: Outcome, answer: &Result<Answer>) -> Option<String> {
    match answer {
        _ if outcome == Outcome::Acknowledged => None,
        Ok(answer) => Some(format!("{} {}", answer.status, answer.code())),
        Err(error) => Some(error.to_string()),
    }
}

/// What an answer promises. That a score is voided already promises as much as the answer that got lost.
fn judge(answer: Option<&Answer>, in_doubt: bool) -> Outcome {
    match answer {
        Some(answer) if (200..300).contains(&answer.status) => Outcome::Acknowledged,
        Some(answer) if in_doubt && answer.code() == "voided" => Outcome::Acknowledged,
        Some(answer)
            if (400..500).contains(&answer.status) && ![408, 429].contains(&answer.status) =>
        {
            Outcome::Refused
        }
        _ => Outcome::Unknown,
    }
}
