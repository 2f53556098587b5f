//! What is said of many rules is what is said of each pair of them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use target_rules::{Ast, Layout, Limits, Rule, Schema, Zone};
use target_rules_analysis::{Options, Overlap, Overlaps, overlap};
use target_rules_testing::workloads::documented::{self, KINDS, Origin};

fn documented(count: usize, seed: u64) -> Vec<Rule> {
    let (limits, schema) = (Limits::default(), Schema::standard());
    let rules = documented::rules(Origin::best(), &KINDS[0], count, seed, &schema, &limits);
    rules.into_iter().map(|(_, rule)| rule).collect()
}

fn checked(text: &str) -> Rule {
    let limits = Limits::default();
    Ast::from_text(text, &limits).unwrap().check(&Schema::standard(), &limits).into_rule().unwrap()
}

/// Rules whose needs touch at their edges, and rules of items, which may be others.
const NEIGHBOURS: &[&str] = &[
    "currentTxn.value > 5",
    "currentTxn.value >= 5",
    "currentTxn.value < 5 && currentCustomer.isLoyal",
    "currentTxn.value <= 5",
    "currentTxn.value == 5",
    "currentTxn.value == 6 || currentTxn.value == 5",
    "currentTxn.value > 4.5 && currentTxn.value < 5.5",
    r#"currentCustomer.slabName == "Gold" && currentTxn.value > 1"#,
    r#"currentCustomer.slabName == "Silver" || currentCustomer.slabName == "Platinum""#,
    r#"currentCustomer.slabName.contains("Go")"#,
    r#"currentCustomer.slabName.matches("^S.*r$")"#,
    r#"currentCustomer.slabName != "Gold""#,
    "currentLineItem.qty > 3",
    "currentLineItem.qty < 2",
    "false",
    "true",
];

#[test]
fn all_pairs_are_as_each_by_itself() {
    let rules: Vec<Rule> = NEIGHBOURS.iter().map(|text| checked(text)).chain(documented(30, 5)).collect();
    let options = Options::default();
    let all = Overlaps::new(rules.iter().collect(), &options);
    let mut impossible = 0;
    for (first, one) in rules.iter().enumerate() {
        for (second, other) in rules.iter().enumerate() {
            let told = || format!("{}  |  {}", one.to_text(), other.to_text());
            match (all.of(first, second), overlap(one, other, &options)) {
                (Overlap::Possible(document), Overlap::Possible(_)) => {
                    let transaction = Layout::of([one, other]).read(&document, &options.limits).unwrap();
                    let holds = |rule: &Rule| rule.decide(&transaction, &Zone::UTC).result.is_true();
                    assert!(holds(one) && holds(other), "{document}: {}", told());
                }
                (Overlap::Impossible, Overlap::Impossible) => impossible += 1,
                (found, alone) => panic!("{found:?}, and alone {alone:?}: {}", told()),
            }
        }
    }
    assert!(impossible > 50, "{impossible}");
}

/// Searches of all pairs have one bound: patterns that are walked for each pair
/// anew are not known of any more, and what needs no search still is.
#[test]
fn all_searches_together_are_bounded() {
    let pattern = |at: usize| format!(r#"currentCustomer.slabName.matches("^[a-z]{{{at}}}[0-9]{{9}}x$")"#);
    let mut rules: Vec<Rule> = (0..30).map(|at| checked(&pattern(at))).collect();
    rules.extend([checked("currentTxn.value > 5"), checked("currentTxn.value < 3")]);
    let options = Options { work: 500, ..Options::default() };
    let all = Overlaps::new(rules.iter().collect(), &options);
    let pairs = (0..30).flat_map(|first| (0..first).map(move |second| (first, second)));
    let unknown = pairs.filter(|(first, second)| matches!(all.of(*first, *second), Overlap::Unknown(_)));
    assert!(unknown.count() > 400);
    assert_eq!(all.of(30, 31), Overlap::Impossible);
}

/// How long all pairs take; `tests/long` runs it in release.
#[test]
#[ignore = "measures"]
fn all_pairs_take_no_longer_than_they_may() {
    for (count, most) in [(500, Duration::from_secs(10)), (1_000, Duration::from_secs(30))] {
        let rules = documented(count, 7);
        let options = Options::default();
        let start = Instant::now();
        let all = Overlaps::new(rules.iter().collect(), &options);
        let made = start.elapsed();
        let mut told = [0; 3];
        for first in 0..count {
            for second in first + 1..count {
                told[match all.of(first, second) {
                    Overlap::Possible(_) => 0,
                    Overlap::Impossible => 1,
                    Overlap::Unknown(_) => 2,
                }] += 1;
            }
        }
        let all = start.elapsed();
        println!("{count} rules: {told:?} possible, impossible, unknown in {all:?}, {made:?} of it to begin");
        assert!(all < most && told[2] * 20 <= told[0], "{count} rules: {told:?} in {all:?}");
    }
}
