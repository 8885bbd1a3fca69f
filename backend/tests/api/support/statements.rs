//! Every statement that any server of the suite sends, on both engines, written down while it runs.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Mutex, Once};

use scorehold::db::statements::TARGET;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// One statement of a pooled connection, without its values.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Statement {
    pub sql: String,
    pub refused: bool,
}

static SEEN: Mutex<BTreeSet<Statement>> = Mutex::new(BTreeSet::new());

/// From now on every statement of this process is written down; `judge` hears of each new one.
pub fn record(judge: fn(&Statement)) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let ours = Targets::new().with_target(TARGET, LevelFilter::TRACE);
        let recorder = Recorder { judge }.with_filter(ours);
        let subscriber = tracing_subscriber::registry().with(recorder);
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

/// What was seen so far.
pub fn seen() -> Vec<Statement> {
    SEEN.lock().unwrap().iter().cloned().collect()
}

struct Recorder {
    judge: fn(&Statement),
}

impl<S: Subscriber> Layer<S> for Recorder {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut statement = Statement::default();
        event.record(&mut statement);
        let new = SEEN.lock().unwrap().insert(statement.clone());
        if new {
            (self.judge)(&statement);
        }
    }
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "sql" {
            self.sql = value.to_owned();
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        if field.name() == "refused" {
            self.refused = value;
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
