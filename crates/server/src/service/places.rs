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
    shares: Mutex<HashMap<Arc<str>, Arc<Share>>>,
}

/// What one organisation may have of them.
#[derive(Debug)]
struct Share {
    any: Arc<Semaphore>,
    changes: Arc<Semaphore>,
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

impl Default for Places {
    fn default() -> Places {
        Places { all: Arc::new(Semaphore::new(AT_ONCE)), shares: Mutex::default() }
    }
}

impl Places {
    /// Waits for a place.
    ///
    /// INVARIANT: whoever waits for a common place has one of its organisation's, so that
    /// no more than those stand before others there.
    pub(super) async fn take(&self, organisation: &str, purpose: Purpose) -> Result<Place, Failure> {
        let share = self.share(organisation);
        let too_many = |_| Failure::unavailable("too many requests of the organisation wait for the store");
        let _waiting = share.waiting.try_acquire().map_err(too_many)?;
        let of_changes = match purpose {
            Purpose::Look => None,
            Purpose::Change => {
                let _waiting = share.changes_waiting.try_acquire().map_err(too_many)?;
                Some(acquired(&share.changes).await?)
            }
        };
        let of_share = acquired(&share.any).await?;
        let of_all = acquired(&self.all).await?;
        Ok(Place { _of_all: of_all, _of_share: of_share, _of_changes: of_changes })
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
            waiting: Semaphore::new(WAITING_OF_ONE),
            changes_waiting: Semaphore::new(CHANGES_WAITING_OF_ONE),
        }
    }
}

async fn acquired(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Failure> {
    places.clone().acquire_owned().await.map_err(|error| Failure::internal(&error))
}
