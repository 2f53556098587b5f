//! What becomes of the set where rules have more or less in common, hold more
//! or less often, or are of kinds that are hard to decide at once.

use std::collections::BTreeSet;

use crate::Setting;
use crate::contenders::{Outcome, Prepared, by_hand, compare};
use target_rules_testing::workloads::bill::Bill;
use target_rules_testing::workloads::by_hand::ByHand;
use target_rules_testing::workloads::clock::{count, figure};
use target_rules_testing::workloads::generator;
use target_rules_testing::workloads::language::{KINDS, Kind};
use target_rules_testing::workloads::offers::{Offer, holding, in_common};

const RULES: usize = 10_000;
const RULES_QUICK: usize = 300;
const ROUNDS: usize = 9;

/// The set, one by one and by hand.
fn outcome_of(setting: &Setting, offers: Vec<Offer>) -> Outcome {
    let lines = generator::transactions(setting.of(100, 10), 0);
    let bills: Vec<Bill> = lines.iter().map(|line| Bill::read_plain(line)).collect();
    let prepared = Prepared::new(setting, offers.iter().map(|offer| &offer.text), &lines);
    let hands: Vec<ByHand> = offers.into_iter().map(|offer| offer.by_hand).collect();
    let contenders = vec![by_hand(&hands, &bills), prepared.set(), prepared.one_by_one()];
    compare(contenders, lines.len(), setting.of(ROUNDS, 3))
}

/// The cells of a row that do not name it; ratios are to the rules by hand.
fn cells(outcome: &Outcome, rules: usize) -> String {
    let cell = |contender: usize| {
        format!("{} ({:.2})", figure(outcome.microseconds(contender)), outcome.paces[contender].ratio)
    };
    format!(
        "{} | {} | {} | {:.0} % | {:.2} %",
        cell(1),
        cell(2),
        figure(outcome.microseconds(0)),
        outcome.spread(),
        outcome.matches * 100.0 / rules as f64
    )
}

/// How much tests that many rules have in common are worth.
pub(crate) fn shares(setting: &Setting) {
    let rules = setting.of(RULES, RULES_QUICK);
    println!(
        "| {} rules: tests from a common pool | tests that differ | set, µs | one by one, µs | by hand, µs | spread | hold |",
        count(rules)
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|");
    for common in [0, 50, 90] {
        let offers = in_common(rules, common, 0);
        let tests = || offers.iter().flat_map(|offer| offer.text.split(" && "));
        let differing = tests().collect::<BTreeSet<_>>().len() as f64 / tests().count() as f64;
        let outcome = outcome_of(setting, offers);
        println!("| {common} % | {:.0} % | {} |", differing * 100.0, cells(&outcome, rules));
    }
}

/// What it costs that more rules hold.
pub(crate) fn matches(setting: &Setting) {
    let rules = setting.of(RULES, RULES_QUICK);
    println!(
        "| {} rules: made to hold | set, µs | one by one, µs | by hand, µs | spread | hold |",
        count(rules)
    );
    println!("|---:|---:|---:|---:|---:|---:|");
    for percent in [0.1, 1.0, 10.0, 50.0] {
        let outcome = outcome_of(setting, holding(rules, percent / 100.0, 0));
        println!("| {percent} % | {} |", cells(&outcome, rules));
    }
}

fn outcome_of_kind(setting: &Setting, kind: &Kind, rules: usize) -> Outcome {
    let (texts, lines) = ((kind.rules)(rules, 0), (kind.documents)(setting.of(40, 10), 0));
    let prepared = Prepared::new(setting, texts.iter(), &lines);
    compare(vec![prepared.one_by_one(), prepared.set()], lines.len(), setting.of(ROUNDS, 3))
}

/// Sets of few and of many rules that give an index little or nothing to do.
pub(crate) fn adversarial(setting: &Setting) {
    let sizes = setting.of([10, 100, 10_000], [10, 30, 100]);
    let [few, some, many] = sizes.map(count);
    println!(
        "| set to one by one | {few} rules | {some} | {many} | set, µs | one by one, µs | spread | hold |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    for kind in KINDS {
        let [few, some, many] = sizes.map(|size| outcome_of_kind(setting, &kind, size));
        println!(
            "| {} | {:.2} | {:.2} | {:.2} | {} | {} | {:.0} % | {:.1} % |",
            kind.name,
            few.paces[1].ratio,
            some.paces[1].ratio,
            many.paces[1].ratio,
            figure(many.microseconds(1)),
            figure(many.microseconds(0)),
            [few.spread(), some.spread(), many.spread()].into_iter().fold(0.0, f64::max),
            many.matches * 100.0 / sizes[2] as f64
        );
    }
}
