//! For whoever operates it: is the process alive, is it ready.

use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use crate::db::guards::{self, Guarded};
use crate::db::migrate;
use crate::domain::maintenance::Mode;
use crate::maintenance::{By, InForce};
use crate::state::AppState;

/// `GET /healthz`: the process answers; nothing else is looked at.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ok"}))
}

/// What the database says of itself.
struct Ground {
    schema: String,
    guards: Guarded,
}

/// `GET /readyz`: whether this process can take work, and what it stands on.
pub async fn readyz(state: web::Data<AppState>) -> HttpResponse {
    let draining = *state.draining().borrow();
    let ground = state.db.read(|conn| {
        Ok(Ground {
            schema: migrate::version(conn)?,
            guards: guards::look(conn)?,
        })
    });
    let ground = ground.await.ok();
    let lacking = ground.as_ref().map(|ground| ground.guards.lacking());
    let in_force = state.maintenance.in_force();
    let works = in_force.as_ref().is_none_or(is_meant);
    let ready = lacking.as_ref().is_some_and(Vec::is_empty) && !draining && works;
    let barrier = state.db.barrier();
    let body = json!({
        "status": if ready { "ready" } else { "not_ready" },
        "database": if ground.is_some() { "reachable" } else { "out_of_reach" },
        "schema": ground.as_ref().map(|ground| ground.schema.clone()),
        "guards": ground.map(|ground| ground.guards.to_string()),
        "guards_lacking": lacking.unwrap_or_default(),
        "draining": draining,
        "environment": state.config.environment.to_string(),
        "instance": state.identity.id,
        "lineage": state.db.identity().lineage,
        "archive": barrier.mode(),
        "archived": barrier.position(),
        "maintenance": in_force.map(shown),
    });
    let mut response = if ready {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    response.json(body)
}

/// Whether a server goes on taking requests: a person wants readers to be served.
fn is_meant(found: &InForce) -> bool {
    found.by == By::Person && found.mode == Mode::ReadOnly
}

fn shown(found: InForce) -> Value {
    let by = match found.by {
        By::Watchdog => "watchdog",
        By::Person => "person",
    };
    json!({"mode": found.mode, "by": by, "why": found.why})
}
