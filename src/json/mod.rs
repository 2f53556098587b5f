//! JSON with places: where keys and values stand in a document, for hosts that
//! report faults of documents of their own.
//!
//! Nothing here recurses or makes a tree of the document: a [`Reader`] reads
//! one value, [`Members`] and [`Entries`] go through one level of it, [`find`]
//! follows a path, a [`Walk`] sees everything in the order of the document, and
//! [`Escapes`] leads from a byte of a decoded string back to its document.
//! Whatever is read is read again from its span, so that each of them costs
//! what it reads and keeps nothing.
//!
//! ```
//! use target_rules::diagnostic::{Code, Diagnostic, Diagnostics, Form, Source};
//! use target_rules::json::{Kind, Located, Members, Reader};
//!
//! let text = r#"{"id": 50, "name": ["Gold"]}"#;
//! let mut json = Reader::new(text);
//! let document = Located::read(&mut json)?;
//! json.finish()?;
//! let wrong: Vec<Diagnostic> = Members::of(text, document)
//!     .filter(|(key, value)| key.text == "name" && value.kind != Kind::String)
//!     .map(|(_, value)| value.head())
//!     .map(|at| Diagnostic::new(Code::WrongType, at, "a name is a string"))
//!     .collect();
//! let source = Source::new(Form::Payload, text);
//! let found = Diagnostics::gather(&source, wrong, 20);
//! let fault = found.iter().next().ok_or("nothing is wrong")?;
//! assert_eq!((fault.pointer.as_deref(), fault.column), (Some("/name"), 20));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod escapes;
mod faults;
mod places;
mod reader;
mod scan;
mod walk;
mod written_key;

pub use escapes::Escapes;
pub(crate) use escapes::escaped;
pub use faults::HALF_A_CHARACTER;
pub(crate) use places::pointers_at;
pub use places::{Entries, Located, Members, PathSegment, find, pointer_at};
pub(crate) use reader::{Content, Decoding, Name, NextInObject};
pub use reader::{Key, Kind, Reader};
pub use walk::{Event, Walk, too_deep};
pub(crate) use written_key::WrittenKey;
