//! The API suite: what the contract says, asked over HTTP, the same on SQLite and on PostgreSQL.
//!
//! Each test has its own database and its own server. A file is named after the part of the URL, or
//! after the promise, that it holds the server to.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking, and reads its own environment"
)]

mod support;

mod access;
mod accounts;
mod archive;
mod authorizer;
mod barrier;
mod batches;
mod bodies;
mod by_external;
mod claims;
mod client_ids;
mod cluster;
mod concurrency;
mod conditional;
mod credentials;
mod cursors;
mod decimals;
mod embedded;
mod entitlements;
mod events;
mod fields;
mod games;
mod guards;
mod health;
mod history;
mod idempotency;
mod identity;
mod join;
mod journal;
mod keys;
mod ledger;
mod limits;
mod links;
mod lists;
mod logos;
mod mails;
mod maintenance;
mod matrix;
mod methods;
mod nodes;
mod openapi;
mod operators;
mod order_steps;
mod orders;
mod players;
mod problems;
mod products;
mod purge;
mod receivers;
mod resume;
mod rewind;
mod roles;
mod rounds;
mod rules;
mod scores;
mod sessions;
mod standings;
mod statements;
mod status;
mod text;
mod tickets;
mod ties;
mod trash;
mod two_worlds;
mod undo;
mod verify;
mod voids;
mod walk;
