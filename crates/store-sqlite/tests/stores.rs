//! SQLite, held to what every store is held to.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use loyalty_targets::store::Store;
use target_rules_store_sqlite::SqliteStore;
use target_rules_testing::stores::{laws, ledgers};

#[test]
fn it_keeps_the_laws_of_stores() {
    let folder = tempfile::tempdir().unwrap();
    laws::hold(&mut SqliteStore::open(&folder.path().join("targets.sqlite")).unwrap());
}

#[test]
fn customers_come_to_what_they_come_to_in_a_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(&folder.path().join("targets.sqlite")).unwrap();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/booking");
    let booked = ledgers::hold(&mut store, &cases, 5);
    assert!(booked > 150, "only {booked} cases");
}

/// A write is acknowledged after it is on the disk.
#[test]
fn what_is_committed_waits_for_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(&folder.path().join("targets.sqlite")).unwrap();
    let settings = store.settings().unwrap();
    assert_eq!((settings.journal_mode.as_str(), settings.synchronous), ("wal", 2));
    store.check().unwrap();
}
