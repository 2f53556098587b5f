//! The store, on threads that may wait for it.

use std::sync::{Arc, Mutex, PoisonError};

use loyalty_targets::store::{RecordedEnrolments, Store, StoreError};

use crate::http::Failure;
use crate::observe::Metrics;

use super::places::{AT_ONCE, Places, Purpose, SharedPlace};
use super::readers::Readers;

/// Handles of one store.
pub(super) struct Stores {
    first: Mutex<Box<dyn Store>>,
    idle: Mutex<Vec<Box<dyn Store>>>,
    places: Places,
    readers: Readers,
    metrics: Arc<Metrics>,
}

impl Stores {
    pub(super) fn new(store: Box<dyn Store>, metrics: Arc<Metrics>) -> Stores {
        let (idle, first) = (Mutex::default(), Mutex::new(store));
        let (places, readers) = (Places::new(metrics.clone()), Readers::default());
        Stores { first, idle, places, readers, metrics }
    }

    /// A handle of its own.
    pub(super) fn handle(&self) -> Box<dyn Store> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| self.first.lock().unwrap_or_else(PoisonError::into_inner).handle())
    }

    /// Does a piece of work for an organisation on a thread that may wait.
    pub(super) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        organisation: &str,
        purpose: Purpose,
        work: impl FnOnce(&mut dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        let stores = self.clone();
        let place = self.places.take(organisation, purpose).await?;
        on_a_thread(place, move || stores.work(work)).await?
    }

    /// What a customer is enrolled in, read together with those of others who ask for that.
    pub(super) async fn enrolments(
        self: &Arc<Self>,
        organisation: &Arc<str>,
        customer: i64,
    ) -> Result<RecordedEnrolments, Failure> {
        let _waiting = self.places.line_up(organisation)?;
        let (waits, reads) = self.readers.ask(organisation, customer);
        if reads {
            // Apart from this request, whose client may go while others wait.
            tokio::spawn(self.clone().read_for_all(organisation.clone()));
        }
        // What a panic says may be of a customer: its place is in the log already.
        let read = waits.await.map_err(|_| Failure::internal(&"work for the store has panicked"))?;
        read.map_err(|error| self.failure(&error))
    }

    /// Reads for those who wait, until nobody does.
    async fn read_for_all(self: Arc<Self>, organisation: Arc<str>) {
        loop {
            // INVARIANT: places are there as long as the server is.
            let place = self.places.take_for_others(&organisation).await.ok();
            let (stores, of) = (self.clone(), organisation.clone());
            let read = move || {
                let enrolments =
                    |customers: &[i64]| stores.with_handle(|store| store.enrolments(&of, customers));
                stores.readers.read_next(&of, enrolments)
            };
            // Where one has panicked, others may wait.
            if matches!(on_a_thread(place, read).await, Ok(false)) {
                return;
            }
        }
    }

    /// Waits for a place among the batches.
    pub(super) async fn batch_place(&self, organisation: &str) -> Result<SharedPlace, Failure> {
        self.places.take_batch(organisation).await
    }

    /// Does work for an organisation that needs no store on a thread that may take its time.
    pub(super) async fn compute<T: Send + 'static>(
        &self,
        organisation: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        on_a_thread(self.places.take_computing(organisation).await?, work).await
    }

    /// The same on this thread.
    pub(super) fn work<T>(
        &self,
        work: impl FnOnce(&mut dyn Store) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        self.with_handle(work).map_err(|error| self.failure(&error))
    }

    fn with_handle<T>(
        &self,
        work: impl FnOnce(&mut dyn Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut store = self.handle();
        let done = work(&mut *store);
        // A handle that has failed is left, and another one made.
        if !matches!(done, Err(StoreError::Database { .. })) {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < AT_ONCE {
                idle.push(store);
            }
        }
        if done.is_err() {
            self.metrics.store_failures.inc();
        }
        done
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

/// Runs work that, once begun, is done to its end whether or not its client waits;
/// its place is free only then. What it logs has the id of its request.
async fn on_a_thread<T: Send + 'static>(
    place: impl Send + 'static,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let span = tracing::Span::current();
    let work = move || {
        let done = span.in_scope(work);
        drop(place);
        done
    };
    // What a panic says may be of a customer: its place is in the log already.
    tokio::task::spawn_blocking(work).await.map_err(|_| Failure::internal(&"work for the store has panicked"))
}

impl std::fmt::Debug for Stores {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Stores").finish_non_exhaustive()
    }
}
