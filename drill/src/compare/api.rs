//! What stands on the boards, as everybody sees it: through the API.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context, Result};
use serde_json::Value;
use uuid::Uuid;

use super::Found;
use crate::load::Board;
use crate::load::board::text;
use crate::load::client::Client;
use crate::oracle::State;

/// Reads these boards.
pub fn read(address: &str, boards: &[Board]) -> Result<HashMap<String, Found>> {
    boards
        .iter()
        .map(|board| Ok((board.slug.clone(), one(address, board)?)))
        .collect()
}

fn one(address: &str, board: &Board) -> Result<Found> {
    let client = Client::new(address, Some(board.token.clone()));
    let path = |rest: &str| format!("/api/v1/games/{}/{rest}", board.slug);
    let mut scores = Vec::new();
    for voided in [false, true] {
        let list = path(&format!(
            "scores?limit=100&sort=recorded_at&voided={voided}"
        ));
        for score in pages(&client, &list)? {
            let id = Uuid::parse_str(&text(&score["client_id"])?)?;
            scores.push((number(&score["revision"])?, id, state(&score, voided)?));
        }
    }
    // Those that count came in the order in which they are folded; the voided ones do not count.
    scores.sort_by_key(|(revision, ..)| *revision);
    let standings = client.get(&path("standings?limit=1000"))?.expect(200)?;
    let mut totals = std::collections::BTreeMap::new();
    for row in standings["data"].as_array().context("no standings")? {
        let total = (!row["total"].is_null())
            .then(|| number(&row["total"]))
            .transpose()?;
        totals.insert(text(&row["player"]["id"])?, total);
    }
    let journal = pages(&client, &path("journal?limit=100"))?;
    let journal: BTreeSet<i64> = journal
        .iter()
        .map(|row| number(&row["revision"]))
        .collect::<Result<_>>()?;
    Ok(Found {
        scores: scores
            .into_iter()
            .map(|(_, id, state)| (id, state))
            .collect(),
        totals,
        revision: number(&standings["revision"])?,
        journal: journal.into_iter().collect(),
    })
}

fn state(score: &Value, voided: bool) -> Result<State> {
    Ok(State {
        player: text(&score["player_id"])?,
        op: text(&score["op"])?,
        value: number(&score["value"])?,
        voided,
    })
}

fn number(value: &Value) -> Result<i64> {
    value
        .as_i64()
        .with_context(|| format!("{value} is no number"))
}

/// A whole list, page by page.
fn pages(client: &Client, list: &str) -> Result<Vec<Value>> {
    let (mut rows, mut next) = (Vec::new(), list.to_owned());
    loop {
        let page = client.get(&next)?.expect(200)?;
        rows.extend(page["data"].as_array().context("no list")?.iter().cloned());
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("{list}&cursor={cursor}"),
            None => return Ok(rows),
        }
    }
}
