//! The report is that of a plain count of all documents, one after the other, by the
//! interpreter and the ledger; and the same to the byte however the work is cut.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Files, bills, finished, options, plan_of_rules, rules};
use target_rules::value::Total;
use target_rules::{Limits, Truth, Zone};
use target_rules_backtest::{Amount, Report};

fn json(report: &Report) -> String {
    serde_json::to_string(report).unwrap()
}

/// Documents of which some can't be read, some are blank, and some lack this and that.
fn lines() -> Vec<String> {
    let mut lines = bills(300);
    lines.insert(7, String::new());
    lines.insert(11, "{\"currentTxn\": ".to_owned());
    lines.insert(100, "{\"currentTxn\": {\"value\": \"much\"}}".to_owned());
    lines.insert(200, "{}".to_owned());
    lines.push("{\"currentTxn\": {\"value\": 0.125}, \"currentCustomer\": {\"id\": 7}}".to_owned());
    lines
}

#[test]
fn the_report_is_the_same_for_any_threads_order_and_cut() {
    let files = Files::of(&[("a.ndjson", lines()), ("b.ndjson", bills(50))]);
    let plan = |change: &dyn Fn(&mut target_rules_backtest::Options)| {
        let mut options = options();
        change(&mut options);
        plan_of_rules(&rules(80), options)
    };
    let paths = files.paths();
    let reversed: Vec<String> = paths.iter().rev().cloned().collect();
    let expected = json(&finished(&plan(&|_| {}), &paths).report);
    for threads in [1, 2, 7] {
        for split_bytes in [1, 999, 40_000, u64::MAX] {
            for memory in [0, 1 << 30] {
                let plan = plan(&|options| {
                    options.threads = Some(threads);
                    options.split_bytes = split_bytes;
                    options.memory = memory;
                });
                for paths in [&paths, &reversed] {
                    let came = json(&finished(&plan, paths).report);
                    assert_eq!(came, expected, "{threads} threads, splits of {split_bytes}, memory {memory}");
                }
            }
        }
    }
}

/// What is counted of one rule by a plain loop.
#[derive(Default)]
struct Plain {
    eligible: u64,
    unknown: u64,
    amount: Total,
    customers: BTreeMap<i64, u64>,
    days: BTreeMap<String, u64>,
    absent: BTreeMap<String, u64>,
}

#[test]
fn the_report_is_that_of_a_plain_count() {
    let files = Files::of(&[("a.ndjson", lines())]);
    let rules = rules(80);
    let mut options = options();
    options.reasons_every = Some(1);
    let plan = plan_of_rules(&rules, options);
    let report = finished(&plan, &files.paths()).report;

    let (limits, zone) = (Limits::default(), Zone::UTC);
    let (mut plain, mut decided, mut unreadable) = (Vec::new(), 0, Vec::new());
    plain.resize_with(rules.len(), Plain::default);
    for (line, text) in (1..).zip(lines()).filter(|(_, text)| !text.is_empty()) {
        let Ok(transaction) = plan.layout().read(&text, &limits) else {
            unreadable.push(line);
            continue;
        };
        decided += 1;
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        for (rule, plain) in rules.iter().zip(&mut plain) {
            let decision = rule.decide(&transaction, &zone);
            match decision.result {
                Truth::True => {
                    plain.eligible += 1;
                    let value = &document["currentTxn"]["value"];
                    if !value.is_null() {
                        let value: Total = value.to_string().parse().unwrap();
                        plain.amount = plain.amount.plus(value).unwrap();
                    }
                    if let Some(customer) = document["currentCustomer"]["id"].as_i64() {
                        *plain.customers.entry(customer).or_default() += 1;
                    }
                    if let Some(date) = document["currentTxn"]["date"].as_str() {
                        *plain.days.entry(date[..10].to_owned()).or_default() += 1;
                    }
                }
                Truth::Unknown => {
                    plain.unknown += 1;
                    decision.absent.into_iter().for_each(|name| *plain.absent.entry(name).or_default() += 1);
                }
                Truth::False => {}
            }
        }
    }
    assert_eq!(report.input.transactions, decided);
    assert_eq!(report.input.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), unreadable);
    assert_eq!(report.input.unreadable, 2);
    let mut told = BTreeSet::new();
    for (target, plain) in report.targets.iter().zip(&plain) {
        let rule = &target.rule;
        assert_eq!((target.eligible, target.unknown), (plain.eligible, plain.unknown), "{rule}");
        assert_eq!(target.not_eligible, decided - plain.eligible - plain.unknown, "{rule}");
        assert_eq!(target.amount, Amount(plain.amount), "{rule}");
        assert_eq!(target.customers, plain.customers.len() as u64, "{rule}");
        for band in &target.hits_by_customer {
            let within = plain.customers.values().filter(|hits| (band.from..=band.to.unwrap_or(u64::MAX)).contains(hits));
            assert_eq!(band.customers, within.count() as u64, "{rule} {band:?}");
        }
        let days: BTreeMap<String, u64> = target.days.iter().map(|day| (day.day.clone(), day.transactions)).collect();
        assert_eq!(days, plain.days, "{rule}");
        assert_eq!(target.absent.asked, plain.unknown, "{rule}");
        for name in &target.absent.names {
            assert_eq!(plain.absent.get(&name.name), Some(&name.transactions), "{rule}");
        }
        assert_eq!(target.absent.names.len(), plain.absent.len().min(20), "{rule}");
        told.insert((plain.eligible > 0, plain.unknown > 0));
    }
    assert!(told.len() > 2, "the rules differ: {told:?}");
}
