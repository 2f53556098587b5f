//! Rules.
mod diagnostic;
mod json;
mod limits;
mod syntax;
mod value;
pub use diagnostic::*;
pub use limits::Limits;
pub use syntax::*;
pub use value::*;
