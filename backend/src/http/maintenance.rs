//! Refuses what goes on later, while the server is being looked after.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{ResponseError, web};

use super::routes::BASE;
use crate::maintenance::Wish;
use crate::state::AppState;

/// Stands before every operation of the API.
///
/// # Errors
/// Those of the services inside.
pub async fn refuse(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let state = request.app_data::<web::Data<AppState>>().cloned();
    let Some(state) = state.filter(|_| request.path().starts_with(BASE)) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    match state.maintenance.admit(wish(request.method())) {
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(refusal) => Ok(request.into_response(refusal.error_response())),
    }
}

fn wish(method: &Method) -> Wish {
    match *method {
        Method::GET | Method::HEAD | Method::OPTIONS => Wish::Read,
        _ => Wish::Write,
    }
}
