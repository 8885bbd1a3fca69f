//! What a person says about maintenance, and how every server of the database hears of it.

use std::time::Duration;

use crate::db::Conn;
use crate::domain::maintenance::Announcement;
use crate::error::Result;
use crate::repos;
use crate::state::AppState;

/// All servers know within a second.
const LOOK: Duration = Duration::from_millis(500);

/// The last word of a person.
///
/// # Errors
/// Only those of the database.
pub fn read(conn: &mut Conn) -> Result<Option<Announcement>> {
    Ok(repos::maintenance::last(conn)?)
}

/// Adds a word, which every server hears within a second.
///
/// # Errors
/// Only those of the database.
pub fn say(conn: &mut Conn, said: &Announcement) -> Result<()> {
    Ok(repos::maintenance::add(conn, said)?)
}

/// Listens for what people say, until the process drains. What was heard last holds while the
/// database is out of reach.
pub async fn follow(state: AppState) {
    let mut draining = state.draining();
    loop {
        if let Ok(said) = state.db.read(read).await {
            state.maintenance.announce(said);
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = draining.changed() => return,
        }
    }
}
