//! Whether somebody who watches a board may have been logged out meanwhile.

use std::future::pending;
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::domain::actor::Caller;
use crate::domain::id::UserId;
use crate::live::Hub;

/// How often the database is asked: another node may have logged them out.
const PACE: Duration = Duration::from_secs(2);

/// What may end the right to watch without a change of the board: that of a person, when their session
/// ends. The links of a board are part of it, so that their end is heard of as a change.
pub struct Presence(Option<Person>);

struct Person {
    user: UserId,
    log_outs: Receiver<UserId>,
    pace: Interval,
}

impl Presence {
    /// Begins to listen. A session that ended just before is found at the first pace.
    pub fn of(caller: Caller, hub: &Hub) -> Self {
        Self(caller.person().map(|person| {
            let mut pace = interval_at(Instant::now() + PACE, PACE);
            pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
            Person {
                user: person.id,
                log_outs: hub.log_outs(),
                pace,
            }
        }))
    }

    /// Waits until the database must be asked whether they may still watch.
    pub async fn in_doubt(&mut self) {
        match &mut self.0 {
            Some(person) => person.in_doubt().await,
            None => pending().await,
        }
    }
}

impl Person {
    async fn in_doubt(&mut self) {
        loop {
            tokio::select! {
                heard = self.log_outs.recv() => match heard {
                    Ok(user) if user != self.user => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return,
                    Err(RecvError::Closed) => return pending().await,
                },
                _ = self.pace.tick() => return,
            }
        }
    }
}
