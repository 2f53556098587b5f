//! JSON of this crate's documents: each is parsed once, and what it holds is
//! read from there into types, with the place and path of what has another
//! shape.

mod door;
mod parsed;
mod phrase;
mod read;
mod shape;

pub(crate) use door::{parsed_within, read_document, text_within};
pub(crate) use parsed::{Inner, Node, Parsed, key_of};
pub(crate) use phrase::{names, numbers};
pub(crate) use read::{ReadJson, from_serde, read_list};
pub(crate) use shape::{Mismatch, ShapeFault};
