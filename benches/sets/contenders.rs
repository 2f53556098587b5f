//! The ways to decide many rules, held to the same answers and then timed.

use std::hint::black_box;

use target_rules::{Evaluation, Layout, Program, Rule, RuleSet, Scratch, Transaction, Truth};

use crate::Setting;
use target_rules_testing::workloads::bill::Bill;
use target_rules_testing::workloads::by_hand::ByHand;
use target_rules_testing::workloads::clock::{Pace, alternately, task};
use target_rules_testing::workloads::index_by_hand::IndexByHand;
use target_rules_testing::workloads::set_calls;

/// One way to decide all rules: adds the positions of those that hold for the
/// transaction of that number.
pub(crate) type Contender<'c> = Box<dyn FnMut(usize, &mut Vec<usize>) + 'c>;

/// Rules as a set and as programs, each with the transactions read for it.
pub(crate) struct Prepared<'s> {
    setting: &'s Setting,
    set: RuleSet<usize>,
    programs: Vec<Program>,
    of_set: Vec<Transaction>,
    of_programs: Vec<Transaction>,
}

impl<'s> Prepared<'s> {
    pub(crate) fn new<'t>(
        setting: &'s Setting,
        texts: impl Iterator<Item = &'t String>,
        lines: &[String],
    ) -> Prepared<'s> {
        let rules: Vec<Rule> = texts.map(|text| setting.checked(text)).collect();
        let set = RuleSet::new(rules.iter().cloned().enumerate()).unwrap();
        let layout = Layout::of(&rules);
        let programs = rules.iter().map(|rule| layout.compile(rule).unwrap()).collect();
        let read = |layout: &Layout| -> Vec<Transaction> {
            lines.iter().map(|line| layout.read(line, &setting.limits).unwrap()).collect()
        };
        let (of_set, of_programs) = (read(set.layout()), read(&layout));
        let prepared = Prepared { setting, set, programs, of_set, of_programs };
        prepared.assert_same_items();
        prepared
    }

    /// The line items are part of an answer; those who are timed leave them out.
    fn assert_same_items(&self) {
        let mut scratch = Scratch::default();
        for (of_set, of_programs) in self.of_set.iter().zip(&self.of_programs) {
            let (mut at_once, mut one_by_one) = (Vec::new(), Vec::new());
            let mut evaluation = Evaluation::new(of_set, &self.setting.zone, &mut scratch);
            set_calls::matching(&self.set, &mut evaluation, |id, items| at_once.push((*id, items.to_vec())));
            let mut evaluation = Evaluation::new(of_programs, &self.setting.zone, &mut scratch);
            for (id, program) in self.programs.iter().enumerate() {
                if program.decide(&mut evaluation) == Truth::True {
                    one_by_one.push((id, evaluation.items().to_vec()));
                }
            }
            at_once.sort_unstable();
            assert_eq!(at_once, one_by_one, "the set differs from its rules");
        }
    }

    pub(crate) fn set(&self) -> Contender<'_> {
        at_once(self.setting, &self.set, &self.of_set)
    }

    pub(crate) fn one_by_one(&self) -> Contender<'_> {
        let mut scratch = Scratch::default();
        Box::new(move |number, hold| {
            let transaction = black_box(&self.of_programs[number]);
            let mut evaluation = Evaluation::new(transaction, &self.setting.zone, &mut scratch);
            for (at, program) in self.programs.iter().enumerate() {
                if program.decide(&mut evaluation) == Truth::True {
                    hold.push(at);
                }
            }
        })
    }
}

/// The rules of a set, all at once.
pub(crate) fn at_once<'c>(
    setting: &'c Setting,
    set: &'c RuleSet<usize>,
    transactions: &'c [Transaction],
) -> Contender<'c> {
    let mut scratch = Scratch::default();
    Box::new(move |number, hold| {
        let transaction = black_box(&transactions[number]);
        let mut evaluation = Evaluation::new(transaction, &setting.zone, &mut scratch);
        set_calls::matching(set, &mut evaluation, |id, _| hold.push(*id));
    })
}

/// One closure after the other.
pub(crate) fn by_hand<'c>(rules: &'c [ByHand], bills: &'c [Bill]) -> Contender<'c> {
    Box::new(move |number, hold| {
        let bill = black_box(&bills[number]);
        hold.extend((0..rules.len()).filter(|at| rules[*at](bill)));
    })
}

/// The closures of those rules that an index leaves.
pub(crate) fn indexed_by_hand<'c>(index: &'c IndexByHand, bills: &'c [Bill]) -> Contender<'c> {
    Box::new(move |number, hold| index.decide(black_box(&bills[number]), hold))
}

/// What was measured of contenders, the first of which is the yardstick.
pub(crate) struct Outcome {
    /// In the order of the contenders; times are those of one transaction.
    pub(crate) paces: Vec<Pace>,
    /// How many rules hold for a transaction, on average.
    pub(crate) matches: f64,
}

impl Outcome {
    pub(crate) fn microseconds(&self, contender: usize) -> f64 {
        self.paces[contender].nanoseconds / 1e3
    }

    /// The widest spread among the contenders.
    pub(crate) fn spread(&self) -> f64 {
        self.paces.iter().map(|pace| pace.spread).fold(0.0, f64::max)
    }
}

/// Asserts that all give the same answers, then lets them take turns.
pub(crate) fn compare(mut contenders: Vec<Contender<'_>>, transactions: usize, rounds: usize) -> Outcome {
    let mut matches = 0;
    for number in 0..transactions {
        let mut answers = contenders.iter_mut().map(|decide| {
            let mut hold = Vec::new();
            decide(number, &mut hold);
            hold.sort_unstable();
            hold
        });
        let first = answers.next().unwrap();
        assert!(answers.all(|other| other == first), "the contenders differ on transaction {number}");
        matches += first.len();
    }
    let tasks = contenders.into_iter().map(|mut decide| {
        let mut hold = Vec::new();
        task(move || {
            for number in 0..transactions {
                hold.clear();
                decide(number, &mut hold);
            }
            hold.len()
        })
    });
    let mut paces = alternately(tasks.collect(), rounds);
    for pace in &mut paces {
        pace.nanoseconds /= transactions as f64;
    }
    Outcome { paces, matches: matches as f64 / transactions as f64 }
}
