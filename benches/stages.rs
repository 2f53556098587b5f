//! What each stage costs, from text to decision, over the table of named
//! cases; beside each evaluation the same rule written by hand.
#![allow(missing_docs, reason = "criterion's macros write undocumented functions")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use target_rules::rule::TreeStyle;
use target_rules::{Ast, Evaluation, Layout, Limits, Scratch, Zone};

use target_rules_testing::workloads::cases;

fn parse(criterion: &mut Criterion) {
    let limits = Limits::default();
    let schema = cases::schema(&limits);
    let mut group = criterion.benchmark_group("parse");
    for case in cases::all() {
        let tree = case.prepare(&schema, &limits).rule.to_tree(TreeStyle::Compact, limits.rule_tree).unwrap();
        group.bench_function(BenchmarkId::new("text", case.name), |bencher| {
            bencher.iter(|| Ast::from_text(black_box(&case.rule), &limits));
        });
        group.bench_function(BenchmarkId::new("tree", case.name), |bencher| {
            bencher.iter(|| Ast::from_tree(black_box(&tree), &limits));
        });
    }
}

fn check(criterion: &mut Criterion) {
    let limits = Limits::default();
    let schema = cases::schema(&limits);
    let mut group = criterion.benchmark_group("check");
    for case in cases::all() {
        let ast = case.prepare(&schema, &limits).ast;
        group.bench_function(case.name, |bencher| bencher.iter(|| black_box(&ast).check(&schema, &limits)));
    }
}

fn compile(criterion: &mut Criterion) {
    let limits = Limits::default();
    let schema = cases::schema(&limits);
    let mut group = criterion.benchmark_group("compile");
    for case in cases::all() {
        let ast = case.prepare(&schema, &limits).ast;
        group.bench_function(case.name, |bencher| {
            // A rule keeps its condition once it is made, so each round compiles a
            // rule of its own; compiled again, it would take less than half.
            bencher.iter_batched_ref(
                || ast.check(&schema, &limits).into_rule().unwrap(),
                |rule| Layout::of([black_box(&*rule)]).compile(rule),
                BatchSize::SmallInput,
            );
        });
    }
}

fn read(criterion: &mut Criterion) {
    let limits = Limits::default();
    let schema = cases::schema(&limits);
    let mut group = criterion.benchmark_group("read");
    for case in cases::all() {
        let layout = case.prepare(&schema, &limits).layout;
        let mut transaction = layout.blank();
        group.bench_function(case.name, |bencher| {
            bencher.iter(|| layout.read_into(black_box(&case.document), &limits, &mut transaction));
        });
    }
}

fn evaluate(criterion: &mut Criterion) {
    let limits = Limits::default();
    let schema = cases::schema(&limits);
    let zone = Zone::named(cases::ZONE).unwrap();
    let mut scratch = Scratch::default();
    let mut group = criterion.benchmark_group("evaluate");
    for case in cases::all() {
        let prepared = case.prepare(&schema, &limits);
        group.bench_function(BenchmarkId::new("program", case.name), |bencher| {
            bencher.iter(|| {
                let transaction = black_box(&prepared.transaction);
                prepared.program.decide(&mut Evaluation::new(transaction, &zone, &mut scratch))
            });
        });
        group.bench_function(BenchmarkId::new("by hand", case.name), |bencher| {
            bencher.iter(|| black_box(&case.by_hand)(black_box(&prepared.bill)));
        });
    }
}

criterion_group!(benches, parse, check, compile, read, evaluate);
criterion_main!(benches);
