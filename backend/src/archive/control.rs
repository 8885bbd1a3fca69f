//! The control socket of Litestream: HTTP over a Unix socket, one request a connection.

use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

/// Sends one request and reads the whole answer.
///
/// # Errors
/// Nobody answers in time, or the answer is a refusal: in words.
pub(super) fn post(
    socket: &Path,
    path: &str,
    body: &Value,
    patience: Duration,
) -> Result<Value, String> {
    let answer = exchange(socket, path, &body.to_string(), patience).map_err(|error| {
        let why = match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => format!("no answer in {patience:?}"),
            _ => error.to_string(),
        };
        format!("the archiver at {}: {why}", socket.display())
    })?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    let status = head.split(' ').nth(1).unwrap_or_default();
    let body: Value = serde_json::from_str(body.trim()).unwrap_or_default();
    match status {
        "200" => Ok(body),
        _ => Err(format!(
            "the archiver answers {status}: {}",
            body["error"]
                .as_str()
                .unwrap_or("in words that are not ours")
        )),
    }
}

/// HTTP/1.0: the answer ends when the connection does.
fn exchange(socket: &Path, path: &str, body: &str, patience: Duration) -> std::io::Result<String> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
