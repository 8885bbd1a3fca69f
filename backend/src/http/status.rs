//! `GET /status`: how the server is, for people.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use super::preview::escaped;
use crate::config::ArchiveMode;
use crate::domain::rehearsal::Rehearsed;
use crate::domain::time::Timestamp;
use crate::maintenance::By;
use crate::services::health::{self, Health};
use crate::state::AppState;

/// A page without scripts, which loads nothing.
const CSP: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

const STYLE: &str = "
:root { color-scheme: light dark; --ink: light-dark(#16181d, #f3f4f6); --muted: light-dark(#5a606b, #a5abb6);
  --bg: light-dark(#fbfbfc, #101216); --line: light-dark(#e2e4e8, #2c3038); --good: light-dark(#0b6b45, #4cd79b);
  --warn: light-dark(#8a4b00, #ffc46b); --bad: light-dark(#b3261e, #ff8f86) }
body { margin: 0; background: var(--bg); color: var(--ink); font: 17px/1.5 system-ui, sans-serif }
main { max-width: 34rem; margin: 0 auto; padding: clamp(1.5rem, 8vh, 5rem) 1.25rem }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; text-wrap: balance }
h1::before { content: ''; display: inline-block; width: .7em; height: .7em; border-radius: 50%;
  margin-right: .5em; background: currentColor }
.good h1 { color: var(--good) } .warn h1 { color: var(--warn) } .bad h1 { color: var(--bad) }
p { margin: 0 0 1rem } dl { margin: 2rem 0; border-top: 1px solid var(--line) }
dl div { padding: .9rem 0; border-bottom: 1px solid var(--line) }
dt { color: var(--muted); font-size: .9rem } dd { margin: 0 }
.alarm { color: var(--bad); font-weight: 600 } footer { color: var(--muted); font-size: .9rem } a { color: inherit }";

/// The page. Asked again by itself, so that it may hang on a wall.
pub async fn status(state: web::Data<AppState>) -> HttpResponse {
    let health = health::look(&state).await;
    let mut response = match health.is_ready() {
        true => HttpResponse::Ok(),
        false => HttpResponse::ServiceUnavailable(),
    };
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, CSP))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(page(&state, &health))
}

fn page(state: &AppState, health: &Health) -> String {
    let now = state.clock.now();
    let (class, title, what) = summary(health);
    let reads = if health.is_read() {
        "Yes"
    } else {
        "Not at the moment"
    };
    let writes = if health.is_written() {
        "Yes"
    } else {
        "Not at the moment"
    };
    let mut rows = row("Boards can be looked at", reads) + &row("Changes are taken", writes);
    rows += &row(
        "A copy outside this machine",
        copy(state.config.archive.mode),
    );
    if let Some(ground) = health
        .ground
        .as_ref()
        .filter(|_| state.config.archive.is_on())
    {
        rows += &restores(&ground.rehearsed, now);
    }
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <meta http-equiv=refresh content=30><title>{title} – Scorehold</title><style>{STYLE}</style>\
         <main class={class}><h1>{title}</h1><p>{what}</p><dl>{rows}</dl>\
         <footer>Looked at {now}. <a href=\"/\">To the boards</a></footer></main></html>"
    )
}

/// The one line that most people read.
fn summary(health: &Health) -> (&'static str, &'static str, String) {
    const KEPT: &str =
        "What you enter is kept on your device and sent as soon as changes are taken again.";
    let person = health
        .in_force
        .as_ref()
        .filter(|found| found.by == By::Person);
    let said = person.and_then(|found| found.why.as_deref()).map(escaped);
    let kept = || {
        said.clone()
            .map_or_else(|| KEPT.to_owned(), |said| format!("{said} {KEPT}"))
    };
    match (health.is_read(), health.is_written()) {
        (true, true) => (
            "good",
            "Everything works",
            "Boards can be seen and changed.".to_owned(),
        ),
        (true, false) => ("warn", "Changes have to wait", kept()),
        (false, _) => ("bad", "This server is being looked after", kept()),
    }
}

fn copy(mode: ArchiveMode) -> &'static str {
    match mode {
        ArchiveMode::Barrier => {
            "Every change, before it is confirmed: nothing that was confirmed is lost with the machine"
        }
        ArchiveMode::Async => "Every change, within seconds",
        ArchiveMode::Off => "None: whoever runs this server makes backups, or does not",
    }
}

fn restores(rehearsed: &Rehearsed, now: Timestamp) -> String {
    let failed = rehearsed
        .last
        .as_ref()
        .is_some_and(|last| last.wrong.is_some());
    let last = match rehearsed.age(now) {
        Some(age) => format!("{}: everything was there", ago(age)),
        None => "Never".to_owned(),
    };
    let why = match (failed, rehearsed.verified_at) {
        (true, _) => "The last try has failed.",
        (false, None) => "A copy that was never brought back is none.",
        (false, Some(_)) => "That is too long ago.",
    };
    let alarm = match rehearsed.is_alarming(now) {
        false => String::new(),
        true => format!("<br><span class=alarm>{why} Whoever runs this server has to look.</span>"),
    };
    row(
        "Bringing everything back was last tried",
        &format!("{last}{alarm}"),
    )
}

fn ago(seconds: i64) -> String {
    const HOUR: i64 = 3600;
    match seconds / HOUR {
        0 => "Less than an hour ago".to_owned(),
        1 => "An hour ago".to_owned(),
        hours if hours < 48 => format!("{hours} hours ago"),
        hours => format!("{} days ago", hours / 24),
    }
}

fn row(term: &str, description: &str) -> String {
    format!("<div><dt>{term}</dt><dd>{description}</dd></div>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago_is_told_as_people_do() {
        for (seconds, told) in [
            (0, "Less than an hour ago"),
            (3599, "Less than an hour ago"),
            (3600, "An hour ago"),
            (7200, "2 hours ago"),
            (26 * 3600, "26 hours ago"),
            (48 * 3600, "2 days ago"),
        ] {
            assert_eq!(ago(seconds), told);
        }
    }
}
