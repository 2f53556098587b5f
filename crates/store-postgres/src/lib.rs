#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(clippy::arithmetic_side_effects)]

mod catalogue;
mod connection;
mod fault;
mod listen;
mod migrations;
mod reach;
mod rows;
mod store;

pub use connection::Settings;
pub use store::PostgresStore;
