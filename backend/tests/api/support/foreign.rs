//! SQL on an SQLite file as another process would run it: without what our process arms its own
//! connections with.

#![allow(
    unsafe_code,
    reason = "only SQLite's C interface can take the arms off"
)]

use std::ffi::{CStr, CString, c_int};
use std::path::Path;
use std::ptr;

use diesel::QueryResult;
use diesel::result::{DatabaseErrorKind, Error};
use libsqlite3_sys as ffi;

/// Runs SQL on a file.
pub fn execute(file: &Path, sql: &str) -> QueryResult<()> {
    let file = CString::new(file.to_str().unwrap()).unwrap();
    let sql = CString::new(sql).unwrap();
    // SAFETY: the connection is this function's own, and the texts outlive the calls.
    unsafe {
        let mut db = ptr::null_mut();
        assert_eq!(ffi::sqlite3_open(file.as_ptr(), &mut db), ffi::SQLITE_OK);
        disarm(db);
        ffi::sqlite3_busy_timeout(db, 10_000);
        let (none, nobody) = (None, ptr::null_mut());
        let code = ffi::sqlite3_exec(db, sql.as_ptr(), none, nobody, ptr::null_mut());
        let message = CStr::from_ptr(ffi::sqlite3_errmsg(db))
            .to_string_lossy()
            .into_owned();
        ffi::sqlite3_close(db);
        match code {
            ffi::SQLITE_OK => Ok(()),
            _ => Err(Error::DatabaseError(
                DatabaseErrorKind::Unknown,
                Box::new(message),
            )),
        }
    }
}

/// Whether a connection that anybody in our process opens is DEFENSIVE from the start.
pub fn is_defensive(file: &Path) -> bool {
    let file = CString::new(file.to_str().unwrap()).unwrap();
    // SAFETY: as above; -1 asks for the present state.
    unsafe {
        let (mut db, mut state): (_, c_int) = (ptr::null_mut(), 0);
        assert_eq!(ffi::sqlite3_open(file.as_ptr(), &mut db), ffi::SQLITE_OK);
        let (asks, into): (c_int, *mut c_int) = (-1, &mut state);
        ffi::sqlite3_db_config(db, ffi::SQLITE_DBCONFIG_DEFENSIVE, asks, into);
        ffi::sqlite3_close(db);
        state == 1
    }
}

unsafe fn disarm(db: *mut ffi::sqlite3) {
    let off: c_int = 0;
    let defensive = ffi::SQLITE_DBCONFIG_DEFENSIVE;
    // SAFETY: as the caller promises, `db` is an open connection.
    unsafe {
        ffi::sqlite3_set_authorizer(db, None, ptr::null_mut());
        ffi::sqlite3_db_config(db, defensive, off, ptr::null_mut::<c_int>());
    }
}
