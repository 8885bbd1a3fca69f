//! `/games/{game}/journal`

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::Result;
use crate::http::answer::Answer;
use crate::http::dto::journal::{JournalEntry, JournalList};
use crate::http::page::{Keyset, Limit};
use crate::http::request::Request;
use crate::services::journal;

/// What the journal is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct JournalQuery {
    /// Rows at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    /// Where the last page ended: its `next_cursor`.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

/// Read the journal
///
/// Who changed what, and when: every accepted change, before and after, the newest first. One
/// change is one revision; its parts are items.
#[utoipa::path(tag = "journal", params(JournalQuery), responses((status = 200, description = "A page of the journal.", body = JournalList)))]
#[get("/games/{game}/journal")]
pub async fn list_journal(request: Request) -> Result<Answer> {
    request
        .known()?
        .read(|parts, conn, caller| {
            let query: JournalQuery = parts.query()?;
            let keyset = Keyset::new(&parts.path, &parts.query, query.limit, query.cursor, 25);
            let before = keyset.after()?.map(|[revision, item]| (revision, item));
            let (_, page) = journal::list(conn, caller, &parts.game()?, before, keyset.limit)?;
            keyset.answer(&page, |row| [row.revision, row.item], JournalEntry::from)
        })
        .await
}
