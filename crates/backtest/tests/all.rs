//! The tests of the backtest, as one program.

mod common;
mod exactness;
mod funnel;
mod input;
mod ledger;
mod page;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "parquet")]
mod written;
