//! A token that stops runs from outside.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::gate::Gate;

/// Stops the runs that were told of it ([`Runner::cancelled_by`]), from any
/// thread. Clones are the same token. What is cancelled stays cancelled.
///
/// ```
/// use std::ops::ControlFlow;
/// use target_rules::batch::{Cancellation, End, Runner};
///
/// let cancellation = Cancellation::new();
/// let runner = Runner::new(2)?.cancelled_by(&cancellation);
/// let mut answers = 0;
/// let endless = std::iter::repeat("{}");
/// let end = runner.run(endless, || (), |(), document| document.len(), |_| {
///     answers += 1;
///     if answers == 5 {
///         // As another thread would.
///         cancellation.cancel();
///     }
///     ControlFlow::<()>::Continue(())
/// })?;
/// assert_eq!((end, answers), (End::Cancelled, 5));
/// # Ok::<(), target_rules::batch::StartError>(())
/// ```
///
/// [`Runner::cancelled_by`]: super::Runner::cancelled_by
#[derive(Debug, Clone, Default)]
pub struct Cancellation {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    cancelled: AtomicBool,
    /// The runs that may be asleep when this is cancelled.
    gates: Mutex<Vec<Weak<Gate>>>,
}

impl Cancellation {
    /// A token that is not cancelled.
    pub fn new() -> Cancellation {
        Cancellation::default()
    }

    /// Stops the runs: no further document is begun, no further answer given.
    /// Does not wait for them to end.
    pub fn cancel(&self) {
        self.shared.cancelled.store(true, Ordering::Release);
        let gates = std::mem::take(&mut *self.gates());
        for gate in gates.iter().filter_map(Weak::upgrade) {
            gate.close();
        }
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.shared.cancelled.load(Ordering::Acquire)
    }

    /// Closes the gate of a run as soon as this is cancelled.
    pub(crate) fn watch(&self, gate: &Arc<Gate>) {
        let mut gates = self.gates();
        // Runs that ended are forgotten here, so that the list does not grow.
        gates.retain(|gate| gate.strong_count() > 0);
        gates.push(Arc::downgrade(gate));
        drop(gates);
        // Cancelled before or meanwhile: `cancel` may not have seen the gate.
        if self.is_cancelled() {
            gate.close();
        }
    }

    fn gates(&self) -> std::sync::MutexGuard<'_, Vec<Weak<Gate>>> {
        // Nothing that holds the lock can leave the list half changed.
        self.shared.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
