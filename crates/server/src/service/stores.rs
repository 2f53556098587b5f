//! The store, on threads that may wait for it.

use std::sync::{Arc, Mutex, PoisonError};

use loyalty_targets::store::{Store, StoreError};
use tokio::sync::Semaphore;

use crate::http::Failure;
use crate::observe::Metrics;

/// How many calls of the store run at once; more would only wait for each other.
const AT_ONCE: usize = 16;

/// Handles of one store.
pub(super) struct Stores {
    first: Mutex<Box<dyn Store>>,
    idle: Mutex<Vec<Box<dyn Store>>>,
    places: Arc<Semaphore>,
    metrics: Arc<Metrics>,
}

impl Stores {
    pub(super) fn new(store: Box<dyn Store>, metrics: Arc<Metrics>) -> Stores {
        let (idle, places) = (Mutex::default(), Arc::new(Semaphore::new(AT_ONCE)));
        Stores { first: Mutex::new(store), idle, places, metrics }
    }

    /// A handle of its own.
    pub(super) fn handle(&self) -> Box<dyn Store> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| self.first.lock().unwrap_or_else(PoisonError::into_inner).handle())
    }

    /// Does a piece of work on a thread that may wait.
    pub(super) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        let place = self.places.clone().acquire_owned().await;
        let place = place.map_err(|error| Failure::internal(&error))?;
        let stores = self.clone();
        // Work that has begun is done to its end, whether or not its client waits;
        // its place is free only then.
        let work = move || {
            let done = stores.work(work);
            drop(place);
            done
        };
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| Failure::internal(&error))?
    }

    /// The same on this thread.
    pub(super) fn work<T>(
        &self,
        work: impl FnOnce(&mut dyn Store) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        let mut store = self.handle();
        let done = work(&mut *store);
        // A handle that has failed is left, and another one made.
        if !matches!(done, Err(StoreError::Database { .. })) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(store);
        }
        done.map_err(|error| {
            self.metrics.store_failures.inc();
            self.failure(&error)
        })
    }

    fn failure(&self, error: &StoreError) -> Failure {
        match error {
            StoreError::CatalogueChanged { .. } => {
                Failure::unavailable("the targets are being changed by somebody else")
            }
            error if error.may_pass() => {
                tracing::warn!(error = %error, "the store did not answer");
                Failure::unavailable("the store does not answer now")
            }
            // The customer of damaged data is not logged.
            StoreError::Damaged { why, .. } => Failure::internal(why),
            error => Failure::internal(error),
        }
    }
}

impl std::fmt::Debug for Stores {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Stores").finish_non_exhaustive()
    }
}
