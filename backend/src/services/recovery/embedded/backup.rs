//! `scorehold backup`: the database in use as one new file, beside a running server, with or without an archive.

use std::path::Path;

use super::super::{Say, Wanted, on_disk, refuse_existing};
use super::aside::Aside;
use super::names::Names;
use crate::config::Config;
use crate::db::{backup, identity, pointer};
use crate::error::StartError;

/// # Errors
/// As the service of the same name.
pub(in super::super) fn back_up(
    config: &Config,
    configured: &Path,
    wanted: &Wanted,
    say: Say<'_>,
) -> Result<(), StartError> {
    identity::check(config)?;
    let into = wanted.into.as_deref().ok_or_else(|| {
        StartError::new(64, "--into is needed: the new file that the copy goes into")
    })?;
    Names(configured).refuse_reserved(into)?;
    refuse_existing(into)?;
    let file = pointer::active(configured)?;
    say(&format!(
        "copies {} as it stands into the new file {}; the server goes on meanwhile",
        file.display(),
        into.display()
    ))?;
    if wanted.dry_run {
        return say("nothing was done (--dry-run)");
    }
    let aside = Aside::new(into)?;
    backup::copy(&file, aside.part()).map_err(|error| on_disk(into, &error))?;
    let found = aside.examine(config)?;
    aside.finish(&found, say)
}
