//! Addresses: those that may hold a password, and the one that people see.

use std::fmt;
use std::str::FromStr;

use super::reader::Invalid;

/// The parts of `scheme://authority/tail` that matter here.
struct Parts<'a> {
    scheme: &'a str,
    credentials: Option<&'a str>,
    hosts: &'a str,
    tail: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(end);
        let (credentials, hosts) = match authority.rsplit_once('@') {
            Some((credentials, hosts)) => (Some(credentials), hosts),
            None => (None, authority),
        };
        Some(Self {
            scheme,
            credentials,
            hosts,
            tail,
        })
    }

    /// An `@` behind the authority hints at a password with an unencoded `/` or `?`, and a port
    /// that is no number at a password without a host.
    fn is_plain(&self) -> bool {
        !self
            .tail
            .split('?')
            .next()
            .unwrap_or_default()
            .contains('@')
            && self.hosts.split(',').all(has_plain_port)
    }
}

fn has_plain_port(host: &str) -> bool {
    let name_end = host.rfind(']').map_or(0, |at| at + 1);
    match host[name_end..].split_once(':') {
        Some((_, port)) => port.is_empty() || port.parse::<u16>().is_ok(),
        None => true,
    }
}

fn is_printable(text: &str) -> bool {
    text.chars().all(|c| !c.is_control() && !c.is_whitespace())
}

/// Whether the text is an address of one of these schemes that the drivers will understand.
pub(super) fn is_address(text: &str, schemes: &[&str]) -> bool {
    is_printable(text)
        && Parts::of(text).is_some_and(|parts| schemes.contains(&parts.scheme) && parts.is_plain())
}

/// The address without its password, and without its parameters, which may hold one too.
pub(super) fn redacted(text: &str) -> String {
    let Some(parts) = Parts::of(text) else {
        return if text.starts_with("sqlite:") {
            text.to_owned()
        } else {
            "…".to_owned()
        };
    };
    if !parts.is_plain() {
        return format!("{}://…", parts.scheme);
    }
    let user = match parts.credentials.map(|c| c.split_once(':')) {
        None => String::new(),
        Some(Some((user, _))) => format!("{user}:***@"),
        Some(None) => format!("{}@", parts.credentials.unwrap_or_default()),
    };
    let (path, parameters) = match parts.tail.split_once('?') {
        Some((path, _)) => (path, "?…"),
        None => (parts.tail, ""),
    };
    format!("{}://{user}{}{path}{parameters}", parts.scheme, parts.hosts)
}

/// Where mail is handed over, with its credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl(String);

impl SmtpUrl {
    /// The whole address, for the mailer only. Where `smtp:` is not encrypted from the start it becomes
    /// so before a password is sent, and without a password where the server can.
    pub fn with_tls(&self) -> String {
        let plain = self.0.starts_with("smtp:") && !self.0.contains('?');
        let secret = Parts::of(&self.0).is_some_and(|parts| parts.credentials.is_some());
        match (plain, secret) {
            (true, true) => format!("{}?tls=required", self.0),
            (true, false) => format!("{}?tls=opportunistic", self.0),
            (false, _) => self.0.clone(),
        }
    }
}

impl FromStr for SmtpUrl {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let has_host = Parts::of(text).is_some_and(|parts| !parts.hosts.is_empty());
        if has_host && is_address(text, &["smtp", "smtps"]) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid)
        }
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpUrl({})", redacted(&self.0))
    }
}

/// The address under which people reach the server, without a trailing slash.
pub(super) struct PublicUrl(pub String);

impl FromStr for PublicUrl {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let text = text.trim_end_matches('/');
        let parts = Parts::of(text).ok_or(Invalid)?;
        let is_bare = parts.credentials.is_none() && !parts.tail.contains(['?', '#']);
        if is_bare && !parts.hosts.is_empty() && is_address(text, &["http", "https"]) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for (address, shown) in [
            (
                "postgres://ana:s3cret@db:5432/scores",
                "postgres://ana:***@db:5432/scores",
            ),
            (
                "postgres://ana:s3@cret@db/scores",
                "postgres://ana:***@db/scores",
            ),
            ("postgres://ana:s3/cret@db/scores", "postgres://…"),
            ("postgres://ana:s3cret", "postgres://…"),
            (
                "postgres:///scores?host=/run&password=s3cret",
                "postgres:///scores?…",
            ),
            ("postgres://ana@db/scores", "postgres://ana@db/scores"),
            ("smtps://ana:s3cret@mail", "smtps://ana:***@mail"),
            ("s3cret", "…"),
        ] {
            assert_eq!(redacted(address), shown);
        }
    }

    #[test]
    fn a_password_is_mailed_to_nobody_in_the_clear() {
        for (url, used) in [
            (
                "smtp://ana:s3cret@mail:587",
                "smtp://ana:s3cret@mail:587?tls=required",
            ),
            ("smtp://mail:25", "smtp://mail:25?tls=opportunistic"),
            ("smtps://ana:s3cret@mail", "smtps://ana:s3cret@mail"),
        ] {
            assert_eq!(SmtpUrl(url.to_owned()).with_tls(), used);
        }
    }

    #[test]
    fn addresses_that_no_driver_understands_are_refused() {
        let schemes = ["postgres"];
        assert!(is_address(
            "postgres://u:p@h1:5432,[::1]:5433/db?sslmode=require",
            &schemes
        ));
        assert!(is_address(
            "postgres:///db?host=/run/postgresql&user=a@b",
            &schemes
        ));
        for text in [
            "mysql://h/db",
            "postgres:h",
            "postgres://u:a/b@h/db",
            "postgres://h:x/db",
            "postgres://h /db",
        ] {
            assert!(!is_address(text, &schemes), "{text}");
        }
    }

    #[test]
    fn the_public_address_loses_its_trailing_slash() {
        let parse = |text: &str| text.parse::<PublicUrl>().map(|url| url.0);
        assert_eq!(
            parse("https://scores.example.org/"),
            Ok("https://scores.example.org".to_owned())
        );
        assert_eq!(
            parse("http://[::1]:8080/board/"),
            Ok("http://[::1]:8080/board".to_owned())
        );
        for text in [
            "scores.example.org",
            "ftp://h",
            "https://",
            "https://u:p@h",
            "https://h/?a",
            "https://h#a",
            "https://h:port",
        ] {
            assert_eq!(parse(text), Err(Invalid), "{text}");
        }
    }
}
