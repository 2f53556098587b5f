//! Transactions: decided and booked, what they have achieved, and why one
//! counts or doesn't.

mod batch;
mod book;
mod progress;
mod single;
mod why;

pub(crate) use batch::{__path_book_many, book_many};
pub(crate) use book::book_all;
pub(crate) use progress::{__path_progress, progress};
pub(crate) use single::{__path_book_one, book_one};
pub(crate) use why::{__path_why, why};
