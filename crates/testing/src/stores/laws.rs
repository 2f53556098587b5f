//! What the interface of stores says, asked of one that is empty.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use loyalty_targets::EnrolmentMethod;
use loyalty_targets::store::{
    CustomerRow, Document, DocumentKind, Ending, EnrolmentRequest, RecordedEnrolments, Store, StoreError,
};
use target_rules::{Limits, Schema};

use super::changes;
use super::shop::{ALONE, GROUP, TARGET, achieved, bill, book, documents, enrol, furnished, roster};

/// Holds a store that is empty to all laws.
pub fn hold(store: &mut dyn Store) {
    store.check().unwrap();
    organisations_are_apart(store);
    a_catalogue_is_kept_byte_for_byte(store);
    documents_are_taken_out(store);
    ids_are_taken_once(store);
    rows_are_written_whole_or_not_at_all(store);
    customers_are_found_in_pages(store);
    who_is_erased_is_gone(store);
    who_is_erased_takes_what_is_hers_along(store);
    handles_share_what_is_kept(store);
    batches_of_the_same_customers_wait_for_each_other(store);
    batches_of_strangers_wait_for_each_other(store);
    changes::hold(store);
    a_large_batch_has_its_turn_among_small_ones(store);
    a_long_batch_has_its_turn_among_changes(store);
    changes_are_told_of(store);
}

fn organisations_are_apart(store: &mut dyn Store) {
    let nobody = store.catalogue("nobody").unwrap_err();
    assert!(matches!(nobody, StoreError::NoOrganisation { .. }), "{nobody}");
    let nobody = store.update("nobody", 0, &[1], &mut |_| Ok(Ending::Commit)).unwrap_err();
    assert!(matches!(nobody, StoreError::NoOrganisation { .. }), "{nobody}");
    let (one, other) = (furnished(store, "one"), furnished(store, "other"));
    // Again, in the same zone and in another one.
    store.create_organisation("one", "Asia/Kolkata").unwrap();
    let refused = store.create_organisation("one", "UTC").unwrap_err();
    assert!(matches!(refused, StoreError::OtherZone { zone, .. } if zone == "Asia/Kolkata"));
    enrol(store, "one", &one, &[5], 50);
    book(store, "one", &one, &[bill(5, "n-1", 700)]);
    assert_eq!(achieved(store, "one", &one, 5), ["700"]);
    assert!(achieved(store, "other", &other, 5).is_empty());
    assert_eq!(store.enrolments("other", &[5]).unwrap(), [""]);
    assert!(store.enrolled_in("other", 50, None, 9).unwrap().is_empty());
    let all = store.organisations().unwrap();
    let names: Vec<(&str, &str, u64)> =
        all.iter().map(|one| (one.name.as_str(), one.zone.as_str(), one.change)).collect();
    assert_eq!(names, [("one", "Asia/Kolkata", 1), ("other", "Asia/Kolkata", 1)]);
}

