//! One shot of a fault, and what answered it.

use std::process::{Command, Output};

use anyhow::Result;
use serde::Deserialize;

use crate::limits;
use crate::provision::{Aim, process};

const VOLLEY: &str = include_str!("volley.py");

/// One statement or command, and what came of it.
#[derive(Debug, Clone)]
pub struct Shot {
    pub what: String,
    pub answer: Answer,
}

/// What came of a shot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A layer refused it.
    Refused {
        /// The layer.
        by: &'static str,
    },
    /// Nothing stopped it.
    WentThrough,
    /// It failed for another reason, so it shows nothing.
    Misfired(String),
}

/// What a script says of one of its attempts.
#[derive(Deserialize)]
struct Attempt {
    what: String,
    error: Option<String>,
}

/// How each layer says no.
const REFUSALS: [(&str, &str); 8] = [
    ("guard: ", "guard"),
    ("cannot drop a template database", "guard"),
    ("must be owner of", "role"),
    ("permission denied", "role"),
    ("must be superuser", "role"),
    ("not authorized", "authorizer"),
    ("authorization denied", "authorizer"),
    ("may not be modified", "authorizer"),
];

impl Shot {
    /// Nothing stopped it.
    pub fn went_through(&self) -> bool {
        self.answer == Answer::WentThrough
    }

    /// Judges a statement by what the database said.
    pub fn of_statement(what: impl Into<String>, error: Option<&str>) -> Self {
        let answer = match error {
            None => Answer::WentThrough,
            Some(error) => {
                let layer = REFUSALS.iter().find(|(words, _)| error.contains(words));
                let misfired =
                    || Answer::Misfired(error.lines().next().unwrap_or_default().to_owned());
                layer.map_or_else(misfired, |(_, by)| Answer::Refused { by })
            }
        };
        Self {
            what: what.into(),
            answer,
        }
    }

    /// Fires statements over one connection.
    pub fn volley(aim: &Aim<'_>, who: &str, url: &str, statements: &[String]) -> Result<Vec<Self>> {
        let mut command = process::foreign(&aim.scratch.python);
        command.args(["-c", VOLLEY, url]).args(statements);
        Self::script(&command, who)
    }

    /// Fires a script of ours, which says of each of its attempts what came of it.
    pub fn script(command: &Command, who: &str) -> Result<Vec<Self>> {
        let text = process::succeed(command, limits::VOLLEY)?;
        let shots = text.lines().map(|line| {
            let Attempt { what, error } = serde_json::from_str(line)?;
            let what = format!("{who}: {what}");
            Ok(Self::of_statement(what, error.as_deref()))
        });
        shots.collect()
    }

    /// Fires a command that must end with this exit code, and at once. One that runs on has not been refused.
    pub fn command(what: impl Into<String>, command: &Command, refusal: i32) -> Result<Self> {
        Self::command_within(limits::REFUSAL, what, command, refusal)
    }

    /// The same with a command that finds only at its end what it has to refuse.
    pub fn command_within(
        seconds: u64,
        what: impl Into<String>,
        command: &Command,
        refusal: i32,
    ) -> Result<Self> {
        let by = match refusal {
            65 | 66 | 69 | 73 => "recovery",
            77 => "identity",
            _ => "configuration",
        };
        let output = process::bounded(command, seconds)?;
        let answer = match output.status.code() {
            Some(code) if code == refusal => Answer::Refused { by },
            Some(0 | 124) => Answer::WentThrough,
            code => {
                let said = complaint(&output).unwrap_or_default();
                Answer::Misfired(format!("exit {code:?} instead of {refusal}: {said}"))
            }
        };
        Ok(Self {
            what: what.into(),
            answer,
        })
    }
}

/// What a failed command said.
fn complaint(output: &Output) -> Option<String> {
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(error: Option<&str>) -> Answer {
        Shot::of_statement("DROP TABLE scores", error).answer
    }

    #[test]
    fn only_a_layer_that_says_no_has_refused() {
        let guard = "ERROR:  guard: DROP TABLE refused";
        assert_eq!(answer(Some(guard)), Answer::Refused { by: "guard" });
        let role = "ERROR:  must be owner of table scores";
        assert_eq!(answer(Some(role)), Answer::Refused { by: "role" });
        let typo = "ERROR:  relation \"scorse\" does not exist";
        assert_eq!(answer(Some(typo)), Answer::Misfired(typo.to_owned()));
        assert_eq!(answer(None), Answer::WentThrough);
    }

    #[test]
    fn a_command_that_runs_on_has_not_been_refused() {
        let exits = |code: &str| {
            let mut command = Command::new("/bin/sh");
            command.args(["-c", &format!("exit {code}")]);
            Shot::command("command", &command, 77).unwrap().answer
        };
        assert_eq!(exits("77"), Answer::Refused { by: "identity" });
        assert_eq!(exits("0"), Answer::WentThrough);
        assert!(matches!(exits("69"), Answer::Misfired(_)));
    }
}
