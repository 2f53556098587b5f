//! How long it takes to compare two rules: of a hundred clauses each, and the
//! rules of public documentation, where they are; and to find what makes a rule
//! true.
#![allow(missing_docs, reason = "criterion's macros write undocumented functions")]
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use target_rules::{Ast, Limits, Rule, Schema};
use target_rules_analysis::{Options, diff, lint, nearest};
use target_rules_testing::workloads::compared;

fn checked(text: &str) -> Option<Rule> {
    let limits = Limits::default();
    Ast::from_text(text, &limits).ok()?.check(&Schema::standard(), &limits).into_rule().ok()
}

/// A rule keeps its condition once it is made; that is not measured here.
fn hundred_clauses(criterion: &mut Criterion) {
    let options = Options::default();
    let mut group = criterion.benchmark_group("diff");
    for pair in compared::pairs() {
        let (old, new) = (checked(&pair.old).unwrap(), checked(&pair.new).unwrap());
        println!("{}: {:?}", pair.name, diff(&old, &new, &options).verdict);
        group.bench_function(pair.name, |bencher| {
            bencher.iter(|| diff(black_box(&old), black_box(&new), &options));
        });
    }
}

/// Each rule beside the next one, and what is found in each: all of them a round.
fn documented(criterion: &mut Criterion) {
    let Some(folder) = std::env::var_os("TARGET_RULES_SHARED") else {
        eprintln!("skipped: TARGET_RULES_SHARED names no folder with corpus/expressions.jsonl");
        return;
    };
    let lines =
        std::fs::read_to_string(std::path::Path::new(&folder).join("corpus/expressions.jsonl")).unwrap();
    let texts = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let rules: Vec<Rule> =
        texts.filter_map(|row| checked(row.get("dsl").and_then(|text| text.as_str())?)).collect();
    let options = Options::default();
    let mut group = criterion.benchmark_group("documented");
    group.sample_size(10);
    group.bench_function(format!("diff of {} pairs", rules.len().saturating_sub(1)), |bencher| {
        bencher.iter(|| {
            for (old, new) in rules.iter().zip(rules.iter().skip(1)) {
                drop(black_box(diff(old, new, &options)));
            }
        });
    });
    group.bench_function(format!("lint of {} rules", rules.len()), |bencher| {
        bencher.iter(|| {
            for rule in &rules {
                drop(black_box(lint(rule, &options)));
            }
        });
    });
}

/// A bill that lacks something, and rules that it is near to.
fn nearly_true(criterion: &mut Criterion) {
    let rules = [
        ("an amount", "currentTxn.value > 500".to_owned()),
        (
            "an amount and a brand",
            r#"currentTxn.value > 500 && currentTxn.basketQty("brand", "Puma") >= 3"#.to_owned(),
        ),
        (
            "a weekend after a day",
            "currentTxn.date.isAfter(2027,1,1) && currentTxn.date.isWeekend()".to_owned(),
        ),
        ("a leap day", "currentTxn.date.month() == 2 && currentTxn.date.dayOfMonth() == 29".to_owned()),
        ("arithmetic", "currentTxn.value - currentTxn.discount >= 500".to_owned()),
        ("nothing that may change", r#"currentCustomer.slabName == "Gold""#.to_owned()),
    ];
    let hundred = compared::pairs().into_iter().map(|pair| (pair.name, pair.new));
    let (schema, options) = (Schema::standard(), Options::default());
    let mut group = criterion.benchmark_group("nearest");
    for (name, text) in rules.into_iter().chain(hundred) {
        let rule = checked(&text).unwrap();
        let found = nearest(&rule, compared::BILL, &schema, &options).unwrap();
        println!("{name}: {}", serde_json::to_string(&found).unwrap());
        group.bench_function(name, |bencher| {
            bencher.iter(|| nearest(black_box(&rule), black_box(compared::BILL), &schema, &options));
        });
    }
}

criterion_group!(benches, hundred_clauses, documented, nearly_true);
criterion_main!(benches);
