//! From a condition to SQL: a walk over its clauses, each literal by what it asks.

mod clause;
mod date;
mod decimal;
mod items;
mod number;
mod pattern;
mod table;
mod text;

pub(crate) use clause::Clauses;
