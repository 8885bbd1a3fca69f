//! What a database holds, in a few numbers: by them two copies of one moment are compared.

use std::fmt;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use sha2::{Digest, Sha256};

use super::identity::{self, Catalogue, Identity};
use super::{Conn, heads, intact, migrate, on};

/// What the tables of the first version are called: a copy from before a migration has these.
const FIRST: [&str; 8] = [
    "instance", "games", "players", "rounds", "links", "scores", "journal", "orders",
];

/// A database that was looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// Who it is.
    pub identity: Identity,
    /// What it holds.
    pub summary: Summary,
    /// The migrations of this program that it lacks.
    pub lacks: Vec<String>,
}

/// A database in a few numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Boards, those in the trash included.
    pub games: i64,
    /// Players.
    pub players: i64,
    /// Entries of the ledger.
    pub scores: i64,
    /// Rows of the journal.
    pub changes: i64,
    /// SHA-256 over the head of every board's chain: the same only when nothing is missing.
    pub heads: String,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            games,
            players,
            scores,
            changes,
            heads,
        } = self;
        let heads = heads.get(..12).unwrap_or(heads);
        write!(
            f,
            "{games} boards, {players} players, {scores} scores, {changes} rows of the journal, heads {heads}"
        )
    }
}

#[derive(QueryableByName)]
struct Counts {
    #[diesel(sql_type = BigInt)]
    games: i64,
    #[diesel(sql_type = BigInt)]
    players: i64,
    #[diesel(sql_type = BigInt)]
    scores: i64,
    #[diesel(sql_type = BigInt)]
    changes: i64,
    /// Entries of which the journal tells.
    #[diesel(sql_type = BigInt)]
    told: i64,
    /// Boards whose newest change is not the one that their chain ends with.
    #[diesel(sql_type = BigInt)]
    broken: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

const COUNTS: &str = "SELECT (SELECT count(*) FROM games) AS games, (SELECT count(*) FROM players) AS players, \
     (SELECT count(*) FROM scores) AS scores, (SELECT count(*) FROM journal) AS changes, \
     (SELECT count(*) FROM journal WHERE action = 'score.added') AS told, \
     (SELECT count(*) FROM games g WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.game_id = g.id \
     AND j.revision = g.revision AND j.hash = g.journal_head)) AS broken";
const QUICK_CHECK: &str = "SELECT quick_check AS line FROM pragma_quick_check LIMIT 5";

/// Reads a database in a few numbers.
///
/// # Errors
/// The engine's; or what is missing, in words.
pub fn read(conn: &mut Conn) -> QueryResult<Result<Summary, String>> {
    let counts: Counts = on!(conn, c => diesel::sql_query(COUNTS).get_result(c))?;
    let Counts {
        games,
        players,
        scores,
        changes,
        told,
        broken,
    } = counts;
    if told != scores {
        return Ok(Err(format!(
            "{scores} entries stand in the ledger, {told} in the journal"
        )));
    }
    if broken > 0 {
        return Ok(Err(format!(
            "the journals of {broken} boards do not end with their newest change"
        )));
    }
    let heads = digest_of_heads(conn)?;
    Ok(Ok(Summary {
        games,
        players,
        scores,
        changes,
        heads,
    }))
}

fn digest_of_heads(conn: &mut Conn) -> QueryResult<String> {
    let mut digest = Sha256::new();
    heads::each(conn, |head| {
        digest.update(head.id.to_be_bytes());
        digest.update(head.revision.to_be_bytes());
        digest.update(&head.journal_head);
        Ok(())
    })?;
    Ok(hex::encode(digest.finalize()))
}

/// Looks through the whole of a restored SQLite file.
///
/// # Errors
/// What was found, in words.
pub fn examine(conn: &mut Conn) -> Result<Examined, String> {
    let words = |error: diesel::result::Error| error.to_string();
    let lines: Vec<Line> = on!(conn, c => diesel::sql_query(QUICK_CHECK).load(c)).map_err(words)?;
    if let Some(wrong) = lines.iter().find(|line| line.line != "ok") {
        return Err(format!("SQLite finds: {}", wrong.line));
    }
    let identity = match identity::read(conn).map_err(words)? {
        Catalogue::Marked(identity) => identity,
        Catalogue::Empty | Catalogue::Unmarked => {
            return Err("it does not say who it is".to_owned());
        }
    };
    let lacks = migrate::lacks(conn).map_err(words)?;
    let whole = match lacks.is_empty() {
        true => intact::has_all_tables(conn),
        false => intact::has_tables(conn, FIRST.into_iter()),
    };
    whole.map_err(|fault| fault.why)?;
    let summary = read(conn).map_err(words)??;
    Ok(Examined {
        identity,
        summary,
        lacks,
    })
}
