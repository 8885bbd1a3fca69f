//! How long anything may take until the drill says that it hangs. What it does take is in the report: these are wide
//! enough for five million scores on two cores, and nobody waits for them but where something hangs.

use std::time::Duration;

/// The limit for a way back: from the command until the first change is accepted.
pub const RECOVERY_TIME: Duration = Duration::from_secs(60);

/// How many seconds a command may take that goes through all of a database: a recovery, a backup, a look
/// through every board.
pub const WHOLE: u64 = 900;
/// One statement past the application.
pub const STATEMENT: u64 = 300;
/// A command that must refuse before it does anything. One that is not refused may be a server, which runs on.
pub const REFUSAL: u64 = 15;
/// A script that fires many statements.
pub const VOLLEY: u64 = 600;

/// How long receivers may take to arrive, and a server that was ready before to be ready.
pub const READY: Duration = Duration::from_secs(60);
/// How long a server may take that has just been started: on SQLite it waits for the first copy of a whole database.
pub const STARTED: Duration = Duration::from_secs(300);
/// How long a client asks again before it leaves a change unknown.
pub const CHANGE: Duration = Duration::from_secs(150);
/// How long no change at all may be acknowledged.
pub const PAUSE: Duration = Duration::from_secs(120);
/// How long clients may take to come to rest.
pub const REST: Duration = Duration::from_secs(180);
