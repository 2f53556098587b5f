//! Workloads 7 to 9 with criterion's statistics: rules as people write them,
//! very many ranges, and targets with what customers achieve of them. Their
//! tables are those of `sets`.
#![allow(missing_docs, reason = "criterion's macros write undocumented functions")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use target_rules::{
    Ast, Evaluation, Layout, Limits, Rule, RuleSet, Schema, Scratch, Transaction, Truth, Zone,
};

use target_rules_testing::workloads::documented::{self, KINDS, Origin};
use target_rules_testing::workloads::documented_bills::bills;
use target_rules_testing::workloads::enrolled::{self, Size};
use target_rules_testing::workloads::{ledger_calls, ranges, set_calls};

/// Where the dates of workloads 7 to 9 are seen.
static UTC: Zone = Zone::UTC;

/// What is measured is one of these, each in its turn.
const BILLS: usize = 50;

/// Rules at once and one by one.
fn both(rules: &[Rule]) -> (RuleSet<usize>, Layout) {
    (RuleSet::new(rules.iter().cloned().enumerate()).unwrap(), Layout::of(rules))
}

fn read(layout: &Layout, lines: &[String]) -> Vec<Transaction> {
    lines.iter().map(|line| layout.read(line, &Limits::default()).unwrap()).collect()
}

/// The set with its transactions, timed as it is decided bill after bill.
fn decide(bencher: &mut criterion::Bencher<'_>, set: &RuleSet<usize>, transactions: &[Transaction]) {
    let (mut scratch, mut bills) = (Scratch::default(), transactions.iter().cycle());
    bencher.iter(|| {
        let mut evaluation = Evaluation::new(bills.next().unwrap(), &UTC, &mut scratch);
        let mut found = 0;
        set_calls::matching(set, &mut evaluation, |_, _| found += 1);
        found
    });
}

fn one_by_one(bencher: &mut criterion::Bencher<'_>, rules: &[Rule], layout: &Layout, lines: &[String]) {
    let programs: Vec<_> = rules.iter().map(|rule| layout.compile(rule).unwrap()).collect();
    let (transactions, mut scratch) = (read(layout, lines), Scratch::default());
    let mut bills = transactions.iter().cycle();
    bencher.iter(|| {
        let mut evaluation = Evaluation::new(bills.next().unwrap(), &UTC, &mut scratch);
        programs.iter().filter(|program| program.decide(&mut evaluation) == Truth::True).count()
    });
}

/// W7.
fn documented_rules(criterion: &mut Criterion) {
    let (limits, schema) = (Limits::default(), Schema::standard());
    let lines = bills(BILLS, 0);
    let of = |kind, count| -> Vec<Rule> {
        let rules = documented::rules(Origin::best(), kind, count, 0, &schema, &limits);
        rules.into_iter().map(|(_, rule)| rule).collect()
    };
    let mut group = criterion.benchmark_group("documented rules");
    for count in [1_000, 10_000] {
        let rules = of(&KINDS[0], count);
        let (set, layout) = both(&rules);
        let transactions = read(set.layout(), &lines);
        let (mut transaction, mut scratch) = (set.layout().blank(), Scratch::default());
        group.bench_function(BenchmarkId::new("read", count), |bencher| {
            let mut lines = lines.iter().cycle();
            bencher.iter(|| set.layout().read_into(lines.next().unwrap(), &limits, &mut transaction));
        });
        group.bench_function(BenchmarkId::new("decide", count), |bencher| {
            decide(bencher, &set, &transactions);
        });
        group.bench_function(BenchmarkId::new("one by one", count), |bencher| {
            one_by_one(bencher, &rules, &layout, &lines);
        });
        group.bench_function(BenchmarkId::new("decide, and ids of the unknown", count), |bencher| {
            let mut bills = transactions.iter().cycle();
            bencher.iter(|| {
                let mut evaluation = Evaluation::new(bills.next().unwrap(), &UTC, &mut scratch);
                let (mut found, mut unknown) = (0, 0);
                let (holds, is_unknown) = (|_: &usize, _: &[usize]| found += 1, |_: &usize| unknown += 1);
                set_calls::matching_and_unknown(&set, &mut evaluation, holds, is_unknown);
                (found, unknown)
            });
        });
        group.bench_function(BenchmarkId::new("all reasons", count), |bencher| {
            let mut bills = transactions.iter().cycle();
            bencher.iter(|| {
                let mut evaluation = Evaluation::new(bills.next().unwrap(), &UTC, &mut scratch);
                let mut absences = 0;
                set_calls::reasons(&set, &mut evaluation, |_, absent, _| absences += absent.len());
                absences
            });
        });
    }
    for kind in &KINDS[1..] {
        let rules = of(kind, 1_000);
        let (set, layout) = both(&rules);
        let transactions = read(set.layout(), &lines);
        group.bench_function(BenchmarkId::new("set", kind.name), |bencher| {
            decide(bencher, &set, &transactions);
        });
        group.bench_function(BenchmarkId::new("one by one", kind.name), |bencher| {
            one_by_one(bencher, &rules, &layout, &lines);
        });
    }
}

