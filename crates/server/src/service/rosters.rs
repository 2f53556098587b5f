//! The targets of all organisations, each set swapped as a whole.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use loyalty_targets::store::{Catalogue, Roster, Store, StoreError};
use target_rules::{Limits, Schema};
use tokio::sync::{OwnedMutexGuard, Semaphore};

use crate::http::Failure;
use crate::observe::{Metrics, Queue};

use super::served::Served;

/// How many wait at once to change the targets of one organisation: each of them is also
/// one of the requests that the server works on at once.
const WAITING_TO_CHANGE: usize = 64;
/// How many wait at once to read the targets of one organisation that others have changed.
/// All of them found out by a call of the store that they had a place for.
const WAITING_TO_RELOAD: usize = 128;

/// What is served, by organisation.
#[derive(Debug)]
pub(super) struct Rosters {
    all: ArcSwap<HashMap<Arc<str>, Arc<Served>>>,
    /// Held for the moment in which one takes the place of another, and never while
    /// one is read or compiled: what was served before is served meanwhile.
    swapping: Mutex<()>,
    lines: Mutex<HashMap<Arc<str>, Arc<Line>>>,
    schema: Schema,
    limits: Limits,
    metrics: Arc<Metrics>,
}

/// Where those wait who need the newest targets of one organisation. Others wait
/// for none of them.
#[derive(Debug)]
struct Line {
    /// Held by whoever reads and compiles them, and for the moment between a change
    /// that is kept and its targets that are served. Whoever waits finds them made.
    making: Mutex<()>,
    /// Held by whoever changes them, from reading to serving: changes come one after
    /// the other, in the order in which they were asked for.
    changing: Arc<tokio::sync::Mutex<()>>,
    /// Those who wait for that.
    waiting: Semaphore,
    /// Held by whoever is about to make them since others have changed them. Those who
    /// wait here take no thread.
    reloading: Arc<tokio::sync::Mutex<()>>,
    /// Those who wait for that.
    reloading_waiting: Semaphore,
}

