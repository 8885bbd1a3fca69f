//! A PostgreSQL cluster on this machine: backups into its archive, and back from it.

mod aside;
mod backup;
mod plan;
mod recover;
mod rehearse;
mod restore;

pub(super) use backup::back_up;
pub(super) use recover::recover;
pub(super) use rehearse::rehearse;
pub(super) use restore::restore;

use crate::archive::cluster::pgbackrest::Lineage;
use crate::archive::cluster::server::Door;
use crate::archive::cluster::{Failure, Site};
use crate::config::{Config, DatabaseUrl};
use crate::error::StartError;

impl From<Failure> for StartError {
    fn from(failure: Failure) -> Self {
        Self::new(failure.exit, failure.message)
    }
}

/// Where the cluster of this configuration is.
fn site(config: &Config) -> Result<Site, StartError> {
    let cluster = config.cluster.clone();
    let Some(clusters) = cluster.directory else {
        return Err(StartError::new(
            78,
            "SCOREHOLD__CLUSTER__DIRECTORY is needed: the directory of PostgreSQL's clusters on this machine",
        ));
    };
    Ok(Site {
        stanza: cluster.stanza,
        pgbackrest: cluster.pgbackrest,
        clusters,
        receivers: cluster.receivers,
        superuser: cluster.superuser,
        programs: cluster.programs,
    })
}

/// The lineages that there is a way back to. One that was restored and never swapped in, since its recovery was
/// ended before, is none of them: nothing was ever acknowledged on it.
fn used(site: &Site, mut lineages: Vec<Lineage>) -> Vec<Lineage> {
    lineages.retain(|one| {
        let cluster = site.cluster(one.lineage);
        let is_half = restore::part(&cluster).exists() && !cluster.exists();
        !is_half && (one.unread.is_some() || !one.backups.is_empty())
    });
    lineages
}

/// The name of the database that the server works with.
fn database_name(config: &Config) -> Result<String, StartError> {
    let DatabaseUrl::Postgres(text) = &config.database.url else {
        return Err(StartError::new(
            78,
            "SCOREHOLD__DATABASE__URL names an SQLite file",
        ));
    };
    let url = url::Url::parse(text).ok();
    let name = url.map(|url| url.path().trim_start_matches('/').to_owned());
    name.filter(|name| !name.is_empty()).ok_or_else(|| {
        StartError::new(
            78,
            "SCOREHOLD__DATABASE__URL names no database after its host",
        )
    })
}

/// How the restored database is reached as long as nobody else may.
fn private_url(site: &Site, door: &Door, database: &str) -> DatabaseUrl {
    let directory = door.directory.to_string_lossy();
    let host =
        percent_encoding::utf8_percent_encode(&directory, percent_encoding::NON_ALPHANUMERIC);
    let (user, port) = (&site.superuser, door.port);
    DatabaseUrl::Postgres(format!(
        "postgres:///{database}?host={host}&port={port}&user={user}"
    ))
}
