//! Places for calls of the store, for batches and for what only computes. Organisations
//! share them, and none has all of them: whatever one sends, others are answered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use crate::http::Failure;
use crate::observe::{Metrics, Queue};

/// How many calls of the store run at once; with more of them each takes longer, and no
/// more are done.
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
/// How many computations that need no store run at once.
const COMPUTING: usize = 4;
/// How many of them are one organisation's.
const COMPUTING_OF_ONE: usize = 3;
/// How many requests of one organisation wait for a place of the store or of a batch;
/// further ones are refused, for each of them is also one of the requests that the server
/// works on at once.
const WAITING_OF_ONE: usize = 192;
/// How many of these are to change something, or are batches.
const CHANGES_WAITING_OF_ONE: usize = 128;
/// How many requests of one organisation wait to compute.
const COMPUTING_WAITING_OF_ONE: usize = 64;

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
    computing: Arc<Semaphore>,
    shares: Mutex<HashMap<Arc<str>, Arc<Share>>>,
    metrics: Arc<Metrics>,
}

/// What one organisation may have of them.
#[derive(Debug)]
struct Share {
    any: Arc<Semaphore>,
    changes: Arc<Semaphore>,
    batches: Arc<Semaphore>,
    computing: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    changes_waiting: Semaphore,
    computing_waiting: Semaphore,
}

/// A place, until this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_share: OwnedSemaphorePermit,
    _of_changes: Option<OwnedSemaphorePermit>,
}

/// A place among the batches, or among what computes, until this is dropped.
#[derive(Debug)]
pub(crate) struct SharedPlace {
    _of_all: OwnedSemaphorePermit,
    _of_share: OwnedSemaphorePermit,
}

impl Places {
    /// Places that are all free.
    pub(super) fn new(metrics: Arc<Metrics>) -> Places {
        let places = |count: usize| Arc::new(Semaphore::new(count));
        let (all, batches, computing) = (places(AT_ONCE), places(BATCHES), places(COMPUTING));
        Places { all, batches, computing, shares: Mutex::default(), metrics }
    }

    /// Waits for a place.
    ///
    /// INVARIANT: whoever waits for a common place has one of its organisation's, so that
    /// no more than those stand before others there.
    pub(super) async fn take(&self, organisation: &str, purpose: Purpose) -> Result<Place, Failure> {
        let share = self.share(organisation);
        let _waiting = self.wait(&share.waiting, Queue::Store)?;
        let of_changes = match purpose {
            Purpose::Look => None,
            Purpose::Change => {
                let _waiting = self.wait(&share.changes_waiting, Queue::Changes)?;
                Some(acquired(&share.changes).await?)
            }
        };
        let of_share = acquired(&share.any).await?;
        let of_all = acquired(&self.all).await?;
        Ok(Place { _of_all: of_all, _of_share: of_share, _of_changes: of_changes })
    }

    /// Counts somebody for whom others read among those who wait, until this is dropped.
    /// Refused where too many do.
    pub(super) fn line_up(&self, organisation: &str) -> Result<OwnedSemaphorePermit, Failure> {
        let share = self.share(organisation);
        share.waiting.clone().try_acquire_owned().map_err(|_| self.refused(Queue::Store))
    }

    /// Waits for a place to read for those who have lined up.
    pub(super) async fn take_for_others(&self, organisation: &str) -> Result<Place, Failure> {
        let share = self.share(organisation);
        let of_share = acquired(&share.any).await?;
        let of_all = acquired(&self.all).await?;
        Ok(Place { _of_all: of_all, _of_share: of_share, _of_changes: None })
    }

    /// Waits for a place among the batches, which is to be had before one of the store.
    pub(super) async fn take_batch(&self, organisation: &str) -> Result<SharedPlace, Failure> {
        let share = self.share(organisation);
        let _waiting = self.wait(&share.waiting, Queue::Store)?;
        let _of_changes = self.wait(&share.changes_waiting, Queue::Changes)?;
        let of_share = acquired(&share.batches).await?;
        Ok(SharedPlace { _of_all: acquired(&self.batches).await?, _of_share: of_share })
    }

