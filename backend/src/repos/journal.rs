//! Queries about the journal: rows are added and read, nothing else.

use std::collections::HashMap;
use std::mem::take;
use std::sync::Arc;

use diesel::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::scores::{self, Ledger};
use super::{Page, corrupt, scale};
use crate::db::schema::journal;
use crate::db::{Conn, MultiBackend, on};
use crate::domain::actor::{Actor, USER};
use crate::domain::decimal::Decimal;
use crate::domain::event::{JournalRow, Moved};
use crate::domain::id::{GameId, PlayerId, ScoreId};
use crate::domain::score::{Facts, Score};
use crate::domain::time::Timestamp;

/// The action whose `after` is composed from the ledger.
pub const SCORE_ADDED: &str = "score.added";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = journal, treat_none_as_default_value = false)]
pub(super) struct Row {
    game_id: i64,
    revision: i64,
    item: i64,
    at: i64,
    actor_role: String,
    actor_id: Option<i64>,
    action: String,
    entity: i64,
    before: Option<String>,
    after: Option<String>,
    player_id: Option<i64>,
    total_after: Option<i64>,
    scale_after: Option<i32>,
    rank_after: Option<i64>,
    digest: Vec<u8>,
    hash: Vec<u8>,
}

impl Row {
    fn new(entry: &JournalRow, head: &[u8]) -> Self {
        let digest = digest_of(&entry.before, &entry.after);
        let stored = |value: &Option<serde_json::Value>| value.as_ref().map(ToString::to_string);
        let total = entry.moved.and_then(|moved| moved.total);
        Self {
            game_id: entry.game.0,
            revision: entry.revision,
            item: entry.item,
            at: entry.at.millis(),
            actor_role: entry.actor.role.clone(),
            actor_id: entry.actor.id,
            action: entry.action.to_string(),
            entity: entry.entity,
            before: stored(&entry.before),
            after: if *entry.action == *SCORE_ADDED {
                None
            } else {
                stored(&entry.after)
            },
            player_id: entry.moved.map(|moved| moved.id.0),
            total_after: total.map(Decimal::units),
            scale_after: total.map(|total| i32::from(total.scale())),
            rank_after: entry.moved.and_then(|moved| moved.rank),
            hash: chained(head, entry, &digest),
            digest,
        }
    }

    fn into_link(mut self, ledger: &Ledger) -> QueryResult<Link> {
        let (digest, hash) = (take(&mut self.digest), take(&mut self.hash));
        let entry = self.into_entry()?;
        let payload = match *entry.action == *SCORE_ADDED {
            true => digest_of(&entry.before, &facts_of(&entry, ledger)),
            false => digest_of(&entry.before, &entry.after),
        };
        Ok(Link {
            is_itself: payload == digest,
            entry,
            digest,
            hash,
        })
    }

    pub(super) fn into_entry(self) -> QueryResult<JournalRow> {
        let parsed = |text: Option<String>| {
            text.map(|text| serde_json::from_str(&text))
                .transpose()
                .map_err(|_| corrupt("a journal row that is no JSON"))
        };
        let total = match (self.total_after, self.scale_after) {
            (Some(units), Some(stored)) => Some(Decimal::new(units, scale(stored)?)),
            _ => None,
        };
        Ok(JournalRow {
            game: GameId(self.game_id),
            revision: self.revision,
            item: self.item,
            at: Timestamp::from_millis(self.at),
            actor: Actor {
                role: self.actor_role,
                id: self.actor_id,
            },
            action: Arc::from(self.action),
            entity: self.entity,
            before: parsed(self.before)?,
            after: parsed(self.after)?,
            moved: self.player_id.map(|id| Moved {
                id: PlayerId(id),
                total,
                rank: self.rank_after,
            }),
        })
    }
}

/// SHA-256 of what was before and after: it stays when a person's name must be overwritten.
fn digest_of(before: &impl Serialize, after: &impl Serialize) -> Vec<u8> {
    Sha256::digest(text(&(before, after))).to_vec()
}

/// What a new score was, by the ledger.
pub fn facts_of(entry: &JournalRow, ledger: &Ledger) -> Option<Facts> {
    ledger.get(&ScoreId(entry.entity)).map(Score::facts)
}

/// As JSON without a space. Every object has its keys sorted, so that the text is canonical.
fn text(value: &impl Serialize) -> String {
    // Nothing that is hashed fails to be written.
    serde_json::to_string(value).unwrap_or_default()
}

