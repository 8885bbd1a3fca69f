//! V1 and V2: October 2020. A script with a model-level connection that chose its database by an
//! environment variable which nobody had set, and then recreated its tables.

use anyhow::{Context, Result};

use super::Shot;
use crate::provision::{Aim, process};

const SCRIPT: &str = include_str!("v1_original.py");

/// With the URL that the server itself uses.
pub fn as_runtime(aim: &Aim<'_>) -> Result<Vec<Shot>> {
    let roles = aim.scratch.marker.roles.as_ref().context("no roles")?;
    fire(aim, "runtime", &roles.runtime)
}

/// V2: with the rights of those who may do more.
pub fn as_mighty(aim: &Aim<'_>) -> Result<Vec<Shot>> {
    let roles = aim.scratch.marker.roles.as_ref().context("no roles")?;
    let mut shots = fire(aim, "owner", &roles.owner)?;
    shots.extend(fire(aim, "superuser", &roles.superuser)?);
    Ok(shots)
}

/// Starts the script with a URL.
pub fn fire(aim: &Aim<'_>, who: &str, url: &str) -> Result<Vec<Shot>> {
    let mut command = process::foreign(&aim.scratch.python);
    command.args(["-c", SCRIPT, url]);
    Shot::script(&command, who)
}
