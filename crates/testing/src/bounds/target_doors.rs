//! Doors of targets. What stands beside is a payload of targets, and after a
//! line feed the enrolments.

use std::hint::black_box;

use loyalty_targets::{
    CheckedTarget, Enrolments, Ledger, Payload, TargetSet, UnifiedExpression, UnknownDetail, Weighed,
};
use target_rules::diagnostic::{Colour, Form, Source, render_in_file};
use target_rules::{Evaluation, Limits, Schema, Scratch, Zone};

use super::door::{Budget, Door};
use super::rule_doors::shown;

/// Where the dates of all shapes are seen.
static UTC: Zone = Zone::UTC;

pub(super) static DOORS: &[&Door] =
    &[&CHECK, &REPAIR, &SAY, &AUDIT, &DECIDE, &ENROLMENTS, &BOOK, &STATE, &STANDING, &UNIFIED];

pub(super) static CHECK: Door = Door {
    name: "a payload checked",
    calls: &["Payload::read", "Payload::read_group", "PayloadTarget::check", "render_in_file"],
    size: "the payload",
    budget: Budget::a_byte(100),
    prepare: |input| {
        Box::new(move || {
            let (schema, limits) = (Schema::standard(), Limits::default());
            let read = Payload::read(input.text.as_str(), &limits);
            let payload = match read.or_else(|_| Payload::read_group(input.text.as_str(), &limits)) {
                Ok(payload) => payload,
                Err(refused) => return shown(&refused, &Source::new(Form::Payload, input.text)),
            };
            for target in payload.targets() {
                let report = target.check(&schema, &limits);
                for found in &report.diagnostics {
                    black_box(render_in_file(found, payload.text(), "targets.json", Colour::Off).len());
                }
                drop(black_box(serde_json::to_string(&report)));
            }
        })
    },
};

pub(super) static REPAIR: Door = Door {
    name: "repairs of a payload",
    calls: &["Payload::fixed"],
    size: "the payload",
    budget: Budget::a_byte(100),
    prepare: |input| {
        let payload = Payload::read(input.text.as_str(), &Limits::default());
        let payload = payload.unwrap_or_else(|refused| panic!("{refused}"));
        Box::new(move || drop(black_box(payload.fixed(&Schema::standard(), &Limits::default()))))
    },
};

pub(super) static SAY: Door = Door {
    name: "targets in plain English, and what they read",
    calls: &["CheckedTarget::describe", "CheckedTarget::references", "CheckedTarget::layout"],
    size: "the payload",
    budget: Budget::a_byte(100),
    prepare: |input| {
        let targets = targets(&input.text);
        Box::new(move || {
            for target in &targets {
                black_box(target.describe(&Zone::UTC).to_string().len());
                black_box(target.references(&Schema::standard()).len());
            }
            drop(black_box(CheckedTarget::layout(&targets)));
        })
    },
};

pub(super) static AUDIT: Door = Door {
    name: "an audit by targets",
    calls: &["CheckedTarget::audit", "Audit::add"],
    size: "the documents, one a line, and the payload",
    budget: Budget::a_byte(100).beside(1024 * 1024),
    prepare: |input| {
        let targets = targets(first_line(&input.beside).0);
        Box::new(move || {
            let mut audit = CheckedTarget::audit(&targets, &Schema::standard(), &Limits::default());
            for (line, document) in input.text.lines().enumerate() {
                audit.add(document, line + 1);
            }
            black_box(audit.findings().len());
        })
    },
};

pub(super) static DECIDE: Door = Door {
    name: "targets decided",
    calls: &["TargetSet::new", "TargetSet::decide"],
    size: "the documents, one a line, and the payload",
    budget: Budget::a_byte(100),
    prepare: |input| {
        let targets = targets(first_line(&input.beside).0);
        Box::new(move || {
            let set = TargetSet::new(targets).unwrap_or_else(|refused| panic!("{refused}"));
            let (mut transaction, mut scratch) = (set.layout().blank(), Scratch::default());
            for line in input.text.lines() {
                let read = set.layout().read_into(line, &Limits::default(), &mut transaction);
                read.unwrap_or_else(|refused| panic!("{refused}"));
                let mut evaluation = Evaluation::new(&transaction, &UTC, &mut scratch);
                let told = set.decide(&mut evaluation, UnknownDetail::Reasons, |one| {
                    black_box(one.target.id());
                });
                told.unwrap();
            }
        })
    },
};

