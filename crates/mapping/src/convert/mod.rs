//! What is made of a value on its way from a document of another shape.

mod converter;
mod dates;
mod numbers;

pub(crate) use converter::Converter;
pub(crate) use dates::{by_format_is_date, format_fault};
