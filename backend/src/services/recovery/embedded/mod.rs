//! The SQLite file: its archive is Litestream's, and what comes back is a new file beside it.

mod aside;
mod backup;
mod good;
mod names;
mod neighbour;
mod place;
mod recover;
mod rehearse;
mod restore;
mod swap;

pub(super) use backup::back_up;
pub(super) use place::refuse_forgotten;
pub(super) use recover::recover;
pub(super) use rehearse::rehearse;
pub(super) use restore::restore;
