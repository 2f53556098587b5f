//! The generators reach everything: a property over cases that never come is
//! no property.

use std::collections::{BTreeMap, BTreeSet};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use target_rules::{Ast, Limits, Truth};

use target_rules_testing::generate::catalog::catalog;
use target_rules_testing::generate::expression::Receiver;
use target_rules_testing::generate::{self, Expression, checked, mutation, rule};

/// The same values in every run.
fn first<T: std::fmt::Debug>(count: usize, strategy: impl Strategy<Value = T>) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

#[test]
fn rules_name_the_whole_schema() {
    let mut named = BTreeSet::new();
    for rule in first(4_000, rule::rules()) {
        rule.visit(&mut |part| {
            named.insert(match part {
                Expression::Attribute { profile, name, .. } => format!("{profile}.{name}"),
                Expression::Call { receiver: Receiver::Profile(profile), method, .. } => {
                    format!("{profile}.{method}()")
                }
                Expression::Call { method, .. } => format!(".{method}()"),
                Expression::Prefix(operator, _) => operator.to_string(),
                Expression::Binary(operator, ..) | Expression::Chain(operator, _) => (*operator).to_owned(),
                _ => return,
            });
        });
    }
    let mut expected: BTreeSet<String> =
        ["!", "-", "+", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "&&", "||"]
            .map(str::to_owned)
            .into();
    for (profile, of) in &catalog().profiles {
        expected.extend(of.attributes.keys().map(|name| format!("{profile}.{name}")));
        expected.extend(of.methods.keys().map(|name| format!("{profile}.{name}()")));
    }
    expected.extend(catalog().values.values().flat_map(|of| of.keys().map(|name| format!(".{name}()"))));
    let missing: Vec<&String> = expected.difference(&named).collect();
    assert!(missing.is_empty(), "no rule names {missing:?}");
}

#[test]
fn decisions_are_of_every_kind() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let cases = first(500, generate::cases());
    let of_all = cases.len();
    for case in cases {
        let rule = checked(&case.rule.text());
        let decision = rule.decide(&generate::read(&[&rule], &case.transaction), &generate::zone(case.zone));
        let unrolled = if rule.unrolls() { " of entries" } else { "" };
        *seen.entry(format!("{}{unrolled}", decision.result)).or_default() += 1;
        if decision.result == Truth::Unknown {
            let absent = if decision.absent.is_empty() { 0 } else { 1 };
            *seen.entry("absent".to_owned()).or_default() += absent;
            for fault in decision.faults {
                *seen.entry(fault.code.name().to_owned()).or_default() += 1;
            }
        }
    }
    let least = |kind: &str, percent: usize| {
        let count = seen.get(kind).copied().unwrap_or(0);
        assert!(count * 100 >= percent * of_all, "{count} of {of_all} are {kind}: {seen:?}");
    };
    for (kind, percent) in [("true", 12), ("false", 12), ("unknown", 8), ("absent", 8)] {
        least(kind, percent);
    }
    for kind in ["true of entries", "false of entries", "unknown of entries"] {
        least(kind, 2);
    }
    for kind in ["division-by-zero", "invalid-date", "number-overflow"] {
        assert!(seen.contains_key(kind), "no decision has the fault {kind}: {seen:?}");
    }
}

#[test]
fn mutated_text_is_sometimes_a_rule_and_sometimes_none() {
    let texts = first(300, mutation::mutated_text());
    let limits = Limits::default();
    let read = texts.iter().filter(|text| Ast::from_text(text, &limits).is_ok()).count();
    assert!((30..=270).contains(&read), "{read} of {} are read", texts.len());
}
