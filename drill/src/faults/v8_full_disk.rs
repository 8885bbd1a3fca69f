//! V8 and V12: the disk of the database is full, or the one of its archive.

use super::harm::{Cure, Harm};
use crate::provision::{Place, Scratch};

/// On SQLite the engine and the archiver say it themselves.
pub const ON_SQLITE: &[Harm] = &[
    Harm {
        cure: Cure::Room(|scratch| scratch.make_room(Place::Data, "space left on device")),
        ..DATA
    },
    Harm {
        cure: Cure::Room(|scratch| scratch.make_room(Place::Archive, "space left on device")),
        ..ARCHIVE
    },
];

/// On PostgreSQL the receivers give up, both of them.
pub const ON_POSTGRES: &[Harm] = &[
    Harm {
        cure: Cure::Room(|scratch| {
            scratch.make_room(Place::Data, "the disk of the database is full")
        }),
        ..DATA
    },
    Harm {
        cure: Cure::Room(|scratch| scratch.make_room(Place::Archive, "no receiver")),
        ..ARCHIVE
    },
];

const DATA: Harm = Harm::recovered("the disk of the database", |scratch| {
    scratch.fill(Place::Data)
})
.after(Scratch::move_to_small_disks);

const ARCHIVE: Harm = Harm::recovered("the disk of the archive", |scratch| {
    scratch.fill(Place::Archive)
});
