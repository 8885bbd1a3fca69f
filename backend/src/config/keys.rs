//! The one list of keys: what each is called, allows and defaults to, and how it may be shown.

use super::environment::Environment;

/// The prefix of every variable that is ours.
pub const PREFIX: &str = "SCOREHOLD__";

/// How much of a value a person may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// All of it.
    Plain,
    /// An address without its password.
    Url,
    /// Only that it is set.
    Nothing,
}

/// One key of the configuration.
#[derive(Debug)]
pub struct Key {
    /// `section.key`, as in TOML.
    pub path: &'static str,
    /// What may stand there, in plain words.
    pub allowed: &'static str,
    /// How a value may be shown. What may not be shown plainly may come from a file.
    pub show: Show,
    /// The compiled default, which may depend on the environment.
    pub default: fn(Environment) -> Option<&'static str>,
}

impl Key {
    const fn new(path: &'static str, allowed: &'static str) -> Self {
        Self {
            path,
            allowed,
            show: Show::Plain,
            default: |_| None,
        }
    }

    const fn secret(mut self, show: Show) -> Self {
        self.show = show;
        self
    }

    const fn or(mut self, default: fn(Environment) -> Option<&'static str>) -> Self {
        self.default = default;
        self
    }

    /// The key as an environment variable.
    pub fn variable(&self) -> String {
        variable(self.path)
    }

    /// The variable that names a file with the value; secrets only.
    pub fn file_variable(&self) -> Option<String> {
        (self.show != Show::Plain).then(|| format!("{}_FILE", self.variable()))
    }
}

const BOOLEAN: &str = "true or false";
const NAME: &str = "a name of letters, digits, - and _";
const ADDRESS: &str = "an address and a port, such as 127.0.0.1:8080 or [::1]:8080";
const DATABASE: &str = "sqlite:PATH (such as sqlite:data/scorehold.db) or postgres://USER:PASSWORD@HOST/DATABASE (reserved characters percent-encoded)";

pub const ENVIRONMENT: Key = Key::new("environment", "development, test, staging or production");
pub const BIND: Key = Key::new("server.bind", ADDRESS).or(|_| Some("127.0.0.1:8080"));
pub const ADMIN_BIND: Key = Key::new("server.admin_bind", ADDRESS).or(|_| Some("127.0.0.1:9090"));
pub const PUBLIC_URL: Key = Key::new(
    "server.public_url",
    "the address people use, such as https://scores.example.org, without query, fragment or password",
);
pub const TRUSTED_PROXIES: Key = Key::new(
    "server.trusted_proxies",
    "addresses or networks, separated by commas, such as 127.0.0.1, 10.0.0.0/8",
)
.or(|_| Some("127.0.0.1, ::1"));
pub const DATABASE_URL: Key =
    Key::new("database.url", DATABASE)
        .secret(Show::Url)
        .or(|environment| match environment {
            Environment::Development => Some("sqlite:data/development.db"),
            Environment::Test => Some("sqlite:data/test.db"),
            Environment::Staging | Environment::Production => None,
        });
pub const MIGRATE_URL: Key = Key::new("database.migrate_url", DATABASE).secret(Show::Url);
pub const INSTANCE: Key = Key::new(
    "database.instance",
    "the id of the database instance, a UUID",
);
pub const AUTH_SECRET: Key = Key::new(
    "auth.secret",
    "at least 32 bytes, such as the output of `openssl rand -hex 32`",
)
.secret(Show::Nothing);
pub const ARCHIVE_MODE: Key = Key::new("archive.mode", "off, async or barrier").or(|environment| {
    if environment.is_guarded() {
        None
    } else {
        Some("off")
    }
});
pub const ACKNOWLEDGE_NO_ARCHIVE: Key =
    Key::new("archive.acknowledge_no_archive", BOOLEAN).or(|_| Some("false"));
pub const ARCHIVE_SOCKET: Key = Key::new(
    "archive.socket",
    "the path of the control socket of Litestream, such as /run/litestream/litestream.sock",
);
pub const ARCHIVE_URL: Key = Key::new(
    "archive.url",
    "where the archive is, as Litestream takes it, such as s3://bucket/scorehold or file:///mnt/archive",
)
.secret(Show::Url);
pub const LITESTREAM: Key =
    Key::new("archive.litestream", "the path of the program Litestream").or(|_| Some("litestream"));
