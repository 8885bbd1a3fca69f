//! The demo board: one public board at an address that people know, alive while somebody watches.

use std::time::Duration;

use super::{games, players, scores};
use crate::db::{Conn, Tx};
use crate::domain::actor::Caller;
use crate::domain::decimal::Decimal;
use crate::domain::game::{GameRef, Settings, Visibility};
use crate::domain::id::GameId;
use crate::domain::player::Profile;
use crate::domain::score::{NewScore, Op, PlayerRef};
use crate::domain::secret::Secrets;
use crate::domain::text::{Colour, Text};
use crate::error::{Error, Result};
use crate::repos;
use crate::state::AppState;

/// The demo board's address.
pub const SLUG: &str = "d3m0b04rd0";
/// How often somebody scores while somebody watches.
const BEAT: Duration = Duration::from_millis(2500);

const PLAYERS: [(&str, &str, i64); 5] = [
    ("Ana", "#0072b2", 42),
    ("Ben", "#d55e00", 39),
    ("Chidi", "#009e73", 39),
    ("Dora", "#cc79a7", 31),
    ("Emil", "#56b4e9", 27),
];

/// Installs the demo board unless it is there, and answers its address.
///
/// # Errors
/// Only those of the database.
pub async fn install(state: &AppState) -> Result<String> {
    let secrets = state.secrets.clone();
    state.db.write(move |tx| make(tx, &secrets)).await?;
    Ok(format!("{}/b/{SLUG}", state.public_url()))
}

/// Keeps the demo board moving while it is watched. Never returns.
pub async fn keep_alive(state: AppState) {
    if let Err(error) = install(&state).await {
        return tracing::warn!(%error, "the demo board could not be installed");
    }
    let Ok(game) = state.db.read(find).await else {
        return tracing::warn!("the demo board is not there");
    };
    loop {
        tokio::time::sleep(BEAT).await;
        if state.hub.watchers(game) == 0 {
            continue;
        }
        if let Err(error) = state.db.write(move |tx| play(tx, game)).await {
            tracing::warn!(%error, "the demo board missed a beat");
        }
    }
}

fn address() -> GameRef {
    GameRef::Slug(SLUG.to_owned())
}

fn find(conn: &mut Conn) -> Result<GameId> {
    let found = repos::games::find(conn, &address())?;
    found
        .map(|game| game.id)
        .ok_or_else(|| Error::not_found("board"))
}

fn make(tx: &mut Tx<'_>, secrets: &Secrets) -> Result<()> {
    if repos::games::find(tx.conn, &address())?.is_some() {
        return Ok(());
    }
    let settings = Settings {
        visibility: Visibility::Public,
        ..Settings::titled(Text::stored("Friday game night".to_owned()))
    };
    games::create_at(tx, Caller::System, secrets, settings, SLUG.to_owned())?;
    let profiles = PLAYERS
        .map(|(name, colour, _)| profile(name, colour))
        .to_vec();
    let added = players::add(tx, Caller::System, &address(), profiles)?;
    let totals = added.value.iter().zip(PLAYERS);
    let news: Vec<NewScore> = totals
        .map(|(player, (_, _, total))| score(PlayerRef::Id(player.id), total))
        .collect();
    scores::submit_batch(tx, Caller::System, &address(), &news)?;
    Ok(())
}

fn profile(name: &str, colour: &str) -> Profile {
    Profile {
        name: Text::stored(name.to_owned()),
        external_id: None,
        team: None,
        colour: Some(Colour::stored(colour.to_owned())),
        avatar: None,
        position: None,
    }
}

fn score(player: PlayerRef, value: i64) -> NewScore {
    NewScore {
        player,
        op: Op::Add,
        value: Decimal::new(value, 0),
        tiebreak: None,
        round: None,
        note: None,
        client_id: None,
        occurred_at: None,
        base_revision: None,
    }
}

/// Somebody scores one to three points; who and how many follows from the moment.
fn play(tx: &mut Tx<'_>, game: GameId) -> Result<()> {
    let dice = tx.now.millis().unsigned_abs() / 7;
    let game = GameRef::Id(game);
    let live = repos::players::Listing {
        limit: 100,
        ..Default::default()
    };
    let seated = players::list(tx.conn, Caller::System, &game, &live)?
        .value
        .rows;
    let count = u64::try_from(seated.len()).unwrap_or(0);
    let place = usize::try_from(dice % count.max(1)).unwrap_or(0);
    let Some((player, _)) = seated.get(place) else {
        return Ok(());
    };
    let points = i64::try_from(dice / 5 % 3).unwrap_or(0) + 1;
    scores::submit(
        tx,
        Caller::System,
        &game,
        &score(PlayerRef::Id(player.id), points),
    )?;
    Ok(())
}
