//! The use cases. One public function is one transaction; permissions are in its first line, and
//! what is published goes out after the commit.

pub mod access;
pub mod accounts;
pub mod change;
pub mod claims;
pub mod demo;
pub mod entitlements;
pub mod events;
pub mod games;
pub mod health;
pub mod history;
pub mod journal;
pub mod links;
pub mod logos;
pub mod mails;
pub mod maintenance;
pub mod nodes;
pub mod orders;
pub mod players;
pub mod purges;
pub mod recovery;
pub mod requests;
pub mod rounds;
pub mod scores;
pub mod seats;
pub mod sessions;
pub mod soundness;
pub mod standings;
pub mod watchdog;

use crate::error::{Code, Error, Result};

/// What `If-Match` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// `*`: anything that exists.
    Any,
    /// One of these versions.
    Versions(Vec<i64>),
}

/// Refuses when the version is not one that the caller has seen.
///
/// # Errors
/// `precondition_failed`; the edge adds the present representation.
pub fn expect(expected: Option<&Expected>, version: i64) -> Result<()> {
    match expected {
        Some(Expected::Versions(seen)) if !seen.contains(&version) => Err(Error::new(
            Code::PreconditionFailed,
            format!("You have seen another version; it is at version {version} now."),
        )),
        _ => Ok(()),
    }
}

/// A unique `external_id` that is taken.
fn external_id_taken() -> Error {
    Error::at(
        Code::ExternalIdTaken,
        "/external_id",
        "Another one has this external_id, perhaps in the trash.",
    )
}
