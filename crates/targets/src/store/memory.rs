//! A store in memory: for tests, and for hosts that keep nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::catalogue::{Catalogue, Document, DocumentKind};
use super::interface::{Check, Ending, Organisation, Store, Work};
use super::row::CustomerRow;
use super::store_error::StoreError;

/// A store in memory. Its handles share what it holds; batches wait for each
/// other.
///
/// ```
/// use loyalty_targets::store::{MemoryStore, Store};
/// let mut store = MemoryStore::default();
/// store.create_organisation("shoes", "Asia/Kolkata")?;
/// assert_eq!(store.handle().organisations()?[0].name, "shoes");
/// # Ok::<(), loyalty_targets::store::StoreError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    all: Arc<Mutex<BTreeMap<String, Held>>>,
}

/// What is held of one organisation.
#[derive(Debug, Default)]
struct Held {
    zone: String,
    change: u64,
    last_id: i64,
    documents: BTreeMap<(DocumentKind, i64), Document>,
    customers: BTreeMap<i64, CustomerRow>,
    enrolled: BTreeSet<(i64, i64)>,
}

impl Held {
    /// Whether the catalogue is still the one of this change number.
    fn is_at(&self, seen: u64) -> Result<(), StoreError> {
        if self.change == seen { Ok(()) } else { Err(StoreError::CatalogueChanged { now: self.change }) }
    }

    fn row(&self, customer: i64) -> CustomerRow {
        let nothing = || CustomerRow::stored(customer, String::new(), String::new());
        self.customers.get(&customer).cloned().unwrap_or_else(nothing)
    }

    /// Hands rows to the work, and keeps what it has changed.
    fn work(&mut self, customers: &[i64], work: &mut Work<'_>) -> Result<Ending, StoreError> {
        let mut rows: Vec<CustomerRow> = in_order(customers).into_iter().map(|one| self.row(one)).collect();
        let ending = work(&mut rows)?;
        if ending == Ending::Commit {
            rows.iter().filter(|row| row.is_changed()).for_each(|row| self.keep(row));
        }
        Ok(ending)
    }

    fn keep(&mut self, row: &CustomerRow) {
        let customer = row.customer();
        let targets = row.targets_changed();
        self.enrolled.retain(|(target, enrolled)| *enrolled != customer || !targets.gone.contains(target));
        self.enrolled.extend(targets.new.iter().map(|target| (*target, customer)));
        let stored = CustomerRow::stored(customer, row.enrolments().to_owned(), row.booked().to_owned());
        self.customers.insert(customer, stored);
    }

    fn put(&mut self, documents: &[Document]) -> u64 {
        self.change = self.change.saturating_add(1);
        for document in documents {
            self.last_id = self.last_id.max(document.id());
            let key = (document.kind(), document.id());
            self.documents.insert(key, document.clone().in_version(self.change));
        }
        self.change
    }

    fn remove(&mut self, documents: &[(DocumentKind, i64)]) -> u64 {
        self.change = self.change.saturating_add(1);
        self.documents.retain(|key, _| !documents.contains(key));
        self.change
    }

    /// Whether anybody but this customer is enrolled in a target, or was.
    fn has_others(&self, (kind, target): (DocumentKind, i64), customer: i64) -> bool {
        kind == DocumentKind::Target && self.enrolled_in(target, None).any(|other| other != customer)
    }

    /// Those who are enrolled in a target, or were, after one, in order.
    fn enrolled_in(&self, target: i64, after: Option<i64>) -> impl Iterator<Item = i64> {
        let first =
            after.map_or(Bound::Included((target, i64::MIN)), |after| Bound::Excluded((target, after)));
        let all = self.enrolled.range((first, Bound::Included((target, i64::MAX))));
        all.map(|(_, customer)| *customer)
    }

    fn erase(&mut self, customer: i64) -> bool {
        self.enrolled.retain(|(_, enrolled)| *enrolled != customer);
        self.customers.remove(&customer).is_some_and(|row| !row.is_empty())
    }
}

impl MemoryStore {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Held>> {
        // What panicked while it held the lock had changed nothing yet.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(
        &self,
        organisation: &str,
        what: impl FnOnce(&mut Held) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut all = self.lock();
        let held = all.get_mut(organisation);
        what(held.ok_or_else(|| StoreError::NoOrganisation { organisation: organisation.to_owned() })?)
    }
}

/// Customers in order, each once: how rows are locked.
fn in_order(customers: &[i64]) -> BTreeSet<i64> {
    customers.iter().copied().collect()
}

impl Store for MemoryStore {
    fn handle(&self) -> Box<dyn Store> {
        Box::new(self.clone())
    }

