//! The program's log: JSON lines for machines, or lines for people.

use std::io::IsTerminal;

use tracing::{Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry};

use crate::config::{Log, LogFormat, LogLevel};

/// Writes this process's log to standard error, so that standard output holds results only.
pub fn start(log: &Log) {
    // A second call finds the first one's log in place, which is as good.
    let _ = tracing::subscriber::set_global_default(subscriber(log, std::io::stderr));
}

/// The log as a value: what the process uses, and what a test can look into.
pub fn subscriber<W>(log: &Log, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // A reader that has gone away must not end the process: no report of a failed write.
    let lines = fmt::layer()
        .with_writer(writer)
        .with_ansi(std::io::stderr().is_terminal())
        .log_internal_errors(false);
    let lines = match log.format {
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
        LogFormat::Text => lines.with_target(false).boxed(),
    };
    Box::new(Registry::default().with(lines.with_filter(filter(log.level))))
}

/// Libraries speak one level less than we do, and never below `info`, where they may log what we
/// must not.
fn filter(level: LogLevel) -> Targets {
    let (ours, theirs) = match level {
        LogLevel::Error => (Level::ERROR, Level::ERROR),
        LogLevel::Warn => (Level::WARN, Level::WARN),
        LogLevel::Info => (Level::INFO, Level::WARN),
        LogLevel::Debug => (Level::DEBUG, Level::INFO),
        LogLevel::Trace => (Level::TRACE, Level::INFO),
    };
    Targets::new()
        .with_default(theirs)
        .with_target(env!("CARGO_PKG_NAME"), ours)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn written(format: LogFormat, level: LogLevel, events: impl FnOnce()) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = subscriber(&Log { format, level }, move || writer.clone());
        tracing::subscriber::with_default(subscriber, events);
        String::from_utf8(lines.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn json_has_one_object_a_line() {
        let log = written(LogFormat::Json, LogLevel::Info, || {
            tracing::info!(request_id = "r-1", "answered");
        });
        let event: serde_json::Value = serde_json::from_str(log.trim_end()).unwrap();
        assert_eq!(event["message"], "answered");
        assert_eq!(event["request_id"], "r-1");
        assert_eq!(event["level"], "INFO");
    }

    #[test]
    fn levels_below_the_chosen_one_and_talkative_libraries_are_left_out() {
        let log = written(LogFormat::Text, LogLevel::Debug, || {
            tracing::trace!("too fine");
            tracing::debug!("ours");
            tracing::debug!(target: "hyper", "theirs");
            tracing::warn!(target: "hyper", "their warning");
        });
        assert!(
            log.contains("ours") && log.contains("their warning"),
            "{log}"
        );
        assert!(
            !log.contains("too fine") && !log.contains("theirs\n"),
            "{log}"
        );
    }
}
