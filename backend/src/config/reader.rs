//! From the text of a key to its type; what does not parse becomes a fault.

use std::str::FromStr;

use super::environment::Environment;
use super::faults::Faults;
use super::keys::{ENVIRONMENT, Key, Show};
use super::layers::{Layers, Origin};

/// A value that is not allowed. What is allowed stands in the list of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invalid;

/// Reads typed values and collects faults.
pub(super) struct Reader<'a> {
    layers: &'a Layers,
    faults: &'a mut Faults,
}

impl<'a> Reader<'a> {
    pub fn new(layers: &'a Layers, faults: &'a mut Faults) -> Self {
        Self { layers, faults }
    }

    /// A value that may be missing.
    pub fn optional<T: FromStr>(&mut self, key: &Key) -> Result<Option<T>, Invalid> {
        let text = self.layers.text(key).map_err(|_| {
            self.refuse(key, "found something that is no single value");
            Invalid
        })?;
        match text {
            Some(text) => self.parse(key, &text).map(Some),
            None if self.layers.origin(key) == Origin::Unset => Ok(None),
            None => Err(Invalid), // its source had a fault of its own
        }
    }

    /// A value that has a default or must be given.
    pub fn required<T: FromStr>(&mut self, key: &Key) -> Result<T, Invalid> {
        match self.optional(key)? {
            Some(value) => Ok(value),
            None => {
                if self.layers.environment.is_some() {
                    self.refuse(key, "missing");
                } // else nobody can say what is missing
                Err(Invalid)
            }
        }
    }

    /// Where it runs: asked before anything else, and never guessed.
    pub fn environment(&mut self) -> Result<Environment, Invalid> {
        if self.layers.origin(&ENVIRONMENT) == Origin::Unset {
            let variable = ENVIRONMENT.variable();
            let allowed = ENVIRONMENT.allowed;
            let question = format!("which environment? set {variable} to {allowed}");
            self.faults.add(variable, question);
        }
        self.required(&ENVIRONMENT)
    }

    fn parse<T: FromStr>(&mut self, key: &Key, text: &str) -> Result<T, Invalid> {
        text.parse().map_err(|_| {
            let found = match key.show {
                Show::Plain => format!("found {text:?}"),
                Show::Url | Show::Nothing => format!("found {} bytes, not shown", text.len()),
            };
            self.refuse(key, &found);
            Invalid
        })
    }

    fn refuse(&mut self, key: &Key, found: &str) {
        let origin = match self.layers.origin(key) {
            Origin::Unset => String::new(),
            origin => format!(" ({origin})"),
        };
        let problem = format!("{found}{origin}; allowed: {}", key.allowed);
        self.faults.add(key.variable(), problem);
    }
}
