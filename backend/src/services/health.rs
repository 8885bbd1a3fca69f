//! How this server is: what readiness, the metrics and the status page are made of.

use crate::db::guards::{self, Guarded};
use crate::db::migrate;
use crate::domain::maintenance::Mode;
use crate::domain::rehearsal::Rehearsed;
use crate::maintenance::{By, InForce};
use crate::repos;
use crate::state::AppState;

/// What the database says of itself.
#[derive(Debug)]
pub struct Ground {
    /// Its newest migration.
    pub schema: String,
    /// Its guards.
    pub guards: Guarded,
    /// Restores of its archive.
    pub rehearsed: Rehearsed,
}

/// One look at a server.
#[derive(Debug)]
pub struct Health {
    /// `None`: the database is out of reach.
    pub ground: Option<Ground>,
    /// Maintenance, if any.
    pub in_force: Option<InForce>,
    /// Whether the process is about to stop.
    pub draining: bool,
}

/// Looks.
pub async fn look(state: &AppState) -> Health {
    let ground = state.db.read(|conn| {
        Ok(Ground {
            schema: migrate::version(conn)?,
            guards: guards::look(conn)?,
            rehearsed: repos::rehearsals::known(conn)?,
        })
    });
    Health {
        ground: ground.await.ok(),
        in_force: state.maintenance.in_force(),
        draining: *state.draining().borrow(),
    }
}

impl Health {
    /// Whether the server can take work: a person may want readers to be served only.
    pub fn is_ready(&self) -> bool {
        let is_meant = |found: &InForce| found.by == By::Person && found.mode == Mode::ReadOnly;
        let is_guarded = |ground: &Ground| ground.guards.lacking().is_empty();
        self.ground.as_ref().is_some_and(is_guarded)
            && !self.draining
            && self.in_force.as_ref().is_none_or(is_meant)
    }

    /// Whether boards can be looked at.
    pub fn is_read(&self) -> bool {
        let is_full = |found: &InForce| found.mode == Mode::Full;
        self.ground.is_some() && !self.in_force.as_ref().is_some_and(is_full)
    }

    /// Whether changes are taken.
    pub fn is_written(&self) -> bool {
        self.ground.is_some() && self.in_force.is_none() && !self.draining
    }
}
