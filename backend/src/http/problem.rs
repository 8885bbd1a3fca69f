//! Failures as problem+json (RFC 9457), and a page for each code.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde_json::{Map, Value, json};

use super::middleware::request_id;
use crate::error::{Code, Error};

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The problem without what only the request knows; [`complete`] adds that on the way out.
    fn error_response(&self) -> HttpResponse {
        let mut problem = Map::new();
        problem.insert(
            "type".to_owned(),
            json!(format!("/problems/{}", self.code.name())),
        );
        problem.insert("title".to_owned(), json!(self.code.title()));
        problem.insert("status".to_owned(), json!(self.code.status()));
        problem.insert("detail".to_owned(), json!(self.detail));
        problem.insert("code".to_owned(), json!(self.code.name()));
        if !self.errors.is_empty() {
            problem.insert("errors".to_owned(), json!(self.errors));
        }
        problem.extend(self.members.clone());
        let mut response = HttpResponse::build(self.status_code());
        response.content_type(MEDIA_TYPE);
        match self.code {
            Code::Unauthenticated | Code::InvalidCredential | Code::InvalidLogin => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"scorehold\""));
            }
            Code::Busy
            | Code::Unavailable
            | Code::Maintenance
            | Code::NotYet
            | Code::RateLimited => {
                let seconds = self.members.get(RETRY_AFTER).and_then(Value::as_u64);
                response.insert_header((header::RETRY_AFTER, seconds.unwrap_or(1)));
            }
            _ => {}
        }
        let mut response = response.finish();
        response.extensions_mut().insert(Problem(problem));
        response
    }
}

/// The member of a problem that says, in seconds, when to come back.
pub const RETRY_AFTER: &str = "retry_after";

/// A problem that still lacks what only the request knows.
#[derive(Debug, Clone)]
pub struct Problem(Map<String, Value>);

/// Fills in `instance` and `request_id` and writes the body.
pub fn complete(request: &HttpRequest, response: HttpResponse) -> HttpResponse {
    let found = response.extensions().get::<Problem>().cloned();
    let Some(Problem(mut problem)) = found else {
        return response;
    };
    problem.insert("instance".to_owned(), json!(request.path()));
    problem.insert("request_id".to_owned(), json!(request_id(request)));
    let mut response = response.set_body(Value::Object(problem).to_string());
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.map_into_boxed_body()
}

/// `GET /problems/{code}`: what a code means and what to do about it.
pub async fn page(code: actix_web::web::Path<String>) -> Result<HttpResponse, Error> {
    let found = Code::ALL.iter().find(|known| known.name() == code.as_str());
    let code = found.ok_or_else(|| Error::not_found("problem"))?;
    let body = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>{title} – Scorehold</title><main><h1>{title}</h1><p><code>{name}</code>, status {status}</p><p>{help}</p>\
         <p><a href=\"/docs/\">The API's documentation</a></p></main></html>",
        title = code.title(),
        name = code.name(),
        status = code.status(),
        help = code.help(),
    );
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(body))
}