fn a_catalogue_is_kept_byte_for_byte(store: &mut dyn Store) {
    store.create_organisation("bytes", "UTC").unwrap();
    assert_eq!(store.change_number("bytes").unwrap(), 0);
    assert_eq!(store.put("bytes", 0, &documents()).unwrap(), 1);
    let before = store.catalogue("bytes").unwrap();
    let target = before.target(50).unwrap();
    assert_eq!((target.text(), target.group(), target.version()), (TARGET, Some(7), 1));
    assert_eq!(before.group(7).unwrap().text(), GROUP);
    assert_eq!(before.targets_of(None).map(Document::id).collect::<Vec<_>>(), [51]);
    assert_eq!(roster(&before).targets().len(), 2);
    // A change that was checked by an older catalogue.
    let changed = ALONE.replace("true", "false");
    let changed = [Document::new(DocumentKind::Target, 51, changed)];
    let refused = store.put("bytes", 0, &changed).unwrap_err();
    assert!(matches!(refused, StoreError::CatalogueChanged { now: 1 }), "{refused}");
    assert_eq!(store.catalogue("bytes").unwrap(), before);
    assert_eq!(store.put("bytes", 1, &changed).unwrap(), 2);
    let after = store.catalogue("bytes").unwrap();
    assert_eq!((after.change_number(), store.change_number("bytes").unwrap()), (2, 2));
    assert_eq!((after.target(51).unwrap().version(), after.target(50).unwrap().version()), (2, 1));
    assert_eq!(after.target(51).unwrap().text(), changed[0].text());
    // What of it does not check is no roster, and says which document it is.
    let broken = after.with([Document::new(DocumentKind::Target, 52, r#"{"id":52,"expression":"x.y"}"#)]);
    let fault = broken.roster(&Schema::standard(), &Limits::default()).unwrap_err();
    assert!(fault.to_string().starts_with("the target 52: "), "{fault}");
}

fn documents_are_taken_out(store: &mut dyn Store) {
    furnished(store, "out");
    let gone = [(DocumentKind::Target, 51), (DocumentKind::Group, 51), (DocumentKind::Target, 99)];
    let refused = store.remove("out", 0, &gone).unwrap_err();
    assert!(matches!(refused, StoreError::CatalogueChanged { now: 1 }), "{refused}");
    assert_eq!(store.remove("out", 1, &gone).unwrap(), 2);
    let left = store.catalogue("out").unwrap();
    assert_eq!((left.change_number(), left.targets().count(), left.groups().count()), (2, 1, 1));
    assert!(left.target(50).is_some());
    // Its id is nobody else's.
    assert!(store.take_ids("out", 0, 1).unwrap() > 51);
}

fn ids_are_taken_once(store: &mut dyn Store) {
    store.create_organisation("ids", "UTC").unwrap();
    assert_eq!(store.take_ids("ids", 0, 1).unwrap(), 1);
    assert_eq!(store.take_ids("ids", 0, 3).unwrap(), 2);
    assert_eq!(store.take_ids("ids", 0, 1).unwrap(), 5);
    assert_eq!(store.take_ids("ids", 100, 2).unwrap(), 101);
    store.put("ids", 0, &[Document::new(DocumentKind::Target, 200, "{}")]).unwrap();
    assert_eq!(store.take_ids("ids", 0, 1).unwrap(), 201);
}

fn rows_are_written_whole_or_not_at_all(store: &mut dyn Store) {
    let roster = furnished(store, "rows");
    enrol(store, "rows", &roster, &[3, 1, 2, 1], 50);
    let kept = store.read("rows", &[4, 2, 1, 2]).unwrap();
    assert_eq!(kept.iter().map(CustomerRow::customer).collect::<Vec<_>>(), [1, 2, 4]);
    assert!(kept[2].is_empty() && !kept[0].is_empty());
    // In order, each once, and as they were committed last.
    let mut seen = Vec::new();
    let work = &mut |rows: &mut [CustomerRow]| {
        seen = rows.iter().map(CustomerRow::customer).collect();
        let mut customer = rows[0].open(&roster)?;
        customer.withdraw(50, None, "2026-01-01T00:00:00Z".parse().unwrap()).unwrap();
        rows[0].keep(&customer);
        Ok(Ending::RollBack)
    };
    store.update("rows", 1, &[2, 9, 1, 2], work).unwrap();
    assert_eq!(seen, [1, 2, 9]);
    let fails = &mut |rows: &mut [CustomerRow]| {
        let mut customer = rows[0].open(&roster)?;
        customer.withdraw(50, None, "2026-01-01T00:00:00Z".parse().unwrap()).unwrap();
        rows[0].keep(&customer);
        Err(StoreError::CatalogueChanged { now: 77 })
    };
    let failed = store.update("rows", 1, &[1, 2], fails).unwrap_err();
    assert!(matches!(failed, StoreError::CatalogueChanged { now: 77 }), "{failed}");
    assert_eq!(store.read("rows", &[4, 2, 1, 2]).unwrap(), kept);
    // As they are named, and as often.
    let texts = store.enrolments("rows", &[4, 2, 1, 2]).unwrap();
    assert_eq!(RecordedEnrolments::read(&texts[2]).unwrap().targets(), [50]);
    assert_eq!(texts, [2, 1, 0, 1].map(|at: usize| kept[at].enrolments()));
    assert!(store.enrolments("rows", &[]).unwrap().is_empty());
    assert!(store.read("rows", &[]).unwrap().is_empty());
}

fn customers_are_found_in_pages(store: &mut dyn Store) {
    let roster = furnished(store, "pages");
    enrol(store, "pages", &roster, &[-4, 8, 6, 5], 50);
    enrol(store, "pages", &roster, &[6, 7], 51);
    let mut page = |target, after, most| store.enrolled_in("pages", target, after, most).unwrap();
    assert_eq!(page(50, None, 2), [-4, 5]);
    assert_eq!(page(50, Some(5), 2), [6, 8]);
    assert_eq!(page(50, Some(8), 2), [0; 0]);
    assert_eq!(page(51, None, 9), [6, 7]);
    assert_eq!(page(99, None, 9), [0; 0]);
    assert_eq!(store.customers("pages", None, 3).unwrap(), [-4, 5, 6]);
    assert_eq!(store.customers("pages", Some(6), 3).unwrap(), [7, 8]);
    // Whoever was only asked for is none of them.
    store.update("pages", 1, &[100], &mut |_| Ok(Ending::Commit)).unwrap();
    assert_eq!(store.customers("pages", Some(8), 3).unwrap(), [0; 0]);
}

fn who_is_erased_is_gone(store: &mut dyn Store) {
    let roster = furnished(store, "erased");
    enrol(store, "erased", &roster, &[1, 2], 50);
    book(store, "erased", &roster, &[bill(1, "n-1", 900)]);
    assert!(store.erase("erased", 1).unwrap());
    assert!(!store.erase("erased", 1).unwrap());
    assert!(store.read("erased", &[1]).unwrap()[0].is_empty());
    assert_eq!(store.enrolled_in("erased", 50, None, 9).unwrap(), [2]);
    assert_eq!(store.customers("erased", None, 9).unwrap(), [2]);
    enrol(store, "erased", &roster, &[1], 50);
    assert_eq!(achieved(store, "erased", &roster, 1), ["0"]);
}

fn who_is_erased_takes_what_is_hers_along(store: &mut dyn Store) {
    let roster = furnished(store, "erased-with-hers");
    let organisation = "erased-with-hers";
    enrol(store, organisation, &roster, &[1, 2], 51);
    let seen = store.change_number(organisation).unwrap();
    // Of an older catalogue nothing is done, with documents or without: she may have
    // something that is not among them.
    for documents in [&[][..], &[(DocumentKind::Target, 51)]] {
        let refused = store.remove_and_erase(organisation, seen - 1, documents, 1).unwrap_err();
        assert!(matches!(refused, StoreError::CatalogueChanged { now } if now == seen), "{refused}");
        assert_eq!(store.enrolled_in(organisation, 51, None, 9).unwrap(), [1, 2]);
        assert!(store.catalogue(organisation).unwrap().target(51).is_some());
    }
    assert!(store.remove_and_erase(organisation, seen, &[], 2).unwrap());
    assert!(!store.remove_and_erase(organisation, seen, &[], 2).unwrap());
    assert_eq!(store.change_number(organisation).unwrap(), seen, "the catalogue is the same");
    // Whoever has joined meanwhile keeps the target that was hers alone, and all of it is looked at again.
    let hers = [(DocumentKind::Target, 51)];
    enrol(store, organisation, &roster, &[3], 51);
    let refused = store.remove_and_erase(organisation, seen, &hers, 1).unwrap_err();
    assert!(matches!(refused, StoreError::CatalogueChanged { now } if now == seen), "{refused}");
    assert!(store.catalogue(organisation).unwrap().target(51).is_some());
    assert_eq!(store.enrolled_in(organisation, 51, None, 9).unwrap(), [1, 3]);
    assert!(store.erase(organisation, 3).unwrap());
    assert!(store.remove_and_erase(organisation, seen, &hers, 1).unwrap());
    let left = store.catalogue(organisation).unwrap();
    assert!(left.target(51).is_none() && left.target(50).is_some());
    assert_eq!(left.change_number(), seen + 1);
    assert!(store.read(organisation, &[1]).unwrap()[0].is_empty());
    assert!(store.customers(organisation, None, 9).unwrap().is_empty());
}

fn handles_share_what_is_kept(store: &mut dyn Store) {
    let roster = furnished(store, "handles");
    let mut other = store.handle();
    enrol(store, "handles", &roster, &[1], 50);
    book(other.as_mut(), "handles", &roster, &[bill(1, "n-1", 900)]);
    assert_eq!(achieved(store, "handles", &roster, 1), ["900"]);
    other.put("handles", 1, &[Document::new(DocumentKind::Target, 51, ALONE)]).unwrap();
    assert_eq!(store.change_number("handles").unwrap(), 2);
}

fn batches_of_the_same_customers_wait_for_each_other(store: &mut dyn Store) {
    let handles = (0..4).map(|_| store.handle()).collect();
    crowd(store, handles, "crowd");
}

/// Every bill counts, whoever books it; the same one counts once. `others` book
/// side by side: handles of this store, or of the same one in another process.
///
/// # Panics
///
/// Panics where a bill is lost, or counts twice.
pub fn crowd(store: &mut dyn Store, others: Vec<Box<dyn Store>>, organisation: &str) {
    const BATCHES: i64 = 8;
    let threads = i64::try_from(others.len()).unwrap();
    let roster = furnished(store, organisation);
    let customers: Vec<i64> = (1..=6).collect();
    enrol(store, organisation, &roster, &customers, 50);
    std::thread::scope(|scope| {
        for (thread, mut handle) in (0..).zip(others) {
            let (roster, customers) = (&roster, &customers);
            scope.spawn(move || {
                for batch in 0..BATCHES {
                    let of = |customer: &i64| {
                        [
                            bill(*customer, &format!("n-{thread}-{batch}"), 1000),
                            // The same for all threads.
                            bill(*customer, &format!("same-{batch}"), 1000),
                        ]
                    };
                    let mut bills: Vec<String> = customers.iter().flat_map(of).collect();
                    if thread % 2 == 0 {
                        bills.reverse();
                    }
                    book(handle.as_mut(), organisation, roster, &bills);
                }
            });
        }
    });
    let expected = ((threads + 1) * BATCHES * 1000).to_string();
    for customer in customers {
        assert_eq!(achieved(store, organisation, &roster, customer), [expected.as_str()]);
    }
}

/// Of whom nothing is kept yet there is no row to lock.
fn batches_of_strangers_wait_for_each_other(store: &mut dyn Store) {
    store.create_organisation("strangers", "UTC").unwrap();
    let group = r#"{"id": 7, "defaultValues": [{"targetPeriodId": 3, "defaultValue": 5}],
        "periods": [{"id": 3, "startDate": "2026-01-01", "endDate": "2026-03-31"}]}"#;
    let target = r#"{"id": 50, "targetGroupId": 7, "targetType": "COUNT", "targetEntity": "TRANSACTION",
        "enrolmentMethod": "TRANSACTION", "expression": "true",
        "defaultValues": [{"targetPeriodId": 3, "defaultValue": 5}]}"#;
    let documents = [
        Document::new(DocumentKind::Group, 7, group),
        Document::new(DocumentKind::Target, 50, target).of_group(7),
    ];
    store.put("strangers", 0, &documents).unwrap();
    let roster = roster(&store.catalogue("strangers").unwrap());
    let handles: Vec<Box<dyn Store>> = (0..4).map(|_| store.handle()).collect();
    std::thread::scope(|scope| {
        for (thread, mut handle) in handles.into_iter().enumerate() {
            let roster = &roster;
            scope.spawn(move || {
                for first in (1..60).step_by(6) {
                    let of = |customer| bill(customer, &format!("n-{thread}"), 10);
                    let bills: Vec<String> = (first..first + 6).map(of).collect();
                    book(handle.as_mut(), "strangers", roster, &bills);
                }
            });
        }
    });
    for customer in 1..=60 {
        assert_eq!(achieved(store, "strangers", &roster, customer), ["4"], "of customer {customer}");
    }
}

/// How long something is waited for that comes at once where everybody has a turn.
const TURN: Duration = Duration::from_secs(20);

/// Says that it is over when it is dropped: also where the test fails.
struct Over<'o>(&'o AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// At no time are all of its customers free: two book each of them in turn.
fn a_large_batch_has_its_turn_among_small_ones(store: &mut dyn Store) {
    store.create_organisation("crowded", "UTC").unwrap();
    let customers: Vec<i64> = (1..=6).collect();
    let over = AtomicBool::new(false);
    let pairs = customers.iter().chain(&customers);
    let small: Vec<(i64, Box<dyn Store>)> = pairs.map(|one| (*one, store.handle())).collect();
    std::thread::scope(|scope| {
        let ends = Over(&over);
        let began = Instant::now();
        for (customer, mut handle) in small {
            let over = &over;
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) && began.elapsed() < TURN {
                    let work = &mut |_: &mut [CustomerRow]| {
                        std::thread::sleep(Duration::from_millis(3));
                        Ok(Ending::RollBack)
                    };
                    handle.update("crowded", 0, &[customer], work).unwrap();
                }
            });
        }
        for _ in 0..3 {
            std::thread::sleep(Duration::from_millis(20));
            store.update("crowded", 0, &customers, &mut |_| Ok(Ending::RollBack)).unwrap();
        }
        assert!(began.elapsed() < TURN, "it waits as long as small batches come");
        drop(ends);
    });
}

