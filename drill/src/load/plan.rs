//! What a client does next: chosen by the seed, so that a drill can be repeated.

use std::ops::Range;

use fastrand::Rng;
use serde_json::{Value, json};
use uuid::Uuid;

use super::board::{Board, Fold};
use crate::oracle::{Effect, State};

/// A score of the client's own that still counts.
#[derive(Debug, Clone)]
pub struct Own {
    /// Its board, by number.
    pub board: usize,
    /// Its id on the server.
    pub id: String,
    /// The client's own id.
    pub client_id: Uuid,
    /// What counts of it.
    pub state: State,
}

/// One request, and what it does.
#[derive(Debug, Clone)]
pub struct Change {
    pub board: usize,
    pub method: &'static str,
    /// Below the board's own path.
    pub path: String,
    pub body: Value,
    pub effects: Vec<Effect>,
}

/// Chooses the next change.
pub fn next(rng: &mut Rng, boards: &[Board], own: &mut Vec<Own>, batches: &Range<usize>) -> Change {
    match rng.u8(0..100) {
        0..10 => move_own(rng, own, false),
        10..15 => move_own(rng, own, true),
        15..22 => {
            let count = rng.usize(batches.clone());
            Some(several(
                rng,
                boards,
                count,
                "/scores/batch",
                |items| json!({"items": items}),
            ))
        }
        22..25 => {
            let label = format!("Round {}", rng.u32(..));
            let body = |items| json!({"label": label, "scores": items});
            Some(several(rng, boards, 10, "/rounds", body))
        }
        _ => None,
    }
    .unwrap_or_else(|| single(rng, boards))
}

fn single(rng: &mut Rng, boards: &[Board]) -> Change {
    let board = rng.usize(..boards.len());
    let (body, effect) = entry(rng, &boards[board]);
    let path = "/scores".to_owned();
    Change {
        board,
        method: "POST",
        path,
        body,
        effects: vec![effect],
    }
}

fn several(
    rng: &mut Rng,
    boards: &[Board],
    count: usize,
    path: &str,
    body: impl Fn(Vec<Value>) -> Value,
) -> Change {
    let board = rng.usize(..boards.len());
    let (items, effects) = (0..count).map(|_| entry(rng, &boards[board])).unzip();
    Change {
        board,
        method: "POST",
        path: path.to_owned(),
        body: body(items),
        effects,
    }
}

/// A new score.
fn entry(rng: &mut Rng, board: &Board) -> (Value, Effect) {
    let client_id = uuid::Builder::from_random_bytes(rng.u128(..).to_be_bytes()).into_uuid();
    let state = State {
        player: board.players[rng.usize(..board.players.len())].clone(),
        op: if board.fold == Fold::Sum && rng.u8(..8) == 0 {
            "set"
        } else {
            "add"
        }
        .to_owned(),
        value: rng.i64(-20..100),
        voided: false,
    };
    let body = json!({
        "player_id": state.player, "value": state.value, "op": state.op, "client_id": client_id,
    });
    (body, Effect { client_id, state })
}

/// Amends a score of the client's own, or takes it back; then it is not touched again.
fn move_own(rng: &mut Rng, own: &mut Vec<Own>, voids: bool) -> Option<Change> {
    if own.is_empty() {
        return None;
    }
    let place = rng.usize(..own.len());
    let score = &mut own[place];
    let (method, body) = if voids {
        score.state.voided = true;
        ("DELETE", Value::Null)
    } else {
        score.state.value += rng.i64(1..10);
        ("PATCH", json!({"value": score.state.value}))
    };
    let Own {
        board,
        id,
        client_id,
        state,
    } = score.clone();
    if voids {
        own.swap_remove(place);
    }
    let effects = vec![Effect { client_id, state }];
    Some(Change {
        board,
        method,
        path: format!("/scores/{id}"),
        body,
        effects,
    })
}
