//! A board under construction: what tests arrange with.

use std::ops::Deref;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Answer, Client};

/// A board. It is asked like a client, as its owner and by paths below its own address:
/// `board.get("/standings")`.
#[derive(Clone)]
pub struct Board {
    /// Its owner, for paths of the whole API.
    pub owner: Client,
    pub id: String,
    pub slug: String,
    pub token: String,
    here: Client,
}

impl Deref for Board {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.here
    }
}

impl Board {
    /// Makes a board without an account.
    #[track_caller]
    pub fn create(anonymous: &Client, settings: Value) -> Self {
        let game = anonymous.post("/games", settings).expect(201);
        let token = game["own_token"].as_str().unwrap();
        Self::of(&anonymous.bearer(token), &game, token)
    }

    /// A board as its owner sees it, who comes with that token.
    #[track_caller]
    pub fn of(owner: &Client, game: &Answer, token: &str) -> Self {
        let text = |member: &str| game[member].as_str().unwrap().to_owned();
        let id = text("id");
        Self {
            owner: owner.clone(),
            here: owner.under(&format!("/games/{id}")),
            slug: text("slug"),
            token: token.to_owned(),
            id,
        }
    }

    /// The address of something on this board, for others than its owner.
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
        let added = self.post("/players", json!({"name": name}));
        id_of(&added.expect(201).json)
    }

    /// Adds players as one change and answers their ids.
    #[track_caller]
    pub fn players<const N: usize>(&self, names: [&str; N]) -> [String; N] {
        let players = names.map(|name| json!({"name": name})).to_vec();
        let added = self.post("/players", json!({"players": players}));
        let ids: Vec<String> = added.expect(201).rows().iter().map(id_of).collect();
        ids.try_into().unwrap()
    }

    /// Adds one round and answers the id.
    #[track_caller]
    pub fn round(&self, label: &str) -> String {
        let added = self.post("/rounds", json!({"label": label}));
        id_of(&added.expect(201).json)
    }

    /// Hands in a score, whatever comes back.
    #[track_caller]
    pub fn submit(&self, score: Value) -> Answer {
        self.post("/scores", score)
    }

    /// Adds to a player's total.
    #[track_caller]
    pub fn add(&self, player: &str, value: impl Serialize) -> Answer {
        let score = json!({"player_id": player, "value": value});
        self.submit(score).expect(201)
    }

    /// Adds to a player's total and answers the id of the entry.
    #[track_caller]
    pub fn entry(&self, player: &str, value: impl Serialize) -> String {
        id_of(&self.add(player, value)["score"])
    }

    /// Sets a player's total.
    #[track_caller]
    pub fn set(&self, player: &str, value: impl Serialize) -> Answer {
        let score = json!({"player_id": player, "value": value, "op": "set"});
        self.submit(score).expect(201)
    }

    /// Adds a value with its second value.
    #[track_caller]
    pub fn add_pair(&self, player: &str, value: i64, tiebreak: i64) -> Answer {
        let score = json!({"player_id": player, "value": value, "tiebreak": tiebreak});
        self.submit(score).expect(201)
    }

    /// The board as it is now.
    #[track_caller]
    pub fn read(&self) -> Answer {
        self.get("").expect(200)
    }

    #[track_caller]
    pub fn revision(&self) -> i64 {
        self.read()["revision"].as_i64().unwrap()
    }

    #[track_caller]
    pub fn standings(&self) -> Answer {
        self.get("/standings").expect(200)
    }

    /// The standings as `[rank, name, total]`.
    #[track_caller]
    pub fn table(&self) -> Value {
        let row = |row: &Value| json!([row["rank"], row["player"]["name"], row["total"]]);
        self.standings().rows().iter().map(row).collect()
    }

    /// The standings as `[rank, name]`.
    #[track_caller]
    pub fn ranks(&self) -> Value {
        let row = |row: &Value| json!([row["rank"], row["player"]["name"]]);
        self.standings().rows().iter().map(row).collect()
    }

    #[track_caller]
    pub fn total(&self, player: &str) -> Value {
        let player = self.get(&format!("/players/{player}")).expect(200);
        player["total"].clone()
    }

    /// The newest hundred rows of the journal.
    #[track_caller]
    pub fn journal(&self) -> Vec<Value> {
        self.get("/journal?limit=100").expect(200).rows().clone()
    }
}

/// The id of a thing.
#[track_caller]
pub fn id_of(thing: &Value) -> String {
    let id = thing["id"].as_str();
    id.unwrap_or_else(|| panic!("no id in {thing}")).to_owned()
}
