//! What a backtest is asked for, beside the rules and the transactions.

use target_rules::{Limits, Schema, Zone};

/// How a backtest is run. [`Options::default`] is all of the transactions, in UTC, on all
/// cores.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The zone of the organisation, which decides to which day a transaction belongs.
    pub zone: Zone,
    /// How large a document may be.
    pub limits: Limits,
    /// The schema that the rules were checked against.
    pub schema: Schema,
    /// The ids of the targets in focus; `None` for the first ten.
    pub focus: Option<Vec<String>>,
    /// The first local day, counted from 1970-01-01.
    pub since: Option<i64>,
    /// The last local day, counted from 1970-01-01.
    pub until: Option<i64>,
    /// The part of the documents that is looked at, in millionths.
    pub sample_millionths: u32,
    /// Of one in so many documents it is asked what is absent; `None` for a number that
    /// follows from the size of the input, and is 1 where that is small.
    pub reasons_every: Option<u32>,
    /// How many threads work; `None` for as many as there are cores.
    pub threads: Option<usize>,
    /// How many bytes of rows of customers are held before they go to a file.
    pub memory: usize,
    /// How many bytes of a file one thread works on at once.
    pub split_bytes: u64,
    /// Whether a document that can't be read stops the run.
    pub strict: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            zone: Zone::UTC,
            limits: Limits::default(),
            schema: Schema::standard(),
            focus: None,
            since: None,
            until: None,
            sample_millionths: ALL,
            reasons_every: None,
            threads: None,
            memory: 128 * 1024 * 1024,
            split_bytes: 4 * 1024 * 1024,
            strict: false,
        }
    }
}

/// All documents, in millionths.
pub(crate) const ALL: u32 = 1_000_000;

/// So many targets are in focus where none are named.
pub(crate) const FIRST_FOCUS: usize = 10;

/// So many targets may be in focus.
pub(crate) const MOST_FOCUS: usize = 64;
