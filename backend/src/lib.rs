//! Scorehold: an online scoreboard that cannot lose your scores.
//!
//! ```text
//! http, cli ──> services ──> domain   pure rules
//!     │             └──────> repos ──> db ──> SQLite | PostgreSQL
//!     └── AppState { db, live, … }: the only way to reach anything
//! ```
//!
//! Imports run one way, from left to right; `tests/architecture.rs` enforces it.

pub mod archive;
pub mod cli;
pub mod config;
pub mod db;
pub mod domain;
pub mod error;
pub mod http;
pub mod limits;
pub mod live;
pub mod logging;
pub mod mail;
pub mod maintenance;
pub mod passwords;
pub mod repos;
pub mod services;
pub mod state;