impl Default for Line {
    fn default() -> Line {
        Line {
            making: Mutex::default(),
            changing: Arc::default(),
            waiting: Semaphore::new(WAITING_TO_CHANGE),
            reloading: Arc::default(),
            reloading_waiting: Semaphore::new(WAITING_TO_RELOAD),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is half made is served to nobody.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Rosters {
    pub(super) fn new(schema: Schema, limits: Limits, metrics: Arc<Metrics>) -> Rosters {
        let (all, swapping, lines) = (ArcSwap::default(), Mutex::default(), Mutex::default());
        Rosters { all, swapping, lines, schema, limits, metrics }
    }

    fn line(&self, organisation: &str) -> Arc<Line> {
        let mut lines = locked(&self.lines);
        match lines.get(organisation) {
            Some(line) => line.clone(),
            None => lines.entry(organisation.into()).or_default().clone(),
        }
    }

    /// Waits until nobody else changes the targets of an organisation, behind those
    /// who came before. Refused where too many did.
    pub(super) async fn turn_to_change(&self, organisation: &str) -> Result<OwnedMutexGuard<()>, Failure> {
        let line = self.line(organisation);
        let Ok(_waiting) = line.waiting.try_acquire() else {
            self.metrics.full(Queue::Targets);
            return Err(Failure::unavailable(
                "too many requests wait to change the targets of the organisation",
            ));
        };
        Ok(line.changing.clone().lock_owned().await)
    }

    pub(super) fn get(&self, organisation: &str) -> Option<Arc<Served>> {
        self.all.load().get(organisation).cloned()
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.schema
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Waits until nobody else is about to read them anew. Refused where too many do.
    pub(super) async fn turn_to_reload(&self, organisation: &str) -> Result<OwnedMutexGuard<()>, Failure> {
        let line = self.line(organisation);
        let Ok(_waiting) = line.reloading_waiting.try_acquire() else {
            self.metrics.full(Queue::Reloading);
            return Err(Failure::unavailable(
                "too many requests wait for the newest targets of the organisation",
            ));
        };
        Ok(line.reloading.clone().lock_owned().await)
    }

    /// Reads the catalogue anew where it has changed, and serves it from now on.
    /// Whoever still works with the one before ends with that.
    pub(super) fn reload(
        &self,
        store: &mut dyn Store,
        organisation: &str,
    ) -> Result<Arc<Served>, StoreError> {
        let line = self.line(organisation);
        let _making = locked(&line.making);
        let before = self.get(organisation);
        if let Some(before) = &before
            && before.newest == store.change_number(organisation)?
        {
            return Ok(before.clone());
        }
        let catalogue = store.catalogue(organisation)?;
        let served = Served::of(catalogue, before.as_deref(), &self.schema, &self.limits);
        let served = served.map_err(|what| StoreError::Database { what, may_pass: false })?;
        Ok(self.put(organisation, served))
    }

    /// Keeps a catalogue that was compiled before, and serves it from now on. Who
    /// books by the one before and is told that there is another waits for that, and
    /// compiles none.
    pub(super) fn keep<E>(
        &self,
        organisation: &str,
        roster: Roster,
        keep: impl FnOnce() -> Result<Catalogue, E>,
    ) -> Result<Arc<Served>, E> {
        let line = self.line(organisation);
        let _making = locked(&line.making);
        Ok(self.put(organisation, Served::compiled(keep()?, roster)))
    }

    /// Serves these, unless newer ones are served already.
    fn put(&self, organisation: &str, served: Served) -> Arc<Served> {
        let _swapping = locked(&self.swapping);
        if let Some(newer) = self.get(organisation).filter(|one| one.newest >= served.newest) {
            return newer;
        }
        if served.is_stale() {
            tracing::error!(organisation, change = served.newest, "the newest targets do not build");
        } else {
            tracing::info!(organisation, change = served.newest, "these targets are served");
        }
        let served = Arc::new(served);
        let mut all = HashMap::clone(&self.all.load());
        all.insert(organisation.into(), served.clone());
        let kept = all.values().filter(|served| served.is_stale()).count();
        self.metrics.rosters_kept.set(i64::try_from(kept).unwrap_or(i64::MAX));
        self.all.store(Arc::new(all));
        served
    }

    /// The organisations whose targets are served, and their newest change numbers.
    pub(super) fn changes(&self) -> Vec<(Arc<str>, u64)> {
        self.all.load().iter().map(|(name, served)| (name.clone(), served.newest)).collect()
    }
}

#[cfg(test)]
mod tests {
    use loyalty_targets::store::{CustomerRow, Document, DocumentKind, Ending, MemoryStore};

    use super::*;

    fn target(id: i64, expression: &str) -> Document {
        let text = format!("{{\"id\": {id}, \"targetType\": \"COUNT\", \"expression\": \"{expression}\"}}");
        Document::new(DocumentKind::Target, id, text)
    }

    /// A store whose handles all wait until the sender is dropped.
    fn waiting_store(store: &MemoryStore) -> std::sync::mpsc::Sender<()> {
        let ((release, released), (holds, held)) = (std::sync::mpsc::channel(), std::sync::mpsc::channel());
        let mut holding = store.handle();
        std::thread::spawn(move || {
            let change = holding.change_number("shop").unwrap();
            let work = &mut |_: &mut [CustomerRow]| {
                holds.send(()).unwrap();
                let _ = released.recv();
                Ok(Ending::RollBack)
            };
            holding.update("shop", change, &[1], work).unwrap();
        });
        held.recv().unwrap();
        release
    }

    #[tokio::test]
    async fn only_so_many_wait_for_targets_that_others_have_changed() {
        let metrics = Arc::new(Metrics::default());
        let rosters = Arc::new(Rosters::new(Schema::standard(), Limits::default(), metrics.clone()));
        let turn = rosters.turn_to_reload("shop").await.unwrap();
        let wait = |_| {
            let rosters = rosters.clone();
            tokio::spawn(async move { rosters.turn_to_reload("shop").await.is_ok() })
        };
        let waiting: Vec<_> = (0..200).map(wait).collect();
        tokio::task::yield_now().await;
        rosters.turn_to_reload("other").await.unwrap();
        drop(turn);
        let mut had_it = 0;
        for one in waiting {
            had_it += usize::from(one.await.unwrap());
        }
        assert_eq!(had_it, WAITING_TO_RELOAD);
        let told = metrics.text().unwrap();
        assert!(told.contains("target_rules_queue_full_total{queue=\"reloading\"} 72"), "{told}");
    }

    #[test]
    fn while_targets_are_read_the_last_good_ones_are_served_and_others_wait_for_none() {
        let rosters = Rosters::new(Schema::standard(), Limits::default(), Arc::new(Metrics::default()));
        let (mut slow, mut quick) = (MemoryStore::default(), MemoryStore::default());
        slow.create_organisation("shop", "UTC").unwrap();
        quick.create_organisation("other", "UTC").unwrap();
        let before = rosters.reload(&mut slow, "shop").unwrap();
        slow.put("shop", 0, &[target(50, "true")]).unwrap();
        let release = waiting_store(&slow);
        std::thread::scope(|scope| {
            let reads = scope.spawn(|| rosters.reload(&mut slow, "shop").unwrap());
            while rosters.line("shop").making.try_lock().is_ok() {
                std::thread::yield_now();
            }
            assert!(Arc::ptr_eq(&rosters.get("shop").unwrap(), &before));
            let (done, told) = std::sync::mpsc::channel();
            let (rosters, quick) = (&rosters, &mut quick);
            scope.spawn(move || done.send(rosters.reload(quick, "other").map(drop)).unwrap());
            let other = told.recv_timeout(std::time::Duration::from_secs(20));
            drop(release);
            other.expect("one organisation waits for another").unwrap();
            assert_eq!(reads.join().unwrap().newest, 1);
        });
        assert!(rosters.get("shop").unwrap().roster.target(50).is_some());
    }

    #[test]
    fn the_last_good_targets_are_served_where_the_newest_do_not_build() {
        let metrics = Arc::new(Metrics::default());
        let rosters = Rosters::new(Schema::standard(), Limits::default(), metrics.clone());
        let mut store = MemoryStore::default();
        store.create_organisation("shop", "UTC").unwrap();
        let put = |store: &mut MemoryStore, document| {
            let seen = store.change_number("shop").unwrap();
            store.put("shop", seen, &[document]).unwrap();
            rosters.reload(store, "shop").unwrap()
        };
        let good = put(&mut store, target(50, "true"));
        assert!(!good.is_stale() && good.warnings().is_empty());
        // Another instance of a newer version may have put it.
        let kept = put(&mut store, target(51, "currentTxn.valu>5"));
        assert!(kept.is_stale() && kept.roster.target(50).is_some() && kept.roster.target(51).is_none());
        assert!(kept.catalogue.target(51).is_none(), "documents and rules are of one time");
        assert!(kept.warnings()[0].message.contains("the target 51"), "{:?}", kept.warnings());
        assert_eq!(metrics.rosters_kept.get(), 1);
        let mended = put(&mut store, target(51, "currentTxn.value>5"));
        assert!(!mended.is_stale() && mended.roster.target(51).is_some());
        assert_eq!(metrics.rosters_kept.get(), 0);
        // Who had the old one goes on with it.
        assert!(good.roster.target(51).is_none());
    }
}
