#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(clippy::arithmetic_side_effects)]

mod bounded;
mod convert;
mod file;
mod infer;
mod places;
mod pointer;
mod read;
mod reader;
mod ready;
mod rewrite;
mod tree;
mod wants;

pub use file::{
    All, Case, Condition, Constant, Detailed, Digits, Epoch, Fields, Mapping, Named, Others, Profile,
    ProfileList, Source,
};
pub use infer::{Draft, infer};
pub use reader::{Mapped, MappedReader};
pub use ready::ReadyMade;
pub use rewrite::Rewritten;
