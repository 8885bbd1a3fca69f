//! A person with an account: what tests arrange with.

use std::ops::Deref;

use serde_json::{Value, json};

use super::{Answer, Board, Client, uuid};

pub const PASSWORD: &str = "correct horse battery";

/// A person who is logged in, asked like a client.
pub struct Person {
    pub email: String,
    pub id: String,
    pub access: String,
    pub refresh: String,
    here: Client,
}

impl Deref for Person {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.here
    }
}

impl Person {
    /// Makes an account with an address that nobody else has.
    #[track_caller]
    pub fn register(anonymous: &Client, name: &str) -> Self {
        let email = format!("{}-{}@example.org", name.to_lowercase(), uuid());
        let body =
            json!({"email": email, "password": PASSWORD, "display_name": name, "delivery": "body"});
        let made = anonymous.post("/auth/register", body).expect(201);
        Self::entered(anonymous, &email, &made)
    }

    /// Somebody who has just come in.
    #[track_caller]
    pub fn entered(anonymous: &Client, email: &str, answer: &Answer) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let access = text(&answer["access_token"]);
        Self {
            email: email.to_owned(),
            id: text(&answer["user"]["id"]),
            refresh: text(&answer["refresh_token"]),
            here: anonymous.bearer(&access),
            access,
        }
    }

    /// Logs another device in.
    #[track_caller]
    pub fn log_in(&self, anonymous: &Client) -> Self {
        let body = json!({"email": self.email, "password": PASSWORD, "delivery": "body"});
        let entered = anonymous.post("/auth/login", body).expect(200);
        Self::entered(anonymous, &self.email, &entered)
    }

    /// A new board of this account.
    #[track_caller]
    pub fn board(&self, settings: Value) -> Board {
        Board::of(
            &self.here,
            &self.here.post("/games", settings).expect(201),
            &self.access,
        )
    }
}