/// It is worked on for longer than a change takes to come.
fn a_long_batch_has_its_turn_among_changes(store: &mut dyn Store) {
    /// As often a service does a batch anew because the catalogue has changed.
    const TRIES: usize = 8;
    let roster = furnished(store, "changing");
    let over = AtomicBool::new(false);
    let mut changing = store.handle();
    std::thread::scope(|scope| {
        let ends = Over(&over);
        scope.spawn(|| {
            let mut seen = 1;
            while !over.load(Ordering::Relaxed) {
                seen = changing.put("changing", seen, &[]).unwrap();
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        let tries = (0..TRIES).map(|_| {
            let seen = store.change_number("changing").unwrap();
            store.update("changing", seen, &[1], &mut |rows| {
                std::thread::sleep(Duration::from_millis(60));
                let mut customer = rows[0].open(&roster)?;
                let mut request = EnrolmentRequest::new(50, EnrolmentMethod::Import);
                request.value = Some("5000".parse().unwrap());
                customer.enrol(&request).unwrap();
                rows[0].keep(&customer);
                Ok(Ending::Commit)
            })
        });
        let refused: Vec<StoreError> = tries.map_while(Result::err).collect();
        assert!(refused.len() < TRIES, "{refused:?}");
        drop(ends);
    });
}

fn changes_are_told_of(store: &mut dyn Store) {
    furnished(store, "told");
    let mut other = store.handle();
    let told = store.wait_for_change(Duration::from_millis(1)).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            std::thread::sleep(Duration::from_millis(50));
            other.put("told", 1, &documents()).unwrap();
        });
        // A store that is told of changes returns at once, and any other in time.
        let started = Instant::now();
        let most = Duration::from_millis(if told { 10_000 } else { 300 });
        store.wait_for_change(most).unwrap();
        assert!(started.elapsed() < Duration::from_secs(5));
    });
    assert_eq!(store.change_number("told").unwrap(), 2);
}
