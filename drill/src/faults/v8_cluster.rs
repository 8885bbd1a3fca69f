//! V8 on PostgreSQL: files of the cluster are removed, cut or out of reach while it serves. Whoever has them open
//! goes on for a while, so it is the server that has to find it.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use anyhow::Result;

use super::harm::Harm;
use crate::provision::Scratch;

/// Each of them while the clients write.
pub const HARMS: &[Harm] = &[
    Harm::recovered("rm -r base", |scratch| {
        Scratch::remove_in_use(&data(scratch)?.join("base"))
    }),
    Harm::recovered("truncate of a table", |scratch| {
        let table = "SELECT pg_relation_filepath('scores')";
        let file = data(scratch)?.join(scratch.production.value(table)?);
        Ok(File::options().write(true).open(file)?.set_len(0)?)
    }),
    Harm::recovered("chmod 000 of base", |scratch| {
        let nobody = Permissions::from_mode(0o000);
        Ok(fs::set_permissions(data(scratch)?.join("base"), nobody)?)
    }),
];

/// The directory of the cluster in use.
fn data(scratch: &Scratch) -> Result<PathBuf> {
    Ok(scratch.production.value("SHOW data_directory")?.into())
}
