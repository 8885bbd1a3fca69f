//! `/me`

use actix_web::{delete, get, patch, post, put};
use serde_json::json;

use crate::domain::actor::Caller;
use crate::domain::user;
use crate::error::Result;
use crate::http::answer::Answer;
use crate::http::dto::export::Account;
use crate::http::dto::user::{ChangeEmailBody, MePatchBody, PasswordBody, User};
use crate::http::request::{Request, with_current};
use crate::services::accounts;

fn found(user: &user::User) -> Result<Answer> {
    Ok(Answer::ok(&User::from(user))?.etag(user.version.to_string()))
}

/// Read your account
#[utoipa::path(tag = "me", description = "Of the person who is logged in.", responses((status = 200, description = "The account.", body = User)))]
#[get("/me")]
pub async fn read_me(request: Request) -> Result<Answer> {
    request
        .known()?
        .read(|_, conn, caller| found(&accounts::read(conn, caller)?))
        .await
}

/// Change your name
///
/// A merge patch.
#[utoipa::path(tag = "me", request_body(content((MePatchBody = "application/merge-patch+json"), (MePatchBody = "application/json"))),
    responses((status = 200, description = "The account as it is now.", body = User)))]
#[patch("/me")]
pub async fn update_me(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let expected = parts.expected()?;
            let updated = accounts::update(tx, caller, expected.as_ref(), |details| {
                Ok(parts.patched::<MePatchBody>(details)?.into())
            });
            let current = || Ok(json!(User::from(&accounts::read(tx.conn, caller)?)));
            found(&with_current(updated, current)?)
        })
        .await
}

/// Delete your account
///
/// Every device is logged out. Logging in within 30 days brings the account back; after that your name
/// and address are overwritten. Your boards stay with those who hold links to them: put into the trash
/// beforehand what is to go.
#[utoipa::path(tag = "me", responses((status = 204, description = "It is deleted.")))]
#[delete("/me")]
pub async fn delete_me(request: Request) -> Result<Answer> {
    request
        .known()?
        .write(|parts, tx, caller| {
            let (expected, current) = (parts.expected()?, accounts::read(tx.conn, caller)?);
            let deleted = accounts::delete(tx, caller, expected.as_ref());
            with_current(deleted, || Ok(json!(User::from(&current))))?;
            Ok(Answer::no_content())
        })
        .await
}

/// Take everything with you
///
/// The account, its devices, its boards and its orders, as one document.
#[utoipa::path(tag = "me", responses((status = 200, description = "Everything that is kept about you.", body = Account)))]
#[get("/me/export")]
pub async fn export_me(request: Request) -> Result<Answer> {
    let shop = request.state.shop.clone();
    request
        .known()?
        .read(move |parts, conn, caller| {
            let everything = accounts::export(conn, &shop, caller, parts.now())?;
            Answer::ok(&Account::new(&everything, caller))
        })
        .await
}

/// Change your password
///
/// Your other devices are logged out, and a mail tells you.
#[utoipa::path(tag = "me", request_body = PasswordBody, responses((status = 204, description = "It is changed.")))]
#[put("/me/password")]
pub async fn change_password(request: Request) -> Result<Answer> {
    let request = request.known()?;
    let state = request.state.clone();
    let body: PasswordBody = request.body_alone()?;
    let (caller, old) = proven(&request, body.current_password).await?;
    let new = body.new_password.reveal().to_owned();
    let new = state.passwords.hash(new).await?;
    let changed = state
        .db
        .write(move |tx| accounts::change_password(tx, caller, &old, new));
    changed.await?;
    state.post.notify_one();
    Ok(Answer::no_content())
}

/// Change your address
///
/// The new one is asked to be verified; the old one is told.
#[utoipa::path(tag = "me", request_body = ChangeEmailBody, responses((status = 200, description = "The account as it is now.", body = User)))]
#[put("/me/email")]
pub async fn change_email(request: Request) -> Result<Answer> {
    let request = request.known()?;
    let state = request.state.clone();
    let body: ChangeEmailBody = request.body_alone()?;
    let (caller, hash) = proven(&request, body.current_password).await?;
    let changed = state
        .db
        .write(move |tx| accounts::change_email(tx, caller, &hash, body.email));
    let user = changed.await?;
    state.post.notify_one();
    found(&user)
}

/// Send the verification mail again
///
/// Unless the address is verified already.
#[utoipa::path(tag = "me", responses((status = 202, description = "A mail is on its way.")))]
#[post("/me/verification")]
pub async fn send_verification(request: Request) -> Result<Answer> {
    let request = request.known()?;
    let state = request.state.clone();
    state.sends_mail()?;
    let answer = request.write(|_, tx, caller| {
        accounts::send_verification(tx, caller)?;
        Ok(Answer::accepted())
    });
    let answer = answer.await?;
    state.post.notify_one();
    Ok(answer)
}

/// Compares the password of the person who asks, and answers who that is and the hash that it fits.
async fn proven(request: &Request, password: String) -> Result<(Caller, String)> {
    let (parts, state) = (request.shared(), &request.state);
    let user = state.db.read(move |conn| {
        let caller = parts.caller(conn)?;
        Ok((caller, accounts::read(conn, caller)?))
    });
    let (caller, user) = user.await?;
    let hash = user.password_hash;
    let right = state.passwords.verify(password, hash.clone()).await?;
    match hash {
        Some(hash) if right => Ok((caller, hash)),
        _ => Err(accounts::wrong_password()),
    }
}
