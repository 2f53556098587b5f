//! The report: what a backtest says when it is finished.

mod amount;
#[cfg(test)]
mod fresh;
mod model;

pub use amount::Amount;
pub use model::*;
