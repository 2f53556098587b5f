#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(clippy::arithmetic_side_effects)]

mod columns;
mod dialect;
mod refusal;
mod translate;
mod write;

pub use columns::{Column, ColumnType, Columns, Digits, ItemField, ItemValue, Naming};
pub use dialect::{Dialect, UnknownDialect};
pub use refusal::{Reason, Refusal};
pub use translate::{Options, Sql, to_sql};
