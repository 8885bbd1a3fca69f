//! Accounts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list;
use crate::domain::actor::Caller;
use crate::domain::id::{SessionId, UserId};
use crate::domain::session;
use crate::domain::text::{Name, Text};
use crate::domain::time::Timestamp;
use crate::domain::user::{self, Email, NewPassword, UserDetails};

/// Where the refresh token goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
pub enum Delivery {
    /// A cookie that scripts never see, for pages of this server.
    #[default]
    #[serde(rename = "cookie")]
    Cookie,
    /// `refresh_token` of the answer, for programs and apps from elsewhere.
    #[serde(rename = "body")]
    Body,
}

/// An account to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ana@example.org", "password": "correct horse battery", "display_name": "Ana"}))]
pub struct RegisterBody {
    /// The address. Case does not count.
    #[schema(value_type = String, format = Email, min_length = 3, max_length = 254, example = "ana@example.org")]
    pub email: Email,
    /// The password. Any characters.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 200, example = "correct horse battery")]
    pub password: NewPassword,
    /// What others may call you.
    #[schema(value_type = String, min_length = 1, max_length = 60, example = "Ana")]
    pub display_name: Name,
    /// Where the refresh token goes.
    #[serde(default)]
    #[schema(inline, default = "cookie")]
    pub delivery: Delivery,
}

/// A log-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ana@example.org", "password": "correct horse battery"}))]
pub struct LoginBody {
    /// The address.
    #[schema(value_type = String, format = Email, min_length = 3, max_length = 254)]
    pub email: Email,
    /// The password.
    #[schema(format = Password, max_length = 1000)]
    pub password: String,
    /// Where the refresh token goes.
    #[serde(default)]
    #[schema(inline, default = "cookie")]
    pub delivery: Delivery,
}

/// A refresh token that did not come as a cookie. Without one the body is `{}`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct RefreshBody {
    /// The `refresh_token` of the last answer; the next one comes in the answer too.
    #[serde(default)]
    #[schema(
        value_type = Option<String>,
        max_length = 2000,
        example = "shr_4x1c8m0v5q2t7z9b3n6k1d8f0g5h2j7p4x1c8m0v5q2t7z9b3n6k1d8f0g5h2j7p"
    )]
    pub refresh_token: Option<Text<0, 2000>>,
}

/// An address that a mail is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ana@example.org"}))]
pub struct EmailBody {
    /// The address.
    #[schema(value_type = String, format = Email, min_length = 3, max_length = 254)]
    pub email: Email,
}

/// What a mail brought.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "eyJ0eXAiOiJ2ZXJpZnkrand0…"}))]
pub struct VerifyBody {
    /// The token of the mail.
    #[schema(min_length = 1, max_length = 1000)]
    pub token: String,
}

/// A new password, by the token that a mail brought.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "eyJ0eXAiOiJyZXNldCtqd3Qi…", "password": "correct horse battery"}))]
pub struct ResetBody {
    /// The token of the mail.
    #[schema(min_length = 1, max_length = 1000)]
    pub token: String,
    /// The new password. Any characters.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 200)]
    pub password: NewPassword,
    /// Where the refresh token goes.
    #[serde(default)]
    #[schema(inline, default = "cookie")]
    pub delivery: Delivery,
}

/// A new password, by the present one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current_password": "correct horse battery", "new_password": "staple of horses"}))]
pub struct PasswordBody {
    /// The present password.
    #[schema(format = Password, max_length = 1000)]
    pub current_password: String,
    /// The new password. Any characters.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 200)]
    pub new_password: NewPassword,
}

/// A new address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current_password": "correct horse battery", "email": "ana@example.com"}))]
pub struct ChangeEmailBody {
    /// The present password.
    #[schema(format = Password, max_length = 1000)]
    pub current_password: String,
    /// The new address. It is asked to be verified; the old one is told.
    #[schema(value_type = String, format = Email, min_length = 3, max_length = 254)]
    pub email: Email,
}

/// What may change about an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"display_name": "Ana B."}))]
pub struct MePatchBody {
    /// What others may call you.
    #[schema(value_type = String, min_length = 1, max_length = 60)]
    pub display_name: Name,
}

impl From<MePatchBody> for UserDetails {
    fn from(body: MePatchBody) -> Self {
        Self {
            display_name: body.display_name,
        }
    }
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    /// The id.
    #[schema(value_type = String, example = "usr_0C5Q0ZJ8G0N3G", pattern = "^usr_[0-9A-HJKMNP-TV-Z]{13}$")]
    pub id: UserId,
    /// The address.
    #[schema(required, value_type = Option<String>, max_length = 254, example = "ana@example.org")]
    pub email: Option<Email>,
    /// Whether the address has been shown to be yours.
    pub verified: bool,
    /// What others may call you.
    #[schema(value_type = String, max_length = 60, example = "Ana")]
    pub display_name: Name,
    /// Whether you may see and move payments.
    pub operator: bool,
    /// Made then.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Last changed then.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Moves with every change of the account.
    #[schema(minimum = 1)]
    pub version: i64,
}

impl From<&user::User> for User {
    fn from(user: &user::User) -> Self {
        Self {
            id: user.id,
            email: user.email.clone(),
            verified: user.verified_at.is_some(),
            display_name: user.details.display_name.clone(),
            operator: user.operator_since.is_some(),
            created_at: user.created_at,
            updated_at: user.updated_at,
            version: user.version,
        }
    }
}

/// A device that has just been logged in, or goes on.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// For `Authorization: Bearer`.
    #[schema(
        max_length = 1000,
        example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiJ9…"
    )]
    pub access_token: String,
    /// `Bearer`.
    #[schema(max_length = 10, example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds that the access token is good for.
    #[schema(minimum = 0, maximum = 600)]
    pub expires_in: i64,
    /// What the next access token is got with; only with `"delivery": "body"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub refresh_token: Option<String>,
}

/// A device that is logged in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// The id.
    #[schema(value_type = String, example = "ses_0C5Q0ZJ8G0N3H", pattern = "^ses_[0-9A-HJKMNP-TV-Z]{13}$")]
    pub id: SessionId,
    /// What the device calls itself (`User-Agent`).
    #[schema(value_type = String, max_length = 200)]
    pub agent: session::Agent,
    /// Whether you ask from this one.
    pub current: bool,
    /// Logged in then.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Last seen then, to ten minutes.
    #[schema(value_type = String, format = DateTime)]
    pub last_seen_at: Timestamp,
    /// Over then, unless it is used before.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

impl Session {
    /// A session as its owner sees it.
    pub fn new(session: &session::Session, caller: Caller) -> Self {
        Self {
            id: session.id,
            agent: session.agent.clone(),
            current: caller.person().map(|person| person.session) == Some(session.id),
            created_at: session.created_at,
            last_seen_at: session.rotated_at,
            expires_at: session.expires_at,
        }
    }
}

list! {
    /// One page of sessions.
    SessionList of Session
}
