//! The server put together, started and stopped.

mod demonstration;
mod page;
mod probes;
mod router;
mod serve_error;
mod start;

pub(crate) use start::serve;