pub const CLUSTERS: Key = Key::new(
    "cluster.directory",
    "the directory of PostgreSQL's clusters, such as /var/lib/scorehold/clusters",
);
pub const STANZA: Key = Key::new("cluster.stanza", NAME).or(|_| Some("scorehold"));
pub const PGBACKREST: Key = Key::new(
    "cluster.pgbackrest",
    "the path of pgBackRest's configuration, such as /etc/pgbackrest.conf",
);
pub const RECEIVERS: Key = Key::new(
    "cluster.receivers",
    "directories that hold what the receivers wrote, from the root, separated by commas",
);
pub const SUPERUSER: Key = Key::new("cluster.superuser", NAME).or(|_| Some("postgres"));
pub const PROGRAMS: Key = Key::new(
    "cluster.programs",
    "the directory of PostgreSQL's programs, such as /usr/lib/postgresql/17/bin",
);
pub const LIMITS_ENABLED: Key = Key::new("limits.enabled", BOOLEAN).or(|_| Some("true"));
pub const BILLING_ENABLED: Key = Key::new("billing.enabled", BOOLEAN).or(|_| Some("false"));
pub const CATALOGUE: Key = Key::new("billing.catalogue", "the path of a catalogue in TOML");
pub const MAIL_FROM: Key = Key::new(
    "mail.from",
    "a mail address, such as Scorehold <scores@example.org>",
);
pub const SMTP_URL: Key = Key::new(
    "mail.smtp_url",
    "smtp://USER:PASSWORD@HOST:PORT or smtps://USER:PASSWORD@HOST (reserved characters percent-encoded)",
)
.secret(Show::Url);
pub const DEMO_ENABLED: Key = Key::new("demo.enabled", BOOLEAN).or(|environment| {
    Some(match environment {
        Environment::Development => "true",
        _ => "false",
    })
});
pub const LOG_FORMAT: Key = Key::new("log.format", "json or text").or(|environment| {
    Some(match environment {
        Environment::Development => "text",
        _ => "json",
    })
});
pub const LOG_LEVEL: Key =
    Key::new("log.level", "error, warn, info, debug or trace").or(|_| Some("info"));

/// Every key, in the order in which people read them.
pub const KEYS: [&Key; 28] = [
    &ENVIRONMENT,
    &BIND,
    &ADMIN_BIND,
    &PUBLIC_URL,
    &TRUSTED_PROXIES,
    &DATABASE_URL,
    &MIGRATE_URL,
    &INSTANCE,
    &AUTH_SECRET,
    &ARCHIVE_MODE,
    &ACKNOWLEDGE_NO_ARCHIVE,
    &ARCHIVE_SOCKET,
    &ARCHIVE_URL,
    &LITESTREAM,
    &CLUSTERS,
    &STANZA,
    &PGBACKREST,
    &RECEIVERS,
    &SUPERUSER,
    &PROGRAMS,
    &LIMITS_ENABLED,
    &BILLING_ENABLED,
    &CATALOGUE,
    &MAIL_FROM,
    &SMTP_URL,
    &DEMO_ENABLED,
    &LOG_FORMAT,
    &LOG_LEVEL,
];

/// A dotted path as an environment variable.
pub fn variable(path: &str) -> String {
    format!("{PREFIX}{}", path.replace('.', "__").to_uppercase())
}

/// What to say of a variable that is no key: which ones its section has, or which sections there
/// are. Its value is not repeated: it may be a secret under a mistyped name.
pub fn unknown(name: &str, place: &str) -> String {
    let known = KEYS.map(Key::variable);
    let section = section(name);
    let mut near: Vec<&str> = known.iter().map(String::as_str).collect();
    near.retain(|key| self::section(key) == section);
    if near.is_empty() || section == PREFIX {
        near = known.iter().map(|key| self::section(key)).collect();
        near.retain(|section| *section != PREFIX);
        near.dedup();
    }
    format!("there is no such key{place}; there is {}", near.join(", "))
}

/// A variable up to its last separator: `SCOREHOLD__SERVER__`.
fn section(variable: &str) -> &str {
    &variable[..variable.rfind("__").map_or(0, |at| at + 2)]
}
