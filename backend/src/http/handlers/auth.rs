//! `/auth`: ways in and out.

use actix_web::http::header;
use actix_web::{HttpRequest, post};

use crate::domain::jwt::Claims;
use crate::domain::mail::{Mailed, Proof};
use crate::domain::secret::{Purpose, RefreshToken};
use crate::domain::session::{ACCESS, Access, Agent, Session};
use crate::domain::user::{User, UserDetails};
use crate::error::{Error, Result};
use crate::http::answer::Answer;
use crate::http::cookie;
use crate::http::dto::user::{
    Delivery, EmailBody, LoginBody, RefreshBody, RegisterBody, ResetBody, SignedIn,
    User as UserAnswer, VerifyBody,
};
use crate::http::request::Request;
use crate::http::throttle;
use crate::services::accounts::{self, NewAccount};
use crate::services::sessions;
use crate::state::AppState;

/// Register
///
/// Makes an account and logs this device in. A mail asks whether the address is yours; nothing waits for
/// that. This is the only operation that tells whether an address has an account.
#[utoipa::path(tag = "auth", request_body = RegisterBody, responses((status = 201, description = "The account, and the tokens of this device.", body = SignedIn)))]
#[post("/auth/register")]
pub async fn register(http: HttpRequest, request: Request) -> Result<Answer> {
    let body: RegisterBody = request.body_alone()?;
    let password = body.password.reveal().to_owned();
    let new = NewAccount {
        email: body.email,
        details: UserDetails {
            display_name: body.display_name,
        },
        password_hash: Some(request.state.passwords.hash(password).await?),
    };
    let agent = agent(&http);
    let made = request
        .state
        .db
        .write(move |tx| accounts::register(tx, new, agent))
        .await?;
    Ok(enter(&request.state, made, body.delivery)?.status(201))
}

/// Log in
///
/// An account that was deleted less than 30 days ago comes back by it.
#[utoipa::path(tag = "auth", request_body = LoginBody, responses((status = 200, description = "The account, and the tokens of this device.", body = SignedIn)))]
#[post("/auth/login")]
pub async fn log_in(http: HttpRequest, request: Request) -> Result<Answer> {
    let body: LoginBody = request.body_alone()?;
    let (state, agent) = (&request.state, agent(&http));
    throttle::by_address(&state.limits, &body.email)?;
    let email = body.email;
    let user = state.db.read(move |conn| accounts::find(conn, &email));
    let user = user.await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let right = state.passwords.verify(body.password, hash.clone()).await?;
    let (Some(user), Some(hash), true) = (user, hash, right) else {
        return Err(accounts::invalid_login());
    };
    let entered = state
        .db
        .write(move |tx| accounts::log_in(tx, user.id, &hash, agent));
    enter(state, entered.await?, body.delivery)
}

/// Go on
///
/// A new access token for a device that is logged in, by its refresh token: the cookie, or `refresh_token`.
/// The refresh token is replaced too. One that was replaced is honoured until its successor is first used,
/// and for 30 seconds; after that it ends the session, since two devices hold it.
#[utoipa::path(tag = "auth", request_body = RefreshBody, responses((status = 200, description = "The account, and the new tokens of this device.", body = SignedIn)))]
#[post("/auth/refresh")]
pub async fn refresh(http: HttpRequest, request: Request) -> Result<Answer> {
    let body: RefreshBody = request.body_alone()?;
    let (state, secrets) = (&request.state, request.state.secrets.clone());
    let (token, delivery) = refresh_token(&http, state, &body)?;
    let token = token.ok_or_else(sessions::refused)?;
    let renewed = state
        .db
        .write(move |tx| sessions::refresh(tx, &secrets, &token));
    enter(
        state,
        renewed.await?.ok_or_else(sessions::refused)?,
        delivery,
    )
}

/// Log out
///
/// This device: its refresh token, cookie or `refresh_token`, and its access tokens are worth nothing from
/// now on.
#[utoipa::path(tag = "auth", request_body = RefreshBody, responses((status = 204, description = "It is logged out.")))]
#[post("/auth/logout")]
pub async fn log_out(http: HttpRequest, request: Request) -> Result<Answer> {
    let body: RefreshBody = request.body_alone()?;
    let (state, secrets) = (&request.state, request.state.secrets.clone());
    if let (Some(token), _) = refresh_token(&http, state, &body)? {
        let ended = state
            .db
            .write(move |tx| sessions::log_out(tx, &secrets, &token));
        ended.await?;
    }
    Ok(Answer::no_content().cookie(Some(cookie::forget(state.is_encrypted()))))
}

