//! The states of the workers, and the call of their function.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use super::queue::Panic;

/// What the workers call, and the states that they call it with.
pub(crate) struct Workers<S, M, W> {
    make: M,
    work: W,
    /// States that no worker uses at the moment.
    idle: Mutex<Vec<S>>,
}

/// A worker on its part of a group. Its state goes back when it is done.
pub(crate) struct Worker<'w, S, M, W> {
    workers: &'w Workers<S, M, W>,
    state: Option<S>,
}

impl<S, M: Fn() -> S, W> Workers<S, M, W> {
    pub(crate) fn new(make: M, work: W) -> Workers<S, M, W> {
        Workers { make, work, idle: Mutex::default() }
    }

    pub(crate) fn worker(&self) -> Worker<'_, S, M, W> {
        let state = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Worker { workers: self, state }
    }
}

impl<S, M: Fn() -> S, W> Worker<'_, S, M, W> {
    /// The answer to a document, or what the function panicked with.
    pub(crate) fn answer<D, A>(&mut self, document: D) -> Result<A, Panic>
    where
        W: Fn(&mut S, D) -> A,
    {
        let Workers { make, work, .. } = self.workers;
        let mut kept = self.state.take();
        // Unwind safe: a state that a panic went through is never used again.
        let answer = catch_unwind(AssertUnwindSafe(|| work(kept.get_or_insert_with(make), document)))?;
        self.state = kept;
        Ok(answer)
    }
}

impl<S, M, W> Drop for Worker<'_, S, M, W> {
    fn drop(&mut self) {
        if let Some(state) = self.state.take() {
            self.workers.idle.lock().unwrap_or_else(PoisonError::into_inner).push(state);
        }
    }
}
