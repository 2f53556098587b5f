//! What all handlers work with: the store, on threads that may wait, and the
//! targets of each organisation, compiled.

mod app;
mod clock;
mod rosters;
mod served;
mod stores;
mod watch;

pub(crate) use app::{App, AppSettings};
pub(crate) use clock::now;
pub(crate) use served::Served;
pub(crate) use watch::watch;
