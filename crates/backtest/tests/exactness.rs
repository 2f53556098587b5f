//! The report is that of a plain count of all documents, one after the other, by the
//! interpreter and the ledger; and the same to the byte however the work is cut.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{Files, bills, finished, options, plan_of_rules, rules};
use target_rules::value::Total;
use target_rules::{Limits, Rule, Truth, Zone};
use target_rules_backtest::{Amount, FileSplit, Partial, PlainReading, Report, Share, count, count_splits};

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
        for split_bytes in [300, 9_999, u64::MAX] {
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

/// Parts that were counted apart, written and read again, in any order and any grouping.
#[test]
fn parts_join_in_any_order_to_the_same_report() {
    let files = Files::of(&[("a.ndjson", lines()), ("b.ndjson", bills(50))]);
    let mut options = options();
    (options.split_bytes, options.reasons_every) = (20_000, Some(2));
    let plan = plan_of_rules(&rules(40), options);
    let paths = files.paths();
    let expected = json(&finished(&plan, &paths).report);
    let found = target_rules_backtest::Files::of(&paths).unwrap();
    let never = std::sync::atomic::AtomicBool::new(false);
    let share = |number| {
        let share = Share { number, of: 5 };
        let part = count(&plan, &found, &PlainReading, share, &never, &mut |_| {}).unwrap();
        let mut bytes = Vec::new();
        part.write(&plan, &mut bytes).unwrap();
        assert!(Partial::read(&plan, &mut &bytes[..bytes.len() - 1]).is_err(), "cut off");
        Partial::read(&plan, &mut bytes.as_slice()).unwrap()
    };
    let joined = |order: &[usize]| {
        let mut parts = order.iter().map(|number| share(*number));
        let mut first = parts.next().unwrap();
        parts.for_each(|part| first.join(part).unwrap());
        first
    };
    for order in [[0, 1, 2, 3, 4], [4, 2, 0, 3, 1]] {
        assert_eq!(json(&joined(&order).finish(&plan, &found).unwrap().report), expected);
    }
    let mut grouped = joined(&[3, 1]);
    let mut others = joined(&[4]);
    others.join(joined(&[2, 0])).unwrap();
    grouped.join(others).unwrap();
    assert_eq!(json(&grouped.finish(&plan, &found).unwrap().report), expected);

    let mut twice = joined(&[0, 1]);
    assert!(twice.join(share(1)).unwrap_err().to_string().contains("two parts have counted"));
    let some = joined(&[0, 1, 2, 4]).finish(&plan, &found).unwrap().report;
    assert!(!some.input.whole, "a part is missing");
    let other = plan_of_rules(&rules(41), crate::common::options());
    let mut bytes = Vec::new();
    share(0).write(&plan, &mut bytes).unwrap();
    assert!(Partial::read(&other, &mut bytes.as_slice()).unwrap_err().to_string().contains("another plan"));
}

/// Files that a caller cuts at any byte: inside of lines, between the two bytes of their
/// ends, at the first and the last byte.
#[test]
fn splits_that_are_cut_anywhere_give_the_same_report() {
    let mut bills = bills(12);
    bills.insert(3, "{\"currentTxn\": {\"value\": \"much\"}}\r".to_owned());
    bills.insert(5, "\r".to_owned());
    let files = Files::of(&[("a.ndjson", bills), ("b.ndjson", Vec::new())]);
    let plan = plan_of_rules(&rules(10), options());
    let paths = files.paths();
    let expected = json(&finished(&plan, &paths).report);
    let found = target_rules_backtest::Files::of(&paths).unwrap();
    let never = std::sync::atomic::AtomicBool::new(false);
    let counted =
        |splits: &[FileSplit]| count_splits(&plan, &found, &PlainReading, splits, &never, &mut |_| {});
    let split = |start, end| FileSplit { path: paths[0].clone(), start, end };
    let length = std::fs::metadata(&paths[0]).unwrap().len();
    for cut in (1..length).step_by(7).chain([length - 1]) {
        let mut all = counted(&[split(cut, None)]).unwrap();
        all.join(counted(&[split(0, Some(cut))]).unwrap()).unwrap();
        assert_eq!(json(&all.finish(&plan, &found).unwrap().report), expected, "cut at {cut}");
    }
    for bytes in [60, 333, u64::MAX] {
        let all = counted(&found.cut(bytes)).unwrap();
        assert_eq!(json(&all.finish(&plan, &found).unwrap().report), expected, "splits of {bytes}");
    }

    let gap = counted(&[split(0, Some(90)), split(91, None)]).unwrap();
    assert!(!gap.finish(&plan, &found).unwrap().report.input.whole, "a byte is missing");
    for (first, second) in
        [((0, Some(90)), (89, None)), ((40, Some(41)), (0, None)), ((7, None), (7, Some(8)))]
    {
        let mut part = counted(&[split(first.0, first.1)]).unwrap();
        let twice = part.join(counted(&[split(second.0, second.1)]).unwrap()).unwrap_err();
        assert!(twice.to_string().contains("two parts have counted"), "{first:?} {second:?}");
    }
    let nowhere = FileSplit { path: "nowhere".to_owned(), start: 0, end: None };
    for none in [nowhere, split(9, Some(9)), split(length, None)] {
        assert!(counted(std::slice::from_ref(&none)).is_err(), "{none:?}");
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
                        *plain.days.entry(date.get(..10).unwrap().to_owned()).or_default() += 1;
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
            let within = plain
                .customers
                .values()
                .filter(|hits| (band.from..=band.to.unwrap_or(u64::MAX)).contains(hits));
            assert_eq!(band.customers, within.count() as u64, "{rule} {band:?}");
        }
        let days: BTreeMap<String, u64> =
            target.days.iter().map(|day| (day.day.clone(), day.transactions)).collect();
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

/// Rules that say the same are counted together; their reports are those of each alone.
#[test]
fn rules_that_say_the_same_are_told_as_if_each_were_alone() {
    let files = Files::of(&[("a.ndjson", lines())]);
    let rules = rules(30);
    // Each again in another order, two of them more than twice.
    let order: Vec<usize> = (0..30).chain((0..30).rev()).chain([3, 3, 4]).collect();
    let repeated: Vec<Rule> = order.iter().map(|at| rules[*at].clone()).collect();
    let with = |focus: &[usize]| {
        let mut options = options();
        options.reasons_every = Some(1);
        options.focus = Some(focus.iter().map(|at| (at + 1).to_string()).collect());
        options
    };
    let once = finished(&plan_of_rules(&rules, with(&[3, 4])), &files.paths()).report;
    let plan = plan_of_rules(&repeated, with(&[3, 4, 55, 60]));
    let again = finished(&plan, &files.paths()).report;
    assert_eq!(again.targets.len(), order.len());
    for (place, (target, at)) in again.targets.iter().zip(&order).enumerate() {
        let mut expected = once.targets[*at].clone();
        expected.id = (place + 1).to_string();
        assert_eq!(*target, expected);
    }
    // 55 and 60 say what 4 and 3 say.
    let of = |report: &Report, place: usize| serde_json::to_value(&report.focus[place]).unwrap();
    for (place, first) in [(0, 0), (1, 1), (2, 1), (3, 0)] {
        let (told, expected) = (of(&again, place), of(&once, first));
        assert_eq!((&told["clauses"], &told["curves"]), (&expected["clauses"], &expected["curves"]));
    }
    let both = |place: usize| again.overlap[place].both;
    let eligible = |at: usize| once.targets[at].eligible;
    assert!(eligible(3) > 0 && eligible(4) > 0 && eligible(3) != eligible(4), "the rules differ");
    // Of 3 with 4, 55 and 60, then of 4 with 55.
    assert_eq!((both(2), both(3)), (eligible(3), eligible(4)));
    assert_eq!((both(0), both(1)), (once.overlap[0].both, once.overlap[0].both));
}
