//! The server put together, started and stopped.

mod probes;
mod router;
mod start;

pub(crate) use start::serve;
