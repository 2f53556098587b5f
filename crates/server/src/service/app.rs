//! The parts of the server that requests share.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use loyalty_targets::store::{Catalogue, RecordedEnrolments, Roster, Store, StoreError};
use target_rules::{Limits, Schema};
use tokio::sync::OwnedMutexGuard;

use crate::http::Failure;
use crate::observe::Metrics;

use super::places::{Purpose, SharedPlace};
use super::readiness::Readiness;
use super::rosters::Rosters;
use super::served::Served;
use super::stores::Stores;

/// How often something is booked anew because the targets have changed.
const TRIES: usize = 8;

/// What an application is made with.
#[derive(Debug, Clone)]
pub(crate) struct AppSettings {
    /// The names that rules may use.
    pub(crate) schema: Schema,
    /// How large documents may be.
    pub(crate) limits: Limits,
    /// The zone of a new organisation.
    pub(crate) zone: String,
    /// The zones of others.
    pub(crate) zones: HashMap<String, String>,
}

/// What all handlers work with.
#[derive(Debug)]
pub(crate) struct App {
    /// What operators see.
    pub(crate) metrics: Arc<Metrics>,
    /// Whether the store answers.
    pub(crate) readiness: Readiness,
    stores: Arc<Stores>,
    rosters: Arc<Rosters>,
    zone: String,
    zones: HashMap<String, String>,
    stopping: AtomicBool,
}

impl App {
    /// An application on a store.
    pub(crate) fn new(store: Box<dyn Store>, settings: AppSettings, metrics: Arc<Metrics>) -> App {
        App {
            stores: Arc::new(Stores::new(store, metrics.clone())),
            rosters: Arc::new(Rosters::new(settings.schema, settings.limits, metrics.clone())),
            zone: settings.zone,
            zones: settings.zones,
            metrics,
            readiness: Readiness::default(),
            stopping: AtomicBool::new(false),
        }
    }

    /// The names that rules may use.
    pub(crate) fn schema(&self) -> &Schema {
        self.rosters.schema()
    }

    /// How large documents may be.
    pub(crate) fn limits(&self) -> &Limits {
        self.rosters.limits()
    }

    /// The targets of an organisation. The first time they are read from the
    /// store, and the organisation is made where it is not there.
    pub(crate) async fn served(self: &Arc<Self>, organisation: &str) -> Result<Arc<Served>, Failure> {
        match self.rosters.get(organisation) {
            Some(served) => Ok(served),
            None => {
                let (app, of) = (self.clone(), organisation.to_owned());
                self.run(organisation, move |store| app.open(store, &of)).await
            }
        }
    }

