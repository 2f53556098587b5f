//! Places for calls of the store. Organisations share them, and none has all of them:
//! whatever one sends, others are answered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::Failure;

/// How many calls of the store run at once; more would only wait for each other.
pub(super) const AT_ONCE: usize = 16;
/// How many of them are one organisation's.
const OF_ONE: usize = 12;
/// How many of these change something: they wait for each other in the store, and what
/// only reads waits for none of them.
const CHANGES_OF_ONE: usize = 10;
/// How many batches are worked on at once: each takes up to 50 MB until it is written.
const BATCHES: usize = 6;
/// How many of them are one organisation's.
const BATCHES_OF_ONE: usize = 4;
/// How many requests of one organisation wait for a place; further ones are refused, for
/// each of them is also one of the requests that the server works on at once.
const WAITING_OF_ONE: usize = 192;
/// How many of these are to change something.
const CHANGES_WAITING_OF_ONE: usize = 128;

/// What a call of the store does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It waits for nobody who changes something.
    Look,
    /// It may wait in the store until others of its organisation have ended.
    Change,
}

/// All places.
#[derive(Debug)]
pub(super) struct Places {
    all: Arc<Semaphore>,
    batches: Arc<Semaphore>,
    shares: Mutex<HashMap<Arc<str>, Arc<Share>>>,
}

/// What one organisation may have of them.
#[derive(Debug)]
struct Share {
    any: Arc<Semaphore>,
    changes: Arc<Semaphore>,
    batches: Arc<Semaphore>,
    waiting: Semaphore,
    changes_waiting: Semaphore,
}

/// A place, until this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_share: OwnedSemaphorePermit,
    _of_changes: Option<OwnedSemaphorePermit>,
}

/// A place among the batches, until this is dropped.
#[derive(Debug)]
pub(crate) struct BatchPlace {
    _of_all: OwnedSemaphorePermit,
    _of_share: OwnedSemaphorePermit,
}

impl Default for Places {
    fn default() -> Places {
        let (all, batches) = (Semaphore::new(AT_ONCE), Semaphore::new(BATCHES));
        Places { all: Arc::new(all), batches: Arc::new(batches), shares: Mutex::default() }
    }
}

impl Places {
    /// Waits for a place.
    ///
    /// INVARIANT: whoever waits for a common place has one of its organisation's, so that
    /// no more than those stand before others there.
    pub(super) async fn take(&self, organisation: &str, purpose: Purpose) -> Result<Place, Failure> {
        let share = self.share(organisation);
        let _waiting = share.waiting.try_acquire().map_err(|_| too_many())?;
        let of_changes = match purpose {
            Purpose::Look => None,
            Purpose::Change => {
                let _waiting = share.changes_waiting.try_acquire().map_err(|_| too_many())?;
                Some(acquired(&share.changes).await?)
            }
        };
        let of_share = acquired(&share.any).await?;
        let of_all = acquired(&self.all).await?;
        Ok(Place { _of_all: of_all, _of_share: of_share, _of_changes: of_changes })
    }

    /// Waits for a place among the batches, which is to be had before one of the store.
    pub(super) async fn take_batch(&self, organisation: &str) -> Result<BatchPlace, Failure> {
        let share = self.share(organisation);
        let _waiting = share.changes_waiting.try_acquire().map_err(|_| too_many())?;
        let of_share = acquired(&share.batches).await?;
        Ok(BatchPlace { _of_all: acquired(&self.batches).await?, _of_share: of_share })
    }

    /// Only organisations of users come here, so there are few.
    fn share(&self, organisation: &str) -> Arc<Share> {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        match shares.get(organisation) {
            Some(share) => share.clone(),
            None => shares.entry(organisation.into()).or_default().clone(),
        }
    }
}

impl Default for Share {
    fn default() -> Share {
        Share {
            any: Arc::new(Semaphore::new(OF_ONE)),
            changes: Arc::new(Semaphore::new(CHANGES_OF_ONE)),
            batches: Arc::new(Semaphore::new(BATCHES_OF_ONE)),
            waiting: Semaphore::new(WAITING_OF_ONE),
            changes_waiting: Semaphore::new(CHANGES_WAITING_OF_ONE),
        }
    }
}

fn too_many() -> Failure {
    Failure::unavailable("too many requests of the organisation wait for the store")
}

async fn acquired(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Failure> {
    places.clone().acquire_owned().await.map_err(|error| Failure::internal(&error))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn so_many_batches_are_worked_on_and_one_organisation_has_not_all_of_them() {
        let places = Places::default();
        let waits = |organisation: &'static str| {
            tokio::time::timeout(Duration::from_millis(50), places.take_batch(organisation))
        };
        let mut held = Vec::new();
        for _ in 0..BATCHES_OF_ONE {
            held.push(waits("shop").await.unwrap().unwrap());
        }
        assert!(waits("shop").await.is_err(), "its batches take all the memory");
        while held.len() < BATCHES {
            held.push(waits("other").await.expect("others have no place").unwrap());
        }
        assert!(waits("third").await.is_err(), "all batches together take too much memory");
        held.pop();
        waits("third").await.unwrap().unwrap();
    }
}
