//! Where the process runs, and the variables it was started with.

use super::words::words;

/// The kind of installation this process belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Environment {
    /// A programmer's machine.
    Development,
    /// A test run.
    Test,
    /// A rehearsal of production.
    Staging,
    /// Real people's scores.
    Production,
}

words!(Environment {
    Development => "development",
    Test => "test",
    Staging => "staging",
    Production => "production",
});

impl Environment {
    /// Whether data here is worth guarding: nothing is created, migrated or assumed for it.
    pub const fn is_guarded(self) -> bool {
        matches!(self, Self::Staging | Self::Production)
    }
}

/// The variables of the process, for [`Config::load`](super::Config::load).
///
/// `std::env::vars` panics when any variable, even a foreign one, is not Unicode.
#[allow(clippy::disallowed_methods, reason = "the one place that reads them")]
pub fn process_variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().map(|(name, value)| {
        (
            name.to_string_lossy().into_owned(),
            value.to_string_lossy().into_owned(),
        )
    })
}
