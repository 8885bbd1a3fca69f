//! The web: the only place that knows actix and utoipa.

mod answer;
mod app;
mod cookie;
mod decode;
mod docs;
mod dto;
mod handlers;
mod key;
mod maintenance;
mod middleware;
pub mod openapi;
mod ops;
mod page;
mod parts;
mod presence;
mod preview;
mod problem;
mod request;
mod routes;
mod status;
mod stream;
mod throttle;
mod ticket;

use std::net::TcpListener;

use actix_cors::Cors;
use actix_web::dev::Server;
use actix_web::http::{Method, header};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use utoipa_actix_web::AppExt;

use crate::error::{Code, Error};
use crate::services::{accounts, mails, maintenance as announcements, nodes, orders, watchdog};
use crate::state::AppState;
use openapi::Paths;

/// Seconds that requests under way have to finish when the process stops.
const SHUTDOWN: u64 = 10;

/// Serves the API, its documentation and the app. The server runs when it is awaited.
///
/// # Errors
/// The listener cannot be used.
pub fn serve(state: AppState, listener: TcpListener) -> std::io::Result<Server> {
    actix_web::rt::spawn(nodes::follow(state.clone()));
    actix_web::rt::spawn(nodes::keep_number(state.clone()));
    actix_web::rt::spawn(announcements::follow(state.clone()));
    actix_web::rt::spawn(watchdog::watch(state.clone()));
    actix_web::rt::spawn(mails::deliver(state.clone()));
    actix_web::rt::spawn(accounts::keep_erasing(state.clone()));
    actix_web::rt::spawn(orders::keep_expiring(state.clone()));
    let document = openapi::document()?;
    let paths = Paths::of(&document)?;
    let document = web::Bytes::from(document);
    let server = HttpServer::new(move || {
        let (api, _) = App::new()
            .app_data(web::Data::new(state.clone()))
            .into_utoipa_app()
            .configure(routes::api)
            .split_for_parts();
        api.app_data(web::Data::new(paths.clone()))
            .app_data(web::Data::new(document.clone()))
            .service(docs::swagger())
            .route("/docs", web::get().to(docs::redirect))
            .route("/openapi.json", web::get().to(serve_document))
            .route("/problems/{code}", web::get().to(problem::page))
            .route("/healthz", web::get().to(ops::healthz))
            .route("/readyz", web::get().to(ops::readyz))
            .route("/status", web::get().to(status::status))
            .default_service(web::to(otherwise))
            .wrap(from_fn(docs::policy))
            .wrap(from_fn(maintenance::refuse))
            .wrap(from_fn(throttle::throttle))
            .wrap(cors())
            .wrap(from_fn(middleware::around))
            .wrap(Compress::default())
    });
    let server = server.shutdown_timeout(SHUTDOWN).disable_signals();
    Ok(server.listen(listener)?.run())
}

/// Serves what only an operator's machine may reach.
///
/// # Errors
/// The listener cannot be used.
pub fn serve_admin(state: AppState, listener: TcpListener) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(state.clone()))
            .route("/healthz", web::get().to(ops::healthz))
            .route("/readyz", web::get().to(ops::readyz))
            .route("/metrics", web::get().to(ops::metrics))
    });
    Ok(server
        .workers(1)
        .shutdown_timeout(SHUTDOWN)
        .disable_signals()
        .listen(listener)?
        .run())
}

/// Any page may ask the API: there are no cookies to steal.
fn cors() -> Cors {
    Cors::default()
        .allow_any_origin()
        .send_wildcard()
        .allow_any_method()
        .allow_any_header()
        .expose_headers([
            "ETag",
            "Link",
            "Location",
            "Retry-After",
            "RateLimit",
            "RateLimit-Policy",
            "Request-Id",
            "Idempotency-Replayed",
        ])
        .max_age(3600)
}

async fn serve_document(document: web::Data<web::Bytes>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(document.get_ref().clone())
}

/// What no route answers: a wrong method, an unknown address of the API, or the app.
async fn otherwise(
    request: HttpRequest,
    paths: web::Data<Paths>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Error> {
    let path = request.path();
    if let Some(allowed) = paths.allowed(path) {
        return Ok(wrong_method(&request, &allowed));
    }
    let app = !path.starts_with("/api/") && path != "/api";
    match *request.method() {
        Method::GET if app => Ok(app::serve(request, state).await),
        Method::OPTIONS => Ok(HttpResponse::NoContent()
            .insert_header((header::ALLOW, "OPTIONS"))
            .finish()),
        _ if app => Ok(wrong_method(&request, "GET, HEAD, OPTIONS")),
        _ => Err(Error::not_found(
            "address; GET /openapi.json lists those that there are",
        )),
    }
}

fn wrong_method(request: &HttpRequest, allowed: &str) -> HttpResponse {
    use actix_web::ResponseError;
    let mut response = if request.method() == Method::OPTIONS {
        HttpResponse::NoContent().finish()
    } else {
        let detail = format!(
            "{} does not exist here; these do: {allowed}.",
            request.method()
        );
        Error::new(Code::MethodNotAllowed, detail).error_response()
    };
    if let Ok(allowed) = header::HeaderValue::from_str(allowed) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}