/// Verify an address
///
/// By the token that a mail brought.
#[utoipa::path(tag = "auth", request_body = VerifyBody, responses((status = 200, description = "The account.", body = UserAnswer)))]
#[post("/auth/verify")]
pub async fn verify(request: Request) -> Result<Answer> {
    let body: VerifyBody = request.body_alone()?;
    let token = mailed(&request.state, Proof::Verify, &body.token)?;
    let user = request
        .state
        .db
        .write(move |tx| accounts::verify(tx, &token.says));
    Answer::ok(&UserAnswer::from(&user.await?))
}

/// Forgot the password
///
/// Sends a mail by which a new one can be chosen, if there is such an account. The answer does not tell.
#[utoipa::path(tag = "auth", request_body = EmailBody, responses((status = 202, description = "A mail is on its way, if there is such an account.")))]
#[post("/auth/password/forgot")]
pub async fn forgot_password(request: Request) -> Result<Answer> {
    let body: EmailBody = request.body_alone()?;
    let state = &request.state;
    state.sends_mail()?;
    throttle::by_address(&state.limits, &body.email)?;
    let noted = state.db.write(move |tx| accounts::forgot(tx, &body.email));
    noted.await?;
    state.post.notify_one();
    Ok(Answer::accepted())
}

/// Choose a new password
///
/// By the token that a mail brought. This device is logged in, every other one is logged out.
#[utoipa::path(tag = "auth", request_body = ResetBody, responses((status = 200, description = "The account, and the tokens of this device.", body = SignedIn)))]
#[post("/auth/password/reset")]
pub async fn reset_password(http: HttpRequest, request: Request) -> Result<Answer> {
    let body: ResetBody = request.body_alone()?;
    let (state, agent) = (&request.state, agent(&http));
    let token = mailed(state, Proof::Reset, &body.token)?;
    let hash = state
        .passwords
        .hash(body.password.reveal().to_owned())
        .await?;
    let entered = state
        .db
        .write(move |tx| accounts::reset(tx, &token.says, hash, agent));
    enter(state, entered.await?, body.delivery)
}

/// The answer to whoever has just come in, or goes on.
fn enter(state: &AppState, (user, session): (User, Session), delivery: Delivery) -> Result<Answer> {
    state.post.notify_one();
    let (signer, now) = (state.signer(Purpose::Access), state.clock.now());
    let says = Access {
        sub: user.id,
        sid: session.id,
    };
    let claims = signer.claims(ACCESS, says, now);
    let access_token = signer.sign(ACCESS, &claims);
    let next = state.secrets.refresh_token(&session);
    let in_body = delivery == Delivery::Body;
    let body = SignedIn {
        user: UserAnswer::from(&user),
        access_token: access_token.map_err(|error| Error::internal(&error))?,
        token_type: "Bearer",
        expires_in: claims.seconds_left(now),
        refresh_token: in_body.then(|| next.reveal()),
    };
    let kept = (!in_body).then(|| cookie::keep(&next, state.is_encrypted()));
    Ok(Answer::ok(&body)?.cookie(kept))
}

/// The refresh token of the body, otherwise that of the cookie; the next one goes the same way.
fn refresh_token(
    http: &HttpRequest,
    state: &AppState,
    body: &RefreshBody,
) -> Result<(Option<RefreshToken>, Delivery)> {
    match &body.refresh_token {
        Some(text) => Ok((RefreshToken::parse(text.as_str()), Delivery::Body)),
        None => Ok((cookie::find(http, &state.public_url())?, Delivery::Cookie)),
    }
}

fn mailed(state: &AppState, proof: Proof, token: &str) -> Result<Claims<Mailed>> {
    let (signer, now) = (state.signer(Purpose::Mail), state.clock.now());
    signer
        .verify(proof.kind(), token, now)
        .map_err(|_| accounts::invalid_token())
}

/// What the device calls itself.
fn agent(http: &HttpRequest) -> Agent {
    let said = http.headers().get(header::USER_AGENT);
    let said = said.and_then(|value| value.to_str().ok()).unwrap_or("");
    let short: String = said.chars().take(200).collect();
    Agent::new(&short).unwrap_or_default()
}
