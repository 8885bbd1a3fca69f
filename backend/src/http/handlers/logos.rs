//! `/games/{game}/logo`

use actix_web::http::header;
use actix_web::{HttpResponse, delete, get, put};
use serde::Deserialize;
use utoipa::IntoParams;

use super::games::{current, found};
use crate::domain::text::Text;
use crate::error::Result;
use crate::http::answer::Answer;
use crate::http::dto::game::Game;
use crate::http::dto::logo::LogoBody;
use crate::http::request::{Request, with_current};
use crate::repos::logos::Logo;
use crate::services::logos;

/// A picture opened by itself runs nothing and loads nothing, whatever it holds.
const CSP: &str = "default-src 'none'; sandbox";

/// Which logo is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LogoQuery {
    /// Makes the address another one when the logo is; otherwise it says nothing.
    #[serde(rename = "v")]
    #[param(value_type = Option<String>, max_length = 64)]
    _v: Option<Text<0, 64>>,
}

/// Read the logo
///
/// The picture that the board shows, where it has one and what its owner ordered includes it.
#[utoipa::path(tag = "games", params(LogoQuery), responses((status = 200, description = "The picture.",
    content((String = "image/png"), (String = "image/jpeg"), (String = "image/webp")))))]
#[get("/games/{game}/logo")]
pub async fn read_logo(request: Request) -> Result<HttpResponse> {
    let (parts, shop) = (request.shared(), request.state.shop.clone());
    let read = request.state.db.read(move |conn| {
        let caller = parts.caller(conn)?;
        parts.query::<LogoQuery>()?;
        logos::read(conn, &shop, caller, &parts.game()?, parts.now())
    });
    Ok(picture(read.await?, request.parts().held()))
}

fn picture(logo: Logo, held: Option<&str>) -> HttpResponse {
    let tag = format!("\"{}\"", hex::encode(&logo.digest));
    let mut response = match held {
        Some(held) if held.contains(&tag) => HttpResponse::NotModified(),
        _ => HttpResponse::Ok(),
    };
    response
        .content_type(logo.kind.word())
        .insert_header((header::ETAG, tag))
        .insert_header((header::CONTENT_SECURITY_POLICY, CSP))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    response.body(logo.image)
}

/// Give the board a logo
///
/// It is shown beside the title. Where payments are enabled, this needs a product that unlocks `logo`.
/// Every picture is kept; the journal holds its SHA-256.
#[utoipa::path(tag = "games", request_body = LogoBody, responses((status = 200, description = "The board as it is now.", body = Game)))]
#[put("/games/{game}/logo")]
pub async fn put_logo(request: Request) -> Result<Answer> {
    let shop = request.state.shop.clone();
    request
        .known()?
        .write(move |parts, tx, caller| {
            let body: LogoBody = parts.json()?;
            let (game, expected) = (parts.game()?, parts.expected()?);
            let put = logos::put(tx, &shop, caller, &game, expected.as_ref(), body.image);
            let game = with_current(put, || current(tx.conn, caller, parts, &shop))?;
            found(tx.conn, &shop, &game, caller, tx.now)
        })
        .await
}

/// Take the logo away
///
/// The board is shown without one.
#[utoipa::path(tag = "games", responses((status = 204, description = "The board has no logo.")))]
#[delete("/games/{game}/logo")]
pub async fn remove_logo(request: Request) -> Result<Answer> {
    let shop = request.state.shop.clone();
    request
        .known()?
        .write(move |parts, tx, caller| {
            let (game, expected) = (parts.game()?, parts.expected()?);
            let removed = logos::remove(tx, caller, &game, expected.as_ref());
            with_current(removed, || current(tx.conn, caller, parts, &shop))?;
            Ok(Answer::no_content())
        })
        .await
}
