//! What the interface of stores says of changes of a catalogue, beside those who book and enrol.

use std::time::Duration;

use loyalty_targets::EnrolmentMethod;
use loyalty_targets::store::{
    CustomerRow, Document, DocumentKind, Ending, EnrolledPages, EnrolmentRequest, Store, StoreError,
};

use super::shop::{ALONE, achieved, enrol, furnished, roster};

/// Holds a store to them.
pub(super) fn hold(store: &mut dyn Store) {
    who_books_by_an_older_catalogue_is_refused(store);
    a_change_waits_for_who_books_or_has_them_refused(store);
    documents_and_rows_are_kept_together_or_not_at_all(store);
    a_change_is_checked_by_what_everybody_is_enrolled_in(store);
    nobody_enrols_between_a_check_and_its_change(store);
}

fn who_books_by_an_older_catalogue_is_refused(store: &mut dyn Store) {
    let roster = furnished(store, "older");
    enrol(store, "older", &roster, &[1], 50);
    let before = store.read("older", &[1, 2]).unwrap();
    let new = Document::new(DocumentKind::Target, 52, ALONE.replace("51", "52"));
    // By another instance, which tells this one of nothing.
    store.handle().put("older", 1, &[new]).unwrap();
    let changes = &mut |rows: &mut [CustomerRow]| {
        let mut customer = rows[0].open(&roster)?;
        customer.withdraw(50, None, "2026-01-01T00:00:00Z".parse().unwrap()).unwrap();
        rows[0].keep(&customer);
        Ok(Ending::Commit)
    };
    let refused = store.update("older", 1, &[1, 2], changes).unwrap_err();
    assert!(matches!(refused, StoreError::CatalogueChanged { now: 2 }), "{refused}");
    assert!(!refused.may_pass(), "the same work is refused again");
    // What counts nowhere may count in the new target; who can't be enrolled may be in it.
    for ending in [Ending::Commit, Ending::RollBack] {
        let refused = store.update("older", 1, &[1, 2], &mut |_| Ok(ending)).unwrap_err();
        assert!(matches!(refused, StoreError::CatalogueChanged { now: 2 }), "{ending:?}: {refused}");
    }
    assert_eq!(store.read("older", &[1, 2]).unwrap(), before);
    store.update("older", 2, &[1, 2], changes).unwrap();
    assert_ne!(store.read("older", &[1, 2]).unwrap(), before);
}

/// Once a change is acknowledged, nothing is that was booked by the catalogue
/// before and is not there yet.
fn a_change_waits_for_who_books_or_has_them_refused(store: &mut dyn Store) {
    let roster = furnished(store, "meanwhile");
    let mut changing = store.handle();
    let (works, working) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let change = scope.spawn(move || {
            working.recv().unwrap();
            let new = Document::new(DocumentKind::Target, 52, ALONE.replace("51", "52"));
            changing.put("meanwhile", 1, &[new]).unwrap();
            changing.enrolments("meanwhile", &[1]).unwrap().remove(0)
        });
        let mut first = true;
        let works = works;
        let booked = store.update("meanwhile", 1, &[1], &mut |rows| {
            if std::mem::take(&mut first) {
                works.send(()).unwrap();
                std::thread::sleep(Duration::from_millis(200));
            }
            let mut customer = rows[0].open(&roster)?;
            let mut request = EnrolmentRequest::new(50, EnrolmentMethod::Import);
            request.value = Some("5000".parse().unwrap());
            customer.enrol(&request).unwrap();
            rows[0].keep(&customer);
            Ok(Ending::Commit)
        });
        let there = !change.join().unwrap().is_empty();
        match booked {
            Ok(()) => assert!(there, "it was acknowledged after the change, by the catalogue before"),
            Err(StoreError::CatalogueChanged { now: 2 }) => assert!(!there),
            Err(other) => panic!("{other}"),
        }
    });
}

fn a_change_is_checked_by_what_everybody_is_enrolled_in(store: &mut dyn Store) {
    let roster = furnished(store, "checked");
    enrol(store, "checked", &roster, &[4, 1, 3], 51);
    enrol(store, "checked", &roster, &[2, 3], 50);
    let new = [Document::new(DocumentKind::Target, 52, ALONE.replace("51", "52"))];
    let refused = store.put_checked("checked", 0, &new, &mut |_| Ok(Ending::Commit)).unwrap_err();
    assert!(matches!(refused, StoreError::CatalogueChanged { now: 1 }), "{refused}");
    let mut seen = Vec::new();
    let put = store.put_checked("checked", 1, &new, &mut |pages| {
        seen = vec![pages(51, None, 2)?, pages(51, Some(3), 2)?, pages(51, Some(4), 2)?, pages(99, None, 2)?];
        Ok(Ending::RollBack)
    });
    assert_eq!(put.unwrap(), None);
    let customers: Vec<Vec<i64>> =
        seen.iter().map(|page| page.iter().map(|(customer, _)| *customer).collect()).collect();
    assert_eq!(customers, [vec![1, 3], vec![4], vec![], vec![]]);
    assert_eq!(seen[0][1].1, store.enrolments("checked", &[3]).unwrap()[0]);
    let fails = &mut |_: &mut EnrolledPages<'_>| {
        Err(StoreError::Database { what: "on purpose".to_owned(), may_pass: false })
    };
    let failed = store.put_checked("checked", 1, &new, fails).unwrap_err();
    assert_eq!(failed.to_string(), "the database: on purpose");
    assert_eq!(store.change_number("checked").unwrap(), 1);
    assert_eq!(store.put_checked("checked", 1, &new, &mut |_| Ok(Ending::Commit)).unwrap(), Some(2));
    assert_eq!(store.catalogue("checked").unwrap().target(52).unwrap().version(), 2);
}

