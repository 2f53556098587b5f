//! W9: what customers have achieved of their targets, beside deciding which of
//! the targets their bills count for.

use std::hint::black_box;

use crate::Setting;

use target_rules_testing::workloads::clock::{count, figure, median_and_spread, of_process};
use target_rules_testing::workloads::enrolled::{self, Size};
use target_rules_testing::workloads::ledger_calls::{Books, Decider, book, open, post, report, targets};

const BATCH: Size = Size { targets: 100, customers: 2_000, bills: 40_000 };
const SINGLY: Size = Size { targets: 5_000, customers: 20_000, bills: 20_000 };
const QUICK: Size = Size { targets: 100, customers: 100, bills: 400 };
const ROUNDS: usize = 3;

struct Workload<'s> {
    setting: &'s Setting,
    size: Size,
    payload: String,
    ledger: Books,
    lines: Vec<String>,
}

impl<'s> Workload<'s> {
    fn new(setting: &'s Setting, size: Size) -> Workload<'s> {
        let payload = enrolled::payload(size, 0);
        let checked = targets(&payload, &setting.schema, &setting.limits);
        let ledger = open(checked, &enrolled::enrolments(size, 0), &setting.zone);
        Workload { setting, size, payload, ledger, lines: enrolled::bills(size, 0) }
    }

    fn progress(ledger: &Books) -> Vec<String> {
        let mut lines = Vec::new();
        report(ledger, |line| lines.push(line));
        lines
    }

    /// How long a call takes with a new ledger each, and its spread.
    fn rounds(&self, mut call: impl FnMut(&mut Books)) -> (f64, f64) {
        let rounds: Vec<f64> = (0..self.setting.of(ROUNDS, 2))
            .map(|_| {
                let mut ledger = self.ledger.clone();
                of_process(|| call(black_box(&mut ledger))).0
            })
            .collect();
        median_and_spread(&rounds)
    }
}

pub(crate) fn enrolled(setting: &Setting) {
    println!(
        "| W9, bills × targets | customers | bytes a bill | deciding, s | progress, s | progress to deciding | spread |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|");
    batch(setting);
    println!();
    println!("| W9, posted one by one | customers | bills a second | spread |");
    println!("|---|---:|---:|---:|");
    singly(setting);
}

fn batch(setting: &Setting) {
    let workload = Workload::new(setting, setting.of(BATCH, QUICK));
    let (zone, limits, lines) = (&setting.zone, &setting.limits, &workload.lines);
    let mut decider = Decider::new(targets(&workload.payload, &setting.schema, limits));
    let mut counts = 0;
    for line in lines.iter().step_by(setting.of(100, 4)) {
        let mut found = Vec::new();
        decider.decide(line, zone, limits, |id| found.push(id));
        assert_eq!(found, decider.one_by_one(line, zone, limits), "the targets differ on {line}");
        counts += found.len();
    }
    assert!(counts > 0, "no bill counts for any target");
    // By date, so that windows of every kind come out alike. Some of the bills:
    // each kind of target has thousands of them.
    let few = &lines[..lines.len() / 4];
    let (mut at_once, mut one_by_one) = (workload.ledger.clone(), workload.ledger.clone());
    book(&mut at_once, few, limits);
    few.iter().for_each(|line| post(&mut one_by_one, line, limits));
    let booked = Workload::progress(&at_once);
    assert!(booked == Workload::progress(&one_by_one), "a batch books otherwise than its bills one by one");
    assert!(booked != Workload::progress(&workload.ledger), "nothing was booked");

    let deciding: Vec<f64> = (0..setting.of(ROUNDS, 2))
        .map(|_| {
            let decide = |line: &String| {
                let mut found = 0;
                decider.decide(line, zone, limits, |_| found += 1);
                found
            };
            of_process(|| lines.iter().map(decide).sum::<usize>()).0
        })
        .collect();
    let (deciding, spread) = median_and_spread(&deciding);
    let (progress, other) = workload.rounds(|ledger| {
        book(ledger, lines, limits);
        report(ledger, |line| drop(black_box(line)));
    });
    println!(
        "| {} × {} | {} | {} | {} | {} | {} | {:.0} % |",
        count(workload.size.bills),
        count(workload.size.targets),
        count(workload.size.customers),
        lines.iter().map(String::len).sum::<usize>() / lines.len(),
        figure(deciding / 1e9),
        figure(progress / 1e9),
        figure(progress / deciding),
        spread.max(other)
    );
}

fn singly(setting: &Setting) {
    let workload = Workload::new(setting, setting.of(SINGLY, QUICK));
    let (taken, spread) = workload.rounds(|ledger| {
        for line in &workload.lines {
            post(ledger, black_box(line), &setting.limits);
        }
    });
    println!(
        "| {} bills × {} targets | {} | {} | {spread:.0} % |",
        count(workload.size.bills),
        count(workload.size.targets),
        count(workload.size.customers),
        count((workload.lines.len() as f64 * 1e9 / taken) as usize)
    );
}
