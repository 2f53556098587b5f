//! The server's parts that requests share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::observe::Metrics;

/// What all handlers work with.
#[derive(Debug)]
pub(crate) struct App {
    /// What operators see.
    pub(crate) metrics: Arc<Metrics>,
    stopping: AtomicBool,
}

impl App {
    /// An application with nothing in it.
    pub(crate) fn new(metrics: Arc<Metrics>) -> App {
        App { metrics, stopping: AtomicBool::new(false) }
    }

    /// Says from now on that no more requests should be sent.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Why no requests should be sent, if so.
    pub(crate) fn not_ready(&self) -> Option<&'static str> {
        self.stopping.load(Ordering::Relaxed).then_some("the server stops")
    }
}
