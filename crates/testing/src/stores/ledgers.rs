//! Customers in a store come to what they come to in a ledger in memory: held by
//! the cases of booking, in several orders and zones, and by the file of a state.

use std::collections::BTreeSet;
use std::path::Path;

use loyalty_targets::store::{CustomerRecord, CustomerRow, Ending, EnrolmentError, Store};
use loyalty_targets::{Activity, Enrolments, Ledger, Payload};
use serde::Deserialize;
use serde_json::value::RawValue;
use target_rules::{Instant, Limits, Schema, Zone};

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

/// What of a case is booked. What comes of it the ledger says.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    id: String,
    targets: Box<RawValue>,
    enrolments: Box<RawValue>,
    zone: Option<String>,
    batches: Vec<Vec<Box<RawValue>>>,
    #[serde(default)]
    withdrawn: Vec<Withdrawal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Withdrawal {
    after_batch: usize,
    user_id: i64,
    target_id: i64,
}

/// The zones that cases are booked in beside their own.
const ZONES: [&str; 3] = ["UTC", "Asia/Kolkata", "America/New_York"];

/// Holds a store to the cases of a folder: every so manieth of them, each as it
/// stands and shuffled, in its own zone and in another one. Gives how many were
/// booked.
///
/// # Panics
///
/// Panics where the store comes to something else than the ledger.
pub fn hold(store: &mut dyn Store, folder: &Path, every: usize) -> usize {
    let mut booked = 0;
    for (at, case) in cases(folder).iter().enumerate().step_by(every) {
        let own = case.zone.as_deref().unwrap_or("UTC");
        for (zone, shuffled) in [(own, false), (ZONES[at % ZONES.len()], true)] {
            let name = format!("{} {zone} {shuffled}", case.id);
            if Both::book(store, case, &name, zone, shuffled) {
                booked += 1;
            }
        }
    }
    booked
}

fn cases(folder: &Path) -> Vec<Case> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let read = |path| serde_json::from_str::<File>(&std::fs::read_to_string(path).unwrap()).unwrap().cases;
    paths.iter().flat_map(read).collect()
}

/// The same customers in a ledger and in a store.
struct Both<'s> {
    store: &'s mut dyn Store,
    organisation: &'s str,
    ledger: Ledger,
    /// Whoever was in the ledger before anything was booked, or has booked since.
    customers: BTreeSet<i64>,
}

impl<'s> Both<'s> {
    /// Whether the case could be booked: the targets of some are refused.
    fn book(
        store: &'s mut dyn Store,
        case: &Case,
        organisation: &'s str,
        zone: &str,
        shuffled: bool,
    ) -> bool {
        let Some(ledger) = ledger(case, zone) else { return false };
        store.create_organisation(organisation, zone).unwrap();
        let customers = ledger.records().map(|record| record.id()).collect();
        let mut both = Both { store, organisation, ledger, customers };
        both.take_over();
        let mut batches: Vec<Vec<&str>> =
            case.batches.iter().map(|batch| batch.iter().map(|one| one.get()).collect()).collect();
        if shuffled {
            let mut all: Vec<&str> = batches.into_iter().flatten().collect();
            all.sort_by_key(|one| {
                one.bytes().fold(7_u32, |hash, byte| hash.wrapping_mul(31) ^ u32::from(byte))
            });
            batches = all.chunks(2).map(<[&str]>::to_vec).collect();
        }
        for (at, documents) in batches.iter().enumerate() {
            both.book_batch(documents);
            for one in case.withdrawn.iter().filter(|one| one.after_batch == at) {
                both.withdraw(one.user_id, one.target_id);
            }
            both.compare();
            if at == 0 {
                both.go_on_from_the_file();
            }
        }
        both.compare();
        true
    }

    fn update(&mut self, customers: &[i64], mut each: impl FnMut(&mut CustomerRecord)) {
        let roster = self.ledger.roster();
        let work = &mut |rows: &mut [CustomerRow]| {
            for row in rows {
                let mut record = row.open(&roster)?;
                each(&mut record);
                row.keep(&record);
            }
            Ok(Ending::Commit)
        };
        self.store.update(self.organisation, 0, customers, work).unwrap();
    }

    /// What is in the ledger goes into the store.
    fn take_over(&mut self) {
        let records: Vec<CustomerRecord> = self.ledger.records().collect();
        let ids: Vec<i64> = records.iter().map(CustomerRecord::id).collect();
        self.update(&ids, |record| {
            *record = records.iter().find(|one| one.id() == record.id()).unwrap().clone();
        });
    }

