//! A client over HTTP.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;

use super::PATIENT;

/// Asks one server with one credential.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    /// Insists on success.
    pub fn expect(self, status: u16) -> Result<Value> {
        ensure!(
            self.status == status,
            "{} instead of {status}: {}",
            self.status,
            self.body
        );
        Ok(self.body)
    }

    /// The code of a problem.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

impl Client {
    /// A client for paths from the root of a server.
    pub fn new(address: &str, token: Option<String>) -> Self {
        Self::with_patience(address, token, PATIENT)
    }

    /// One that waits for each answer so long.
    pub fn with_patience(address: &str, token: Option<String>, patience: Duration) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(patience))
            .proxy(None);
        Self {
            agent: config.build().into(),
            base: address.to_owned(),
            token,
        }
    }

    /// Asks; an error is no answer at all, or half of one.
    pub fn get(&self, path: &str) -> Result<Answer> {
        self.send("GET", path, &Value::Null)
    }

    /// Sends JSON.
    pub fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send("POST", path, body)
    }

    /// Sends a request, with a body unless that is null.
    pub fn send(&self, method: &str, path: &str, body: &Value) -> Result<Answer> {
        self.send_keyed(method, path, body, None)
    }

    /// The same with an `Idempotency-Key`.
    pub fn send_keyed(
        &self,
        method: &str,
        path: &str,
        body: &Value,
        key: Option<&str>,
    ) -> Result<Answer> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let mut response = if body.is_null() {
            self.agent.run(request.body(())?)?
        } else {
            request = request.header("Content-Type", "application/json");
            self.agent.run(request.body(body.to_string())?)?
        };
        let status = response.status().as_u16();
        let text = response.body_mut().read_to_string()?;
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text)?
        };
        Ok(Answer { status, body })
    }
}
