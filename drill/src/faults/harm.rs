//! What nothing can refuse, and what is done about it.

use anyhow::Result;

use crate::provision::Scratch;

/// One blow that goes through.
#[derive(Clone, Copy)]
pub struct Harm {
    /// In a few words.
    pub what: &'static str,
    /// What has happened right before, and is no part of what is timed.
    pub before: fn(&mut Scratch) -> Result<()>,
    /// Deals it. Somebody has aimed right before.
    pub strike: fn(&mut Scratch) -> Result<()>,
    /// Who finds it.
    pub found: Found,
    /// What makes it good.
    pub cure: Cure,
}

/// How a harm comes to light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The server takes no changes by itself.
    ByServer,
    /// There is no server any more that could.
    Plainly,
}

/// What makes a harm good.
#[derive(Clone, Copy)]
pub enum Cure {
    /// `scorehold recover`.
    Recovery,
    /// Its cause ends, and the server goes on by itself. Meanwhile nothing was acknowledged that the
    /// archive alone would not bring back.
    Ends(fn(&mut Scratch) -> Result<()>),
    /// The same, where what was acknowledged before it was found may still be safe.
    Room(fn(&mut Scratch) -> Result<()>),
}

impl Harm {
    /// The same, right after something else.
    pub const fn after(self, before: fn(&mut Scratch) -> Result<()>) -> Self {
        Self { before, ..self }
    }

    /// What the server finds, and `scorehold recover` makes good.
    pub const fn recovered(what: &'static str, strike: fn(&mut Scratch) -> Result<()>) -> Self {
        Self {
            what,
            before: |_| Ok(()),
            strike,
            found: Found::ByServer,
            cure: Cure::Recovery,
        }
    }
}
