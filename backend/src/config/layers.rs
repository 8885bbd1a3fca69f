//! The sources of the configuration, merged: for each key its text and where it comes from.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use config::{ConfigError, FileFormat, Map};

use super::environment::Environment;
use super::faults::Faults;
use super::keys::{self, KEYS, Key, Show};
use super::rules::Purpose;
use super::{sources, url};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// No source gave one, and there is no default.
    Unset,
    /// Compiled into the program.
    Default,
    /// The TOML file named by `--config`.
    File(PathBuf),
    /// A variable of the environment.
    Environment,
    /// A file named by this variable.
    SecretFile {
        /// The variable.
        variable: String,
        /// The file.
        path: PathBuf,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unset => f.write_str("not set"),
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Environment => f.write_str("environment"),
            Self::SecretFile { variable, .. } => f.write_str(variable),
        }
    }
}

/// One key as a person may see it.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The key in its environment form.
    pub name: String,
    /// The value, redacted; empty when unset.
    pub shown: String,
    /// Where the value comes from.
    pub origin: Origin,
}

/// All sources, merged.
pub(super) struct Layers {
    purpose: Purpose,
    /// Without it nobody knows which defaults apply.
    pub environment: Option<Environment>,
    merged: config::Config,
    origins: Origins,
}

/// The origin of each key that any source gave, by its path.
pub(super) type Origins = HashMap<&'static str, Origin>;

impl Layers {
    /// Asks every source and notes what none of them should have said.
    pub fn gather(
        purpose: Purpose,
        file: Option<&Path>,
        vars: impl IntoIterator<Item = (String, String)>,
        faults: &mut Faults,
    ) -> Self {
        let mut origins = Origins::new();
        let text = file.map(|file| sources::toml(file, &mut origins, faults));
        let text = text.flatten().unwrap_or_default();
        let vars = sources::variables(purpose, vars, &mut origins, faults);
        let (environment, merged) = merge(&text, vars, &mut origins).unwrap_or_else(|error| {
            faults.add("--config", error.to_string());
            (None, config::Config::default())
        });
        Self {
            purpose,
            environment,
            merged,
            origins,
        }
    }

    /// The text of a key, `None` when no source has one.
    pub fn text(&self, key: &Key) -> Result<Option<String>, ConfigError> {
        match self.merged.get_string(key.path) {
            _ if !self.purpose.reads(key) => Ok(None),
            Ok(text) => Ok(Some(text)),
            Err(ConfigError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Where the value of a key comes from.
    pub fn origin(&self, key: &Key) -> Origin {
        match self.origins.get(key.path) {
            Some(origin) if self.purpose.reads(key) => origin.clone(),
            _ => Origin::Unset,
        }
    }

    /// Every key, redacted.
    pub fn settings(&self) -> Vec<Setting> {
        let setting = |key: &&Key| Setting {
            name: key.variable(),
            shown: match (self.text(key).ok().flatten(), key.show) {
                (None, _) => String::new(),
                (Some(text), Show::Plain) => text,
                (Some(text), Show::Url) => url::redacted(&text),
                (Some(_), Show::Nothing) => "(set, not shown)".to_owned(),
            },
            origin: self.origin(key),
        };
        KEYS.iter().map(setting).collect()
    }
}

/// Lays the sources over each other. The defaults depend on the environment, so the others are
/// asked for that first.
fn merge(
    text: &str,
    vars: Map<String, String>,
    origins: &mut Origins,
) -> Result<(Option<Environment>, config::Config), ConfigError> {
    let given = config::Config::builder()
        .add_source(config::File::from_str(text, FileFormat::Toml))
        .add_source(
            config::Environment::with_prefix("SCOREHOLD")
                .separator("__")
                .source(Some(vars)),
        );
    let environment = given.build_cloned()?.get_string(keys::ENVIRONMENT.path);
    let Some(environment) = environment.ok().and_then(|word| word.parse().ok()) else {
        return Ok((None, given.build()?));
    };
    let defaults = KEYS
        .iter()
        .filter_map(|key| Some((key.path, (key.default)(environment)?)));
    let merged = defaults
        .inspect(|(path, _)| {
            origins.entry(path).or_insert(Origin::Default);
        })
        .try_fold(given, |builder, (path, text)| {
            builder.set_default(path, text)
        })?
        .build()?;
    Ok((Some(environment), merged))
}
