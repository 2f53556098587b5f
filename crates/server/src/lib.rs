#![doc = include_str!("../README.md")]
#![deny(clippy::arithmetic_side_effects)]
// What is printed goes through `screen`.
#![deny(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

mod auth;
mod command;
mod config;
mod http;
mod observe;
mod screen;
mod service;
mod serving;

pub use command::run;
