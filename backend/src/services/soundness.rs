//! Every board of a database looked through, one after the other: is it what its journal says?

use std::fmt;
use std::time::{Duration, Instant};

use super::history::{Finding, Soundness, verify};
use crate::db::{self, Conn};
use crate::domain::game::GameRef;
use crate::error::{Code, Error, StartError};
use crate::repos;

/// Boards asked for at once.
const BOARDS: i64 = 500;
/// How often progress is told.
const PACE: Duration = Duration::from_secs(2);

/// What was looked at, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    boards: u64,
    revisions: i64,
    rows: i64,
    entries: i64,
    /// What was found, one line each; nothing: all is sound.
    pub wrong: Vec<String>,
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} boards, {} revisions, {} rows of the journal, {} entries",
            self.boards, self.revisions, self.rows, self.entries
        )
    }
}

/// Looks through every board, each on a snapshot of its own, and tells how far it is.
///
/// # Errors
/// 1 for what the database refuses.
pub fn of_all(
    conn: &mut Conn,
    say: &dyn Fn(&Findings) -> Result<(), StartError>,
) -> Result<Findings, StartError> {
    let mut findings = Findings::default();
    let (mut after, mut told) = (0, Instant::now());
    loop {
        let boards = db::look(conn, |conn| Ok(repos::games::ids(conn, after, BOARDS)?));
        let boards = boards.map_err(failure)?;
        let Some(last) = boards.last() else {
            return Ok(findings);
        };
        after = last.0;
        for board in boards {
            of_board(conn, &GameRef::Id(board), &mut findings)?;
            if told.elapsed() > PACE {
                told = Instant::now();
                say(&findings)?;
            }
        }
    }
}

/// Looks through one board.
///
/// # Errors
/// 66 when there is none, 1 for what the database refuses.
pub fn of_one(conn: &mut Conn, board: &GameRef) -> Result<Findings, StartError> {
    let mut findings = Findings::default();
    of_board(conn, board, &mut findings)?;
    Ok(findings)
}

fn of_board(conn: &mut Conn, board: &GameRef, findings: &mut Findings) -> Result<(), StartError> {
    let soundness = db::look(conn, |conn| verify(conn, board)).map_err(failure)?;
    findings.boards += 1;
    findings.revisions += soundness.revisions;
    findings.rows += soundness.rows;
    findings.entries += soundness.entries;
    findings.wrong.extend(lines(&soundness));
    Ok(())
}

fn lines(soundness: &Soundness) -> impl Iterator<Item = String> + '_ {
    let line = |Finding { revision, what }: &Finding| {
        format!("board {}, revision {revision}: {what}", soundness.slug)
    };
    soundness.findings.iter().map(line)
}

fn failure(error: Error) -> StartError {
    match error.code {
        Code::NotFound => StartError::new(66, "there is no such board"),
        _ => StartError::new(1, error.to_string()),
    }
}
