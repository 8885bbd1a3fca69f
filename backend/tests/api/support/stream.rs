//! A live event stream, read as a browser reads it.

use std::io::{BufRead, BufReader};

use serde_json::{Value, json};
use ureq::http::Response;
use ureq::{Body, BodyReader};

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub id: Option<String>,
    pub name: String,
    pub data: Value,
}

/// An open stream; reading waits for the next event, and fails when none comes.
pub struct Stream {
    lines: BufReader<BodyReader<'static>>,
    asked: String,
}

impl Stream {
    #[track_caller]
    pub(super) fn open(path: &str, response: Response<Body>) -> Self {
        let kind = response
            .headers()
            .get("Content-Type")
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        assert_eq!(
            (response.status().as_u16(), kind),
            (200, "text/event-stream"),
            "{path}"
        );
        Self {
            lines: BufReader::new(response.into_body().into_reader()),
            asked: path.to_owned(),
        }
    }

    /// The next event that is more than a ping.
    #[track_caller]
    pub fn next(&mut self) -> Event {
        self.event()
            .unwrap_or_else(|| panic!("{}: the stream ended", self.asked))
    }

    /// The next event, which must be a ping.
    #[track_caller]
    pub fn ping(&mut self) {
        let event = self.any().expect("a ping");
        assert_eq!(
            (&*event.name, event.id, event.data),
            ("ping", None, json!({}))
        );
    }

    /// Insists that the server ends the stream, and returns what came before that.
    #[track_caller]
    pub fn rest(mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.event()).collect()
    }

    /// How many pings came until the server ended the stream, and nothing else.
    #[track_caller]
    pub fn pings(mut self) -> usize {
        let events: Vec<Event> = std::iter::from_fn(|| self.any()).collect();
        assert!(
            events.iter().all(|event| event.name == "ping"),
            "{events:?}"
        );
        events.len()
    }

    #[track_caller]
    fn event(&mut self) -> Option<Event> {
        loop {
            match self.any()? {
                event if event.name == "ping" => {}
                event => return Some(event),
            }
        }
    }

    #[track_caller]
    fn any(&mut self) -> Option<Event> {
        let (mut id, mut name, mut data) = (None, "message".to_owned(), Vec::new());
        loop {
            let line = self.line()?;
            match line.split_once(':').unwrap_or((&line, "")) {
                ("", "") if data.is_empty() => {}
                ("", "") => {
                    let text = data.join("\n");
                    let data = serde_json::from_str(&text)
                        .unwrap_or_else(|error| panic!("{text}: {error}"));
                    return Some(Event { id, name, data });
                }
                ("id", value) => id = Some(value.trim_start().to_owned()),
                ("event", value) => value.trim_start().clone_into(&mut name),
                ("data", value) => data.push(value.trim_start().to_owned()),
                _ => {}
            }
        }
    }

    #[track_caller]
    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.lines.read_line(&mut line) {
            Ok(0) => None,
            Ok(_) => Some(line.trim_end_matches(['\r', '\n']).to_owned()),
            Err(error) => panic!("{}: no event: {error}", self.asked),
        }
    }
}
