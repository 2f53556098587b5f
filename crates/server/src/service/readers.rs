//! What customers are enrolled in, read for several of them at once: those who ask while
//! the store is being read are read for together, the next time. Whoever asks alone is read
//! for at once.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use loyalty_targets::store::{RecordedEnrolments, StoreError};
use tokio::sync::oneshot::{Receiver, Sender, channel};

/// How many customers of one organisation are read at once, by each of its readers: what is
/// read of them is held until it is taken.
const AT_ONCE: usize = 16;
/// How many readers one organisation has.
const READERS: usize = 2;
/// How many of those who stand in a line may have gone, at least, before they are looked for.
const MANY: usize = 256;

/// What a customer is enrolled in; who are read for together fail together.
pub(super) type Read = Result<RecordedEnrolments, Arc<StoreError>>;

/// Those who wait to be read for, by organisation.
#[derive(Debug, Default)]
pub(super) struct Readers(Mutex<HashMap<Arc<str>, Line>>);

#[derive(Debug, Default)]
struct Line {
    asked: VecDeque<Asked>,
    /// How many read for these. Whoever is one of them reads until there is nobody.
    readers: usize,
}

/// A customer who is asked for, and who waits for that.
#[derive(Debug)]
struct Asked {
    customer: i64,
    answer: Sender<Read>,
}

impl Readers {
    fn lines(&self) -> MutexGuard<'_, HashMap<Arc<str>, Line>> {
        // Nothing panics while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a customer. With where the answer comes, it says whether the caller is to
    /// have [`Readers::read_next`] called until that says that nobody waits.
    pub(super) fn ask(&self, organisation: &Arc<str>, customer: i64) -> (Receiver<Read>, bool) {
        let (answer, waits) = channel();
        let mut lines = self.lines();
        let line = match lines.get_mut(organisation) {
            Some(line) => line,
            None => lines.entry(organisation.clone()).or_default(),
        };
        // The store may be silent for so long that those who wait go, and others come.
        if line.asked.len() >= MANY {
            line.asked.retain(|one| !one.answer.is_closed());
        }
        line.asked.push_back(Asked { customer, answer });
        let reads = line.readers < READERS;
        if reads {
            line.readers = line.readers.saturating_add(1);
        }
        (waits, reads)
    }

    /// Reads for those who come next, on a thread that may wait. Whether others wait by now;
    /// where they don't, one reads less.
    pub(super) fn read_next(
        &self,
        organisation: &str,
        read: impl FnOnce(&[i64]) -> Result<Vec<String>, StoreError>,
    ) -> bool {
        let next = self.next(organisation);
        if !next.is_empty() {
            let customers: Vec<i64> = next.iter().map(|one| one.customer).collect();
            answer(next, read(&customers));
        }
        self.goes_on(organisation)
    }

    fn next(&self, organisation: &str) -> Vec<Asked> {
        let mut lines = self.lines();
        let Some(line) = lines.get_mut(organisation) else { return Vec::new() };
        // For who has gone nothing is read.
        let waiting = std::iter::from_fn(|| line.asked.pop_front()).filter(|one| !one.answer.is_closed());
        waiting.take(AT_ONCE).collect()
    }

    fn goes_on(&self, organisation: &str) -> bool {
        let mut lines = self.lines();
        let Some(line) = lines.get_mut(organisation) else { return false };
        let goes_on = !line.asked.is_empty();
        if !goes_on {
            line.readers = line.readers.saturating_sub(1);
        }
        goes_on
    }
}

fn answer(asked: Vec<Asked>, found: Result<Vec<String>, StoreError>) {
    match found {
        // INVARIANT: there is a text for each.
        Ok(texts) => {
            for (Asked { customer, answer }, text) in asked.into_iter().zip(texts) {
                let read = RecordedEnrolments::read(&text);
                let read = read.map_err(|why| Arc::new(StoreError::Damaged { customer, why }));
                // Whoever has gone meanwhile needs none.
                let _ = answer.send(read);
            }
        }
        Err(error) => {
            let error = Arc::new(error);
            for one in asked {
                let _ = one.answer.send(Err(error.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(customer: i64) -> String {
        format!(r#"{{"version":1,"enrolments":[{{"targetId":{customer},"method":"IMPORT"}}]}}"#)
    }

    fn found(customers: &[i64]) -> Result<Vec<String>, StoreError> {
        Ok(customers.iter().map(|customer| text(*customer)).collect())
    }

    #[tokio::test]
    async fn who_asks_meanwhile_is_read_for_together_and_each_gets_her_own() {
        let (readers, shop, other): (_, Arc<str>, Arc<str>) =
            (Readers::default(), "shop".into(), "other".into());
        let asked: Vec<_> = (1..=40).map(|customer| readers.ask(&shop, customer)).collect();
        assert_eq!(asked.iter().filter(|(_, reads)| *reads).count(), READERS);
        assert!(readers.ask(&other, 1).1, "another organisation waits for this one");
        let mut sizes = Vec::new();
        let mut read = |customers: &[i64]| {
            sizes.push(customers.len());
            found(customers)
        };
        while readers.read_next("shop", &mut read) {}
        assert_eq!(sizes, [16, 16, 8]);
        for (customer, (waits, _)) in (1..).zip(asked) {
            assert_eq!(waits.await.unwrap().unwrap().targets(), [customer]);
        }
        // The other reader finds nobody; from then on whoever asks first reads.
        assert!(!readers.read_next("shop", |_| panic!("nobody asks")));
        let (waits, reads) = readers.ask(&shop, 7);
        assert!(reads);
        assert!(!readers.read_next("shop", found));
        assert_eq!(waits.await.unwrap().unwrap().targets(), [7]);
    }

    #[tokio::test]
    async fn for_who_has_gone_nothing_is_read_and_nothing_is_kept() {
        let (readers, shop): (_, Arc<str>) = (Readers::default(), "shop".into());
        for customer in 0..10_000 {
            let _ = readers.ask(&shop, customer);
        }
        assert!(readers.lines().get("shop").unwrap().asked.len() <= MANY);
        let (waits, _) = readers.ask(&shop, 7);
        let mut read = Vec::new();
        let goes_on = readers.read_next("shop", |customers| {
            read = customers.to_vec();
            found(customers)
        });
        assert_eq!((read, goes_on), (vec![7], false));
        assert_eq!(waits.await.unwrap().unwrap().targets(), [7]);
    }

    #[tokio::test]
    async fn what_fails_fails_for_those_whom_it_is_about() {
        let (readers, shop): (_, Arc<str>) = (Readers::default(), "shop".into());
        let [one, other] = [1, 2].map(|customer| readers.ask(&shop, customer).0);
        readers.read_next("shop", |_| Ok(vec![text(1), "damaged".to_owned()]));
        assert_eq!(one.await.unwrap().unwrap().targets(), [1]);
        let damaged = other.await.unwrap().unwrap_err();
        assert!(matches!(*damaged, StoreError::Damaged { customer: 2, .. }), "{damaged}");
        let [one, other] = [1, 2].map(|customer| readers.ask(&shop, customer).0);
        readers.read_next("shop", |_| Err(StoreError::Database { what: "gone".to_owned(), may_pass: true }));
        for waits in [one, other] {
            assert!(waits.await.unwrap().unwrap_err().may_pass());
        }
        // A panic is answered, too, and the next one reads on.
        let waits = readers.ask(&shop, 1).0;
        let panics = std::panic::AssertUnwindSafe(|| readers.read_next("shop", |_| panic!("on purpose")));
        assert!(std::panic::catch_unwind(panics).is_err());
        assert!(waits.await.is_err());
    }
}
