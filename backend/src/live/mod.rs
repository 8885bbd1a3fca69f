//! Who watches which board, and how a change reaches them.
//!
//! A watcher keeps a cursor. What it hears from the hub is sent when it is the next revision; after
//! a gap (a slow watcher, two commits at once) the journal fills in, so that nothing is missed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast;

use crate::domain::event::{Change, News};
use crate::domain::id::{GameId, UserId};

/// Changes a watcher may fall behind before the journal fills in.
const BACKLOG: usize = 256;

/// A change, serialised once for all who watch.
#[derive(Debug)]
pub struct Event {
    /// The board's revision after it.
    pub revision: i64,
    /// The JSON that watchers are sent.
    pub json: String,
    /// Whether it is about links: then somebody may have lost the right to watch.
    pub about_links: bool,
}

impl From<&Change> for Event {
    fn from(change: &Change) -> Self {
        // A change consists of numbers, texts and lists: it always serialises.
        let json = serde_json::to_string(change).unwrap_or_default();
        Self {
            revision: change.revision,
            json,
            about_links: change.action.starts_with("link."),
        }
    }
}

/// The watchers of every board on this node.
#[derive(Debug)]
pub struct Hub {
    boards: Mutex<HashMap<GameId, Board>>,
    log_outs: broadcast::Sender<UserId>,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            boards: Mutex::default(),
            log_outs: broadcast::channel(BACKLOG).0,
        }
    }
}

/// A board that is watched.
#[derive(Debug)]
struct Board {
    events: broadcast::Sender<Arc<Event>>,
    /// The revision that was last told, if one was.
    told: Option<i64>,
}

impl Hub {
    /// Tells whom it concerns.
    pub fn tell(&self, news: &News) {
        match news {
            News::Change(change) => self.publish(change),
            News::LoggedOut(user) => {
                // It fails only when nobody listens.
                let _nobody = self.log_outs.send(*user);
            }
        }
    }

    /// Who is logged out on this node from now on.
    pub fn log_outs(&self) -> broadcast::Receiver<UserId> {
        self.log_outs.subscribe()
    }

    /// Tells those who watch the board. Costs nothing when nobody does.
    pub fn publish(&self, change: &Change) {
        let mut boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(board) = boards.get_mut(&change.game) else {
            return;
        };
        board.told = board.told.max(Some(change.revision));
        // It fails only when the last watcher is just leaving.
        let _nobody = board.events.send(Arc::new(Event::from(change)));
    }

    /// Ends every stream: who watches comes back, and finds the boards as they are now.
    pub fn end_all(&self) {
        let mut boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
        boards.clear();
    }

    /// The boards that are watched, with the revision that was last told.
    pub fn watched(&self) -> HashMap<GameId, Option<i64>> {
        let boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
        boards
            .iter()
            .map(|(game, board)| (*game, board.told))
            .collect()
    }

    /// Begins to watch a board. Watch first and read the board afterwards: then no change falls in
    /// between.
    pub fn watch(self: Arc<Self>, game: GameId) -> Watch {
        let events = {
            let mut boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
            boards
                .entry(game)
                .or_insert_with(|| Board {
                    events: broadcast::channel(BACKLOG).0,
                    told: None,
                })
                .events
                .subscribe()
        };
        Watch {
            events,
            game,
            hub: self,
        }
    }

    /// How many watch a board.
    pub fn watchers(&self, game: GameId) -> usize {
        let boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
        boards
            .get(&game)
            .map_or(0, |board| board.events.receiver_count())
    }
}

/// One watcher of one board. The hub forgets a board when its last watcher leaves.
#[derive(Debug)]
pub struct Watch {
    /// What happens on the board.
    pub events: broadcast::Receiver<Arc<Event>>,
    game: GameId,
    hub: Arc<Hub>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut boards = self
            .hub
            .boards
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if boards
            .get(&self.game)
            .is_some_and(|board| board.events.receiver_count() <= 1)
        {
            boards.remove(&self.game);
        }
    }
}
