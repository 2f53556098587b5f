//! Promises of what a store gives back, whatever has become of it.

use std::sync::LazyLock;

use loyalty_targets::store::{Catalogue, CustomerRow, Document, DocumentKind, RecordedEnrolments, Roster};
use target_rules::diagnostic::visible;
use target_rules::{Instant, Limits, Schema, Zone};

use super::bookings::{BILLS, TARGETS};
use super::inputs::{must, text_of};

/// What ends a text of an input. No text has it.
const END: u8 = 0xff;

/// What a store gives back: the first byte chooses between the row of a customer,
/// two texts, and documents of a catalogue, one a text; 0xff ends a text.
///
/// It is opened or refused in words. A row that is opened books, and what it keeps
/// then is opened again as it was.
pub fn stored_in(data: &[u8]) {
    let Some((what, texts)) = data.split_first() else { return };
    let texts: Vec<&str> = texts.split(|byte| *byte == END).map(text_of).collect();
    match (what % 2, texts.as_slice()) {
        (0, [enrolments, booked, ..]) => row_in(enrolments, booked),
        (0, [enrolments]) => row_in(enrolments, ""),
        (_, documents) => catalogue_in(documents),
    }
}

fn row_in(enrolments: &str, booked: &str) {
    if let Err(damaged) = RecordedEnrolments::read(enrolments) {
        is_said_well(&damaged.to_string());
    }
    let mut row = CustomerRow::stored(1, enrolments.to_owned(), booked.to_owned());
    let mut customer = match row.open(&ROSTER) {
        Ok(customer) => customer,
        Err(damaged) => return is_said_well(&damaged.to_string()),
    };
    let mut workspace = ROSTER.workspace();
    let limits = Limits::default();
    let activities = BILLS.lines().filter_map(|bill| ROSTER.read(bill, &limits).ok());
    let activities: Vec<_> = activities.filter(|activity| activity.customer() == 1).collect();
    for activity in &activities {
        drop(customer.standings(activity));
    }
    customer.book(&mut workspace, &activities);
    customer.progress().for_each(|line| assert_eq!(line.reached, line.achieved >= line.defined.into()));
    drop(customer.unified_progress());
    let now = Instant::from_milliseconds(1_772_886_140_000);
    let now = must(now, "an instant");
    for one in customer.enrolments().all() {
        ROSTER.takes_part(one, customer.enrolments(), now);
    }
    row.keep(&customer);
    let again = must(row.open(&ROSTER), "what was kept is opened");
    assert!(again.includes(&customer) && customer.includes(&again), "a row changes on its way");
    let mut kept = CustomerRow::stored(1, row.enrolments().to_owned(), row.booked().to_owned());
    kept.keep(&again);
    assert!(!kept.is_changed(), "a row that is opened and kept changes");
}

fn catalogue_in(texts: &[&str]) {
    let documents = texts.iter().zip(1_i64..).map(|(text, id)| match text.strip_prefix('g') {
        Some(group) => Document::new(DocumentKind::Group, 1, group),
        None => Document::new(DocumentKind::Target, id, *text).of_group(1),
    });
    let catalogue = Catalogue::new("UTC".to_owned(), 1, documents);
    match catalogue.roster(&Schema::standard(), &Limits::default()) {
        Ok(roster) => assert!(roster.targets().len() <= texts.len(), "more targets than documents"),
        Err(refused) => is_said_well(&refused.to_string()),
    }
}

/// It is for those who run a server, so it may name types; it may be on several lines.
fn is_said_well(message: &str) {
    assert!(!message.trim().is_empty(), "nothing is said");
    assert!(message.lines().all(|line| visible(line) == line), "it would act on a terminal: {message:?}");
}

static ROSTER: LazyLock<Roster> = LazyLock::new(|| must(Roster::new(TARGETS.clone(), Zone::UTC), "a roster"));
