#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod count;
mod customers;
mod error;
mod fault;
mod finish;
mod input;
mod page;
mod plan;
mod report;
mod run;

pub use error::{Error, ErrorKind};
pub use finish::{Finished, Partial};
#[cfg(feature = "mapping")]
pub use input::MappedReading;
pub use input::{DocumentReader, FileSplit, Files, PlainReading, ReadAs, Reading};
pub use plan::{Options, Plan, Subject};
pub use report::*;
pub use run::{Progress, Share, count, count_splits, run};
