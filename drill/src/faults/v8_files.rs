//! V8: the files of the database are removed, moved, overwritten, cut or out of reach while it is in use.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use anyhow::{Result, bail};
use scorehold::archive::disk::beside;

use super::harm::Harm;
use crate::provision::{Database, Scratch, database};

/// Each of them while the clients write.
pub const HARMS: &[Harm] = &[
    Harm::recovered("rm", |scratch| Ok(fs::remove_file(file(scratch, "")?)?)),
    Harm::recovered("mv", |scratch| {
        Ok(fs::rename(
            file(scratch, "")?,
            file(scratch, ".elsewhere")?,
        )?)
    }),
    Harm::recovered("another file over it", |scratch| {
        fs::write(file(scratch, ".other")?, b"another file")?;
        Ok(fs::rename(file(scratch, ".other")?, file(scratch, "")?)?)
    }),
    Harm::recovered("overwrite", |scratch| {
        Ok(fs::write(file(scratch, "")?, [7; 1 << 20])?)
    }),
    Harm::recovered("truncate", |scratch| empty(scratch, "")),
    Harm::recovered("rm -wal", |scratch| {
        Ok(fs::remove_file(file(scratch, "-wal")?)?)
    }),
    Harm::recovered("truncate -wal", |scratch| empty(scratch, "-wal")),
    Harm::recovered("rm -shm", |scratch| {
        Ok(fs::remove_file(file(scratch, "-shm")?)?)
    }),
    Harm::recovered("rm -r of the directory", |scratch| scratch.lose_data()),
    // Litestream gives its own files the rights of the database, and cannot read them afterwards either: to
    // give the rights back is not always enough.
    Harm::recovered("chmod 000", |scratch| {
        let nobody = Permissions::from_mode(0o000);
        Ok(fs::set_permissions(file(scratch, "")?, nobody)?)
    }),
];

/// The file in use, or one beside it.
fn file(scratch: &Scratch, ending: &str) -> Result<PathBuf> {
    let Database::Sqlite { file, .. } = &scratch.production else {
        bail!("the files of a server are its own");
    };
    Ok(beside(&database::active(file), ending))
}

fn empty(scratch: &Scratch, ending: &str) -> Result<()> {
    let file = File::options().write(true).open(file(scratch, ending)?)?;
    Ok(file.set_len(0)?)
}
