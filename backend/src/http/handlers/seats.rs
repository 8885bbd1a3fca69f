//! `/games/{game}/join`, `/games/{game}/seat`, and letting in those who wait

use actix_web::{get, post};

use crate::error::Result;
use crate::http::answer::Answer;
use crate::http::dto::link::Link;
use crate::http::dto::seat::{JoinBody, Seat, SeatWithToken};
use crate::http::request::Request;
use crate::http::routes::BASE;
use crate::services::seats;

/// Come in
///
/// With the token of an invitation, a link of the role `join`. The answer carries the token of your seat:
/// with it you look at the board, change your own name and colour, and, if the owner allows it, enter your
/// own scores. Where the owner lets people in one by one, you wait without a player until then.
#[utoipa::path(tag = "links", request_body = JoinBody, responses(
    (status = 200, description = "This device had a seat: here it is, as it is now.", body = SeatWithToken),
    (status = 201, description = "Your seat, with its token.", body = SeatWithToken)))]
#[post("/games/{game}/join")]
pub async fn join_game(request: Request) -> Result<Answer> {
    let secrets = request.state.secrets.clone();
    request
        .known()?
        .write(move |parts, tx, caller| {
            let newcomer = parts.json::<JoinBody>()?.into();
            let (seat, had) = seats::join(tx, caller, &secrets, &parts.game()?, newcomer)?;
            let body = Seat::from(&seat);
            let answer = match had {
                true => Answer::ok(&body)?,
                false => Answer::created(&body)?
                    .location(format!("{BASE}/games/{}/seat", seat.game.slug)),
            };
            Ok(answer.link_token(&seat.kept, &seat.game.slug))
        })
        .await
}

/// Read your seat
///
/// With the token that `POST …/join` answered.
#[utoipa::path(tag = "links", responses((status = 200, description = "Your seat.", body = Seat)))]
#[get("/games/{game}/seat")]
pub async fn read_seat(request: Request) -> Result<Answer> {
    request
        .known()?
        .read(|parts, conn, caller| {
            Answer::ok(&Seat::from(&seats::read(conn, caller, &parts.game()?)?))
        })
        .await
}

/// Let somebody in
///
/// Somebody who took a seat and waits: they get their player. To decline, revoke the link.
#[utoipa::path(tag = "links", responses((status = 200, description = "The seat, with its player.", body = Link)))]
#[post("/games/{game}/links/{link}/approve")]
pub async fn approve_seat(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let approved = seats::approve(tx, caller, &parts.game()?, parts.id("link")?)?;
            super::links::found(&approved, caller)
        })
        .await
}
