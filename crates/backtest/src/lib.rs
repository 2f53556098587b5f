#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod count;
mod customers;
mod error;
mod finish;
mod input;
mod plan;
mod report;
mod run;

pub use error::{Error, ErrorKind};
pub use finish::Finished;
pub use input::{DocumentReader, Files, PlainReading, Reading};
pub use plan::{Options, Plan, Subject};
pub use report::*;
pub use run::{Progress, run};
