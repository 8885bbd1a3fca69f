//! The program as an operator runs it: a command in a process of its own.

use std::process::{Command, Stdio};

/// What came of a command.
#[derive(Debug)]
pub struct Said {
    /// Its exit code; -1 when it was killed.
    pub code: i32,
    /// What it told.
    pub out: String,
    /// What it had against it.
    pub error: String,
}

/// Runs a command in an environment of its own.
pub fn scorehold(words: &[&str], variables: impl Iterator<Item = (String, String)>) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_scorehold"))
        .args(words)
        .env_clear()
        .envs(variables)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        out: text(output.stdout),
        error: text(output.stderr),
    }
}

impl Said {
    /// Insists on an exit code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.error);
        self
    }

    /// Insists on what was told, to whom it succeeded or not.
    #[track_caller]
    pub fn tells(self, parts: &[&str]) -> Self {
        let all = format!("{}{}", self.out, self.error);
        for part in parts {
            assert!(all.contains(part), "no word of {part:?} in {all}");
        }
        self
    }
}
