//! W6: a line of JSON to the decisions of 100 rules.

use std::hint::black_box;

use target_rules::{Evaluation, Layout, Program, Rule, RuleSet, Scratch, Truth};

use crate::Setting;
use crate::contenders::{Contender, compare};
use target_rules_testing::workloads::bill::Bill;
use target_rules_testing::workloads::by_hand::{ByHand, by_hand};
use target_rules_testing::workloads::clock::figure;
use target_rules_testing::workloads::condition::OURS;
use target_rules_testing::workloads::generator;
use target_rules_testing::workloads::set_calls;

/// Lines a second, of which every way reads what it needs.
pub(crate) fn lines(setting: &Setting) {
    let (shapes, lines) = (generator::rules(100, 0), generator::transactions(100, 0));
    let texts = shapes.iter().map(|shape| OURS.of(&shape.condition()).unwrap());
    let rules: Vec<Rule> = texts.map(|text| setting.checked(&text)).collect();
    let set = RuleSet::new(rules.iter().cloned().enumerate()).unwrap();
    let layout = Layout::of(&rules);
    let programs: Vec<Program> = rules.iter().map(|rule| layout.compile(rule).unwrap()).collect();
    let hands: Vec<ByHand> = shapes.iter().map(by_hand).collect();

    let by_hand: Contender<'_> = Box::new(|number, hold| {
        let bill = Bill::read_plain(black_box(&lines[number]));
        hold.extend((0..hands.len()).filter(|at| hands[*at](&bill)));
    });
    let (mut scratch, mut transaction) = (Scratch::default(), set.layout().blank());
    let (set, zone, limits, lines) = (&set, &setting.zone, &setting.limits, &lines);
    let at_once: Contender<'_> = Box::new(move |number, hold| {
        set.layout().read_into(black_box(&lines[number]), limits, &mut transaction).unwrap();
        let mut evaluation = Evaluation::new(&transaction, zone, &mut scratch);
        set_calls::matching(set, &mut evaluation, |id, _| hold.push(*id));
    });
    let (mut scratch, mut transaction) = (Scratch::default(), layout.blank());
    let one_by_one: Contender<'_> = Box::new(|number, hold| {
        layout.read_into(black_box(&lines[number]), limits, &mut transaction).unwrap();
        let mut evaluation = Evaluation::new(&transaction, zone, &mut scratch);
        hold.extend((0..programs.len()).filter(|at| programs[*at].decide(&mut evaluation) == Truth::True));
    });

    let outcome = compare(vec![by_hand, at_once, one_by_one], lines.len(), setting.of(15, 3));
    let bytes = lines.iter().map(String::len).sum::<usize>() / lines.len();
    println!(
        "| W6: {bytes} bytes to the decisions of 100 rules | lines a second | rate, by hand is 1 | spread |"
    );
    println!("|---|---:|---:|---:|");
    for (name, contender) in [("set", 1), ("one by one", 2), ("by hand", 0)] {
        let pace = outcome.paces[contender];
        println!(
            "| {name} | {} | {:.2} | {:.0} % |",
            figure(1e9 / pace.nanoseconds),
            1.0 / pace.ratio,
            pace.spread
        );
    }
}
