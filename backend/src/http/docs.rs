//! Swagger UI at `/docs/`, from files in the binary: nothing is fetched from elsewhere.

use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Swagger UI sets styles inline and draws with data images; its scripts are files.
const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

/// The interface itself.
pub fn swagger() -> SwaggerUi {
    let config = Config::new(["/openapi.json"])
        .try_it_out_enabled(true)
        .persist_authorization(true)
        .display_request_duration(true)
        .display_operation_id(false)
        .default_models_expand_depth(0)
        .doc_expansion("list")
        .filter(true)
        .validator_url("none")
        .deep_linking(true)
        .use_base_layout();
    SwaggerUi::new("/docs/{_:.*}").config(config)
}

/// `/docs` is what people type.
pub async fn redirect() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, "/docs/"))
        .finish()
}

/// Its own content security policy.
///
/// # Errors
/// Those of the services inside.
pub async fn policy(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let docs = request.path().starts_with("/docs");
    let mut response = next.call(request).await?;
    if docs {
        response.headers_mut().insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(CSP),
        );
    }
    Ok(response)
}
