//! What is wrong with an input, where, and how to mend it: the model that
//! every stage reports in, and that hosts report in too.
//!
//! A fault starts as a [`Diagnostic`] with its [`Code`], its [`Span`] and a
//! sentence. [`Diagnostics::gather`] sorts and bounds what was found in a
//! [`Source`], and finds line, column and pointer of each. One that stands in a
//! larger file becomes a [`FileDiagnostic`]. [`render`] shows one to people, as
//! [`Shown`] text that is safe to print, and a [`SarifLog`] to tools.
//!
//! The list of codes is one for rules, schema files, targets and what hosts
//! make of them, so that a script that knows a code knows it everywhere.

mod decode;
mod file;
mod fixed;
mod gather;
mod input;
mod place;
mod render;
mod sarif;
mod source;

pub use crate::report::{
    Code, Colour, Confidence, Diagnostic, Edit, Form, Label, Offset, Repair, Severity, Shown, Span, Style,
    Suggestion, excerpt, listed, visible,
};
pub use file::{FileDiagnostic, FilePlace};
pub use fixed::Fixed;
pub use gather::Diagnostics;
#[cfg(feature = "batch")]
pub(crate) use input::bytes_of;
pub use input::{Input, utf8_of};
pub use place::{Lines, Place};
pub use render::{render, render_in_file, render_line};
pub use sarif::{Artifact, SarifLog};
pub use source::Source;

pub(crate) use crate::report::{Found, Stage, counted, cut, or_raise, prove, repair, shortened, splice};
