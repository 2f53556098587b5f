#![doc = include_str!("../README.md")]
#![deny(clippy::arithmetic_side_effects)]
// What is printed goes through `screen`.
#![deny(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

mod activities;
mod auth;
mod catalogue;
mod command;
mod config;
mod demo;
mod enrolments;
mod http;
mod observe;
mod openapi;
mod screen;
mod service;
mod serving;

pub use command::run;
