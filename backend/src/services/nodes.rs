//! Other processes on the same database: their changes reach those who watch here.
//!
//! The revision of a board is gapless under its row lock, so asking for it misses nothing; an id
//! over all boards would pass by slow transactions, and NOTIFY would lock the whole database.

use std::collections::HashMap;
use std::time::Duration;

use super::events;
use crate::db::{Conn, nodes};
use crate::domain::event::Change;
use crate::domain::id::GameId;
use crate::error::Result;
use crate::repos;
use crate::state::AppState;

/// How often the database is asked about the boards that are watched here.
const PACE: Duration = Duration::from_millis(100);
/// How often this process's number is renewed: several times before it would expire.
const RENEW: Duration = Duration::from_secs(120);
/// How soon it is tried again where that failed: a recovery may take longer than it would last.
const RENEW_AGAIN: Duration = Duration::from_secs(5);
/// Changes that are told one by one. Of more the newest is told: who watches asks for the rest.
const AT_ONCE: i64 = 200;

/// Tells what other processes change, until this one drains.
pub async fn follow(state: AppState) {
    let (mut draining, mut failing) = (state.draining(), false);
    loop {
        tokio::select! {
            () = tokio::time::sleep(PACE) => {}
            _ = draining.changed() => return,
        }
        let watched = state.hub.watched();
        if watched.is_empty() {
            continue;
        }
        let news = state.db.read(move |conn| news(conn, &watched)).await;
        match &news {
            Ok(changes) => changes.iter().for_each(|change| state.hub.publish(change)),
            Err(error) if !failing => tracing::warn!(%error, "other nodes cannot be followed"),
            Err(_) => {}
        }
        failing = news.is_err();
    }
}

/// Goes on holding this process's number, until it drains.
pub async fn keep_number(state: AppState) {
    let (mut draining, mut pause) = (state.draining(), RENEW);
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = draining.changed() => return,
        }
        pause = match state.db.write(|tx| Ok(nodes::keep(tx)?)).await {
            Ok(()) => RENEW,
            Err(error) => {
                tracing::warn!(%error, "this server's number was not renewed yet");
                RENEW_AGAIN
            }
        };
    }
}

/// What happened beyond the revision that was last told of each board.
fn news(conn: &mut Conn, watched: &HashMap<GameId, Option<i64>>) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    for (game, revision) in repos::games::revisions(conn, watched.keys().copied())? {
        let told = watched.get(&game).copied().flatten();
        if told.is_none_or(|told| told < revision) {
            let near = told.filter(|told| revision - told <= AT_ONCE);
            let from = near.unwrap_or(revision - 1);
            changes.extend(events::after(conn, game, from, AT_ONCE)?);
        }
    }
    Ok(changes)
}
