//! `scorehold maintenance`.

use clap::{Args, Subcommand};

use super::output::print;
use crate::config::Config;
use crate::db::once;
use crate::domain::maintenance::{Announcement, Mode};
use crate::domain::time::{Clock, SystemClock};
use crate::error::StartError;
use crate::services::maintenance;

#[derive(Debug, Subcommand)]
pub enum Maintenance {
    /// Let every server of the database refuse changes; reading goes on
    On(On),
    /// Let them take changes again, unless a server has found a fault
    Off,
    /// Tell what was said last
    Status,
}

#[derive(Debug, Args)]
pub struct On {
    /// Refuse reading too
    #[arg(long)]
    full: bool,
    /// What those are told who are refused
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Says a word, or tells the last one.
pub fn run(command: Maintenance, config: &Config) -> Result<(), StartError> {
    match command {
        Maintenance::On(On { full, reason }) => {
            let mode = if full { Mode::Full } else { Mode::ReadOnly };
            say(config, Some(mode), reason)
        }
        Maintenance::Off => say(config, None, None),
        Maintenance::Status => print(&told(once::read(config, maintenance::read)?)),
    }
}

fn say(config: &Config, mode: Option<Mode>, reason: Option<String>) -> Result<(), StartError> {
    let at = SystemClock.now();
    let said = Announcement { mode, reason, at };
    once::write(config, |conn| maintenance::say(conn, &said))?;
    print(&format!(
        "{}every server of this database knows within a second\n",
        told(Some(said))
    ))
}

fn told(said: Option<Announcement>) -> String {
    let Some(Announcement { mode, reason, at }) = said else {
        return "off\n".to_owned();
    };
    let mode = mode.map_or("off", Mode::word);
    let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
    format!("{mode} since {at}{reason}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    #[test]
    fn the_last_word_is_told_in_one_line() {
        let said = |mode, reason: Option<&str>| {
            told(Some(Announcement {
                mode,
                reason: reason.map(str::to_owned),
                at: Timestamp::from_millis(0),
            }))
        };
        assert_eq!(told(None), "off\n");
        assert_eq!(said(None, None), "off since 1970-01-01T00:00:00.000Z\n");
        assert_eq!(
            said(Some(Mode::ReadOnly), Some("We move house.")),
            "read_only since 1970-01-01T00:00:00.000Z: We move house.\n"
        );
    }
}