fn nobody_enrols_between_a_check_and_its_change(store: &mut dyn Store) {
    let roster = furnished(store, "looked-at");
    let mut enrolling = store.handle();
    let (looked, look) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let enrols = scope.spawn(move || {
            look.recv().unwrap();
            enrolling.update("looked-at", 1, &[1], &mut |rows| {
                let mut customer = rows[0].open(&roster)?;
                let mut request = EnrolmentRequest::new(50, EnrolmentMethod::Import);
                request.value = Some("5000".parse().unwrap());
                customer.enrol(&request).unwrap();
                rows[0].keep(&customer);
                Ok(Ending::Commit)
            })
        });
        let changed = ALONE.replace("true", "false");
        let put = [Document::new(DocumentKind::Target, 51, changed)];
        let put = store.put_checked("looked-at", 1, &put, &mut |pages| {
            let nobody = pages(50, None, 9)?.is_empty();
            let _ = looked.send(());
            std::thread::sleep(Duration::from_millis(200));
            Ok(if nobody { Ending::Commit } else { Ending::RollBack })
        });
        assert_eq!(put.unwrap(), Some(2));
        let refused = enrols.join().unwrap().unwrap_err();
        assert!(matches!(refused, StoreError::CatalogueChanged { now: 2 }), "{refused}");
    });
    assert!(store.enrolled_in("looked-at", 50, None, 9).unwrap().is_empty());
}

/// A target, and who takes part in it from its first moment on.
fn documents_and_rows_are_kept_together_or_not_at_all(store: &mut dyn Store) {
    furnished(store, "together");
    let new = [Document::new(DocumentKind::Target, 52, ALONE.replace("51", "52"))];
    let before = store.catalogue("together").unwrap();
    let with_new = roster(&before.with(new.clone()));
    let enrol = |rows: &mut [CustomerRow]| {
        for row in rows {
            let mut customer = row.open(&with_new)?;
            let mut request = EnrolmentRequest::new(52, EnrolmentMethod::Import);
            request.value = Some("5000".parse().unwrap());
            customer.enrol(&request).unwrap();
            row.keep(&customer);
        }
        Ok(Ending::Commit)
    };
    let refused = store.put_and_update("together", 0, &new, &[1], &mut |rows| enrol(rows)).unwrap_err();
    assert!(matches!(refused, StoreError::CatalogueChanged { now: 1 }), "{refused}");
    // What goes wrong between both.
    let rolled_back = &mut |rows: &mut [CustomerRow]| enrol(rows).map(|_| Ending::RollBack);
    assert_eq!(store.put_and_update("together", 1, &new, &[1], rolled_back).unwrap(), None);
    let fails = &mut |rows: &mut [CustomerRow]| {
        enrol(rows)?;
        Err(StoreError::Database { what: "on purpose".to_owned(), may_pass: false })
    };
    let failed = store.put_and_update("together", 1, &new, &[1], fails).unwrap_err();
    assert_eq!(failed.to_string(), "the database: on purpose");
    let mut other = store.handle();
    let panicked = std::thread::scope(|scope| {
        let panics = scope.spawn(|| {
            let panics = &mut |rows: &mut [CustomerRow]| {
                enrol(rows).unwrap();
                panic!("on purpose")
            };
            let _ = other.put_and_update("together", 1, &new, &[1], panics);
        });
        panics.join()
    });
    assert!(panicked.is_err());
    assert_eq!(store.catalogue("together").unwrap(), before);
    assert!(store.read("together", &[1]).unwrap()[0].is_empty());
    assert!(store.enrolled_in("together", 52, None, 9).unwrap().is_empty());
    let put = store.put_and_update("together", 1, &new, &[2, 1], &mut |rows| enrol(rows)).unwrap();
    assert_eq!((put, store.change_number("together").unwrap()), (Some(2), 2));
    assert_eq!(store.catalogue("together").unwrap().target(52).unwrap().version(), 2);
    assert_eq!(store.enrolled_in("together", 52, None, 9).unwrap(), [1, 2]);
    assert_eq!(achieved(store, "together", &with_new, 2), ["0"]);
}
