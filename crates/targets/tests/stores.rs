//! The store in memory, held to what every store is held to.

use std::path::Path;

use loyalty_targets::store::MemoryStore;
use target_rules_testing::stores::{laws, ledgers};

#[test]
fn it_keeps_the_laws_of_stores() {
    laws::hold(&mut MemoryStore::default());
}

#[test]
fn customers_come_to_what_they_come_to_in_a_ledger() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/booking");
    let booked = ledgers::hold(&mut MemoryStore::default(), &folder, 2);
    assert!(booked > 400, "only {booked} cases");
}
