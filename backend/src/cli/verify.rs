//! `scorehold verify`.

use std::time::{Duration, Instant};

use super::{EXIT_DAMAGED, failure, output::print};
use crate::config::Config;
use crate::db::{self, Conn, Connector, Role, identity};
use crate::domain::game::GameRef;
use crate::error::{Code, StartError};
use crate::repos;
use crate::services::history::{Finding, Soundness, verify};

/// Boards asked for at once.
const BOARDS: i64 = 500;
/// How often progress is told.
const PACE: Duration = Duration::from_secs(2);

/// What was looked at.
#[derive(Default)]
struct Counts {
    boards: u64,
    revisions: i64,
    rows: i64,
    entries: i64,
    wrong: Vec<String>,
}

/// Checks every board, or one, each on a snapshot of its own; changes nothing.
pub fn run(config: &Config, game: Option<&str>) -> Result<(), StartError> {
    identity::check(config)?;
    let url = &config.database.url;
    let opened = Connector::new(url.clone(), Role::Reader).open();
    let mut conn = opened.map_err(|error| StartError::unreachable(url, &error))?;
    let mut counts = Counts::default();
    match game {
        Some(game) => one(&mut conn, &named(game)?, &mut counts)?,
        None => all(&mut conn, &mut counts)?,
    }
    told(&counts)
}

fn all(conn: &mut Conn, counts: &mut Counts) -> Result<(), StartError> {
    let (mut after, mut told) = (0, Instant::now());
    loop {
        let boards = db::look(conn, |conn| Ok(repos::games::ids(conn, after, BOARDS)?));
        let boards = boards.map_err(failure)?;
        let Some(last) = boards.last() else {
            return Ok(());
        };
        after = last.0;
        for board in boards {
            one(conn, &GameRef::Id(board), counts)?;
            if told.elapsed() > PACE {
                told = Instant::now();
                print(&format!("{} so far\n", counts.summary()))?;
            }
        }
    }
}

fn one(conn: &mut Conn, game: &GameRef, counts: &mut Counts) -> Result<(), StartError> {
    let soundness = match db::look(conn, |conn| verify(conn, game)) {
        Ok(soundness) => soundness,
        Err(error) if error.code == Code::NotFound => {
            return Err(StartError::new(
                super::EXIT_NOT_FOUND,
                "there is no such board",
            ));
        }
        Err(error) => return Err(failure(error)),
    };
    counts.boards += 1;
    counts.revisions += soundness.revisions;
    counts.rows += soundness.rows;
    counts.entries += soundness.entries;
    counts.wrong.extend(lines(&soundness));
    Ok(())
}

fn lines(soundness: &Soundness) -> impl Iterator<Item = String> + '_ {
    let line = |Finding { revision, what }: &Finding| {
        format!("board {}, revision {revision}: {what}", soundness.slug)
    };
    soundness.findings.iter().map(line)
}

impl Counts {
    fn summary(&self) -> String {
        format!(
            "{} boards, {} revisions, {} rows of the journal, {} entries",
            self.boards, self.revisions, self.rows, self.entries
        )
    }
}

fn told(counts: &Counts) -> Result<(), StartError> {
    if counts.wrong.is_empty() {
        return print(&format!("sound: {}\n", counts.summary()));
    }
    Err(StartError::new(
        EXIT_DAMAGED,
        format!(
            "not sound, nothing was changed.\n  {}\n  looked at: {}",
            counts.wrong.join("\n  "),
            counts.summary()
        ),
    ))
}

fn named(game: &str) -> Result<GameRef, StartError> {
    game.parse().map_err(|_| {
        StartError::new(
            super::EXIT_USAGE,
            format!("{game} is no board: its slug or its id (game_…) is expected"),
        )
    })
}