pub(super) static ENROLMENTS: Door = Door {
    name: "enrolments",
    calls: &["Enrolments::read", "Ledger::new"],
    size: "the enrolments",
    budget: Budget::a_byte(64).beside(1024 * 1024),
    prepare: |input| {
        let targets = targets(first_line(&input.beside).0);
        Box::new(move || match Enrolments::read(input.text.as_str(), &targets, &Limits::default()) {
            Ok(read) => drop(black_box(Ledger::new(targets, read, Zone::UTC))),
            Err(refused) => shown(&refused, &Source::new(Form::Payload, input.text)),
        })
    },
};

pub(super) static BOOK: Door = Door {
    name: "a batch of bills",
    calls: &["Workspace::weigh", "Ledger::book", "Ledger::progress"],
    size: "the bills, one a line, the payload and the enrolments",
    budget: Budget::a_byte(64),
    prepare: |input| {
        let mut ledger = ledger(&input.beside);
        Box::new(move || {
            let batch = weighed(&ledger, &input.text);
            black_box(ledger.book(batch).iter().map(|one| one.why().len()).sum::<usize>());
            for progress in ledger.progress() {
                drop(black_box(serde_json::to_string(&progress)));
            }
        })
    },
};

pub(super) static STATE: Door = Door {
    name: "a state written and read",
    calls: &["Ledger::state", "Ledger::resume"],
    size: "the bills that it holds, the payload and the enrolments",
    budget: Budget::a_byte(64),
    prepare: |input| {
        let mut ledger = ledger(&input.beside);
        ledger.book(weighed(&ledger, &input.text));
        Box::new(move || {
            let state = ledger.state();
            let resumed = ledger.resume(state.as_str(), &Limits::default());
            drop(black_box(resumed.unwrap_or_else(|refused| panic!("{refused}"))));
        })
    },
};

pub(super) static STANDING: Door = Door {
    name: "why an activity counts",
    calls: &["Ledger::standings", "Ledger::explain_target"],
    size: "the activity, the payload and the enrolments",
    budget: Budget::a_byte(320),
    prepare: |input| {
        let ledger = ledger(&input.beside);
        Box::new(move || {
            let limits = Limits::default();
            let activity =
                ledger.read(input.text.as_str(), &limits).unwrap_or_else(|refused| panic!("{refused}"));
            black_box(ledger.standings(&activity).len());
            let explained = ledger.explain_target(1, input.text.as_str(), true, &limits);
            let explained = explained.unwrap_or_else(|refused| panic!("{refused}")).unwrap();
            black_box(explained.to_text(Colour::Off).len() + explained.to_html().len());
        })
    },
};

pub(super) static UNIFIED: Door = Door {
    name: "a unified expression",
    calls: &["UnifiedExpression::read", "UnifiedExpression::decide"],
    size: "the expression",
    budget: Budget::a_byte(100),
    prepare: |input| {
        Box::new(move || match UnifiedExpression::read(input.text.as_str(), &Limits::default()) {
            Ok(read) => drop(black_box(read.decide(|id| (id % 2 == 0).into()))),
            Err(refused) => shown(&refused, &Source::new(Form::Payload, input.text)),
        })
    },
};

/// A text before and after its first line feed.
fn first_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, "[]"))
}

/// The targets of a payload, which must all check.
fn targets(payload: &str) -> Vec<CheckedTarget> {
    let limits = Limits::default();
    let payload = Payload::read(payload, &limits).unwrap_or_else(|refused| panic!("{refused}"));
    let reports = payload.targets().map(|target| target.check(&Schema::standard(), &limits));
    reports.map(|report| report.target.unwrap_or_else(|| panic!("{:?}", report.diagnostics))).collect()
}

fn ledger(beside: &str) -> Ledger {
    let (payload, enrolments) = first_line(beside);
    let targets = targets(payload);
    let enrolments = Enrolments::read(enrolments, &targets, &Limits::default());
    let enrolments = enrolments.unwrap_or_else(|refused| panic!("{refused}"));
    Ledger::new(targets, enrolments, Zone::UTC).unwrap_or_else(|refused| panic!("{refused}"))
}

fn weighed(ledger: &Ledger, bills: &str) -> Vec<Weighed> {
    let mut workspace = ledger.workspace();
    let weigh = |bill| {
        let weighed = workspace.weigh(ledger, bill, &Limits::default());
        weighed.unwrap_or_else(|refused| panic!("{refused}"))
    };
    bills.lines().filter_map(weigh).collect()
}
