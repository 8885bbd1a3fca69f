//! An answer, and what every answer of its kind must hold.

use std::ops::Index;

use serde_json::Value;
use ureq::Body;
use ureq::http::Response;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub text: String,
    /// The body, or null where it is not JSON.
    pub json: Value,
    /// What was asked, for failure messages.
    asked: String,
}

impl Answer {
    #[track_caller]
    pub(super) fn read(asked: String, mut response: Response<Body>) -> Self {
        let status = response.status().as_u16();
        let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
            (
                name.as_str().to_owned(),
                value.to_str().unwrap_or_default().to_owned(),
            )
        };
        let headers = response.headers().iter().map(header).collect();
        let read = response.body_mut().read_to_vec();
        let read = read.unwrap_or_else(|error| panic!("{asked}: the body broke off: {error}"));
        // A picture is no text.
        let text = String::from_utf8_lossy(&read).into_owned();
        let json = serde_json::from_str(&text).unwrap_or_default();
        Self {
            status,
            headers,
            text,
            json,
            asked,
        }
    }

    /// The value of a header; of several, joined as HTTP allows.
    pub fn header(&self, name: &str) -> Option<String> {
        let same = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let values: Vec<&str> = same.map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The value of a header that must be there.
    #[track_caller]
    pub fn need(&self, name: &str) -> String {
        self.header(name)
            .unwrap_or_else(|| panic!("{} has no header {name}: {:?}", self.asked, self.headers))
    }

    /// The address of what was made, as a path of the API.
    #[track_caller]
    pub fn location(&self) -> String {
        let location = self.need("Location");
        let (_, path) = location
            .split_once("/api/v1")
            .unwrap_or_else(|| panic!("{}: {location}", self.asked));
        path.to_owned()
    }

    /// Insists on a status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        self
    }

    /// Insists on a problem: its status, its code, and everything that every problem must hold.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Self {
        assert_eq!(
            (self.status, self["code"].as_str()),
            (status, Some(code)),
            "{}: {}",
            self.asked,
            self.text
        );
        assert_eq!(
            self.need("Content-Type"),
            "application/problem+json",
            "{}",
            self.asked
        );
        assert_eq!(self["type"], format!("/problems/{code}"));
        assert_eq!(self["status"], status);
        assert_eq!(self["request_id"], self.need("Request-Id"));
        for member in ["title", "detail", "instance", "request_id"] {
            assert!(
                self[member].as_str().is_some_and(|text| !text.is_empty()),
                "{member} in {}",
                self.text
            );
        }
        if status == 401 {
            assert!(
                self.need("WWW-Authenticate").starts_with("Bearer"),
                "{}",
                self.asked
            );
        }
        self
    }

    /// Insists on a problem with one field, and on where that field is.
    #[track_caller]
    pub fn problem_at(self, status: u16, code: &str, pointer: &str) -> Self {
        let answer = self.problem(status, code);
        let errors = answer["errors"].as_array().cloned().unwrap_or_default();
        let named = errors.iter().any(|error| error["pointer"] == pointer);
        assert!(
            named,
            "{}: no error at {pointer} in {}",
            answer.asked, answer.text
        );
        for error in &errors {
            assert!(
                error["code"].is_string() && error["detail"].is_string(),
                "{}",
                answer.text
            );
        }
        answer
    }

    /// Insists on some members of the body.
    #[track_caller]
    pub fn has(&self, members: Value) {
        for (name, value) in members.as_object().unwrap() {
            assert_eq!(
                &self[name], value,
                "{name} of {}: {}",
                self.asked, self.text
            );
        }
    }

    /// The rows of a list.
    #[track_caller]
    pub fn rows(&self) -> &Vec<Value> {
        self["data"]
            .as_array()
            .unwrap_or_else(|| panic!("{}: no list: {}", self.asked, self.text))
    }

    /// One member of each row of a list.
    #[track_caller]
    pub fn column(&self, member: &str) -> Vec<Value> {
        self.rows().iter().map(|row| row[member].clone()).collect()
    }
}

/// A member of the body.
impl Index<&str> for Answer {
    type Output = Value;

    fn index(&self, member: &str) -> &Value {
        &self.json[member]
    }
}
