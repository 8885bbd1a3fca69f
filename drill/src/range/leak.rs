//! V13: a link leaks, somebody overwrites the board through it, and the owner takes that back in the app.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Range, SETTLED};
use crate::load::board::text;
use crate::load::client::Client;
use crate::load::{Board, PATIENT};
use crate::oracle::{Effect, Oracle, Outcome, Record, State};
use crate::report::{Ending, Entry};

impl Range {
    /// On a board that others go on writing to. Its other changes stay, and so does every other board.
    pub(super) fn leak(&mut self, entry: &mut Entry) -> Result<()> {
        entry.ending = Ending::Undone;
        self.scratch.aim()?;
        let board = &self.boards[SETTLED];
        let thief = Thief::with_link(&self.scratch.address(), board)?;
        let before = thief.names()?;
        let overwritten = thief.overwrite()?;
        entry.shots = overwritten.len() + thief.rename(&before)?;
        let mut oracle = Oracle::new(&self.oracles, "thief")?;
        oracle.write(&record(board, &overwritten, false))?;
        let asked = Instant::now();
        let undone = thief
            .owner
            .post(&thief.path("/journal/undo"), &json!({"actor": thief.link}))?;
        entry.was_back_after(asked.elapsed());
        let undone = undone.expect(201)?;
        oracle.write(&record(board, &overwritten, true))?;
        let undid = undone["undid"].as_array().map_or(0, Vec::len);
        if undid != entry.shots || undone["left"] != json!([]) {
            let left = &undone["left"];
            entry.remarks.push(format!(
                "{undid} of {} changes taken back, left: {left}",
                entry.shots
            ));
        }
        if thief.names()? != before {
            entry
                .remarks
                .push("players are not called what they were".to_owned());
        }
        Ok(())
    }
}

/// Whoever found the link, and the owner who made it.
struct Thief<'a> {
    board: &'a Board,
    owner: Client,
    client: Client,
    /// The id of the link.
    link: String,
}

impl<'a> Thief<'a> {
    fn with_link(address: &str, board: &'a Board) -> Result<Self> {
        let client = |token: &str| Client::with_patience(address, Some(token.to_owned()), PATIENT);
        let owner = client(&board.token);
        let link = json!({"role": "score", "name": "A tablet that was left somewhere"});
        let link = owner
            .post(&format!("/api/v1/games/{}/links", board.slug), &link)?
            .expect(201)?;
        Ok(Self {
            board,
            owner,
            client: client(&text(&link["token"])?),
            link: text(&link["id"])?,
        })
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/v1/games/{}{rest}", self.board.slug)
    }

    /// The players' names by their ids.
    fn names(&self) -> Result<BTreeMap<String, Value>> {
        let standings = self
            .owner
            .get(&self.path("/standings?limit=1000"))?
            .expect(200)?;
        let rows = standings["data"].as_array().context("no standings")?;
        rows.iter()
            .map(|row| Ok((text(&row["player"]["id"])?, row["player"]["name"].clone())))
            .collect()
    }

    /// Every total of the board.
    fn overwrite(&self) -> Result<Vec<Effect>> {
        let overwritten = self.board.players.iter().map(|player| {
            let state = State {
                player: player.clone(),
                op: "set".to_owned(),
                value: -1_000_000,
                voided: false,
            };
            let client_id = Uuid::new_v4();
            let score = json!({
                "player_id": player, "value": state.value, "op": state.op, "client_id": client_id,
            });
            self.client
                .post(&self.path("/scores"), &score)?
                .expect(201)?;
            Ok(Effect { client_id, state })
        });
        overwritten.collect()
    }

    /// A few players; answers how many.
    fn rename(&self, names: &BTreeMap<String, Value>) -> Result<usize> {
        const SOME: usize = 5;
        for player in names.keys().take(SOME) {
            let path = self.path(&format!("/players/{player}"));
            let renamed = self
                .client
                .send("PATCH", &path, &json!({"name": "Loser"}))?;
            renamed.expect(200)?;
        }
        ensure!(names.len() > SOME, "a board of {} players", names.len());
        Ok(SOME)
    }
}

/// What was promised to the thief, or to the owner who takes it back.
fn record(board: &Board, overwritten: &[Effect], voided: bool) -> Record {
    let effects = overwritten.iter().cloned().map(|mut effect| {
        effect.state.voided = voided;
        effect
    });
    Record {
        board: board.slug.clone(),
        outcome: Outcome::Acknowledged,
        revision: None,
        effects: effects.collect(),
    }
}