    /// Waits for a place to compute, which needs none of the store.
    pub(super) async fn take_computing(&self, organisation: &str) -> Result<SharedPlace, Failure> {
        let share = self.share(organisation);
        let _waiting = self.wait(&share.computing_waiting, Queue::Computing)?;
        let of_share = acquired(&share.computing).await?;
        Ok(SharedPlace { _of_all: acquired(&self.computing).await?, _of_share: of_share })
    }

    /// One of those who wait, until this is dropped. Refused where too many do.
    fn wait<'s>(&self, waiting: &'s Semaphore, queue: Queue) -> Result<SemaphorePermit<'s>, Failure> {
        waiting.try_acquire().map_err(|_| self.refused(queue))
    }

    fn refused(&self, queue: Queue) -> Failure {
        self.metrics.full(queue);
        Failure::unavailable(match queue {
            Queue::Computing => "too many requests of the organisation wait to be worked on",
            _ => "too many requests of the organisation wait for the store",
        })
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
            computing: Arc::new(Semaphore::new(COMPUTING_OF_ONE)),
            waiting: Arc::new(Semaphore::new(WAITING_OF_ONE)),
            changes_waiting: Semaphore::new(CHANGES_WAITING_OF_ONE),
            computing_waiting: Semaphore::new(COMPUTING_WAITING_OF_ONE),
        }
    }
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
        let places = Places::new(Arc::new(Metrics::default()));
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

    #[tokio::test]
    async fn so_much_is_computed_at_once_and_one_organisation_has_not_all_places() {
        let places = Places::new(Arc::new(Metrics::default()));
        let waits = |organisation: &'static str| {
            tokio::time::timeout(Duration::from_millis(50), places.take_computing(organisation))
        };
        let mut held = Vec::new();
        for _ in 0..COMPUTING_OF_ONE {
            held.push(waits("shop").await.unwrap().unwrap());
        }
        assert!(waits("shop").await.is_err(), "one organisation has all places");
        held.push(waits("other").await.expect("others have no place").unwrap());
        assert!(waits("third").await.is_err(), "more is computed at once");
        held.pop();
        waits("third").await.unwrap().unwrap();
    }

    /// How many of 300 requests are refused at once, and the figures then.
    async fn refused<F: Future<Output = Result<(), Failure>> + Send + 'static>(
        take: impl Fn(Arc<Places>, usize) -> F,
    ) -> (usize, String) {
        let metrics = Arc::new(Metrics::default());
        let places = Arc::new(Places::new(metrics.clone()));
        let waiting: Vec<_> = (0..300).map(|nth| tokio::spawn(take(places.clone(), nth))).collect();
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut refused = 0_usize;
        for one in waiting {
            match one.is_finished() {
                true => refused = refused.saturating_add(usize::from(one.await.unwrap().is_err())),
                false => one.abort(),
            }
        }
        (refused, metrics.text().unwrap())
    }

    /// Has a place for ever.
    async fn held<T>(place: Result<T, Failure>) -> Result<(), Failure> {
        let _place = place?;
        std::future::pending().await
    }

    #[tokio::test]
    async fn only_so_many_of_one_organisation_wait() {
        let (batches, told) =
            refused(|places, _| async move { held(places.take_batch("shop").await).await }).await;
        assert_eq!(batches, 300 - BATCHES_OF_ONE - CHANGES_WAITING_OF_ONE);
        assert!(told.contains("target_rules_queue_full_total{queue=\"changes\"} 168"), "{told}");
        let (computing, told) =
            refused(|places, _| async move { held(places.take_computing("shop").await).await }).await;
        assert_eq!(computing, 300 - COMPUTING_OF_ONE - COMPUTING_WAITING_OF_ONE);
        assert!(told.contains("target_rules_queue_full_total{queue=\"computing\"} 233"), "{told}");
        // Batches are among those who wait for the store, whatever it is that they wait for.
        let both = |places: Arc<Places>, nth: usize| async move {
            match nth % 2 {
                0 => held(places.take_batch("shop").await).await,
                _ => held(places.take("shop", Purpose::Look).await).await,
            }
        };
        let (both, told) = refused(both).await;
        assert_eq!(both, 300 - BATCHES_OF_ONE - OF_ONE - WAITING_OF_ONE);
        assert!(told.contains("target_rules_queue_full_total{queue=\"store\"} 92"), "{told}");
    }
}
