//! The server of this configuration, where one runs: what it says of itself.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::config::Config;

/// Somebody on this machine answers at once.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it is asked whether it is back.
const PACE: Duration = Duration::from_millis(100);

/// What `/readyz` of its operators' address answers; `None`: nobody is there.
pub(super) fn ask(config: &Config) -> Option<Value> {
    let mut address: SocketAddr = config.server.admin_bind;
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.write_all(b"GET /readyz HTTP/1.0\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    serde_json::from_str(body.trim()).ok()
}

/// Waits until it is ready on a lineage.
///
/// # Errors
/// Why it is not in time.
pub(super) fn comes_back(config: &Config, lineage: i32, within: Duration) -> Result<(), String> {
    let deadline = Instant::now() + within;
    let mut why = "it does not answer".to_owned();
    while Instant::now() < deadline {
        match ask(config) {
            Some(says) if says["lineage"] == lineage && says["status"] == "ready" => return Ok(()),
            Some(says) => {
                why = says["maintenance"]["why"]
                    .as_str()
                    .unwrap_or("see /readyz")
                    .to_owned()
            }
            None => {}
        }
        std::thread::sleep(PACE);
    }
    Err(why)
}
