//! A board under construction: what tests arrange with.

use serde::Serialize;
use serde_json::{Value, json};

use super::{Answer, Client};

/// A board and its owner.
pub struct Board {
    /// Holds the board's own token.
    pub owner: Client,
    /// As its creation answered it, the token included.
    pub game: Value,
    pub id: String,
    pub slug: String,
    pub token: String,
}

impl Board {
    /// Makes a board without an account.
    #[track_caller]
    pub fn create(anonymous: &Client, settings: Value) -> Self {
        let game = anonymous.post("/games", settings).expect(201).json;
        let text = |member: &str| game[member].as_str().unwrap().to_owned();
        let token = text("own_token");
        Self {
            owner: anonymous.bearer(&token),
            id: text("id"),
            slug: text("slug"),
            token,
            game,
        }
    }

    /// A path below this board: `board.path("/players")`.
    pub fn path(&self, rest: &str) -> String {
        format!("/games/{}{rest}", self.id)
    }

    /// The same by the board's public address.
    pub fn public_path(&self, rest: &str) -> String {
        format!("/games/{}{rest}", self.slug)
    }

    /// Adds one player and answers the id.
    #[track_caller]
    pub fn player(&self, name: &str) -> String {
        id_of(
            &self
                .owner
                .post(&self.path("/players"), json!({"name": name}))
                .expect(201)
                .json,
        )
    }

    /// Adds players as one change and answers their ids.
    #[track_caller]
    pub fn players<const N: usize>(&self, names: [&str; N]) -> [String; N] {
        let players: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
        let added = self
            .owner
            .post(&self.path("/players"), json!({"players": players}))
            .expect(201);
        let ids: Vec<String> = added.rows().iter().map(id_of).collect();
        ids.try_into().unwrap()
    }

    /// Adds one round and answers the id.
    #[track_caller]
    pub fn round(&self, label: &str) -> String {
        id_of(
            &self
                .owner
                .post(&self.path("/rounds"), json!({"label": label}))
                .expect(201)
                .json,
        )
    }

    /// Hands in a score as the owner, whatever comes back.
    #[track_caller]
    pub fn submit(&self, score: Value) -> Answer {
        self.owner.post(&self.path("/scores"), score)
    }

    /// Adds to a player's total.
    #[track_caller]
    pub fn add(&self, player: &str, value: impl Serialize) -> Answer {
        self.submit(json!({"player_id": player, "value": value}))
            .expect(201)
    }

    /// Adds to a player's total and answers the id of the entry.
    #[track_caller]
    pub fn entry(&self, player: &str, value: impl Serialize) -> String {
        id_of(&self.add(player, value)["score"])
    }

    /// Sets a player's total.
    #[track_caller]
    pub fn set(&self, player: &str, value: impl Serialize) -> Answer {
        self.submit(json!({"player_id": player, "value": value, "op": "set"}))
            .expect(201)
    }

    /// Adds a value with its second value.
    #[track_caller]
    pub fn add_pair(
        &self,
        player: &str,
        value: impl Serialize,
        tiebreak: impl Serialize,
    ) -> Answer {
        self.submit(json!({"player_id": player, "value": value, "tiebreak": tiebreak}))
            .expect(201)
    }

    /// The board as its owner reads it now.
    #[track_caller]
    pub fn read(&self) -> Answer {
        self.owner.get(&self.path("")).expect(200)
    }

    #[track_caller]
    pub fn revision(&self) -> i64 {
        self.read()["revision"].as_i64().unwrap()
    }

    #[track_caller]
    pub fn standings(&self) -> Answer {
        self.owner.get(&self.path("/standings")).expect(200)
    }

    /// The standings as `[rank, name, total]`.
    #[track_caller]
    pub fn table(&self) -> Value {
        let standings = self.standings();
        standings
            .rows()
            .iter()
            .map(|row| json!([row["rank"], row["player"]["name"], row["total"]]))
            .collect()
    }

    /// The standings as `[rank, name]`.
    #[track_caller]
    pub fn ranks(&self) -> Value {
        self.standings()
            .rows()
            .iter()
            .map(|row| json!([row["rank"], row["player"]["name"]]))
            .collect()
    }

    #[track_caller]
    pub fn total(&self, player: &str) -> Value {
        self.owner
            .get(&self.path(&format!("/players/{player}")))
            .expect(200)["total"]
            .clone()
    }

    /// The journal, newest first or oldest first as the server lists it.
    #[track_caller]
    pub fn journal(&self) -> Vec<Value> {
        self.owner
            .get(&self.path("/journal?limit=100"))
            .expect(200)
            .rows()
            .clone()
    }
}

/// The id of a thing.
#[track_caller]
pub fn id_of(thing: &Value) -> String {
    thing["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {thing}"))
        .to_owned()
}
