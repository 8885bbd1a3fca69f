//! Whether a COMMIT that was called done is where it should be.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};

use super::Conn;

/// How long a commit that was called done is asked after.
const PATIENCE: Duration = Duration::from_secs(5);
const AGAIN: Duration = Duration::from_millis(2);

#[derive(QueryableByName)]
struct Confirmed {
    #[diesel(sql_type = Text)]
    written: String,
    #[diesel(sql_type = Bool)]
    safe: bool,
}

const CONFIRM: &str = "
    SELECT pg_current_wal_flush_lsn()::text AS written,
           coalesce((SELECT max(flush_lsn) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum'))
                    >= coalesce($1::pg_lsn, pg_current_wal_flush_lsn()), false) AS safe";

/// Asks, after a COMMIT that was called done, whether a receiver really has it.
///
/// # Errors
/// None has, so nobody may be told that it is safe.
pub(in super::super) fn confirm(conn: &mut Conn) -> Result<(), String> {
    let Conn::Postgres(c) = conn else {
        return Ok(());
    };
    let (until, mut place) = (Instant::now() + PATIENCE, None::<String>);
    loop {
        let asked = diesel::sql_query(CONFIRM).bind::<Nullable<Text>, _>(place.clone());
        let found: Confirmed = asked.get_result(c).map_err(|error| error.to_string())?;
        if found.safe {
            return Ok(());
        }
        if Instant::now() > until {
            return Err("a COMMIT was cancelled while it waited for a receiver".to_owned());
        }
        place.get_or_insert(found.written);
        std::thread::sleep(AGAIN);
    }
}
