//! What a server of PostgreSQL says of its log, its receivers and its archive.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::Conn;
use crate::config::ArchiveMode;

#[derive(QueryableByName)]
pub(super) struct Seen {
    #[diesel(sql_type = Text)]
    pub names: String,
    #[diesel(sql_type = Bool)]
    pub archives: bool,
    #[diesel(sql_type = Bool)]
    pub sees: bool,
    #[diesel(sql_type = Bool)]
    pub archiving: bool,
    #[diesel(sql_type = BigInt)]
    pub written: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub received: Option<i64>,
}

/// `archives`: finished files of the log are handed on. `archiving`: the newest that was tried has arrived.
const LOOK: &str = "
    SELECT current_setting('synchronous_standby_names') AS names,
           current_setting('archive_mode') <> 'off'
               AND current_setting('archive_command') || coalesce(current_setting('archive_library', true), '') <> ''
               AS archives,
           pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees,
           (SELECT last_failed_time IS NULL OR last_failed_time < last_archived_time IS TRUE
              FROM pg_stat_archiver) AS archiving,
           (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint AS written,
           (SELECT (max(flush_lsn) - '0/0'::pg_lsn)::bigint FROM pg_stat_replication
             WHERE sync_state IN ('sync', 'quorum')) AS received";

impl Seen {
    pub fn by(conn: &mut Conn) -> QueryResult<Option<Self>> {
        match conn {
            Conn::Postgres(c) => diesel::sql_query(LOOK).get_result(c).map(Some),
            Conn::Sqlite(_) => Ok(None),
        }
    }

    /// What is missing for good, with the setting that gives it.
    pub fn lacking(&self, mode: ArchiveMode) -> Option<&'static str> {
        let barrier = mode == ArchiveMode::Barrier;
        if barrier && self.names.is_empty() {
            return Some(
                "no commit waits for a receiver: set synchronous_standby_names = 'ANY 1 (receiver_1, receiver_2)'",
            );
        }
        if barrier && !self.sees {
            return Some(
                "the role of SCOREHOLD__DATABASE__URL may not see the receivers: GRANT pg_read_all_stats to it, \
                 which `scorehold migrate` does where it may",
            );
        }
        (!self.archives).then_some(
            "nothing of the log goes into an archive: set archive_mode = on and archive_command, and restart the cluster",
        )
    }
}

#[cfg(test)]
impl Seen {
    /// All is set as it should be.
    pub fn at(written: i64, received: Option<i64>) -> Self {
        Self {
            names: "ANY 1 (a, b)".to_owned(),
            archives: true,
            sees: true,
            archiving: true,
            written,
            received,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_its_setting() {
        use ArchiveMode::{Async, Barrier};
        let lacking = |change: fn(&mut Seen), mode| {
            let mut seen = Seen::at(1, None);
            change(&mut seen);
            seen.lacking(mode).unwrap_or_default()
        };
        assert!(lacking(|seen| seen.names.clear(), Barrier).contains("synchronous_standby_names"));
        assert!(lacking(|seen| seen.sees = false, Barrier).contains("pg_read_all_stats"));
        assert!(lacking(|seen| seen.archives = false, Async).contains("archive_command"));
        assert_eq!(lacking(|seen| seen.names.clear(), Async), "");
        assert_eq!(lacking(|_| {}, Barrier), "");
    }
}
