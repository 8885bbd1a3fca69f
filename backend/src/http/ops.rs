//! For whoever operates it: is the process alive, is it ready.

use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::repos;
use crate::state::AppState;

/// `GET /healthz`: the process answers; nothing else is looked at.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ok"}))
}

/// `GET /readyz`: whether this process can take work, and what it stands on.
pub async fn readyz(state: web::Data<AppState>) -> HttpResponse {
    let draining = *state.draining().borrow();
    let reachable = state.db.read(|conn| Ok(repos::alive(conn)?)).await.is_ok();
    let ready = reachable && !draining;
    let body = json!({
        "status": if ready { "ready" } else { "not_ready" },
        "database": if reachable { "reachable" } else { "out_of_reach" },
        "draining": draining,
        "environment": state.config.environment.to_string(),
        "lineage": state.identity.lineage,
        "archive": state.barrier.mode(),
    });
    let mut response = if ready {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    response.json(body)
}
