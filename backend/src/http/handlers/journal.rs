//! `/games/{game}/journal`

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::id::PlayerId;
use crate::domain::when::When;
use crate::error::{Code, Error, Result};
use crate::http::answer::Answer;
use crate::http::dto::history::actor_id;
use crate::http::dto::journal::{JournalEntry, JournalList};
use crate::http::page::{Keyset, Limit};
use crate::http::request::Request;
use crate::services::journal::{self, Listed, Listing};

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
    /// What this link or account did.
    #[param(
        min_length = 17,
        max_length = 17,
        pattern = "^(lnk|usr)_[0-9A-HJKMNP-TV-Z]{13}$"
    )]
    actor: Option<String>,
    /// What was done to this player, or moved the total.
    #[param(value_type = Option<String>, min_length = 17, max_length = 17, pattern = "^plr_[0-9A-HJKMNP-TV-Z]{13}$")]
    player: Option<PlayerId>,
    /// From this revision or time (RFC 3339) on.
    #[param(value_type = Option<String>, min_length = 1, max_length = 40)]
    since: Option<When>,
    /// Up to this revision or time (RFC 3339).
    #[param(value_type = Option<String>, min_length = 1, max_length = 40)]
    until: Option<When>,
}

/// Read the journal
///
/// Who changed what, and when: every accepted change, before and after, the newest first. One
/// change is one revision; its parts are items. A score link reads what was done by it.
#[utoipa::path(tag = "journal", params(JournalQuery), responses((status = 200, description = "A page of the journal.", body = JournalList)))]
#[get("/games/{game}/journal")]
pub async fn list_journal(request: Request) -> Result<Answer> {
    request
        .known()?
        .read(|parts, conn, caller| {
            let query: JournalQuery = parts.query()?;
            let keyset = Keyset::new(&parts.path, &parts.query, query.limit, query.cursor, 25);
            let actor = query.actor.map(|actor| actor_id(&actor).ok_or(actor));
            let listing = Listing {
                actor: actor.transpose().map_err(no_actor)?,
                player: query.player,
                since: query.since,
                until: query.until,
                before: keyset.after()?.map(|[revision, item]| (revision, item)),
                limit: keyset.limit,
            };
            let (_, page) = journal::list(conn, caller, &parts.game()?, listing)?;
            let place = |listed: &Listed| [listed.row.revision, listed.row.item];
            keyset.answer(&page, place, JournalEntry::from)
        })
        .await
}

fn no_actor(found: String) -> Error {
    Error::at(
        Code::InvalidParameter,
        "actor",
        format!("The id of a link (lnk_…) or of an account (usr_…) is expected, not {found}."),
    )
}
