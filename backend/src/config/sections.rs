//! The sections of the configuration.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use ipnet::IpNet;
use uuid::Uuid;

use super::reader::Invalid;
use super::words::words;
use super::{DatabaseUrl, Secret, SmtpUrl, url};

/// Listeners and the address people see.
#[derive(Clone, Debug)]
pub struct Server {
    /// Where the API and the app are served.
    pub bind: SocketAddr,
    /// Where health and metrics are served.
    pub admin_bind: SocketAddr,
    /// The address in links; without it they are built from `bind`. No trailing slash.
    pub public_url: Option<String>,
    /// Whose `X-Forwarded-For` tells where a request really comes from.
    pub trusted_proxies: Networks,
}

/// Networks, some of them of one address only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Whether the address is in one of them.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl FromStr for Networks {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let network = |text: &str| {
            let one = text.parse::<IpAddr>().map(IpNet::from);
            one.or_else(|_| text.parse()).map_err(|_| Invalid)
        };
        let parts = text.split(',').map(str::trim);
        parts.map(network).collect::<Result<_, _>>().map(Self)
    }
}

/// Which database, and which identity it must have.
#[derive(Clone, Debug)]
pub struct Database {
    /// What the server works with.
    pub url: DatabaseUrl,
    /// The file that `url` was read from: it points to the database of the moment, and a restore swaps it.
    pub pointer: Option<PathBuf>,
    /// What migrations work with, never seen by `serve`.
    pub migrate_url: Option<DatabaseUrl>,
    /// The instance that the database must say it is.
    pub instance: Option<Uuid>,
}

impl Database {
    /// The way in of the role that owns the tables.
    pub fn owner_url(&self) -> &DatabaseUrl {
        self.migrate_url.as_ref().unwrap_or(&self.url)
    }
}

/// The server's secret.
#[derive(Clone, Debug)]
pub struct Auth {
    /// Key material; in development and test made beside the database when missing.
    pub secret: Option<Secret>,
}

/// The archive outside the host.
#[derive(Clone, Debug)]
pub struct Archive {
    /// What an acknowledgement waits for.
    pub mode: ArchiveMode,
    /// A person has said that production may run without an archive.
    pub acknowledge_no_archive: bool,
    /// The control socket of the archiver; SQLite only.
    pub socket: Option<PathBuf>,
    /// Where the archive is; SQLite only.
    pub url: Option<ArchiveUrl>,
    /// The archiver's program, by which copies come back.
    pub litestream: PathBuf,
}

impl Archive {
    /// Whether there is one.
    pub fn is_on(&self) -> bool {
        self.mode != ArchiveMode::Off
    }
}

/// The address of an archive; shows itself without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct ArchiveUrl(String);

impl ArchiveUrl {
    /// The whole address, for the archiver only.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ArchiveUrl {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        const SCHEMES: [&str; 7] = ["file", "s3", "gs", "abs", "sftp", "nats", "oss"];
        match url::is_address(text, &SCHEMES) {
            true => Ok(Self(text.to_owned())),
            false => Err(Invalid),
        }
    }
}

impl std::fmt::Debug for ArchiveUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&url::redacted(&self.0))
    }
}

/// The cluster of PostgreSQL on this machine, for `backup`, `restore` and `recover` alone.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// The directory of all clusters, `lineage-1` and its successors.
    pub directory: Option<PathBuf>,
    /// The name of the archive.
    pub stanza: String,
    /// pgBackRest's configuration.
    pub pgbackrest: Option<PathBuf>,
    /// Where the receivers write.
    pub receivers: Vec<PathBuf>,
    /// The cluster's superuser.
    pub superuser: String,
    /// The directory of PostgreSQL's programs.
    pub programs: Option<PathBuf>,
}

/// Directories, separated by commas.
#[derive(Default)]
pub(super) struct Paths(pub Vec<PathBuf>);

impl FromStr for Paths {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let paths: Vec<PathBuf> = text.split(',').map(|path| path.trim().into()).collect();
        match paths.iter().all(|path| path.is_absolute()) {
            true => Ok(Self(paths)),
            false => Err(Invalid),
        }
    }
}

/// A name that needs no quotes, whoever reads it.
pub(super) struct Name(pub String);

impl FromStr for Name {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        match !text.is_empty() && text.chars().all(plain) {
            true => Ok(Self(text.to_owned())),
            false => Err(Invalid),
        }
    }
}

/// What an acknowledgement waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveMode {
    /// There is no archive.
    Off,
    /// The archive follows; the newest changes may be missing from it.
    Async,
    /// Nothing is acknowledged before the archive holds it.
    Barrier,
}

words!(ArchiveMode { Off => "off", Async => "async", Barrier => "barrier" });

/// Rate limits.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Whether they apply; body, page and stream limits always do.
    pub enabled: bool,
}

/// Orders and payments.
#[derive(Clone, Debug)]
pub struct Billing {
    /// Whether orders can be submitted; otherwise everything is unlocked.
    pub enabled: bool,
    /// A catalogue that replaces the compiled one.
    pub catalogue: Option<PathBuf>,
}

/// Outgoing mail.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The sender.
    pub from: Option<String>,
    /// Where mail is handed over; without it nothing is sent.
    pub smtp_url: Option<SmtpUrl>,
}

/// The living demo board.
#[derive(Clone, Debug)]
pub struct Demo {
    /// Whether this server keeps one.
    pub enabled: bool,
}

/// The program's log.
#[derive(Clone, Debug)]
pub struct Log {
    /// For machines or for people.
    pub format: LogFormat,
    /// The least severe level that is written.
    pub level: LogLevel,
}

/// For machines or for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// Lines for people.
    Text,
}

words!(LogFormat { Json => "json", Text => "text" });

/// The least severe level that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// Failures.
    Error,
    /// And what may become one.
    Warn,
    /// And what the program does.
    Info,
    /// And how it does it.
    Debug,
    /// And every step.
    Trace,
}

words!(LogLevel {
    Error => "error",
    Warn => "warn",
    Info => "info",
    Debug => "debug",
    Trace => "trace",
});

/// A sender such as `Scorehold <scores@example.org>`; the mailer parses it in full.
pub(super) struct Sender(pub String);

impl FromStr for Sender {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let address = match text.rsplit_once('<') {
            Some((_, address)) => address.strip_suffix('>').ok_or(Invalid)?,
            None => text,
        };
        let plain = !text.contains(char::is_control) && !address.contains(char::is_whitespace);
        match address.split_once('@') {
            Some((name, host)) if plain && !name.is_empty() && !host.is_empty() => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(Invalid),
        }
    }
}
