#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(clippy::arithmetic_side_effects)]

mod backup;
mod catalogue;
mod connection;
mod fault;
mod migrations;
mod store;
mod turns;
mod writer;

pub use connection::Settings;
pub use store::SqliteStore;
