//! W4: what a transaction costs as rules become more.

use crate::Setting;
use crate::contenders::{Prepared, by_hand, compare, indexed_by_hand};
use crate::picture::{self, Curve};
use target_rules_testing::workloads::bill::Bill;
use target_rules_testing::workloads::by_hand::{self, ByHand};
use target_rules_testing::workloads::clock::{count, figure};
use target_rules_testing::workloads::condition::OURS;
use target_rules_testing::workloads::generator;
use target_rules_testing::workloads::index_by_hand::IndexByHand;

const ROUNDS: usize = 9;
const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];
/// The contenders in the order in which they are drawn, the last above all.
const NAMES: [&str; 4] = ["by hand", "one by one", "by hand, indexed", "rule set"];

/// The table of sizes, and the picture where one is asked for.
pub(crate) fn growth(setting: &Setting) {
    let sizes = setting.of(SIZES.as_slice(), &SIZES[..2]);
    let lines = generator::transactions(setting.of(100, 10), 0);
    let bills: Vec<Bill> = lines.iter().map(|line| Bill::read_plain(line)).collect();
    let mut curves = NAMES.map(|name| Curve { name, points: Vec::new() });
    println!(
        "| W4, rules | set, µs | one by one, µs | by hand, indexed, µs | by hand, µs | spread | rules that hold |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|");
    for size in sizes {
        let shapes = generator::rules(*size, 0);
        let texts: Vec<String> = shapes.iter().map(|shape| OURS.of(&shape.condition()).unwrap()).collect();
        let prepared = Prepared::new(setting, texts.iter(), &lines);
        let hands: Vec<ByHand> = shapes.iter().map(by_hand::by_hand).collect();
        let index = IndexByHand::of(&shapes);
        let contenders = vec![
            by_hand(&hands, &bills),
            prepared.one_by_one(),
            indexed_by_hand(&index, &bills),
            prepared.set(),
        ];
        let outcome = compare(contenders, lines.len(), setting.of(ROUNDS, 3));
        for (contender, curve) in curves.iter_mut().enumerate() {
            curve.points.push((*size as f64, outcome.microseconds(contender)));
        }
        let cell = |contender: usize| {
            format!("{} ({:.3})", figure(outcome.microseconds(contender)), outcome.paces[contender].ratio)
        };
        println!(
            "| {} | {} | {} | {} | {} | {:.0} % | {} |",
            count(*size),
            cell(3),
            cell(1),
            cell(2),
            figure(outcome.microseconds(0)),
            outcome.spread(),
            figure(outcome.matches)
        );
    }
    if let Some(path) = &setting.picture {
        picture::draw(path, &curves).unwrap();
    }
}
