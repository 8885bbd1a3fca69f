//! The boards that the clients write to.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::client::Client;

/// One board and its people.
#[derive(Debug, Clone)]
pub struct Board {
    pub id: String,
    pub slug: String,
    /// The key that owns it.
    pub token: String,
    /// The ids of its players.
    pub players: Vec<String>,
    /// How its scores fold.
    pub fold: Fold,
}

/// How scores make a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    Sum,
    Highest,
    Lowest,
}

const PLAYERS: usize = 40;
const KINDS: [(Fold, &str, &str); 4] = [
    (Fold::Sum, "sum", "high"),
    (Fold::Highest, "best", "high"),
    (Fold::Sum, "sum", "low"),
    (Fold::Lowest, "best", "low"),
];

/// Makes so many boards.
pub fn make(address: &str, name: &str, count: usize) -> Result<Vec<Board>> {
    let kinds = KINDS.iter().cycle().take(count).enumerate();
    kinds
        .map(|(number, kind)| one(address, &format!("{name} {number}"), *kind))
        .collect()
}

type Kind = (Fold, &'static str, &'static str);

fn one(address: &str, title: &str, (fold, rule, direction): Kind) -> Result<Board> {
    let settings = json!({"title": title, "rule": rule, "direction": direction});
    let game = Client::new(address, None)
        .post("/api/v1/games", &settings)?
        .expect(201)?;
    let (slug, token) = (text(&game["slug"])?, text(&game["own_token"])?);
    let names: Vec<Value> = (1..=PLAYERS)
        .map(|number| json!({"name": format!("Player {number}")}))
        .collect();
    let players = Client::new(address, Some(token.clone()))
        .post(
            &format!("/api/v1/games/{slug}/players"),
            &json!({"players": names}),
        )?
        .expect(201)?;
    let players = players["data"].as_array().context("no players")?;
    Ok(Board {
        players: players
            .iter()
            .map(|player| text(&player["id"]))
            .collect::<Result<_>>()?,
        fold,
        id: text(&game["id"])?,
        slug,
        token,
    })
}

/// A text of an answer.
pub fn text(value: &Value) -> Result<String> {
    Ok(value
        .as_str()
        .with_context(|| format!("{value} is no text"))?
        .to_owned())
}

/// Fills the tables that scores do not: accounts, sessions, links, orders, kept answers.
pub fn furnish(address: &str, boards: &[Board]) -> Result<()> {
    for (number, board) in boards.iter().enumerate() {
        let owner = Client::new(address, Some(board.token.clone()));
        let (link, order) = (
            json!({"role": "score", "name": format!("Tablet {number}")}),
            json!({"product": "free", "game_id": board.id}),
        );
        owner
            .post(&format!("/api/v1/games/{}/links", board.slug), &link)?
            .expect(201)?;
        let key = uuid::Uuid::new_v4().to_string();
        owner
            .send_keyed("POST", "/api/v1/orders", &order, Some(&key))?
            .expect(201)?;
        let person = json!({
            "email": format!("person{number}@example.org"), "display_name": "Ana",
            "password": "correct horse battery", "delivery": "body",
        });
        Client::new(address, None)
            .post("/api/v1/auth/register", &person)?
            .expect(201)?;
    }
    Ok(())
}
