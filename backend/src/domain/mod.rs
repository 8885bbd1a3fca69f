//! Pure rules: what a game, a player, a round, a score and an order are, how entries fold into
//! totals and totals into ranks. No I/O, no async, no web framework, no database.

pub mod actor;
pub mod catalogue;
pub mod decimal;
pub mod entitlement;
pub mod event;
pub mod game;
pub mod id;
pub mod image;
pub mod jwt;
pub mod link;
pub mod mail;
pub mod maintenance;
pub mod moment;
pub mod order;
pub mod past;
pub mod payment;
pub mod player;
pub mod ranking;
pub mod rehearsal;
pub mod returns;
pub mod round;
pub mod score;
pub mod secret;
pub mod session;
pub mod tally;
pub mod text;
pub mod time;
pub mod user;
pub mod when;
mod words;

pub(crate) use words::words;
