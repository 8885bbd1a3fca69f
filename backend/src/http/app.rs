//! The browser app: embedded with the feature `app`, otherwise served from elsewhere.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::preview;
use crate::state::AppState;

/// Nothing from elsewhere, nothing inline.
const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors 'none'";

/// Answers every address that is not the API's: a file of the app, or its index.
pub async fn serve(request: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    let path = request.path().trim_start_matches('/');
    if let Some(found) = files::find(path, accepted(&request)) {
        return file(path, found);
    }
    let Some(index) = files::index() else {
        return HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(
            "This Scorehold serves the API only; the app is served from elsewhere.\nThe API's documentation: /docs/\n",
        );
    };
    let index = preview::dress(&index, path, request.query_string(), &state).await;
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, CSP))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(index)
}

/// The encodings of our files that the client takes, the smallest first.
fn accepted(request: &HttpRequest) -> Vec<(&'static str, &'static str)> {
    let accepts = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let accepts = accepts.unwrap_or_default().to_owned();
    [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(name, _)| accepts.contains(name))
        .collect()
}

fn file(path: &str, (body, encoding): (Vec<u8>, Option<&'static str>)) -> HttpResponse {
    // Names under assets/ carry a hash of their content.
    let caching = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = HttpResponse::Ok();
    response
        .content_type(mime_guess::from_path(path).first_or_octet_stream().as_ref())
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::CONTENT_SECURITY_POLICY, CSP))
        .insert_header((header::VARY, "Accept-Encoding"))
        // Compressed when the app was built; never again here.
        .insert_header((header::CONTENT_ENCODING, encoding.unwrap_or("identity")));
    response.body(body)
}

#[cfg(feature = "app")]
mod files {
    #[derive(rust_embed::RustEmbed)]
    #[folder = "../frontend/dist"]
    struct Dist;

    /// A file in the best encoding that it has.
    pub fn find(
        path: &str,
        encodings: Vec<(&'static str, &'static str)>,
    ) -> Option<(Vec<u8>, Option<&'static str>)> {
        if path == "index.html" || path.ends_with(".br") || path.ends_with(".gz") {
            return None;
        }
        let packed = encodings.into_iter().find_map(|(encoding, ending)| {
            Dist::get(&format!("{path}{ending}"))
                .map(|file| (file.data.into_owned(), Some(encoding)))
        });
        packed.or_else(|| Dist::get(path).map(|file| (file.data.into_owned(), None)))
    }

    /// The index, before it is dressed.
    pub fn index() -> Option<String> {
        Dist::get("index.html").map(|file| String::from_utf8_lossy(&file.data).into_owned())
    }
}

#[cfg(not(feature = "app"))]
mod files {
    /// Nothing is embedded.
    pub fn find(
        _: &str,
        _: Vec<(&'static str, &'static str)>,
    ) -> Option<(Vec<u8>, Option<&'static str>)> {
        None
    }

    /// Nothing is embedded.
    pub fn index() -> Option<String> {
        None
    }
}
