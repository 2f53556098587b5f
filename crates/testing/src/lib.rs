//! What tests, fuzz targets and benchmarks of target-rules share. It is not
//! published, and names nothing but the public interface.
//!
//! | module | what it has |
//! |---|---|
//! | [`bounds`] | what every door may cost, and shapes of input of any size |
//! | [`generate`] | generators of rules and of the transactions that match them |
//! | [`engines`] | every way to decide a rule, as columns of the tests |
//! | [`second_parser`] | a parser of rules that was written from the law alone |
//! | [`repairs`] | what a check says of a rule, and a rule with its safe repairs |
//! | [`promises`] | what the library promises of any input at all |
//! | [`oversized`] | inputs as large as is wanted, of shapes whose cost was once a product |
//! | [`browser`] | Chromium, for tests that look at pages |
//! | [`database`] | a PostgreSQL of its own for a test |
//! | [`stores`] | what every store of customers is held to |
//! | [`workloads`] | what is measured, also written by hand, and the clock |
//! | [`suite`] | how cases of the conformance suite are written |
//! | [`json`] | JSON compared as values |
//!
//! Each that needs other crates is a feature of its own, so that
//! fuzz targets are built without generators and benchmarks without either.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "what a test or a benchmark cannot do without, it fails by"
)]

use std::io::Write as _;

#[cfg(feature = "bounds")]
pub mod bounds;
#[cfg(feature = "browser")]
pub mod browser;
#[cfg(feature = "database")]
pub mod database;
pub mod engines;
#[cfg(feature = "generate")]
pub mod generate;
pub mod json;
pub mod oversized;
#[cfg(feature = "promises")]
pub mod promises;
pub mod repairs;
pub mod second_parser;
#[cfg(feature = "stores")]
pub mod stores;
pub mod suite;
#[cfg(feature = "workloads")]
#[expect(missing_docs, reason = "most names of workloads say what they are")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "small numbers are drawn, and times are averaged"
)]
pub mod workloads;

/// Says that something was not tested, past the capture of the test's output, so that it
/// is seen of a test that passes.
pub fn skipped(what: &str) {
    #[expect(clippy::disallowed_methods, reason = "no terminal is written to but by tests")]
    let mut terminal = std::io::stderr();
    let _ = writeln!(terminal, "\nSKIPPED: {what}\n");
}
