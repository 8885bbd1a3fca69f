//! A copy of an SQLite file as it stands, beside whoever writes to it.

use std::ffi::CString;
use std::io::{Error, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::hook;

/// Copies the whole of it into a file that does not exist yet: one moment, with all that is committed, and
/// nothing of its log.
///
/// # Errors
/// The engine's or the disk's; what had begun is left, and is not whole.
pub fn copy(from: &Path, into: &Path) -> std::io::Result<()> {
    let name = |path: &Path| {
        let bytes = path.as_os_str().as_bytes();
        CString::new(bytes).map_err(|error| Error::new(ErrorKind::InvalidInput, error))
    };
    hook::copy(&name(from)?, &name(into)?).map_err(Error::other)
}
