//! A shared board previews well: title, leader and number of players in the head of the page.

use super::key;
use crate::db::Conn;
use crate::domain::actor::Caller;
use crate::domain::decimal::Decimal;
use crate::domain::game::{Game, GameRef, Visibility};
use crate::error::Result;
use crate::repos::standings::Placed;
use crate::services::access::{self, Credential};
use crate::services::demo;
use crate::services::standings::{self, Listing};
use crate::state::AppState;

/// Where the app's index leaves room for its head.
const ROOM: &str = "<!--scorehold:head-->";
const TITLE: &str = "<title>Scorehold</title>";

/// Fills the head of the index for the page that is asked for. A private or unknown board is told
/// apart from no other page, but for who comes with the key of a view link.
pub async fn dress(index: &str, path: &str, query: &str, state: &AppState) -> String {
    let mut head = String::new();
    if state.config.demo.enabled {
        head.push_str(&meta("name", "scorehold:demo", demo::SLUG));
    }
    let slug = path
        .strip_prefix("b/")
        .map(|rest| rest.split('/').next().unwrap_or(rest).to_ascii_lowercase());
    let (key, now) = (
        key::token(query).map(Credential::ViewLink),
        state.clock.now(),
    );
    let board = match slug {
        Some(slug) => {
            let read = state.db.read(move |conn| {
                let caller = access::authenticate(conn, key.as_ref(), now)?.caller;
                board(conn, caller, &slug)
            });
            read.await.ok()
        }
        None => None,
    };
    let Some((game, leader)) = board else {
        return index.replacen(ROOM, &head, 1);
    };
    let title = game.settings.title.as_str();
    head.push_str(&meta("property", "og:title", title));
    head.push_str(&meta(
        "property",
        "og:description",
        &description(&game, leader.as_ref()),
    ));
    head.push_str(&meta("property", "og:type", "website"));
    head.push_str(&meta(
        "property",
        "og:url",
        &format!("{}/b/{}", state.public_url(), game.slug),
    ));
    head.push_str(&meta(
        "property",
        "og:image",
        &format!("{}/preview.png", state.public_url()),
    ));
    if game.settings.visibility != Visibility::Public {
        head.push_str(&meta("name", "robots", "noindex"));
    }
    let titled = format!("<title>{} – Scorehold</title>", escaped(title));
    index.replacen(ROOM, &head, 1).replacen(TITLE, &titled, 1)
}

/// What may be seen of a board: itself and its leader.
fn board(conn: &mut Conn, caller: Caller, slug: &str) -> Result<(Game, Option<Placed>)> {
    let first = Listing {
        limit: 1,
        ..Default::default()
    };
    let game = GameRef::Slug(slug.to_owned());
    let (game, page) = standings::page(conn, caller, &game, &first)?;
    Ok((game, page.rows.into_iter().next()))
}

/// "Ana leads with 42, 5 players".
fn description(game: &Game, leader: Option<&Placed>) -> String {
    let players = match game.player_count {
        1 => "1 player".to_owned(),
        count => format!("{count} players"),
    };
    let leading = leader.and_then(|(player, _)| Some((player, player.tally.total?)));
    match leading {
        Some((player, total)) => {
            let total = Decimal::new(total, game.settings.decimals);
            format!("{} leads with {total}, {players}", player.profile.name)
        }
        None => players,
    }
}

fn meta(kind: &str, name: &str, content: &str) -> String {
    format!("<meta {kind}=\"{name}\" content=\"{}\">", escaped(content))
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_title_becomes_markup() {
        assert_eq!(
            meta("property", "og:title", "<script>\"&'"),
            "<meta property=\"og:title\" content=\"&lt;script&gt;&quot;&amp;&#39;\">"
        );
    }
}
