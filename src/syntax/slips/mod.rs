//! What people write wrong, recognised in the tokens of a text that the
//! grammar refuses. Every slip names its repair; the repaired text is read
//! again to find out whether anything else is wrong.
//!
//! Each kind of slip has a file: `word_operators`, `quotes`, `numbers`, `signs`;
//! what is no known slip is told by `other`.
mod brackets;
mod explain;
mod numbers;
mod other;
mod quotes;
mod scanner;
mod signs;
mod word_operators;

pub(super) use explain::explain;
pub(super) use signs::operator_meant;
pub(super) use word_operators::word_operator;
