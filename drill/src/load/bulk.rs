//! More boards than clients could fill in time: copies of those that they have filled, each with a journal
//! of its own, chained by the server's own code. Nothing is disarmed for that: rows are only added, as the
//! server's own role adds them.

use std::ops::RangeInclusive;
use std::thread;

use anyhow::{Context, Result, anyhow};
use diesel::connection::SimpleConnection;
use scorehold::config::DatabaseUrl;
use scorehold::db::{Conn, Connector, Role};
use scorehold::domain::event::JournalRow;
use scorehold::domain::id::GameId;
use scorehold::repos::journal::{self, Link, SCORE_ADDED};
use scorehold::repos::scores;
use serde_json::json;

use crate::provision::Database;

/// What of a board is copied as it is; its journal is written anew.
const TABLES: [&str; 3] = ["players", "rounds", "scores"];

/// A board that is copied.
struct Pattern {
    number: i64,
    scores: usize,
    journal: Vec<JournalRow>,
}

/// How each table is copied: up to the number of the new board, and from the number of the old one on.
struct Copying {
    games: String,
    tables: Vec<String>,
}

/// Adds copies of these boards until there are so many scores, and answers how they are numbered.
pub fn add(
    database: &Database,
    url: &str,
    boards: &[String],
    scores: usize,
) -> Result<RangeInclusive<i64>> {
    let patterns = patterns(database, url, boards)?;
    let copying = Copying::of(database)?;
    let newest: i64 = database.value("SELECT max(id) FROM games")?.parse()?;
    let mut left = scores.saturating_sub(patterns.iter().map(|pattern| pattern.scores).sum());
    let mut jobs = Vec::new();
    for (number, pattern) in (newest + 1..).zip(patterns.iter().cycle()) {
        jobs.push((number, pattern));
        left = left.saturating_sub(pattern.scores);
        if left == 0 {
            break;
        }
    }
    let numbers = newest + 1..=newest + i64::try_from(jobs.len())?;
    // Only one connection may write to a file.
    let hands = match database {
        Database::Sqlite { .. } => 1,
        Database::Postgres { .. } => 2,
    };
    let copying = &copying;
    thread::scope(|scope| {
        let share = |jobs| scope.spawn(move || copying.run(url, jobs));
        let shares: Vec<_> = jobs.chunks(jobs.len().div_ceil(hands)).map(share).collect();
        shares.into_iter().try_for_each(|share| {
            share
                .join()
                .map_err(|_| anyhow!("a copier of boards panicked"))?
        })
    })?;
    Ok(numbers)
}

fn patterns(database: &Database, url: &str, boards: &[String]) -> Result<Vec<Pattern>> {
    let mut conn = open(url)?;
    let one = |number: &String| {
        let count = format!("SELECT count(*) FROM scores WHERE game_id = {number}");
        let scores = database.value(&count)?.parse()?;
        let number = number.parse()?;
        let ledger = scores::ledger(&mut conn, GameId(number))?;
        let links = journal::chain(&mut conn, GameId(number), (0, 0), i64::MAX, &ledger)?;
        let whole = |link: Link| {
            let mut entry = link.entry;
            if *entry.action == *SCORE_ADDED {
                entry.after = Some(json!(journal::facts_of(&entry, &ledger)));
            }
            entry
        };
        let journal = links.into_iter().map(whole).collect();
        Ok(Pattern {
            number,
            scores,
            journal,
        })
    };
    boards.iter().map(one).collect()
}

fn open(url: &str) -> Result<Conn> {
    let url: DatabaseUrl = url.parse().map_err(|_| anyhow!("no URL of a database"))?;
    Ok(Connector::new(url, Role::Runtime).open()?)
}

impl Copying {
    fn of(database: &Database) -> Result<Self> {
        let columns = database.columns()?;
        let copied = |table: &str, id: &str, slug: &str| {
            let columns = columns.get(table).with_context(|| format!("no {table}"))?;
            let value = |column: &String| match column {
                column if column == id => "NEXT".to_owned(),
                column if column == slug => "'SLUG'".to_owned(),
                column => column.clone(),
            };
            let (names, values) = (columns.join(", "), columns.iter().map(value));
            let values = values.collect::<Vec<_>>().join(", ");
            Ok::<_, anyhow::Error>(format!(
                "INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {id} = BEFORE"
            ))
        };
        let tables = TABLES.map(|table| copied(table, "game_id", ""));
        Ok(Self {
            games: copied("games", "id", "slug")?,
            tables: tables.into_iter().collect::<Result<_>>()?,
        })
    }

    fn run(&self, url: &str, jobs: &[(i64, &Pattern)]) -> Result<()> {
        let mut conn = open(url)?;
        for (number, pattern) in jobs {
            self.one(&mut conn, *number, pattern)?;
        }
        Ok(())
    }

    /// One board, in one transaction.
    fn one(&self, conn: &mut Conn, number: i64, pattern: &Pattern) -> Result<()> {
        let before = pattern.number.to_string();
        let (next, slug) = (
            number.to_string(),
            format!("{:010}", number % 10_000_000_000),
        );
        let sql = |text: &String| {
            let text = text.replace("NEXT", &next).replace("BEFORE", &before);
            text.replace("SLUG", &slug)
        };
        conn.batch_execute("BEGIN")?;
        conn.batch_execute(&sql(&self.games))?;
        for table in &self.tables {
            conn.batch_execute(&sql(table))?;
        }
        let mut journal = pattern.journal.clone();
        journal.iter_mut().for_each(|row| row.game = GameId(number));
        let head = journal::append(conn, &journal, &[])?;
        let head: String = head.iter().map(|byte| format!("{byte:02x}")).collect();
        let head = match conn {
            Conn::Postgres(_) => format!("'\\x{head}'"),
            Conn::Sqlite(_) => format!("x'{head}'"),
        };
        conn.batch_execute(&format!(
            "UPDATE games SET journal_head = {head} WHERE id = {number}"
        ))?;
        Ok(conn.batch_execute("COMMIT")?)
    }
}