    fn book_batch(&mut self, documents: &[&str]) {
        let limits = Limits::default();
        let activities: Vec<Activity> =
            documents.iter().filter_map(|one| self.ledger.read(*one, &limits).ok()).collect();
        let ids: Vec<i64> = activities.iter().map(Activity::customer).collect();
        self.customers.extend(&ids);
        self.compare_standings(&activities);
        let mut told = Vec::new();
        let mut workspace = self.ledger.workspace();
        self.update(&ids, |record| told.extend(record.book(&mut workspace, &activities)));
        let weighed: Vec<_> = activities.iter().filter_map(|one| self.ledger.weigh(one)).collect();
        let mut expected = self.ledger.book(weighed);
        let order = |one: &loyalty_targets::NotCounted| serde_json::to_string(one).unwrap();
        told.sort_by_key(order);
        expected.sort_by_key(order);
        assert_eq!(told, expected, "{}: what does not count", self.organisation);
    }

    /// Of her own targets the same is said as of all.
    fn compare_standings(&mut self, activities: &[Activity]) {
        let roster = self.ledger.roster();
        for activity in activities {
            let rows = self.store.read(self.organisation, &[activity.customer()]).unwrap();
            let record = rows[0].open(&roster).unwrap();
            let all = self.ledger.standings(activity);
            for own in record.standings(activity) {
                let expected = all.iter().find(|one| one.target_id == own.target_id);
                assert_eq!(Some(&own), expected, "{}: standing", self.organisation);
                assert_eq!(record.standing(own.target_id, activity), Some(own));
            }
        }
    }

    /// The ledger asks nobody whether she takes part; a store says that she doesn't.
    fn withdraw(&mut self, customer: i64, target: i64) {
        let ever: Instant = "1900-01-01T00:00:00Z".parse().unwrap();
        let mut refused = None;
        self.update(&[customer], |record| refused = record.withdraw(target, None, ever).err());
        match refused {
            None => assert!(self.ledger.withdraw(customer, target)),
            Some(why) => assert!(matches!(why, EnrolmentError::NotEnrolled { .. }), "{why}"),
        }
    }

    /// All customers as they are in the store.
    fn records(&mut self) -> Vec<CustomerRecord> {
        let roster = self.ledger.roster();
        let ids: Vec<i64> = self.customers.iter().copied().collect();
        let rows = self.store.read(self.organisation, &ids).unwrap();
        rows.iter().map(|row| row.open(&roster).unwrap()).collect()
    }

    fn compare(&mut self) {
        let records = self.records();
        let found: Vec<_> = records.iter().flat_map(CustomerRecord::progress).collect();
        assert_eq!(found, self.ledger.progress().collect::<Vec<_>>(), "{}", self.organisation);
        let order = |one: &loyalty_targets::UnifiedProgress| serde_json::to_string(one).unwrap();
        let mut found: Vec<_> = records.iter().flat_map(CustomerRecord::unified_progress).collect();
        let mut expected: Vec<_> = self.ledger.unified_progress().collect();
        found.sort_by_key(order);
        expected.sort_by_key(order);
        assert_eq!(found, expected, "{}: unified", self.organisation);
        let waiting = |record: &CustomerRecord| {
            let bills: Vec<_> = record.waiting_returns().map(|bill| (record.id(), bill.to_owned())).collect();
            bills
        };
        let found: BTreeSet<(i64, String)> = records.iter().flat_map(waiting).collect();
        let expected: BTreeSet<(i64, String)> =
            self.ledger.waiting_returns().map(|(customer, bill)| (customer, bill.to_owned())).collect();
        assert_eq!(found, expected, "{}: waiting", self.organisation);
        self.compare_enrolments(&records);
    }

    /// Who has achieved something is told to be enrolled, and found by her target.
    fn compare_enrolments(&mut self, records: &[CustomerRecord]) {
        for record in records {
            let targets = record.enrolments().targets();
            for line in record.progress() {
                assert!(targets.contains(&line.target_id), "{}: {line:?}", self.organisation);
            }
            for target in targets {
                let before = record.id() - 1;
                let found = self.store.enrolled_in(self.organisation, target, Some(before), 1).unwrap();
                assert_eq!(found, [record.id()], "{}: target {target}", self.organisation);
            }
        }
    }

    /// The state that the store comes to is the ledger's, and both go on from it.
    fn go_on_from_the_file(&mut self) {
        let state = self.ledger.state();
        let of_store = Ledger::of_records(&self.ledger.roster(), self.records());
        assert_eq!(of_store.state(), state, "{}: the state", self.organisation);
        self.ledger.resume(&state, &Limits::default()).unwrap();
        self.take_over();
    }
}

fn ledger(case: &Case, zone: &str) -> Option<Ledger> {
    let (limits, schema) = (Limits::default(), Schema::standard());
    let payload = format!(r#"{{"data": {}}}"#, case.targets.get());
    let payload = Payload::read(&payload, &limits).ok()?;
    let targets: Option<Vec<_>> = payload.targets().map(|one| one.check(&schema, &limits).target).collect();
    let targets = targets?;
    let enrolments = Enrolments::read(case.enrolments.get(), &targets, &limits).ok()?;
    Ledger::new(targets, enrolments, Zone::named(zone).unwrap()).ok()
}
