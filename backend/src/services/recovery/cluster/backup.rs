//! `scorehold backup`.

use super::super::{Say, Wanted, misused};
use super::site;
use crate::archive::cluster::pgbackrest::{self, Backup, Lineage};
use crate::archive::cluster::server::Server;
use crate::config::Config;
use crate::db::identity;
use crate::error::StartError;

/// Takes a full backup of the cluster in use, into the archive of its lineage, which is made when there is
/// none yet.
///
/// # Errors
/// 77, 78 or 69 as [`identity::check`]; otherwise as pgBackRest ends.
pub(in super::super) fn back_up(
    config: &Config,
    wanted: &Wanted,
    say: Say<'_>,
) -> Result<(), StartError> {
    if wanted.into.is_some() {
        return Err(misused(
            "a backup of PostgreSQL goes into its archive, without --into",
        ));
    }
    let site = site(config)?;
    let lineage = identity::check(config)?.lineage;
    let server = Server::at(&site, site.cluster(lineage));
    let door = server.door()?;
    let stanza = site.stanza(lineage);
    say(&format!(
        "full backup of {} into {stanza}",
        server.data.display()
    ))?;
    if wanted.dry_run {
        return say("nothing was done (--dry-run)");
    }
    pgbackrest::create(&site, lineage, &server.data)?;
    pgbackrest::back_up(&site, lineage, &server.data, &door)?;
    let lineages = pgbackrest::lineages(&site)?;
    let kept = lineages.iter().find(|one| one.lineage == lineage);
    let kept = kept.map(Lineage::backups).transpose()?;
    let newest = kept.and_then(<[Backup]>::last);
    let label = newest.map_or("none", |backup| backup.label.as_str());
    say(&format!("done: {label}"))
}
