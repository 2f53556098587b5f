#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(clippy::arithmetic_side_effects)]

mod connection;
mod fault;
mod migrations;
mod store;

pub use connection::Settings;
pub use store::PostgresStore;
