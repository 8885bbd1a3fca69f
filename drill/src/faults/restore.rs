//! `scorehold restore` of a copy of an archive, and how it is to end.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::{Answer, Shot};
use crate::limits;
use crate::provision::application::{self, Settings};
use crate::provision::{Aim, process};

pub const DAMAGED: i32 = 65;
pub const NOTHING: i32 = 66;
pub const OUT_OF_REACH: i32 = 69;
const EXISTS: i32 = 73;
const IDENTITY: i32 = 77;

const ANOTHER: &str = "018f3b2e-7c1d-4a5e-9b8a-0123456789ab";

/// The newest state that the settings' archive has, into something new.
pub struct Restore<'a> {
    pub aim: &'a Aim<'a>,
    pub settings: Settings,
    pub into: PathBuf,
}

impl Restore<'_> {
    /// It must be refused, and leave nothing under the name that was asked for.
    pub fn gives_nothing(&self, what: &str, exit: i32) -> Result<Shot> {
        let mut shot = self.refused(what, exit)?;
        if self.into.exists() {
            shot.answer = Answer::WentThrough;
        }
        Ok(shot)
    }

    /// What is whole comes back to its own, else no refusal would show anything: not to another database, and not
    /// in place of anything.
    pub fn only_by_its_own(
        &self,
        onto: &str,
        before: impl FnOnce() -> Result<()>,
    ) -> Result<Vec<Shot>> {
        let of = |name, value| Self {
            settings: self.settings.with(name, value),
            into: self.into.clone(),
            aim: self.aim,
        };
        let instance = of("DATABASE__INSTANCE", ANOTHER);
        let environment = of("ENVIRONMENT", "staging");
        let foreign = [
            instance.gives_nothing("of another instance", IDENTITY)?,
            environment.gives_nothing("of another environment", IDENTITY)?,
        ];
        before()?;
        process::succeed(&self.command(), limits::WHOLE)?;
        ensure!(self.into.exists(), "a whole archive did not come back");
        let taken = self.refused(onto, EXISTS)?;
        Ok(foreign.into_iter().chain([taken]).collect())
    }

    fn refused(&self, what: &str, exit: i32) -> Result<Shot> {
        let what = format!("scorehold restore: {what}");
        Shot::command_within(limits::WHOLE, what, &self.command(), exit)
    }

    fn command(&self) -> std::process::Command {
        let into = self.into.display().to_string();
        let arguments = ["restore", "--at", "latest", "--into", &into];
        application::command(self.aim.scratch, &self.settings, &arguments)
    }
}
