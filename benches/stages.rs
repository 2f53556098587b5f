//! What each stage costs, over one table of named rules.
#![allow(missing_docs, reason = "criterion's macros write undocumented functions")]
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use target_rules::{Ast, Layout, Limits, Rule, Schema, TreeStyle, Zone};

const RULES: [(&str, &str); 3] = [
    ("threshold", "currentTxn.basketAmountSumNonDiscounted>25"),
    (
        "tiers",
        r#"currentTxn.value>=100&&currentTxn.discount==0&&(currentCustomer.slabName=="Gold"||currentCustomer.slabName=="Platinum")&&currentCustomer.numberOfVisits>=5"#,
    ),
    (
        "weekend",
        r#"currentTxn.date.isWeekend()&&(currentCustomer.slabName=="Gold"||currentTxn.basketSum("brand","Puma")>2000)"#,
    ),
];

const DOCUMENT: &str = r#"{"currentTxn": {"number": "b1", "date": "2026-03-07T12:20:20.000+0530", "value": 2500.00, "discount": 0,
    "lineItems": [{"code": "221900", "qty": 2, "rate": 1000.005, "discount": 0, "attributes": {"brand": "Puma"}},
                  {"code": "100100", "qty": 1, "rate": 499.99, "discount": 0, "attributes": {"brand": "Reed"}}]},
    "currentCustomer": {"id": 19721, "slabName": "Platinum", "numberOfVisits": 7}}"#;

fn stages(criterion: &mut Criterion) {
    let limits = Limits::default();
    let schema = Schema::standard();
    let checked = |text: &str| -> Rule {
        Ast::from_text(text, &limits).unwrap().check(&schema, &limits).into_rule().unwrap()
    };
    for (name, text) in RULES {
        let rule = checked(text);
        let tree = rule.to_tree(TreeStyle::Compact, limits.rule_tree).unwrap();
        let ast = Ast::from_text(text, &limits).unwrap();
        let layout = Layout::of([&rule]);
        let transaction = layout.read(DOCUMENT, &limits).unwrap();
        let mut group = criterion.benchmark_group(name);
        group.bench_function("parse text", |bencher| {
            bencher.iter(|| Ast::from_text(black_box(text), &limits))
        });
        group.bench_function("parse tree", |bencher| {
            bencher.iter(|| Ast::from_tree(black_box(&tree), &limits))
        });
        group.bench_function("check", |bencher| bencher.iter(|| black_box(&ast).check(&schema, &limits)));
        group.bench_function("read transaction", |bencher| {
            bencher.iter(|| layout.read(black_box(DOCUMENT), &limits))
        });
        group.bench_function("decide, oracle", |bencher| {
            bencher.iter(|| black_box(&rule).decide(black_box(&transaction), &Zone::UTC));
        });
        group.finish();
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
