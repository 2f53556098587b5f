//! Documents on their way from the source to the workers.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::document::Document;
use super::gate::{Arrival, Gate};
use super::progress::Progress;

/// What a thread panicked with.
pub(crate) type Panic = Box<dyn Any + Send>;

/// The documents that wait for a worker, bounded by a gate.
pub(crate) struct Queue<D> {
    gate: Arc<Gate>,
    waiting: Mutex<VecDeque<(D, Progress)>>,
    /// What the source panicked with.
    panic: Mutex<Option<Panic>>,
}

/// Documents that are worked on together.
pub(crate) struct Group<D> {
    pub(crate) documents: Vec<D>,
    /// The bytes of each.
    pub(crate) sizes: Vec<Progress>,
    pub(crate) whole: Progress,
}

/// What comes from a queue.
pub(crate) enum Next<D> {
    Group(Group<D>),
    /// The source ended, or panicked, after the documents before.
    Ended(Result<(), Panic>),
    Closed,
}

/// Closes a queue when it goes out of scope, also where the caller panics.
pub(crate) struct Closing<'q, D>(&'q Queue<D>);

impl<D: Document> Queue<D> {
    pub(crate) fn new(gate: Arc<Gate>) -> Queue<D> {
        Queue { gate, waiting: Mutex::default(), panic: Mutex::default() }
    }

    /// Takes document after document from the source, as there is room.
    pub(crate) fn fill(&self, source: impl Iterator<Item = D>) {
        let filled = catch_unwind(AssertUnwindSafe(|| {
            // Moved here, for dropping it may panic too.
            let mut source = source;
            while self.gate.wait_for_room() {
                let Some(document) = source.next() else { break };
                let size = Progress::one(document.byte_len());
                self.waiting().push_back((document, size));
                self.gate.arrive(size);
            }
        }));
        if let Err(panic) = filled {
            *self.panic.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic);
        }
        self.gate.end();
    }

    /// Waits for a document, and takes with it those that have come too, until
    /// `most` is reached.
    pub(crate) fn next(&self, most: &Progress) -> Next<D> {
        let there = match self.gate.wait_for_documents() {
            Arrival::Closed => return Next::Closed,
            Arrival::Ended => {
                let panic = self.panic.lock().unwrap_or_else(PoisonError::into_inner).take();
                return Next::Ended(panic.map_or(Ok(()), Err));
            }
            Arrival::Documents(there) => there,
        };
        let mut group = Group { documents: Vec::new(), sizes: Vec::new(), whole: Progress::default() };
        let mut waiting = self.waiting();
        // INVARIANT: a document is in the queue before the gate counts it, so the
        // queue may have more than the gate knows, and never fewer.
        while group.whole.documents < there && (group.documents.is_empty() || group.whole.is_below(most)) {
            let Some((document, size)) = waiting.pop_front() else { break };
            group.documents.push(document);
            group.sizes.push(size);
            group.whole.add(size);
        }
        drop(waiting);
        self.gate.begin(group.whole);
        Next::Group(group)
    }
}

impl<D> Queue<D> {
    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Closes the queue when what this gives goes out of scope.
    pub(crate) fn closing(&self) -> Closing<'_, D> {
        Closing(self)
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<(D, Progress)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<D> Drop for Closing<'_, D> {
    fn drop(&mut self) {
        self.0.gate.close();
        // Freed now, though a source that blocks may keep the queue for long.
        self.0.waiting().clear();
    }
}
