//! The rules between keys, some of which depend on what the configuration is for.

use super::draft::Draft;
use super::faults::Faults;
use super::keys::{self, Key};
use super::{ArchiveMode, Config, DatabaseUrl, Environment};

/// What the configuration is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To answer requests. The rights of migrations are not even read.
    Serve,
    /// To change the schema.
    Migrate,
    /// To tell whether `serve` would start, and whether every key is right.
    Check,
    /// To look after a database, as `maintenance` does.
    Operate,
    /// To be looked at; no command's rules apply.
    Inspect,
}

impl Purpose {
    /// Whether a key is read at all. What is never read can neither be used nor leak, and the
    /// file with it need not be readable.
    pub(super) fn reads(self, key: &Key) -> bool {
        !matches!(self, Self::Serve | Self::Operate) || key.path != keys::MIGRATE_URL.path
    }
}

/// Checks the rules whose sections are themselves right.
pub(super) fn check(purpose: Purpose, draft: &Draft, faults: &mut Faults) {
    match purpose {
        Purpose::Serve | Purpose::Check => {
            listeners(draft, faults);
            secret(draft, faults);
            archive(draft, faults);
            archiver(draft, faults);
            catalogue(draft, faults);
            mail(draft, faults);
        }
        Purpose::Migrate => migration(draft, faults),
        Purpose::Operate | Purpose::Inspect => {}
    }
}

fn listeners(draft: &Draft, faults: &mut Faults) {
    if let Ok(server) = &draft.server
        && server.bind == server.admin_bind
        && server.bind.port() != 0
    {
        let problem = format!(
            "found {}, which {} has too",
            server.bind,
            keys::BIND.variable()
        );
        faults.add(keys::ADMIN_BIND.variable(), problem);
    }
}

fn secret(draft: &Draft, faults: &mut Faults) {
    if let (Ok(environment), Ok(auth)) = (draft.environment, &draft.auth)
        && environment.is_guarded()
        && auth.secret.is_none()
    {
        missing(&keys::AUTH_SECRET, environment, faults);
    }
}

fn archive(draft: &Draft, faults: &mut Faults) {
    if let (Ok(Environment::Production), Ok(archive)) = (draft.environment, &draft.archive)
        && archive.mode == ArchiveMode::Off
        && !archive.acknowledge_no_archive
    {
        let problem = format!(
            "found \"off\": when this machine is lost, so are its scores; use barrier or async, or accept that with {}=true",
            keys::ACKNOWLEDGE_NO_ARCHIVE.variable()
        );
        faults.add(keys::ARCHIVE_MODE.variable(), problem);
    }
}

/// On SQLite the archiver is asked over its socket.
fn archiver(draft: &Draft, faults: &mut Faults) {
    if let (Ok(archive), Ok(database)) = (&draft.archive, &draft.database)
        && matches!(database.url, DatabaseUrl::Sqlite(_))
        && archive.is_on()
        && archive.socket.is_none()
    {
        let problem = format!(
            "missing, but {} is {}; allowed: {}",
            keys::ARCHIVE_MODE.variable(),
            archive.mode,
            keys::ARCHIVE_SOCKET.allowed
        );
        faults.add(keys::ARCHIVE_SOCKET.variable(), problem);
    }
}

fn catalogue(draft: &Draft, faults: &mut Faults) {
    if let Ok(billing) = &draft.billing
        && let Some(path) = &billing.catalogue
        && !path.is_file()
    {
        let problem = format!("there is no file {}", path.display());
        faults.add(keys::CATALOGUE.variable(), problem);
    }
}

fn mail(draft: &Draft, faults: &mut Faults) {
    if let Ok(mail) = &draft.mail
        && mail.smtp_url.is_some()
        && mail.from.is_none()
    {
        let problem = format!(
            "missing, but {} is set; allowed: {}",
            keys::SMTP_URL.variable(),
            keys::MAIL_FROM.allowed
        );
        faults.add(keys::MAIL_FROM.variable(), problem);
    }
}

fn migration(draft: &Draft, faults: &mut Faults) {
    let (Ok(environment), Ok(database)) = (draft.environment, &draft.database) else {
        return;
    };
    match (&database.url, &database.migrate_url) {
        (DatabaseUrl::Postgres(_), None) if environment.is_guarded() => {
            missing(&keys::MIGRATE_URL, environment, faults);
        }
        (_, None) | (DatabaseUrl::Postgres(_), Some(DatabaseUrl::Postgres(_))) => {}
        (url, Some(migrate_url)) if url == migrate_url => {}
        (url, Some(migrate_url)) => {
            let problem = format!(
                "found {migrate_url}, but {} is {url}: these are two databases",
                keys::DATABASE_URL.variable()
            );
            faults.add(keys::MIGRATE_URL.variable(), problem);
        }
    }
}

fn missing(key: &Key, environment: Environment, faults: &mut Faults) {
    let problem = format!(
        "missing, and required in {environment}; allowed: {}",
        key.allowed
    );
    faults.add(key.variable(), problem);
}

/// What is allowed, but leaves something undone where real people play.
pub(super) fn warnings(config: &Config) -> Vec<String> {
    if !config.environment.is_guarded() {
        return Vec::new();
    }
    let gaps = [
        (
            config.server.public_url.is_none(),
            &keys::PUBLIC_URL,
            "is not set: links are built from the listening address",
        ),
        (
            config.mail.smtp_url.is_none(),
            &keys::SMTP_URL,
            "is not set: no mail is sent, and addresses stay unverified",
        ),
        (
            config.archive.mode == ArchiveMode::Off,
            &keys::ARCHIVE_MODE,
            "is off: when this machine is lost, so are its scores",
        ),
        (
            !config.limits.enabled,
            &keys::LIMITS_ENABLED,
            "is false: no rate limit applies",
        ),
    ];
    gaps.into_iter()
        .filter(|(is_gap, ..)| *is_gap)
        .map(|(_, key, gap)| format!("{} {gap}", key.variable()))
        .collect()
}
