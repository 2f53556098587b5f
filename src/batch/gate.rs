//! How much is in flight: where the reader of the source waits for room, and
//! the run for documents. It knows their number and bytes, not the documents.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::progress::Progress;

/// Between the thread that reads the source and the thread that runs.
#[derive(Debug)]
pub(crate) struct Gate {
    state: Mutex<State>,
    /// Rung where the reader may go on.
    room: Condvar,
    /// Rung where the run may go on.
    arrival: Condvar,
    /// What may be held at most.
    most: Progress,
}

#[derive(Debug, Default)]
struct State {
    /// Taken from the source, and not answered yet.
    held: Progress,
    /// Of those, the ones that no worker has taken yet.
    waiting: Progress,
    /// The source has no more.
    ended: bool,
    /// Nobody wants more.
    closed: bool,
    /// Who sleeps: a call to the system is saved where nobody does.
    reader_sleeps: bool,
    run_sleeps: bool,
}

/// What the run may do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// Take documents, of which so many wait.
    Documents(u64),
    /// End: every document was taken.
    Ended,
    /// End at once.
    Closed,
}

impl Gate {
    pub(crate) fn new(most: Progress) -> Gate {
        Gate { state: Mutex::default(), room: Condvar::new(), arrival: Condvar::new(), most }
    }

    /// Waits until one more document may be taken from the source; `false`
    /// where nobody wants it any more.
    pub(crate) fn wait_for_room(&self) -> bool {
        let mut state = self.state();
        while !state.closed && !state.held.is_below(&self.most) {
            state.reader_sleeps = true;
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.reader_sleeps = false;
        !state.closed
    }

    /// Tells of a document that was taken from the source.
    pub(crate) fn arrive(&self, document: Progress) {
        let mut state = self.state();
        state.held.add(document);
        state.waiting.add(document);
        self.wake_run(&mut state);
    }

    /// Tells that the source has no more.
    pub(crate) fn end(&self) {
        let mut state = self.state();
        state.ended = true;
        self.wake_run(&mut state);
    }

    /// Waits for the first document that waits for a worker.
    pub(crate) fn wait_for_documents(&self) -> Arrival {
        let mut state = self.state();
        loop {
            if state.closed {
                return Arrival::Closed;
            }
            if state.waiting.documents > 0 {
                return Arrival::Documents(state.waiting.documents);
            }
            if state.ended {
                return Arrival::Ended;
            }
            state.run_sleeps = true;
            state = self.arrival.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Tells that these documents wait no longer.
    pub(crate) fn begin(&self, group: Progress) {
        self.state().waiting.take_off(group);
    }

    /// Tells that these were answered: there is room for others.
    pub(crate) fn answered(&self, group: Progress) {
        let mut state = self.state();
        state.held.take_off(group);
        self.wake_reader(&mut state);
    }

    /// Stops both sides.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        self.wake_run(&mut state);
        self.wake_reader(&mut state);
    }

    fn wake_run(&self, state: &mut State) {
        if std::mem::take(&mut state.run_sleeps) {
            self.arrival.notify_one();
        }
    }

    fn wake_reader(&self, state: &mut State) {
        if std::mem::take(&mut state.reader_sleeps) {
            self.room.notify_one();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can leave the counts half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
