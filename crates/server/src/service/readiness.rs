//! Whether the store answers, found out once a second whoever asks: who has no
//! credentials can't keep it busy.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use loyalty_targets::store::StoreError;

/// How old its last answer may be: it is asked again before that.
const OLDEST: Duration = Duration::from_secs(5);

/// What the store has said last.
#[derive(Debug, Default)]
pub(crate) struct Readiness(Mutex<Option<Said>>);

#[derive(Debug, Clone, Copy)]
struct Said {
    at: Instant,
    answers: bool,
}

impl Readiness {
    fn said(&self) -> MutexGuard<'_, Option<Said>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what the store has said just now.
    pub(super) fn note(&self, answered: &Result<(), StoreError>) {
        *self.said() = Some(Said { at: Instant::now(), answers: answered.is_ok() });
    }

    /// How long ago the store answered; `None` where it failed since, or is silent
    /// for so long that nobody knows. Costs nothing of the store.
    pub(crate) fn age(&self) -> Option<Duration> {
        let said = (*self.said())?;
        let age = said.at.elapsed();
        (said.answers && age <= OLDEST).then_some(age)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_store_said_holds_until_it_fails_or_is_too_old() {
        let readiness = Readiness::default();
        assert_eq!(readiness.age(), None, "it was not asked yet");
        readiness.note(&Ok(()));
        assert!(readiness.age().unwrap() < OLDEST);
        readiness.note(&Err(StoreError::Database { what: "out of reach".to_owned(), may_pass: true }));
        assert_eq!(readiness.age(), None);
        // It is silent since.
        let at = Instant::now().checked_sub(OLDEST * 2).unwrap();
        *readiness.said() = Some(Said { at, answers: true });
        assert_eq!(readiness.age(), None);
    }
}