/// The hash of a row: over the hash before it, what the row says, and the digest of its payload.
fn chained(head: &[u8], entry: &JournalRow, digest: &[u8]) -> Vec<u8> {
    let row = text(&(
        entry.game,
        entry.revision,
        entry.item,
        entry.at,
        &entry.actor.role,
        entry.actor.id,
        &*entry.action,
        entry.entity,
        entry.moved,
    ));
    let mut hash = Sha256::new();
    hash.update(head);
    hash.update(row);
    hash.update(digest);
    hash.finalize().to_vec()
}

/// Rows of one statement: databases bound the number of parameters.
const ROWS: usize = 500;

/// Adds the rows of one change and returns the new head of the board's chain.
pub fn append(conn: &mut Conn, entries: &[JournalRow], head: &[u8]) -> QueryResult<Vec<u8>> {
    let mut head = head.to_vec();
    for chunk in entries.chunks(ROWS) {
        let mut rows = Vec::with_capacity(chunk.len());
        for entry in chunk {
            let row = Row::new(entry, &head);
            head.clone_from(&row.hash);
            rows.push(row);
        }
        match rows.as_slice() {
            // The common case is one row, and that statement is prepared once.
            [row] => diesel::insert_into(journal::table)
                .values(row)
                .execute(conn)?,
            _ => on!(conn, c => diesel::insert_into(journal::table).values(&rows).execute(c))?,
        };
    }
    Ok(head)
}

/// When anything was changed last, on any board.
///
/// # Errors
/// The engine's.
pub fn newest(conn: &mut Conn) -> QueryResult<Option<Timestamp>> {
    let newest: Option<i64> = journal::table
        .select(diesel::dsl::max(journal::at))
        .first(conn)?;
    Ok(newest.map(Timestamp::from_millis))
}

/// Rows of up to `limit` revisions after `revision`, oldest first. A revision is never cut.
pub fn after(
    conn: &mut Conn,
    game: GameId,
    revision: i64,
    limit: i64,
) -> QueryResult<Vec<JournalRow>> {
    let rows: Vec<Row> = journal::table
        .filter(journal::game_id.eq(game.0))
        .filter(journal::revision.gt(revision))
        .filter(journal::revision.le(revision.saturating_add(limit)))
        .order((journal::revision, journal::item))
        .load(conn)?;
    rows.into_iter().map(Row::into_entry).collect()
}

/// What a part of the journal is asked for.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// What this link or account did; `true` for an account.
    pub actor: Option<(i64, bool)>,
    /// What was done to this player, or moved the total.
    pub player: Option<PlayerId>,
    /// From this revision on.
    pub since: Option<i64>,
    /// Up to this revision.
    pub until: Option<i64>,
    /// Before this (revision, item).
    pub before: Option<(i64, i64)>,
    /// Rows at most.
    pub limit: i64,
}

/// A part of the journal, the newest first; what new scores were is composed from the ledger.
pub fn list(conn: &mut Conn, game: GameId, listing: &Listing) -> QueryResult<Page<JournalRow>> {
    let mut query = journal::table
        .filter(journal::game_id.eq(game.0))
        .into_boxed::<MultiBackend>();
    if let Some((actor, account)) = listing.actor {
        query = query.filter(journal::actor_id.eq(actor));
        query = match account {
            true => query.filter(journal::actor_role.eq(USER)),
            false => query.filter(journal::actor_role.ne(USER)),
        };
    }
    if let Some(player) = listing.player {
        let about = journal::entity.eq(player.0);
        query = query.filter(about.or(journal::player_id.eq(player.0)));
    }
    if let Some(since) = listing.since {
        query = query.filter(journal::revision.ge(since));
    }
    if let Some(until) = listing.until {
        query = query.filter(journal::revision.le(until));
    }
    if let Some((revision, item)) = listing.before {
        // As in `chain`, which reads the other way.
        query = query
            .filter(journal::revision.le(revision))
            .filter(journal::revision.ne(revision).or(journal::item.lt(item)));
    }
    let rows: Vec<Row> = query
        .order((journal::revision.desc(), journal::item.desc()))
        .limit(listing.limit + 1)
        .load(conn)?;
    let entries: QueryResult<Vec<JournalRow>> = rows.into_iter().map(Row::into_entry).collect();
    let mut page = Page::cut(entries?, listing.limit);
    compose(conn, game, &mut page.rows)?;
    Ok(page)
}

