//! What SQLite calls whenever this process opens a database. The one file with unsafe code: diesel
//! offers neither the authorizer nor the configuration of a connection, nor a copy of one.
//!
//! SQLite runs [`arm`] inside every `sqlite3_open`, before the opener gets the connection, and asks
//! [`authorize`] about every statement while it is prepared. The role stands in the connection's own
//! URI, so nothing is remembered here: a connection that no [`Connector`](super::Connector) opened
//! has no role, and may only look.

#![allow(unsafe_code, reason = "SQLite's C interface")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;

use libsqlite3_sys as ffi;

use super::Role;
use super::authorizer::{Asked, allows};

/// Has every connection armed that this process opens from now on; again and again without harm.
pub(super) fn install() -> bool {
    // SAFETY: `arm` has the signature that SQLite calls it with, and lives as long as the process.
    unsafe { ffi::sqlite3_auto_extension(Some(arm)) == ffi::SQLITE_OK }
}

unsafe extern "C" fn arm(
    db: *mut ffi::sqlite3,
    _error: *mut *mut c_char,
    _api: *const ffi::sqlite3_api_routines,
) -> c_int {
    // SAFETY: SQLite hands over an open connection. The name of its file stays valid meanwhile, and
    // of all names only that one may be asked for parameters. The role travels as a number inside the
    // pointer, which nobody follows.
    unsafe {
        let file = ffi::sqlite3_db_filename(db, c"main".as_ptr());
        let role = Role::named(text(ffi::sqlite3_uri_parameter(file, PARAMETER.as_ptr())));
        let on: c_int = 1;
        let defended = ffi::sqlite3_db_config(
            db,
            ffi::SQLITE_DBCONFIG_DEFENSIVE,
            on,
            ptr::null_mut::<c_int>(),
        );
        let number = Role::number(role) as *mut c_void;
        let armed = ffi::sqlite3_set_authorizer(db, Some(authorize), number);
        defended | armed
    }
}

/// The parameter of the URI that names the role.
const PARAMETER: &CStr = c"scorehold";

unsafe extern "C" fn authorize(
    number: *mut c_void,
    action: c_int,
    first: *const c_char,
    second: *const c_char,
    _database: *const c_char,
    _trigger: *const c_char,
) -> c_int {
    // SAFETY: SQLite's texts end with a zero and live until this call returns; absent ones are null.
    let asked = unsafe {
        Asked {
            action,
            first: text(first),
            second: text(second),
        }
    };
    match allows(Role::numbered(number as usize), &asked) {
        true => ffi::SQLITE_OK,
        false => ffi::SQLITE_DENY,
    }
}

/// A text of SQLite's; what is not Unicode is none of our names.
unsafe fn text<'a>(text: *const c_char) -> Option<&'a str> {
    // SAFETY: as the callers promise.
    (!text.is_null())
        .then(|| unsafe { CStr::from_ptr(text) })
        .and_then(|text| text.to_str().ok())
}

/// Copies a whole database into a new file, as one moment. The copy goes from page to page, so that no authorizer
/// is asked; it writes to nothing but the new file.
pub(super) fn copy(from: &CStr, into: &CStr) -> Result<(), String> {
    let source = Opened::new(from, ffi::SQLITE_OPEN_READONLY)?;
    let target = Opened::new(into, ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE)?;
    // SAFETY: both connections are open and ours alone until the copy has ended.
    unsafe {
        let main = c"main".as_ptr();
        let backup = ffi::sqlite3_backup_init(target.0, main, source.0, main);
        if backup.is_null() {
            return Err(target.words());
        }
        let all = -1;
        ffi::sqlite3_backup_step(backup, all);
        match ffi::sqlite3_backup_finish(backup) {
            ffi::SQLITE_OK => Ok(()),
            _ => Err(target.words()),
        }
    }
}

/// A connection without a role, closed when it goes.
struct Opened(*mut ffi::sqlite3);

impl Opened {
    fn new(file: &CStr, how: c_int) -> Result<Self, String> {
        let mut opened = Self(ptr::null_mut());
        // SAFETY: SQLite fills in a connection also when it could not open the file, to say why.
        let code = unsafe { ffi::sqlite3_open_v2(file.as_ptr(), &mut opened.0, how, ptr::null()) };
        match code {
            ffi::SQLITE_OK => Ok(opened),
            _ => Err(opened.words()),
        }
    }

    /// What the last call had against it.
    fn words(&self) -> String {
        // SAFETY: the text lives until the next call, and is copied before.
        let words = unsafe { text(ffi::sqlite3_errmsg(self.0)) };
        words.unwrap_or("no word of why").to_owned()
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        // SAFETY: nobody else has this connection, and closing none does no harm.
        unsafe { ffi::sqlite3_close(self.0) };
    }
}
