//! A blocking client: one per identity.

use std::time::{Duration, Instant};

use serde::Serialize;
use ureq::http::{Request, Response};
use ureq::{Agent, Body};

use super::{Answer, Stream};

/// Asks one server as one identity. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    headers: Vec<(String, String)>,
}

/// Nothing here takes longer, unless it hangs.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

impl Client {
    /// A client without a credential.
    pub fn new(base: String) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(PATIENCE))
            .proxy(None);
        Self {
            agent: config.build().into(),
            base,
            headers: Vec::new(),
        }
    }

    /// What stands before every path.
    pub fn address(&self) -> String {
        self.base.clone()
    }

    /// The same client for paths under a prefix.
    pub fn under(&self, prefix: &str) -> Self {
        Self {
            base: format!("{}{prefix}", self.base),
            ..self.clone()
        }
    }

    /// The same client with one more header.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client
            .headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same client with a token.
    pub fn bearer(&self, token: &str) -> Self {
        self.with("Authorization", &format!("Bearer {token}"))
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "")
    }

    #[track_caller]
    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, "")
    }

    #[track_caller]
    pub fn post(&self, path: &str, body: impl Serialize) -> Answer {
        self.json("POST", path, body)
    }

    #[track_caller]
    pub fn put(&self, path: &str, body: impl Serialize) -> Answer {
        self.json("PUT", path, body)
    }

    #[track_caller]
    pub fn patch(&self, path: &str, body: impl Serialize) -> Answer {
        self.json("PATCH", path, body)
    }

    /// Asks until the answer is as wanted: for what happens by itself, soon.
    #[track_caller]
    pub fn until(&self, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answer = self.get(path);
            if wanted(&answer) {
                return answer;
            }
            assert!(Instant::now() < deadline, "GET {path}: {}", answer.text);
        }
    }

    /// Sends a body as JSON.
    #[track_caller]
    pub fn json(&self, method: &str, path: &str, body: impl Serialize) -> Answer {
        let text = serde_json::to_string(&body).unwrap();
        let client = match self
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("Content-Type"))
        {
            true => self.clone(),
            false => self.with("Content-Type", "application/json"),
        };
        client.send(method, path, &text)
    }

    /// Sends a body as it is.
    #[track_caller]
    pub fn send(&self, method: &str, path: &str, body: impl AsRef<[u8]>) -> Answer {
        let response = self.call(method, path, body.as_ref());
        Answer::read(format!("{method} {path}"), response)
    }

    /// Opens an event stream.
    #[track_caller]
    pub fn stream(&self, path: &str) -> Stream {
        let response = self
            .with("Accept", "text/event-stream")
            .call("GET", path, &[]);
        Stream::open(path, response)
    }

    #[track_caller]
    fn call(&self, method: &str, path: &str, body: &[u8]) -> Response<Body> {
        let url = format!("{}{path}", self.base);
        let mut request = Request::builder().method(method).uri(&url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let answer = if body.is_empty() {
            self.agent.run(request.body(()).unwrap())
        } else {
            self.agent.run(request.body(body).unwrap())
        };
        answer.unwrap_or_else(|error| panic!("{method} {url}: {error}"))
    }
}
