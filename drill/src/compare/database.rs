//! What stands on the boards, read from the database past the application.

use std::collections::HashMap;

use anyhow::{Context, Result};
use uuid::Uuid;

use super::Found;
use crate::load::Board;
use crate::oracle::State;
use crate::provision::Database;

/// Reads these boards.
pub fn read(database: &Database, boards: &[Board]) -> Result<HashMap<String, Found>> {
    let mut found: HashMap<String, Found> = HashMap::new();
    let slugs = slugs(boards);
    let revisions = format!("SELECT slug, revision FROM games WHERE slug IN ({slugs})");
    for row in database.query(&revisions)? {
        found.entry(row[0].clone()).or_default().revision = row[1].parse()?;
    }
    let client_id = match database {
        Database::Sqlite { .. } => "lower(hex(s.client_id))",
        Database::Postgres { .. } => "encode(s.client_id, 'hex')",
    };
    let scores = format!(
        "SELECT g.slug, {client_id}, s.player_id, s.op, coalesce(s.value_now, s.value), \
         CASE WHEN s.voided_at IS NULL THEN 0 ELSE 1 END \
         FROM scores s JOIN games g ON g.id = s.game_id WHERE g.slug IN ({slugs}) ORDER BY s.game_id, s.revision, s.item"
    );
    for row in database.query(&scores)? {
        let state = State {
            player: public_id(&row[2])?,
            op: row[3].clone(),
            value: row[4].parse()?,
            voided: row[5] == "1",
        };
        found
            .entry(row[0].clone())
            .or_default()
            .scores
            .push((Uuid::parse_str(&row[1])?, state));
    }
    let totals = format!(
        "SELECT g.slug, p.id, p.total FROM players p JOIN games g ON g.id = p.game_id WHERE g.slug IN ({slugs})"
    );
    for row in database.query(&totals)? {
        let total = (!row[2].is_empty()).then(|| row[2].parse()).transpose()?;
        found
            .entry(row[0].clone())
            .or_default()
            .totals
            .insert(public_id(&row[1])?, total);
    }
    let journal = format!(
        "SELECT DISTINCT g.slug, j.revision FROM journal j JOIN games g ON g.id = j.game_id \
         WHERE g.slug IN ({slugs}) ORDER BY g.slug, j.revision"
    );
    for row in database.query(&journal)? {
        found
            .entry(row[0].clone())
            .or_default()
            .journal
            .push(row[1].parse()?);
    }
    Ok(found)
}

/// The addresses of boards, as a statement takes them.
pub fn slugs(boards: &[Board]) -> String {
    let quoted = boards.iter().map(|board| format!("'{}'", board.slug));
    quoted.collect::<Vec<_>>().join(", ")
}

/// A player's id as the API writes it: 13 digits of 5 bits.
fn public_id(number: &str) -> Result<String> {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let number: u64 = number
        .parse()
        .with_context(|| format!("{number} is no id"))?;
    let digits = (0..13)
        .rev()
        .map(|place| DIGITS[(number >> (5 * place)) as usize & 31] as char);
    Ok(format!("plr_{}", digits.collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_written_as_the_api_writes_them() {
        assert_eq!(public_id("0").unwrap(), "plr_0000000000000");
        assert_eq!(public_id("32").unwrap(), "plr_0000000000010");
        assert_eq!(
            public_id(&i64::MAX.to_string()).unwrap(),
            "plr_7ZZZZZZZZZZZZ"
        );
    }
}
