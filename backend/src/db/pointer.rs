//! Which file of an SQLite database is in use. Where `PATH.current` exists, its one line names the file
//! beside it; a restore is swapped in by changing that line, and nothing is ever overwritten.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use crate::archive::disk::replace;
use crate::config::{Database, DatabaseUrl};
use crate::error::StartError;

/// The pointer of a configured path.
pub fn pointer(configured: &Path) -> PathBuf {
    configured.with_added_extension("current")
}

/// The file that is in use: the one that the pointer names, else the configured one. Neither may be a
/// symbolic link, which could lead anywhere.
///
/// # Errors
/// 77 for a symbolic link, 78 for a pointer that names no file beside it.
pub fn active(configured: &Path) -> Result<PathBuf, StartError> {
    let pointer = pointer(configured);
    refuse_link(&pointer)?;
    let file = match fs::read_to_string(&pointer) {
        Ok(text) => configured.with_file_name(named(&pointer, &text)?),
        Err(error) if error.kind() == ErrorKind::NotFound => configured.to_path_buf(),
        Err(error) => {
            let pointer = pointer.display();
            return Err(StartError::new(
                74,
                format!("{pointer} cannot be read: {error}"),
            ));
        }
    };
    refuse_link(&file)?;
    Ok(file)
}

/// The address that is in use: of SQLite with the file that the pointer names; of PostgreSQL, where a file held
/// the address, the one that it holds now.
///
/// # Errors
/// As [`active`]; 78 for a file that holds no address any more.
pub fn resolved(database: &Database) -> Result<DatabaseUrl, StartError> {
    match (&database.url, &database.pointer) {
        (DatabaseUrl::Sqlite(configured), _) => active(configured).map(DatabaseUrl::Sqlite),
        (DatabaseUrl::Postgres(_), Some(file)) => held(file),
        (url, None) => Ok(url.clone()),
    }
}

fn held(file: &Path) -> Result<DatabaseUrl, StartError> {
    let text = fs::read_to_string(file).unwrap_or_default();
    match text.trim().parse() {
        Ok(url @ DatabaseUrl::Postgres(_)) => Ok(url),
        _ => Err(StartError::new(
            78,
            format!("{} holds no address of PostgreSQL", file.display()),
        )),
    }
}

/// Makes another file beside the configured one the active one: after this, or not at all.
///
/// # Errors
/// The disk's.
pub fn point(configured: &Path, name: &str) -> std::io::Result<()> {
    replace(&pointer(configured), name)
}

/// The one line of a pointer: a plain name.
fn named<'a>(pointer: &Path, text: &'a str) -> Result<&'a str, StartError> {
    let name = text.strip_suffix('\n').unwrap_or(text);
    let mut parts = Path::new(name).components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(only)), None) if only == name && !name.contains('\n') => Ok(name),
        _ => Err(StartError::new(
            78,
            format!(
                "{} must hold one line, the name of the database file beside it; nothing was touched",
                pointer.display()
            ),
        )),
    }
}

fn refuse_link(path: &Path) -> Result<(), StartError> {
    let is_link = path
        .symlink_metadata()
        .is_ok_and(|found| found.is_symlink());
    match is_link {
        false => Ok(()),
        true => Err(StartError::new(
            77,
            format!(
                "identity refused, nothing was written: {} is a symbolic link",
                path.display()
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> PathBuf {
        let place =
            std::env::temp_dir().join(format!("scorehold-pointer-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&place).unwrap();
        place
    }

    #[test]
    fn without_a_pointer_the_configured_file_is_the_one() {
        let place = place();
        let configured = place.join("scorehold.db");
        assert_eq!(active(&configured), Ok(configured.clone()));
        point(&configured, "scorehold-2.db").unwrap();
        assert_eq!(active(&configured), Ok(place.join("scorehold-2.db")));
        point(&configured, "scorehold-3.db").unwrap();
        assert_eq!(active(&configured), Ok(place.join("scorehold-3.db")));
        fs::remove_dir_all(place).unwrap();
    }

    #[test]
    fn a_pointer_leads_to_no_other_place() {
        let place = place();
        let configured = place.join("scorehold.db");
        for text in [
            "",
            "\n",
            "..",
            "../other.db",
            "/etc/passwd",
            "a.db\nb.db\n",
            "a/b.db",
            "./a.db",
        ] {
            fs::write(pointer(&configured), text).unwrap();
            assert_eq!(active(&configured).unwrap_err().exit, 78, "{text:?}");
        }
        fs::remove_dir_all(place).unwrap();
    }

    #[test]
    fn a_symbolic_link_is_not_followed() {
        let place = place();
        let configured = place.join("scorehold.db");
        std::os::unix::fs::symlink("elsewhere", place.join("scorehold-2.db")).unwrap();
        point(&configured, "scorehold-2.db").unwrap();
        assert_eq!(active(&configured).unwrap_err().exit, 77);
        fs::remove_file(pointer(&configured)).unwrap();
        std::os::unix::fs::symlink("elsewhere", pointer(&configured)).unwrap();
        assert_eq!(active(&configured).unwrap_err().exit, 77);
        fs::remove_dir_all(place).unwrap();
    }
}
