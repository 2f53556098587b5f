//! An organisation with targets, to hold stores to something, and what customers do there.

use loyalty_targets::EnrolmentMethod;
use loyalty_targets::store::{
    Catalogue, CustomerRow, Document, DocumentKind, Ending, EnrolmentRequest, Roster, Store,
};
use target_rules::{Limits, Schema};

pub(super) const GROUP: &str = "{ \"id\":7,\"name\":\"Grüße \\u00fc\",\n \"periods\": [
    {\"id\": 3, \"startDate\": \"2026-01-01\", \"endDate\": \"2026-03-31\"}]\t}";
pub(super) const TARGET: &str =
    "{\"id\":50,\"targetGroupId\":7,\"targetType\":\"SALES\",\"targetEntity\":\"TRANSACTION\",
    \"expression\":\"currentTxn.value>500\",\"stars\":5.00}\n";
pub(super) const ALONE: &str =
    r#"{"id":51,"targetType":"COUNT","targetEntity":"TRANSACTION","expression":"true"}"#;

pub(super) fn documents() -> Vec<Document> {
    vec![
        Document::new(DocumentKind::Group, 7, GROUP),
        Document::new(DocumentKind::Target, 50, TARGET).of_group(7),
        Document::new(DocumentKind::Target, 51, ALONE),
    ]
}

/// An organisation of this name with these documents, and its roster.
pub(super) fn furnished(store: &mut dyn Store, organisation: &str) -> Roster {
    store.create_organisation(organisation, "Asia/Kolkata").unwrap();
    let seen = store.change_number(organisation).unwrap();
    store.put(organisation, seen, &documents()).unwrap();
    roster(&store.catalogue(organisation).unwrap())
}

pub(super) fn roster(catalogue: &Catalogue) -> Roster {
    catalogue.roster(&Schema::standard(), &Limits::default()).unwrap()
}

pub(super) fn enrol(
    store: &mut dyn Store,
    organisation: &str,
    roster: &Roster,
    customers: &[i64],
    target: i64,
) {
    let mut request = EnrolmentRequest::new(target, EnrolmentMethod::Import);
    request.value = Some("5000".parse().unwrap());
    let work = &mut |rows: &mut [CustomerRow]| {
        for row in rows {
            let mut customer = row.open(roster)?;
            customer.enrol(&request).unwrap();
            row.keep(&customer);
        }
        Ok(Ending::Commit)
    };
    let seen = store.change_number(organisation).unwrap();
    store.update(organisation, seen, customers, work).unwrap();
}

pub(super) fn bill(customer: i64, number: &str, value: i64) -> String {
    format!(
        r#"{{"currentCustomer": {{"id": {customer}}}, "currentTxn": {{"number": "{number}",
            "date": "2026-02-07T10:00:00Z", "value": {value}}}}}"#
    )
}

pub(super) fn book(store: &mut dyn Store, organisation: &str, roster: &Roster, bills: &[String]) {
    let batch: Vec<_> =
        bills.iter().map(|bill| roster.read(bill.as_str(), &Limits::default()).unwrap()).collect();
    let customers: Vec<i64> = batch.iter().map(|activity| activity.customer()).collect();
    let mut workspace = roster.workspace();
    let work = &mut |rows: &mut [CustomerRow]| {
        for row in rows {
            let mut customer = row.open(roster)?;
            customer.book(&mut workspace, &batch);
            row.keep(&customer);
        }
        Ok(Ending::Commit)
    };
    let seen = store.change_number(organisation).unwrap();
    store.update(organisation, seen, &customers, work).unwrap();
}

pub(super) fn achieved(
    store: &mut dyn Store,
    organisation: &str,
    roster: &Roster,
    customer: i64,
) -> Vec<String> {
    let rows = store.read(organisation, &[customer]).unwrap();
    rows[0].open(roster).unwrap().progress().map(|line| line.achieved.to_string()).collect()
}
