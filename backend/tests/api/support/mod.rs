//! What every test stands on: an application of its own, clients, builders.

mod answer;
mod app;
mod archiver;
mod board;
mod client;
mod command;
mod database;
pub mod foreign;
mod fuse;
mod outbox;
mod person;
mod process;
mod receivers;
mod redact;
mod shop;
pub mod statements;
mod stream;

pub use answer::Answer;
pub use app::TestApp;
pub use archiver::{Archiver, archived, served, started};
pub use board::{Board, id_of};
pub use client::Client;
pub use command::{Said, scorehold};
pub use database::{Database, Engine, number_in, on_server};
pub use fuse::Fuse;
pub use outbox::{Mail, mail, mails};
pub use person::{PASSWORD, Person};
pub use process::Process;
pub use receivers::received;
pub(crate) use redact::assert_answer;
pub use redact::pretty;
pub use shop::{Shop, operator};
pub use stream::{Event, Stream};

/// A new random UUID, as a client makes it for `client_id` and `Idempotency-Key`.
pub fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Registers each test once per engine, so that the output names both:
/// `scores::a_tap_counts::sqlite` and `scores::a_tap_counts::postgres`.
///
/// A test that is not listed is dead code, which the compiler reports.
macro_rules! both_engines {
    ($($test:ident),+ $(,)?) => {
        $(mod $test {
            use crate::support::{Engine, TestApp};

            #[test]
            fn sqlite() {
                super::$test(&TestApp::start(Engine::Sqlite));
            }

            #[test]
            fn postgres() {
                super::$test(&TestApp::start(Engine::Postgres));
            }
        })+
    };
}
pub(crate) use both_engines;

/// Registers tests of what only one engine has: `on_engine!(Sqlite: a_file_is_kept);`
macro_rules! on_engine {
    ($engine:ident: $($test:ident),+ $(,)?) => {
        $(mod $test {
            use crate::support::{Engine, TestApp};

            #[test]
            fn alone() {
                super::$test(&TestApp::start(Engine::$engine));
            }
        })+
    };
}
pub(crate) use on_engine;