/// W8, of a size that criterion can be asked for again and again; the others
/// are in the tables.
fn ten_ranges(criterion: &mut Criterion) {
    let limits = Limits::default();
    let schema = ranges::schema(&limits);
    let texts: Vec<String> = ranges::rules(0).take(10_000).map(|rule| ranges::text(&rule)).collect();
    let checked = |text: &String| {
        let ast = Ast::from_text(text, &limits).unwrap();
        ast.check(&schema, &limits).into_rule().unwrap()
    };
    let rules: Vec<Rule> = texts.iter().map(checked).collect();
    let lines: Vec<String> = ranges::events(BILLS, 0).iter().map(ranges::document).collect();
    let (set, layout) = both(&rules);
    let mut group = criterion.benchmark_group("ten ranges");
    group.bench_function("text to checked rule", |bencher| {
        let mut texts = texts.iter().cycle();
        bencher.iter(|| checked(black_box(texts.next().unwrap())));
    });
    group.bench_function("decide/10000", |bencher| decide(bencher, &set, &read(set.layout(), &lines)));
    group.bench_function("one by one/10000", |bencher| one_by_one(bencher, &rules, &layout, &lines));
}

/// W9: a batch of bills at a time.
fn enrolled_customers(criterion: &mut Criterion) {
    let (limits, schema) = (Limits::default(), Schema::standard());
    let size = Size { targets: 100, customers: 200, bills: 1_000 };
    let targets = ledger_calls::targets(&enrolled::payload(size, 0), &schema, &limits);
    let lines = enrolled::bills(size, 0);
    let ledger = ledger_calls::open(targets.clone(), &enrolled::enrolments(size, 0), &UTC);
    let mut decider = ledger_calls::Decider::new(targets);
    let mut group = criterion.benchmark_group("1 000 bills, 100 targets");
    group.sample_size(20);
    group.bench_function("decide", |bencher| {
        bencher.iter(|| {
            let mut found = 0;
            lines.iter().for_each(|line| decider.decide(line, &UTC, &limits, |_| found += 1));
            found
        });
    });
    group.bench_function("progress", |bencher| {
        let book = |ledger: &mut _| ledger_calls::book(ledger, &lines, &limits);
        bencher.iter_batched_ref(|| ledger.clone(), book, BatchSize::LargeInput);
    });
    group.bench_function("progress, one by one", |bencher| {
        let post = |ledger: &mut _| lines.iter().for_each(|line| ledger_calls::post(ledger, line, &limits));
        bencher.iter_batched_ref(|| ledger.clone(), post, BatchSize::LargeInput);
    });
}

criterion_group!(benches, documented_rules, ten_ranges, enrolled_customers);
criterion_main!(benches);
