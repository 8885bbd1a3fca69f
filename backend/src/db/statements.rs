//! Every statement that the server sends is seen here: slow ones are logged, and at the level `trace`
//! all of them, without the values that came with them.

use std::time::{Duration, Instant};

use diesel::connection::{DebugQuery, Instrumentation, InstrumentationEvent};

use super::Role;

/// The target of the events that tell of statements.
pub const TARGET: &str = "scorehold::statements";

/// A statement that takes longer is worth a look.
const SLOW: Duration = Duration::from_millis(500);

/// Watches the statements of one connection.
pub(super) struct Watch {
    role: Role,
    begun: Instant,
}

impl Watch {
    pub(super) fn new(role: Role) -> Self {
        Self {
            role,
            begun: Instant::now(),
        }
    }

    fn finished(&self, query: &dyn DebugQuery, refused: bool) {
        let (role, took) = (self.role.name(), self.begun.elapsed());
        if took >= SLOW {
            let (milliseconds, sql) = (took.as_millis(), without_values(query));
            tracing::warn!(role, milliseconds, sql, "a slow statement");
        }
        if tracing::enabled!(target: TARGET, tracing::Level::TRACE) {
            let sql = without_values(query);
            tracing::trace!(target: TARGET, role, refused, sql, "statement");
        }
    }
}

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => self.begun = Instant::now(),
            InstrumentationEvent::FinishQuery { query, error, .. } => {
                self.finished(query, error.is_some());
            }
            _ => {}
        }
    }
}

/// diesel prints `SQL -- binds: [values]`; the values are people's, and no business of a log.
fn without_values(query: &dyn DebugQuery) -> String {
    let mut sql = query.to_string();
    if let Some(place) = sql.find("-- binds:") {
        sql.truncate(place);
    }
    sql.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use diesel::sqlite::Sqlite;

    use super::*;
    use crate::db::schema::games;

    #[test]
    fn values_are_left_out() {
        let query = games::table.filter(games::title.eq("Friday"));
        let sql = without_values(&diesel::debug_query::<Sqlite, _>(&query.select(games::id)));
        assert!(sql.ends_with("WHERE (`games`.`title` = ?)"), "{sql}");
    }
}
