//! Who watches which board, and how a change reaches them.
//!
//! A watcher keeps a cursor. What it hears from the hub is sent when it is the next revision; after
//! a gap (a slow watcher, two commits at once) the journal fills in, so that nothing is missed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast;

use crate::domain::event::Change;
use crate::domain::id::GameId;

/// Changes a watcher may fall behind before the journal fills in.
const BACKLOG: usize = 256;

/// A change, serialised once for all who watch.
#[derive(Debug)]
pub struct Event {
    /// The board's revision after it.
    pub revision: i64,
    /// The JSON that watchers are sent.
    pub json: String,
}

impl From<&Change> for Event {
    fn from(change: &Change) -> Self {
        // A change consists of numbers, texts and lists: it always serialises.
        let json = serde_json::to_string(change).unwrap_or_default();
        Self { revision: change.revision, json }
    }
}

/// The watchers of every board on this node.
#[derive(Debug, Default)]
pub struct Hub {
    boards: Mutex<HashMap<GameId, broadcast::Sender<Arc<Event>>>>,
}

impl Hub {
    /// Tells those who watch the board. Costs nothing when nobody does.
    pub fn publish(&self, change: &Change) {
        let mut boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(sender) = boards.get(&change.game) else { return };
        // Nobody is left to hear it: the board is forgotten.
        if sender.send(Arc::new(Event::from(change))).is_err() {
            boards.remove(&change.game);
        }
    }

    /// Begins to watch a board. Subscribe first and read the board afterwards: then no change falls
    /// in between.
    pub fn subscribe(&self, game: GameId) -> broadcast::Receiver<Arc<Event>> {
        let mut boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
        boards.entry(game).or_insert_with(|| broadcast::channel(BACKLOG).0).subscribe()
    }

    /// How many watch a board.
    pub fn watchers(&self, game: GameId) -> usize {
        let boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
        boards.get(&game).map_or(0, broadcast::Sender::receiver_count)
    }
}
