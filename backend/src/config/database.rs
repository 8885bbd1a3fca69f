//! Which database.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::reader::Invalid;
use super::url;

/// The address of a database; shows itself without its password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// The file of the embedded engine.
    Sqlite(PathBuf),
    /// A PostgreSQL server, as libpq takes it.
    Postgres(String),
}

impl DatabaseUrl {
    /// The name of the engine.
    pub const fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.strip_prefix("sqlite:") {
            Some(path) if is_file_path(path) => Ok(Self::Sqlite(path.into())),
            None if url::is_address(text, &["postgres", "postgresql"]) => {
                Ok(Self::Postgres(text.to_owned()))
            }
            _ => Err(Invalid),
        }
    }
}

/// Other programs write `sqlite://name`, which as a path lies at the root; a database in memory
/// would lose what it acknowledged; and the parameters of a `file:` URI can undo our settings.
fn is_file_path(path: &str) -> bool {
    !path.is_empty()
        && !path.starts_with("//")
        && !path.starts_with(':')
        && !path.starts_with("file:")
        && !path.ends_with('/')
        && !path.contains('\0')
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(text) => f.write_str(&url::redacted(text)),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_each_engine() {
        let parse = |text: &str| text.parse::<DatabaseUrl>();
        assert_eq!(
            parse("sqlite:data/a.db"),
            Ok(DatabaseUrl::Sqlite("data/a.db".into()))
        );
        assert_eq!(
            parse("sqlite:/srv/a b.db"),
            Ok(DatabaseUrl::Sqlite("/srv/a b.db".into()))
        );
        for text in ["postgres://h/db", "postgresql://u:p@h/db"] {
            assert_eq!(parse(text), Ok(DatabaseUrl::Postgres(text.to_owned())));
        }
        for text in [
            "",
            "data/a.db",
            "sqlite:",
            "sqlite://a.db",
            "sqlite::memory:",
            "sqlite:file:a?mode=memory",
            "sqlite:data/",
            "mysql://h/db",
        ] {
            assert_eq!(parse(text), Err(Invalid), "{text}");
        }
    }

    #[test]
    fn shown_without_the_password() {
        let url = DatabaseUrl::Postgres("postgres://ana:s3cret@db/scores".to_owned());
        assert_eq!(
            format!("{url} {url:?}"),
            "postgres://ana:***@db/scores postgres://ana:***@db/scores"
        );
    }
}
