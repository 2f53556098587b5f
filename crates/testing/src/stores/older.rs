//! What the databases of older versions hold that stores keep a dump of: the same
//! in each, so that it is read by today's code in the same way.

use loyalty_targets::store::{Ending, Store};
use target_rules::{Limits, Schema};

/// Holds a store that was opened on a dump to what was in it: it is there, and is
/// booked on.
///
/// # Panics
///
/// Panics where something of it is lost.
pub fn holds(store: &mut dyn Store) {
    let all = store.organisations().unwrap();
    let named: Vec<_> = all.iter().map(|one| (one.name.as_str(), one.zone.as_str(), one.change)).collect();
    assert_eq!(named, [("shoes", "Asia/Kolkata", 1)]);
    let catalogue = store.catalogue("shoes").unwrap();
    assert_eq!(catalogue.target(50).unwrap().group(), Some(7));
    let roster = catalogue.roster(&Schema::standard(), &Limits::default()).unwrap();
    assert_eq!(store.enrolled_in("shoes", 50, None, 9).unwrap(), [19721]);
    assert_eq!(store.customers("shoes", None, 9).unwrap(), [19721]);
    let achieved = |store: &mut dyn Store| {
        let row = store.read("shoes", &[19721]).unwrap().remove(0);
        let lines: Vec<String> =
            row.open(&roster).unwrap().progress().map(|line| line.achieved.to_string()).collect();
        lines
    };
    assert_eq!(achieved(store), ["730.5"]);
    let bill = |number: &str| {
        let bill = format!(
            r#"{{"currentCustomer": {{"id": 19721}},
                "currentTxn": {{"number": "{number}", "date": "2026-03-07", "value": 600}}}}"#
        );
        roster.read(bill.as_str(), &Limits::default()).unwrap()
    };
    // One that is there, and a new one.
    let (bills, mut workspace) = ([bill("n-1"), bill("n-2")], roster.workspace());
    let work = &mut |rows: &mut [loyalty_targets::store::CustomerRow]| {
        let mut customer = rows[0].open(&roster)?;
        customer.book(&mut workspace, &bills);
        rows[0].keep(&customer);
        Ok(Ending::Commit)
    };
    store.update("shoes", 1, &[19721], work).unwrap();
    assert_eq!(achieved(store), ["1330.5"]);
    assert!(store.take_ids("shoes", 0, 1).unwrap() > 50);
}