    /// The same work where nothing is written: by the targets at hand.
    pub(crate) async fn look<T: Send + 'static>(
        self: &Arc<Self>,
        organisation: &str,
        mut work: impl FnMut(&mut dyn Store, &Arc<Served>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<(T, Arc<Served>), Failure> {
        let served = self.served(organisation).await?;
        self.run(organisation, move |store| Ok((work(store, &served)?, served))).await
    }

    /// Books, enrols, withdraws or erases by the targets that are kept now. Where the store says that
    /// those at hand are not the newest any more, they are read anew and the work is
    /// done once more, from the documents on. Gives the targets that it was done by.
    ///
    /// Refused while the newest targets don't build: what older ones don't know
    /// would count nowhere, and nobody would send it again.
    pub(crate) async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        organisation: &Arc<str>,
        mut work: impl FnMut(&mut dyn Store, &Arc<Served>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<(T, Arc<Served>), Failure> {
        let mut served = self.served(organisation).await?;
        for _ in 0..TRIES {
            up_to_date(&served)?;
            let by = served.clone();
            let tried = self.run_change(organisation, move |store| match work(store, &by) {
                Err(StoreError::CatalogueChanged { .. }) => Ok((None, work)),
                done => Ok((Some(done?), work)),
            });
            match tried.await? {
                (Some(done), _) => return Ok((done, served)),
                (None, again) => work = again,
            }
            served = self.newest(organisation).await?;
        }
        Err(Failure::unavailable("others change the targets all the time"))
    }

    /// Reads the targets of an organisation anew. Of those who ask at once one takes
    /// a place of the store, and the others find what it has made. Refused where too many
    /// wait for that.
    async fn newest(self: &Arc<Self>, organisation: &Arc<str>) -> Result<Arc<Served>, Failure> {
        let _turn = self.rosters.turn_to_reload(organisation).await?;
        let (app, of) = (self.clone(), organisation.clone());
        self.run_change(organisation, move |store| app.reload(store, &of)).await
    }

    /// The same on this thread.
    pub(crate) fn open(&self, store: &mut dyn Store, organisation: &str) -> Result<Arc<Served>, StoreError> {
        let stated = self.zones.get(organisation);
        let zone = stated.unwrap_or(&self.zone);
        match store.create_organisation(organisation, zone) {
            // Its zone is for ever; only who states another one is refused.
            Err(StoreError::OtherZone { .. }) if stated.is_none() => {}
            other => other?,
        }
        self.rosters.reload(store, organisation)
    }

    /// Reads the targets of an organisation anew, after they were changed.
    pub(crate) fn reload(
        &self,
        store: &mut dyn Store,
        organisation: &str,
    ) -> Result<Arc<Served>, StoreError> {
        self.rosters.reload(store, organisation)
    }

    /// The targets of an organisation, where they were read before.
    pub(crate) fn known(&self, organisation: &str) -> Option<Arc<Served>> {
        self.rosters.get(organisation)
    }

    /// Waits for the turn to change the targets of an organisation; it ends when the
    /// guard is dropped. Refused where too many wait for it.
    pub(crate) async fn turn_to_change(&self, organisation: &str) -> Result<OwnedMutexGuard<()>, Failure> {
        self.rosters.turn_to_change(organisation).await
    }

    /// Keeps targets that were compiled before, and serves them.
    pub(crate) fn keep<E>(
        &self,
        organisation: &str,
        roster: Roster,
        keep: impl FnOnce() -> Result<Catalogue, E>,
    ) -> Result<Arc<Served>, E> {
        self.rosters.keep(organisation, roster, keep)
    }

    /// What a customer is enrolled in, as it is recorded.
    pub(crate) async fn enrolments(
        &self,
        organisation: &Arc<str>,
        customer: i64,
    ) -> Result<RecordedEnrolments, Failure> {
        self.stores.enrolments(organisation, customer).await
    }

    /// Reads something of an organisation from the store, on a thread that may wait.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        organisation: &str,
        work: impl FnOnce(&mut dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        self.stores.run(organisation, Purpose::Look, work).await
    }

    /// The same where something of it is changed.
    pub(crate) async fn run_change<T: Send + 'static>(
        &self,
        organisation: &str,
        work: impl FnOnce(&mut dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        self.stores.run(organisation, Purpose::Change, work).await
    }

    /// Waits for a place among the batches, which is to be kept until the work is done.
    pub(crate) async fn batch_place(&self, organisation: &str) -> Result<SharedPlace, Failure> {
        self.stores.batch_place(organisation).await
    }

    /// Does work for an organisation that takes its time and needs no store, on a thread of
    /// its own. Refused where too much of its work waits for one.
    pub(crate) async fn compute<T: Send + 'static>(
        &self,
        organisation: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        self.stores.compute(organisation, work).await
    }

    /// The same as [`App::run`] on this thread.
    pub(crate) fn work<T>(
        &self,
        work: impl FnOnce(&mut dyn Store) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        self.stores.work(work)
    }

    pub(super) fn handle(&self) -> Box<dyn Store> {
        self.stores.handle()
    }

    pub(super) fn changes(&self) -> Vec<(Arc<str>, u64)> {
        self.rosters.changes()
    }

    /// Says from now on that no more requests should be sent.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether no more requests should be sent.
    pub(crate) fn stops(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

/// Whether what is served are the newest targets that were looked at.
fn up_to_date(served: &Served) -> Result<(), Failure> {
    match served.warnings().first() {
        Some(why) => {
            let message = format!(
                "nothing is booked, enrolled, withdrawn or erased until the targets are mended: {}",
                why.message
            );
            Err(Failure::unavailable(&message))
        }
        None => Ok(()),
    }
}

/// An application on a store, with the standard names and in UTC.
#[cfg(test)]
pub(crate) fn app_on(store: Box<dyn Store>) -> Arc<App> {
    let (schema, limits) = (Schema::standard(), Limits::default());
    let settings = AppSettings { schema, limits, zone: "UTC".to_owned(), zones: HashMap::new() };
    Arc::new(App::new(store, settings, Arc::new(Metrics::default())))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use loyalty_targets::store::{Ending, MemoryStore};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn who_waits_for_the_newest_targets_takes_no_place_from_others() {
        let mut store = MemoryStore::default();
        let app = app_on(Box::new(store.clone()));
        let shop: Arc<str> = "shop".into();
        let before = app.served(&shop).await.unwrap();
        // Another instance has changed them, and somebody takes long to make them here.
        store.put(&shop, 0, &[]).unwrap();
        let ((release, released), (holds, held)) = (std::sync::mpsc::channel(), std::sync::mpsc::channel());
        let keeping = app.clone();
        let keeper = std::thread::spawn(move || {
            let kept = keeping.keep("shop", before.roster.clone(), || {
                holds.send(()).unwrap();
                let _: Result<(), _> = released.recv();
                Err("it is refused in the end")
            });
            assert!(kept.is_err());
        });
        held.recv().unwrap();
        let write = |_| {
            let (app, shop) = (app.clone(), shop.clone());
            tokio::spawn(async move {
                let organisation = shop.clone();
                let work = move |store: &mut dyn Store, served: &Arc<Served>| {
                    store.update(&organisation, served.change(), &[1], &mut |_| Ok(Ending::Commit))
                };
                app.write(&shop, work).await.map(|(_, served)| served.change())
            })
        };
        let writers: Vec<_> = (0..40).map(write).collect();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let look = app.run("shop", |store| store.organisations());
        let looked = tokio::time::timeout(Duration::from_secs(20), look).await;
        drop(release);
        assert_eq!(looked.expect("all places are taken").unwrap().len(), 1);
        for writer in writers {
            assert_eq!(writer.await.unwrap().unwrap(), 1);
        }
        keeper.join().unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whatever_one_organisation_sends_it_reads_and_others_go_on() {
        let app = app_on(Box::new(MemoryStore::default()));
        let (release, released) = std::sync::mpsc::channel::<()>();
        let released = Arc::new(std::sync::Mutex::new(released));
        // They wait for each other, as batches do behind a change of the targets.
        let book = |_| {
            let (app, released) = (app.clone(), released.clone());
            tokio::spawn(async move {
                app.run_change("shop", move |_| {
                    let _: Result<(), _> = released.lock().unwrap().recv();
                    Ok(())
                })
                .await
            })
        };
        let booking: Vec<_> = (0..250).map(book).collect();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let in_time = Duration::from_secs(20);
        let reads = tokio::time::timeout(in_time, app.run("shop", |store| store.organisations())).await;
        let other =
            tokio::time::timeout(in_time, app.run_change("other", |store| store.organisations())).await;
        drop(release);
        reads.expect("who changes something keeps others from reading").unwrap();
        other.expect("one organisation has all places").unwrap();
        let mut refused = 0;
        for one in booking {
            refused += usize::from(one.await.unwrap().is_err());
        }
        // So many don't wait, and the others were done.
        assert!((1..200).contains(&refused), "{refused} are refused");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn only_so_many_wait_until_enrolments_are_read_for_them() {
        let mut store = MemoryStore::default();
        let app = app_on(Box::new(store.clone()));
        let shop: Arc<str> = "shop".into();
        app.served(&shop).await.unwrap();
        // Whoever books in this store lets nobody read.
        let ((release, released), (holds, held)) = (std::sync::mpsc::channel(), std::sync::mpsc::channel());
        let holder = std::thread::spawn(move || {
            store.update("shop", 0, &[1], &mut |_| {
                holds.send(()).unwrap();
                let _: Result<(), _> = released.recv();
                Ok(Ending::RollBack)
            })
        });
        held.recv().unwrap();
        let ask = |customer| {
            let (app, shop) = (app.clone(), shop.clone());
            tokio::spawn(async move { app.enrolments(&shop, customer).await.is_ok() })
        };
        let asked: Vec<_> = (1..=250).map(ask).collect();
        tokio::time::sleep(Duration::from_millis(300)).await;
        drop(release);
        holder.join().unwrap().unwrap();
        let mut read = 0;
        for one in asked {
            read += usize::from(one.await.unwrap());
        }
        assert!((192..250).contains(&read), "{read} are read for");
        assert!(app.enrolments(&shop, 1).await.is_ok(), "who has an answer waits no more");
    }

    #[tokio::test]
    async fn only_so_many_wait_for_their_turn_to_change_targets() {
        let app = app_on(Box::new(MemoryStore::default()));
        let turn = app.turn_to_change("shop").await.unwrap();
        let wait = |_| {
            let app = app.clone();
            tokio::spawn(async move { app.turn_to_change("shop").await.is_ok() })
        };
        let waiting: Vec<_> = (0..100).map(wait).collect();
        tokio::task::yield_now().await;
        app.turn_to_change("other").await.unwrap();
        drop(turn);
        let mut had_it = 0;
        for one in waiting {
            had_it += usize::from(one.await.unwrap());
        }
        assert_eq!(had_it, 64);
    }
}
