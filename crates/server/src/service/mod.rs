//! What all handlers work with.

mod app;

pub(crate) use app::App;
