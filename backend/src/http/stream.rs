//! Server-sent events: one stream, one cursor, every revision in order.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Bytes;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::dto::event::Snapshot;
use super::dto::standing::Standing;
use super::presence::Presence;
use super::request::Request;
use super::throttle::too_many_streams;
use crate::domain::actor::Caller;
use crate::domain::game::GameRef;
use crate::domain::id::GameId;
use crate::error::{Error, Result};
use crate::limits::OpenStream;
use crate::live::{Event, Watch};
use crate::services::{access, events};
use crate::state::AppState;

/// A dead connection is noticed only by writing to it. The first one goes out at once: with it the
/// headers, by which a browser knows that the stream is open.
const PING_EVERY: Duration = Duration::from_secs(15);
/// An event too, as browsers hide comments from the page, which watches for silence. It has no id, so
/// the cursor stays.
const PING: &[u8] = b": ping\nevent: ping\ndata: {}\n\n";
/// Changes that the journal fills in at a time.
const CATCH_UP: i64 = 200;
/// Who is further behind than this gets a snapshot instead.
const TOO_FAR: i64 = 10_000;

/// Opens a stream for whoever may see the board.
///
/// # Errors
/// `not_found`, `trashed`, `invalid_credential`.
pub async fn open(
    request: Request,
    address: IpAddr,
    admitted: Option<Caller>,
    after: Option<i64>,
) -> Result<HttpResponse> {
    let state = request.state.clone();
    let (game, revision, caller) = visible(request, admitted).await?;
    let counted = state.limits.stream(address);
    let mut follower = Follower {
        _counted: counted.ok_or_else(too_many_streams)?,
        watch: state.hub.clone().watch(game),
        caller,
        in_doubt: false,
        presence: Presence::of(caller, &state.hub),
        draining: state.draining(),
        ping: ping(),
        queue: VecDeque::new(),
        cursor: after.unwrap_or_default(),
        behind: true,
        state,
        game,
    };
    // A cursor from before a restore may lie ahead of the board: it starts anew.
    if after.is_none_or(|after| after > revision || revision - after > TOO_FAR) {
        follower.snapshot().await?;
    }
    let chunks = futures_util::stream::unfold(follower, |mut follower| async {
        follower
            .next()
            .await
            .map(|chunk| (Ok::<_, Error>(chunk), follower))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Neither a proxy nor our own compression may hold events back.
        .insert_header(("X-Accel-Buffering", "no"))
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .streaming(chunks))
}

/// The board, its revision, and who watches.
async fn visible(request: Request, admitted: Option<Caller>) -> Result<(GameId, i64, Caller)> {
    let state = request.state.clone();
    state
        .db
        .read(move |conn| {
            let caller = match admitted {
                Some(caller) => caller,
                None => request.parts().caller(conn)?,
            };
            let game = access::view(conn, caller, &request.parts().game()?)?;
            Ok((game.id, game.revision, caller))
        })
        .await
}

fn ping() -> Interval {
    let mut ping = interval(PING_EVERY);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ping
}

struct Follower {
    _counted: OpenStream,
    state: AppState,
    game: GameId,
    watch: Watch,
    /// Who watches: the stream ends with their link or session.
    caller: Caller,
    in_doubt: bool,
    presence: Presence,
    draining: watch::Receiver<bool>,
    ping: Interval,
    queue: VecDeque<Bytes>,
    cursor: i64,
    behind: bool,
}

impl Follower {
    /// The next chunk; `None` ends the stream, and the client comes back with its cursor.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if std::mem::take(&mut self.in_doubt) && !self.still_admitted().await {
                return None;
            }
            if let Some(chunk) = self.queue.pop_front() {
                return Some(chunk);
            }
            if self.behind {
                self.catch_up().await.ok()?;
                continue;
            }
            tokio::select! {
                heard = self.watch.events.recv() => match heard {
                    Ok(event) => self.hear(&event),
                    Err(RecvError::Lagged(_)) => self.behind = true,
                    Err(RecvError::Closed) => return None,
                },
                () = self.presence.in_doubt() => self.in_doubt = true,
                _ = self.ping.tick() => {
                    self.in_doubt = true; // a link may have expired meanwhile
                    return Some(Bytes::from_static(PING));
                }
                _ = self.draining.changed() => return None,
            }
        }
    }

    /// Sends what comes next, skips what was sent, and asks the journal about a gap.
    fn hear(&mut self, event: &Arc<Event>) {
        if event.revision == self.cursor + 1 {
            self.push(event);
        } else if event.revision > self.cursor {
            self.behind = true;
        }
    }

    fn push(&mut self, event: &Event) {
        self.cursor = event.revision;
        self.in_doubt |= event.about_links;
        self.queue
            .push_back(chunk("change", event.revision, &event.json));
    }

    async fn still_admitted(&self) -> bool {
        if self.caller == Caller::Anonymous {
            return true;
        }
        let (caller, now) = (self.caller, self.state.clock.now());
        let works = self
            .state
            .db
            .read(move |conn| access::works(conn, caller, now));
        works.await.unwrap_or(false)
    }

    async fn catch_up(&mut self) -> Result<()> {
        let (game, cursor) = (self.game, self.cursor);
        let changes = self
            .state
            .db
            .read(move |conn| events::after(conn, game, cursor, CATCH_UP))
            .await?;
        self.behind = !changes.is_empty();
        for change in &changes {
            self.push(&Event::from(change));
        }
        Ok(())
    }

    async fn snapshot(&mut self) -> Result<()> {
        let game = GameRef::Id(self.game);
        // The caller was admitted already; the service itself reads what all may see.
        let (game, rows) = self
            .state
            .db
            .read(move |conn| events::snapshot(conn, Caller::System, &game))
            .await?;
        let body = Snapshot {
            revision: game.revision,
            player_count: game.player_count,
            data: Standing::rows(&game, &rows),
        };
        let json = serde_json::to_string(&body).map_err(|error| Error::internal(&error))?;
        self.cursor = game.revision;
        self.queue
            .push_back(chunk("snapshot", game.revision, &json));
        Ok(())
    }
}

fn chunk(event: &str, revision: i64, json: &str) -> Bytes {
    Bytes::from(format!("id: {revision}\nevent: {event}\ndata: {json}\n\n"))
}
