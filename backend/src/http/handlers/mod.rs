//! One function per operation: read what was asked, call the service, turn its answer.

pub mod auth;
pub mod events;
pub mod games;
pub mod history;
pub mod journal;
pub mod links;
pub mod logos;
pub mod me;
pub mod orders;
pub mod payments;
pub mod players;
pub mod rounds;
pub mod scores;
pub mod seats;
pub mod sessions;
pub mod standings;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::repos::Shelf;

/// `?state=` of a list: what stands, or the trash.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ShelfWord {
    /// What stands.
    #[default]
    Live,
    /// What is in the trash.
    Trashed,
}

impl From<ShelfWord> for Shelf {
    fn from(word: ShelfWord) -> Self {
        match word {
            ShelfWord::Live => Self::Live,
            ShelfWord::Trashed => Self::Trash,
        }
    }
}
