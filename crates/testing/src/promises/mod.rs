//! What the library promises of any input at all. Each promise takes the
//! bytes of one input and panics where it is broken.
//!
//! The fuzz targets look for an input that breaks a promise, and the test
//! `regressions` replays those that once did. So only the public interface is
//! named here.

mod decisions;
mod documents;
mod forms;
mod refusals;
mod rules;
mod schemas;

pub use decisions::{set_in, transaction_in};
pub use documents::{document_in, payload_in, progress_in};
pub use forms::{regex_in, round_trip, text_in, tree_in};
pub use schemas::schema_in;

/// A promise, by the name of the fuzz target that looks for a breach of it.
pub type Promise = (&'static str, fn(&[u8]));

/// Every promise.
pub const ALL: &[Promise] = &[
    ("text_in", text_in),
    ("tree_in", tree_in),
    ("transaction_in", transaction_in),
    ("regex_in", regex_in),
    ("payload_in", payload_in),
    ("schema_in", schema_in),
    ("round_trip", round_trip),
    ("document_in", document_in),
    ("progress_in", progress_in),
    ("set_in", set_in),
];

/// What must be there; the promise is broken where it is not.
fn must<T, E: std::fmt::Display>(result: Result<T, E>, what: &str) -> T {
    result.unwrap_or_else(|error| panic!("{what}: {error}"))
}

/// The text of an input; of one that is not UTF-8, the part before it fails.
fn text_of(data: &[u8]) -> &str {
    match std::str::from_utf8(data) {
        Ok(text) => text,
        Err(error) => {
            data.get(..error.valid_up_to()).and_then(|text| str::from_utf8(text).ok()).unwrap_or("")
        }
    }
}
