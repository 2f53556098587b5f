//! `backtest` and `compare`: what rules or targets would have hit among recorded
//! transactions.

mod compare;
mod report;
mod run;

pub(crate) use run::{Compared, Held, backtest, compare};