/// A row as it stands, and the hashes that stand with it.
#[derive(Debug, Clone)]
pub struct Link {
    /// The row; of a new score without its facts.
    pub entry: JournalRow,
    /// Its hash.
    pub hash: Vec<u8>,
    /// Whether the payload is the one that was hashed.
    pub is_itself: bool,
    digest: Vec<u8>,
}

/// Rows beyond a (revision, item), the oldest first, with their hashes; what new scores were is looked up
/// in these entries of the ledger.
pub fn chain(
    conn: &mut Conn,
    game: GameId,
    (revision, item): (i64, i64),
    limit: i64,
    ledger: &Ledger,
) -> QueryResult<Vec<Link>> {
    let beyond = journal::table
        .filter(journal::game_id.eq(game.0))
        // Of what follows no engine sees by itself where to begin.
        .filter(journal::revision.ge(revision))
        .filter(journal::revision.ne(revision).or(journal::item.gt(item)))
        .order((journal::revision, journal::item))
        .limit(limit);
    // Read from the engine itself, as a ledger is.
    let rows: Vec<Row> = on!(conn, c => beyond.load(c))?;
    rows.into_iter().map(|row| row.into_link(ledger)).collect()
}

impl Link {
    /// Whether it follows the row with that hash.
    pub fn follows(&self, head: &[u8]) -> bool {
        chained(head, &self.entry, &self.digest) == self.hash
    }
}

fn compose(conn: &mut Conn, game: GameId, entries: &mut [JournalRow]) -> QueryResult<()> {
    let added: Vec<i64> = entries
        .iter()
        .filter(|entry| *entry.action == *SCORE_ADDED)
        .map(|entry| entry.entity)
        .collect();
    if added.is_empty() {
        return Ok(());
    }
    let facts: HashMap<i64, serde_json::Value> = scores::by_ids(conn, game, &added)?
        .into_iter()
        .map(|score| (score.id.0, serde_json::json!(score.facts())))
        .collect();
    for entry in entries
        .iter_mut()
        .filter(|entry| *entry.action == *SCORE_ADDED)
    {
        entry.after = facts.get(&entry.entity).cloned();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::score::{Amendable, Op};
    use crate::domain::tally::Reached;

    /// Chains that stand in databases were hashed over these very words.
    #[test]
    fn a_row_is_hashed_in_the_words_of_a_json_array() {
        let total = Some(Decimal::new(1250, 2));
        let moved = Moved {
            id: PlayerId(7),
            total,
            rank: None,
        };
        let entry = JournalRow {
            game: GameId(1),
            revision: 2,
            item: 0,
            at: Timestamp::from_millis(1_000),
            actor: Actor {
                role: "own".to_owned(),
                id: None,
            },
            action: Arc::from("player.updated"),
            entity: 7,
            before: Some(serde_json::json!({"name": "\"Ána\"", "colour": null})),
            after: None,
            moved: Some(moved),
        };
        let payload = serde_json::json!([entry.before, entry.after]);
        let row = serde_json::json!([
            entry.game,
            2,
            0,
            entry.at,
            "own",
            null,
            "player.updated",
            7,
            moved
        ]);
        let expected = Sha256::digest(payload.to_string()).to_vec();
        assert_eq!(digest_of(&entry.before, &entry.after), expected);
        let text = [b"head", row.to_string().as_bytes(), &expected].concat();
        assert_eq!(
            chained(b"head", &entry, &expected),
            Sha256::digest(text).to_vec()
        );
    }

    /// What is written straight from its fields has them where a JSON map has them.
    #[test]
    fn facts_are_written_in_the_order_of_their_names() {
        let amount = Decimal::new(1250, 2);
        let score = Score {
            id: ScoreId(1),
            player: PlayerId(7),
            round: None,
            op: Op::Add,
            written: (amount, Some(amount)),
            now: Amendable {
                value: amount,
                tiebreak: None,
                note: None,
                occurred_at: None,
            },
            client_id: Some(uuid::Uuid::nil()),
            actor: Actor {
                role: "own".to_owned(),
                id: None,
            },
            recorded: Reached {
                at: Timestamp::from_millis(0),
                revision: 1,
                item: 0,
            },
            amended_at: None,
            voided_at: None,
        };
        let facts = score.facts();
        assert_eq!(text(&facts), serde_json::json!(facts).to_string());
    }
}
