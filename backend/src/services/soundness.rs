//! Every board of a database looked through: is it what its journal says?

use std::fmt;
use std::num::NonZero;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::history::{Finding, Soundness, verify};
use crate::config::DatabaseUrl;
use crate::db::{self, Conn, Connector, Role};
use crate::domain::game::GameRef;
use crate::domain::id::GameId;
use crate::error::{Code, Error, StartError};
use crate::repos;

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

/// Looks through every board, each on a snapshot of its own, as many at once as there are cores, and tells how
/// far it is.
///
/// # Errors
/// 69 when the database is out of reach, 1 for what it refuses.
pub fn of_all(
    url: &DatabaseUrl,
    say: &dyn Fn(&Findings) -> Result<(), StartError>,
) -> Result<Findings, StartError> {
    let hands = thread::available_parallelism().map_or(1, NonZero::get);
    let (last, (tell, heard)) = (Mutex::new(0), mpsc::channel());
    thread::scope(|scope| {
        for _ in 0..hands {
            let (last, tell) = (&last, tell.clone());
            scope.spawn(move || {
                if let Err(error) = look_through(url, last, &tell) {
                    // Who does not listen any more has heard of another failure.
                    let _deaf = tell.send(Err(error));
                }
            });
        }
        drop(tell);
        gathered(heard, say)
    })
}

type Heard = Result<Soundness, StartError>;

/// Takes one board after the other until there is none, or nobody listens.
fn look_through(
    url: &DatabaseUrl,
    last: &Mutex<i64>,
    tell: &Sender<Heard>,
) -> Result<(), StartError> {
    let mut conn = Connector::new(url.clone(), Role::Reader).reach()?;
    while let Some(board) = next(&mut conn, last)? {
        let looked = look(&mut conn, &GameRef::Id(board))?;
        if tell.send(Ok(looked)).is_err() {
            break;
        }
    }
    Ok(())
}

fn next(conn: &mut Conn, last: &Mutex<i64>) -> Result<Option<GameId>, StartError> {
    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
    let after = *last;
    let found = db::look(conn, |conn| Ok(repos::games::ids(conn, after, 1)?)).map_err(failure)?;
    let board = found.into_iter().next();
    *last = board.map_or(i64::MAX, |board| board.0);
    Ok(board)
}

fn gathered(
    heard: Receiver<Heard>,
    say: &dyn Fn(&Findings) -> Result<(), StartError>,
) -> Result<Findings, StartError> {
    let (mut findings, mut told) = (Findings::default(), Instant::now());
    for looked in heard {
        findings.add(&looked?);
        if told.elapsed() > PACE {
            told = Instant::now();
            say(&findings)?;
        }
    }
    // In whatever order they came.
    findings.wrong.sort();
    Ok(findings)
}

/// Looks through one board.
///
/// # Errors
/// 66 when there is none, 1 for what the database refuses.
pub fn of_one(conn: &mut Conn, board: &GameRef) -> Result<Findings, StartError> {
    let mut findings = Findings::default();
    findings.add(&look(conn, board)?);
    Ok(findings)
}

fn look(conn: &mut Conn, board: &GameRef) -> Result<Soundness, StartError> {
    db::look(conn, |conn| verify(conn, board)).map_err(failure)
}

impl Findings {
    fn add(&mut self, soundness: &Soundness) {
        self.boards += 1;
        self.revisions += soundness.revisions;
        self.rows += soundness.rows;
        self.entries += soundness.entries;
        self.wrong.extend(lines(soundness));
    }
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
