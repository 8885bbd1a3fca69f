//! Mail as it was handed over.

use std::path::Path;
use std::time::{Duration, Instant};

/// Nothing here takes longer, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// A mail that was sent.
#[derive(Debug)]
pub struct Mail {
    pub subject: String,
    pub text: String,
}

impl Mail {
    /// Reads a mail as it went over the wire.
    pub fn read(raw: &str) -> Self {
        let (head, body) = raw.split_once("\r\n\r\n").unwrap_or((raw, ""));
        let subject = head.lines().find_map(|line| line.strip_prefix("Subject: "));
        Self {
            subject: subject.unwrap_or_default().to_owned(),
            text: plain(body, head.contains("quoted-printable")),
        }
    }

    /// What stands behind `#t=` or `#k=` of the address in it.
    pub fn secret(&self) -> String {
        let (_, rest) = self
            .text
            .split_once("#")
            .unwrap_or_else(|| panic!("{}", self.text));
        let word = rest.split_whitespace().next().unwrap();
        word[2..].to_owned()
    }
}

fn plain(body: &str, quoted: bool) -> String {
    if !quoted {
        return body.to_owned();
    }
    let whole = body.replace("=\r\n", "");
    let mut parts = whole.split('=');
    let first = parts.next().unwrap_or_default().as_bytes().to_vec();
    let bytes = parts.fold(first, |mut bytes, part| {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend(part.as_bytes()[2..].iter());
        bytes
    });
    String::from_utf8(bytes).unwrap()
}

/// The mail to an address about a subject; waits until it is there.
#[track_caller]
pub fn mail(folder: &Path, to: &str, subject: &str) -> Mail {
    mails(folder, to, subject, 1).remove(0)
}

/// All mails to an address about a subject; waits until there are that many.
#[track_caller]
pub fn mails(folder: &Path, to: &str, subject: &str, count: usize) -> Vec<Mail> {
    let started = Instant::now();
    loop {
        let sent = raw(folder, to);
        let mut found: Vec<Mail> = sent.iter().map(|raw| Mail::read(raw)).collect();
        found.retain(|mail| mail.subject == subject);
        if found.len() >= count {
            return found;
        }
        let there = sent.len();
        assert!(
            started.elapsed() < PATIENCE,
            "no {count} {subject:?} among {there} mails to {to}"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn raw(folder: &Path, to: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let eml = entries.filter(|entry| entry.path().extension().is_some_and(|end| end == "eml"));
    let texts = eml.filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
    texts
        .filter(|text| text.contains(&format!("To: {to}\r\n")) && text.ends_with('\n'))
        .collect()
}
