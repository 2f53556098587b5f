//! What people write wrong, recognised in the tokens of a text that the
//! grammar refuses. Every slip names its repair; the repaired text is read
//! again to find out whether anything else is wrong.
//!
//! Each kind of slip has a file, such as `quotes`, `numbers`, `signs`; what
//! stands round a whole rule is told by `wrappers`, and what is no known slip by
//! `other`.
mod brackets;
mod explain;
mod lists;
mod logic_calls;
mod negations;
mod numbers;
mod other;
mod quotes;
mod scanner;
mod scripts;
mod signs;
mod units;
mod word_operators;
mod wrappers;

pub(super) use explain::explain;
pub(super) use logic_calls::logic_call;
pub(crate) use scripts::latin;
pub(super) use signs::operator_meant;
pub(crate) use units::number_meant;
pub(super) use wrappers::unescaped;
