//! The restored file takes the place of the old one.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::super::{Say, on_disk};
use super::names::name;
use super::place::Place;
use crate::archive::litestream;
use crate::db::pointer;
use crate::error::StartError;

/// Puts the next file in use, and keeps the one before.
pub(super) fn swap(
    place: &Place<'_>,
    (before, next): (&Path, &Path),
    say: Say<'_>,
) -> Result<(), StartError> {
    let configured = place.names.0;
    pointer::point(configured, &name(next)).map_err(|error| on_disk(configured, &error))?;
    say(&format!("{} is in use now", next.display()))?;
    retire(place, before, say)
}

/// The old one is kept, and nobody writes to it by mistake.
fn retire(place: &Place<'_>, before: &Path, say: Say<'_>) -> Result<(), StartError> {
    if let Some(socket) = &place.config.archive.socket
        && let Err(why) = litestream::unregister(socket, before)
    {
        tracing::info!(%why, "the archiver still watches the former database");
    }
    match fs::set_permissions(before, Permissions::from_mode(0o400)) {
        Ok(()) => say(&format!("{} is kept, read-only", before.display())),
        Err(_) => say(&format!("{} is gone", before.display())),
    }
}
