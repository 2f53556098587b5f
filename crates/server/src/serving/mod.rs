//! The server put together, started and stopped.

mod demonstration;
mod probes;
mod router;
mod start;

pub(crate) use start::serve;