    fn check(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    fn create_organisation(&mut self, organisation: &str, zone: &str) -> Result<(), StoreError> {
        let mut all = self.lock();
        let held = all
            .entry(organisation.to_owned())
            .or_insert_with(|| Held { zone: zone.to_owned(), ..Held::default() });
        if held.zone == zone {
            return Ok(());
        }
        Err(StoreError::OtherZone { organisation: organisation.to_owned(), zone: held.zone.clone() })
    }

    fn organisations(&mut self) -> Result<Vec<Organisation>, StoreError> {
        let told = |(name, held): (&String, &Held)| Organisation {
            name: name.clone(),
            zone: held.zone.clone(),
            change: held.change,
        };
        Ok(self.lock().iter().map(told).collect())
    }

    fn catalogue(&mut self, organisation: &str) -> Result<Catalogue, StoreError> {
        self.with(organisation, |held| {
            Ok(Catalogue::new(held.zone.clone(), held.change, held.documents.values().cloned()))
        })
    }

    fn change_number(&mut self, organisation: &str) -> Result<u64, StoreError> {
        self.with(organisation, |held| Ok(held.change))
    }

    fn put_and_update(
        &mut self,
        organisation: &str,
        seen: u64,
        documents: &[Document],
        customers: &[i64],
        work: &mut Work<'_>,
    ) -> Result<Option<u64>, StoreError> {
        self.with(organisation, |held| {
            held.is_at(seen)?;
            if held.work(customers, work)? == Ending::RollBack {
                return Ok(None);
            }
            Ok(Some(held.put(documents)))
        })
    }

    fn put_checked(
        &mut self,
        organisation: &str,
        seen: u64,
        documents: &[Document],
        check: &mut Check<'_>,
    ) -> Result<Option<u64>, StoreError> {
        self.with(organisation, |held| {
            held.is_at(seen)?;
            let enrolments = |customer| held.row(customer).enrolments().to_owned();
            let ending = check(&mut |target, after, most| {
                let page = held.enrolled_in(target, after).take(most);
                Ok(page.map(|customer| (customer, enrolments(customer))).collect())
            });
            match ending? {
                Ending::RollBack => Ok(None),
                Ending::Commit => Ok(Some(held.put(documents))),
            }
        })
    }

    fn remove(
        &mut self,
        organisation: &str,
        seen: u64,
        documents: &[(DocumentKind, i64)],
    ) -> Result<u64, StoreError> {
        self.with(organisation, |held| {
            held.is_at(seen)?;
            Ok(held.remove(documents))
        })
    }

    fn take_ids(&mut self, organisation: &str, above: i64, count: u32) -> Result<i64, StoreError> {
        self.with(organisation, |held| {
            let before = held.last_id.max(above);
            held.last_id = before.saturating_add(count.into());
            Ok(before.saturating_add(1))
        })
    }

    fn read(&mut self, organisation: &str, customers: &[i64]) -> Result<Vec<CustomerRow>, StoreError> {
        self.with(organisation, |held| Ok(in_order(customers).into_iter().map(|one| held.row(one)).collect()))
    }

    fn enrolments(&mut self, organisation: &str, customers: &[i64]) -> Result<Vec<String>, StoreError> {
        self.with(organisation, |held| {
            let of = |customer| held.customers.get(customer).map(|row| row.enrolments().to_owned());
            Ok(customers.iter().map(|customer| of(customer).unwrap_or_default()).collect())
        })
    }

    fn update(
        &mut self,
        organisation: &str,
        seen: u64,
        customers: &[i64],
        work: &mut Work<'_>,
    ) -> Result<(), StoreError> {
        self.with(organisation, |held| {
            held.is_at(seen)?;
            held.work(customers, work).map(drop)
        })
    }

    fn enrolled_in(
        &mut self,
        organisation: &str,
        target: i64,
        after: Option<i64>,
        most: usize,
    ) -> Result<Vec<i64>, StoreError> {
        self.with(organisation, |held| Ok(held.enrolled_in(target, after).take(most).collect()))
    }

    fn customers(
        &mut self,
        organisation: &str,
        after: Option<i64>,
        most: usize,
    ) -> Result<Vec<i64>, StoreError> {
        let first = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.with(organisation, |held| {
            let page = held.customers.range((first, Bound::Unbounded));
            Ok(page.filter(|(_, row)| !row.is_empty()).map(|(id, _)| *id).take(most).collect())
        })
    }

    fn erase(&mut self, organisation: &str, customer: i64) -> Result<bool, StoreError> {
        self.with(organisation, |held| Ok(held.erase(customer)))
    }

    fn remove_and_erase(
        &mut self,
        organisation: &str,
        seen: u64,
        documents: &[(DocumentKind, i64)],
        customer: i64,
    ) -> Result<bool, StoreError> {
        self.with(organisation, |held| {
            held.is_at(seen)?;
            if documents.iter().any(|document| held.has_others(*document, customer)) {
                return Err(StoreError::CatalogueChanged { now: held.change });
            }
            if !documents.is_empty() {
                held.remove(documents);
            }
            Ok(held.erase(customer))
        })
    }
}
