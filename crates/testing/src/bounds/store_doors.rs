//! What a store keeps of customers and targets, and its shapes. What stands beside the bills is a
//! payload of targets that bills enrol in.

use std::hint::black_box;

use loyalty_targets::store::{Catalogue, CustomerRow, Document, DocumentKind, EnrolmentRequest, Roster};
use loyalty_targets::{Activity, EnrolmentMethod, Payload};
use target_rules::{Instant, Limits, Schema, Zone};

use super::door::{Budget, Door, Shape};
use super::parts::{again, array, joined, members};
use super::target_shapes::{bill, day, group};

pub(super) static DOORS: &[&Door] = &[&ROW, &ENROL, &DAMAGED, &CATALOGUE];

static ROW: Door = Door {
    name: "a customer as a store keeps her",
    calls: &["CustomerRow::open", "CustomerRecord::book", "CustomerRow::keep"],
    size: "the bills that she has, one a line, and the payload",
    budget: Budget::a_byte(64),
    prepare: |input| {
        let roster = roster(&input.beside);
        let bills: Vec<Activity> = input.text.lines().map(|bill| activity(&roster, bill)).collect();
        let mut row = CustomerRow::stored(1, String::new(), String::new());
        let mut customer = roster.stranger(1);
        customer.book(&mut roster.workspace(), &bills);
        row.keep(&customer);
        drop((bills, customer));
        let next = activity(&roster, &bill(1_000_000, 1));
        Box::new(move || {
            let mut customer = row.open(&roster).unwrap_or_else(|damaged| panic!("{damaged}"));
            black_box(customer.book(&mut roster.workspace(), [&next]).len());
            row.keep(&customer);
            drop(black_box(row));
        })
    },
};

static ENROL: Door = Door {
    name: "a customer enrolled in everything, and withdrawn",
    calls: &["CustomerRecord::enrol", "CustomerRecord::withdraw"],
    size: "the payload",
    budget: Budget::a_byte(64),
    prepare: |input| {
        let roster = roster(&input.beside);
        let mut customer = roster.stranger(1);
        let periods: Vec<i64> = (0..).zip(input.beside.matches("startDate")).map(|(id, _)| id).collect();
        let mut requests = Vec::new();
        for target in roster.targets() {
            let mut request = EnrolmentRequest::new(target.id(), EnrolmentMethod::Import);
            request.target_group_id = Some(7);
            if periods.is_empty() {
                requests.push(request.clone());
            }
            for period in &periods {
                request.period_id = Some(*period);
                requests.push(request.clone());
            }
        }
        Box::new(move || {
            for request in &requests {
                customer.enrol(request).unwrap_or_else(|refused| panic!("{refused}"));
            }
            for request in &requests {
                let done = customer.withdraw(request.target_id, request.period_id, Instant::MIN);
                done.unwrap_or_else(|refused| panic!("{refused}"));
            }
            drop(black_box(customer));
        })
    },
};

static DAMAGED: Door = Door {
    name: "a row that is damaged",
    calls: &["Roster::open"],
    size: "the text of the row",
    budget: Budget::a_byte(64),
    prepare: |input| {
        let roster = roster(&payload(1, ""));
        Box::new(move || {
            for (enrolments, booked) in [(input.text.as_str(), ""), ("", input.text.as_str())] {
                let Err(damaged) = roster.open(1, enrolments, booked) else { panic!("it is opened") };
                black_box(damaged.to_string().len());
            }
        })
    },
};

static CATALOGUE: Door = Door {
    name: "the documents of a catalogue",
    calls: &["Catalogue::roster"],
    size: "the documents",
    budget: Budget::a_byte(100),
    prepare: |input| {
        let documents = input.text.lines().zip(1_i64..);
        let documents = documents.map(|(text, id)| Document::new(DocumentKind::Target, id, text));
        let catalogue = Catalogue::new("UTC".to_owned(), 1, documents);
        Box::new(move || drop(black_box(catalogue.roster(&Schema::standard(), &Limits::default()))))
    },
};

pub(super) static SHAPES: &[Shape] = &[
    Shape::two(&ROW, "bills", 20_000, |n| (joined(n, "\n", |at| bill(at, 1)), payload(1, ""))),
    Shape::two(&ROW, "targets that a bill enrols in", 2_000, |n| (bill(1, 1), payload(n, ""))),
    Shape::two(&ENROL, "targets", 20_000, |n| (String::new(), payload(n, ""))),
    Shape::two(&ENROL, "periods of a target", 20_000, |n| {
        let day = |at| format!(r#"{{"id":{at},"startDate":"{0}","endDate":"{0}"}}"#, day(at));
        (String::new(), payload(1, &array(n, day)))
    }),
    Shape::two(&ROW, "bills in a period each", 20_000, |n| {
        // The latest period has the first id, so that each comes before all others.
        let periods = array(n, |at| {
            let day = day(at);
            format!(r#"{{"id":{},"startDate":"{day}","endDate":"{day}"}}"#, n - at)
        });
        let bills =
            joined(n, "\n", |at| bill(at, 1).replacen(&format!("2026-03-{:02}", at % 28 + 1), &day(at), 1));
        (bills, payload(1, &periods))
    }),
    Shape::one(&DAMAGED, "open brackets", 1_000_000, |n| again("[", n)),
    Shape::one(&DAMAGED, "open brackets in a key", 1_000_000, |n| {
        format!("{{\"version\":1,\"enrolments\":{}", again("[", n))
    }),
    Shape::one(&DAMAGED, "withdrawals without an end", 100_000, |n| {
        format!("{{\"version\":1,\"withdrawn\":{{{}", members(n, |at| format!("\"{at}\":1")))
    }),
    Shape::one(&DAMAGED, "a long key", 1_000_000, |n| format!("{{\"{}\":1}}", again("x", n))),
    Shape::one(&CATALOGUE, "targets", 10_000, |n| joined(n, "\n", |at| target(at + 1))),
    Shape::one(&CATALOGUE, "a document that is none", 1_000_000, |n| again("{", n)),
];

/// Targets of one group.
fn payload(targets: usize, periods: &str) -> String {
    let targets: Vec<String> = (0..targets).map(target).collect();
    format!(r#"{{"data":[{}]}}"#, group(7, periods, &targets.join(",")))
}

fn target(at: usize) -> String {
    format!(
        r#"{{"id":{at},"targetType":"SALES","targetEntity":"TRANSACTION","enrolmentMethod":"TRANSACTION","expression":"true","defaultValues":[{{"defaultValue":5}}]}}"#
    )
}

fn roster(payload: &str) -> Roster {
    let limits = Limits::default();
    let payload = Payload::read(payload, &limits).unwrap_or_else(|refused| panic!("{refused}"));
    let reports = payload.targets().map(|target| target.check(&Schema::standard(), &limits));
    let targets = reports.map(|one| one.target.unwrap_or_else(|| panic!("{:?}", one.diagnostics)));
    Roster::new(targets.collect(), Zone::UTC).unwrap_or_else(|refused| panic!("{refused}"))
}

fn activity(roster: &Roster, bill: &str) -> Activity {
    roster.read(bill, &Limits::default()).unwrap_or_else(|refused| panic!("{refused}"))
}
