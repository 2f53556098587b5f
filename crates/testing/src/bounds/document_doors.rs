//! Doors of documents, of audits, and of sets of rules. The rules stand beside
//! the document, one a line.

use std::hint::black_box;

use target_rules::audit::Audit;
use target_rules::diagnostic::{Colour, Form, Source};
use target_rules::{Evaluation, Layout, Limits, Rule, RuleSet, Schema, Scratch, Transaction, Zone};

use super::door::{Budget, Door, Input};
use super::parts::checked;
use super::rule_doors::shown;

/// Where the dates of all shapes are seen.
static UTC: Zone = Zone::UTC;

pub(super) static DOORS: &[&Door] =
    &[&READ, &READ_WIDE, &REFUSE, &AUDIT, &SET_BUILD, &SET_CHANGE, &SET_DECIDE, &SET_REASONS];

pub(super) static READ: Door = Door {
    name: "a transaction read",
    calls: &["Layout::read", "Layout::read_into"],
    size: "the document",
    budget: Budget::a_byte(64),
    prepare: |input| {
        let layout = Layout::of(&rules(&input.beside));
        Box::new(move || {
            let mut transaction = layout.blank();
            for _ in 0..2 {
                let read = layout.read_into(input.text.as_str(), &Limits::default(), &mut transaction);
                read.unwrap_or_else(|refused| panic!("{refused}"));
            }
        })
    },
};

/// The same for rules that read much of each entry: its entries, times what is read
/// of one, are bounded by a limit.
pub(super) static READ_WIDE: Door = Door {
    name: "entries of a transaction read by many rules",
    calls: READ.calls,
    size: READ.size,
    budget: Budget::a_byte(64).beside(128 * 1024 * 1024).until_a_limit(),
    prepare: READ.prepare,
};

pub(super) static REFUSE: Door = Door {
    name: "diagnostics of a transaction",
    calls: &["Layout::read", "render"],
    size: "the document",
    budget: Budget::a_byte(64),
    prepare: |input| {
        let layout = Layout::of(&rules(&input.beside));
        Box::new(move || {
            let Err(refused) = layout.read(input.text.as_str(), &Limits::default()) else {
                panic!("nothing is found in {}", &input.text[..input.text.len().min(200)]);
            };
            shown(&refused, &Source::new(Form::Payload, input.text));
        })
    },
};

pub(super) static AUDIT: Door = Door {
    name: "an audit",
    calls: &["Audit::new", "Audit::rules", "Audit::add", "Audit::findings", "Finding::to_text"],
    size: "the documents, one a line, and the rules",
    budget: Budget::a_byte(100).beside(1024 * 1024),
    prepare: |input| {
        let rules = rules(&input.beside);
        Box::new(move || {
            let mut audit = Audit::new(&Schema::standard(), &Limits::default()).rules(&rules);
            for (line, document) in input.text.lines().enumerate() {
                audit.add(document, line + 1);
            }
            for finding in audit.findings() {
                black_box(finding.to_text("bills.ndjson", Colour::Off).len());
            }
        })
    },
};

pub(super) static SET_BUILD: Door = Door {
    name: "a set of rules built",
    calls: &["RuleSet::new"],
    size: "the rules",
    budget: Budget::a_byte(100),
    prepare: |input| {
        let rules = rules(&input.beside);
        Box::new(move || drop(black_box(set(rules))))
    },
};

pub(super) static SET_CHANGE: Door = Door {
    name: "a set of rules changed once",
    calls: &["RuleSet::with", "RuleSet::without", "RuleSet::replacing"],
    size: "the rules",
    budget: Budget::a_byte(100),
    prepare: |input| {
        let set = set(rules(&input.beside));
        let last = set.len();
        Box::new(move || {
            let more = set.with(last, &checked("currentTxn.value>77")).unwrap();
            let other = more.replacing(0, &checked("currentTxn.points>77")).unwrap();
            black_box(other.without(&(last / 2)).unwrap().len());
        })
    },
};

pub(super) static SET_DECIDE: Door = Door {
    name: "a set of rules decided",
    calls: &["RuleSet::decide", "RuleSet::verdicts"],
    size: "the documents, one a line, and the rules",
    budget: Budget::a_byte(100),
    prepare: |input| {
        let (set, transactions) = decidable(&input);
        Box::new(move || {
            let mut scratch = Scratch::default();
            for transaction in &transactions {
                let mut evaluation = Evaluation::new(transaction, &UTC, &mut scratch);
                set.decide(&mut evaluation, |id, _| {
                    black_box(*id);
                })
                .unwrap();
                set.verdicts(&mut evaluation, |id, _| {
                    black_box(*id);
                })
                .unwrap();
            }
        })
    },
};

pub(super) static SET_REASONS: Door = Door {
    name: "why rules of a set are unknown",
    calls: &["RuleSet::undecided", "RuleSet::why"],
    size: "the documents, one a line, and the rules",
    budget: Budget::a_byte(100),
    prepare: |input| {
        let (set, transactions) = decidable(&input);
        Box::new(move || {
            let mut scratch = Scratch::default();
            for transaction in &transactions {
                let mut evaluation = Evaluation::new(transaction, &UTC, &mut scratch);
                let told = set.undecided(&mut evaluation, |one| drop(black_box(one.absent.to_vec())));
                told.unwrap();
            }
        })
    },
};

/// The rules of a text, one a line.
fn rules(text: &str) -> Vec<Rule> {
    text.lines().map(checked).collect()
}

fn set(rules: Vec<Rule>) -> RuleSet<usize> {
    RuleSet::new(rules.into_iter().enumerate()).unwrap_or_else(|refused| panic!("{refused}"))
}

fn decidable(input: &Input) -> (RuleSet<usize>, Vec<Transaction>) {
    let set = set(rules(&input.beside));
    let read = |line: &str| {
        let read = set.layout().read(line, &Limits::default());
        read.unwrap_or_else(|refused| panic!("{refused}"))
    };
    let transactions = input.text.lines().map(read).collect();
    (set, transactions)
}
