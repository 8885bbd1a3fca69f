//! For whoever operates it: is the process alive, is it ready, and in numbers.

use std::fmt::Write;

use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use crate::maintenance::{By, InForce};
use crate::services::health::{self, Health};
use crate::state::AppState;

/// `GET /healthz`: the process answers; nothing else is looked at.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ok"}))
}

/// `GET /readyz`: whether this process can take work, and what it stands on.
pub async fn readyz(state: web::Data<AppState>) -> HttpResponse {
    let health = health::look(&state).await;
    let (ready, ground) = (health.is_ready(), health.ground.as_ref());
    let body = json!({
        "status": if ready { "ready" } else { "not_ready" },
        "database": if ground.is_some() { "reachable" } else { "out_of_reach" },
        "schema": ground.map(|ground| ground.schema.clone()),
        "guards": ground.map(|ground| ground.guards.to_string()),
        "guards_lacking": ground.map(|ground| ground.guards.lacking()).unwrap_or_default(),
        "draining": health.draining,
        "environment": state.config.environment.to_string(),
        "instance": state.identity.id,
        "lineage": state.db.identity().lineage,
        "archive": state.config.archive.mode.as_str(),
        "archived": state.db.barrier().position(),
        "restore": restore(&state, &health),
        "maintenance": health.in_force.map(shown),
    });
    let mut response = if ready {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    response.json(body)
}

/// What is known of the restores of an archive; nothing where there is none.
fn restore(state: &AppState, health: &Health) -> Value {
    let ground = health.ground.as_ref();
    let Some(ground) = ground.filter(|_| state.config.archive.is_on()) else {
        return Value::Null;
    };
    let (rehearsed, now) = (&ground.rehearsed, state.clock.now());
    json!({
        "verified_at": rehearsed.verified_at,
        "age_seconds": rehearsed.age(now),
        "wrong": rehearsed.last.as_ref().and_then(|last| last.wrong.clone()),
        "alarm": rehearsed.is_alarming(now),
    })
}

fn shown(found: InForce) -> Value {
    let by = match found.by {
        By::Watchdog => "watchdog",
        By::Person => "person",
    };
    json!({"mode": found.mode, "by": by, "why": found.why})
}

/// `GET /metrics` of the operators' address: the same as numbers, as Prometheus reads them.
pub async fn metrics(state: web::Data<AppState>) -> HttpResponse {
    let health = health::look(&state).await;
    let now = state.clock.now();
    let archived = state.config.archive.is_on();
    let rehearsed = health.ground.as_ref().filter(|_| archived);
    let rehearsed = rehearsed.map(|ground| &ground.rehearsed);
    let gauges = [
        (
            "ready",
            "Whether the server can take work.",
            Some(i64::from(health.is_ready())),
        ),
        (
            "changes_taken",
            "Whether changes are taken.",
            Some(i64::from(health.is_written())),
        ),
        (
            "lineage",
            "How often the database was restored, from 1.",
            Some(state.db.identity().lineage.into()),
        ),
        (
            "archive_on",
            "Whether there is an archive outside the host.",
            Some(i64::from(archived)),
        ),
        (
            "restore_verified_age_seconds",
            "Since a restore was tried aside and everything was there.",
            rehearsed.and_then(|rehearsed| rehearsed.age(now)),
        ),
        (
            "restore_alarm",
            "Whether no restore was verified for 26 hours, or the last try has failed.",
            rehearsed.map(|rehearsed| i64::from(rehearsed.is_alarming(now))),
        ),
    ];
    let mut text = String::new();
    for (name, help, value) in gauges {
        if let Some(value) = value {
            // Writing to a text cannot fail.
            let _infallible = write!(
                text,
                "# HELP scorehold_{name} {help}\n# TYPE scorehold_{name} gauge\nscorehold_{name} {value}\n"
            );
        }
    }
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(text)
}
