//! What the set says of one transaction.

use target_rules::{Evaluation, Truth};

use crate::plan::Plan;

use super::bits::{BitCounts, Bits, WORD, ones};

/// What was decided of a transaction; its memory is used for the next one again.
#[derive(Debug)]
pub(super) struct Decided {
    /// The tallies that it hits, rising.
    pub(super) hits: Vec<u32>,
    /// Of each member of the set, by its number, whether its rule is true, or unknown.
    pub(super) rules: Truths,
    /// Of each target in focus, what it says, its rule, and its filters.
    pub(super) focus: Vec<OfFocus>,
    /// Those that are unknown although their rule is true.
    pub(super) unknown_by_filters: Vec<u32>,
    /// Of each tally, what its subjects say.
    pub(super) tallies: Truths,
    /// The tallies whose rule alone decides.
    plain: Bits,
    /// How many tallies there are.
    count: usize,
    /// The tally of each target in focus.
    in_focus: Vec<Option<usize>>,
    eligible: BitCounts,
    unknown: BitCounts,
}

/// What many rules say: those in neither are false.
#[derive(Debug)]
pub(super) struct Truths {
    pub(super) true_ones: Bits,
    unknown: Bits,
}

/// What a target in focus says.
#[derive(Debug, Clone, Copy)]
pub(super) struct OfFocus {
    pub(super) whole: Truth,
    pub(super) rule: Truth,
    pub(super) admitted: Truth,
}

impl Truths {
    fn of(count: usize) -> Truths {
        Truths { true_ones: Bits::of(count), unknown: Bits::of(count) }
    }

    fn clear(&mut self) {
        self.true_ones.clear();
        self.unknown.clear();
    }

    #[inline]
    pub(super) fn at(&self, at: usize) -> Truth {
        if self.true_ones.has(at) {
            Truth::True
        } else if self.unknown.has(at) {
            Truth::Unknown
        } else {
            Truth::False
        }
    }
}

impl Decided {
    pub(super) fn of(plan: &Plan) -> Decided {
        let count = plan.tallies.len();
        let mut plain = Bits::of(count);
        (0..count).filter(|at| plan.is_plain(*at)).for_each(|at| plain.set(at));
        let nothing = OfFocus { whole: Truth::False, rule: Truth::False, admitted: Truth::True };
        Decided {
            hits: Vec::new(),
            rules: Truths::of(plan.set.len()),
            focus: vec![nothing; plan.focus.len()],
            unknown_by_filters: Vec::new(),
            tallies: Truths::of(count),
            plain,
            count,
            in_focus: plan.focus.iter().map(|focus| plan.tallies.tally(focus.subject)).collect(),
            eligible: BitCounts::of(count),
            unknown: BitCounts::of(count),
        }
    }

    /// Decides all rules, and counts for each tally whether it is hit, and whether it is unknown.
    pub(super) fn decide(
        &mut self,
        plan: &Plan,
        evaluation: &mut Evaluation<'_>,
        (eligible, unknown): (&mut [u64], &mut [u64]),
    ) {
        let transaction = evaluation.transaction();
        self.rules.clear();
        let rules = &mut self.rules;
        // INVARIANT: the transaction was read for the layout of the set, whose rules are numbered
        // in their order.
        let _ = plan.set.words(evaluation, |numbers, truths, unknowns| {
            let from = numbers.first().map_or(usize::MAX, |number| position(*number));
            rules.true_ones.put(from, truths);
            rules.unknown.put(from, unknowns);
        });
        self.tally(plan, transaction);
        self.eligible.add(&self.tallies.true_ones.words, eligible);
        self.unknown.add(&self.tallies.unknown.words, unknown);
        for ((of, asked), tally) in self.focus.iter_mut().zip(&plan.focus).zip(&self.in_focus) {
            let target = plan.subjects.get(asked.subject).and_then(|subject| subject.target());
            let admitted = target.map_or(Truth::True, |target| plan.filters.admit(target, transaction));
            let at = tally.unwrap_or(usize::MAX);
            *of = OfFocus { whole: self.tallies.at(at), rule: self.rules.at(at), admitted };
        }
    }

    /// What subjects say by what their rules do.
    fn tally(&mut self, plan: &Plan, transaction: &target_rules::Transaction) {
        let Decided { hits, rules, unknown_by_filters, tallies, plain, count, .. } = self;
        hits.clear();
        unknown_by_filters.clear();
        tallies.clear();
        for (place, first) in (0..*count).step_by(WORD).enumerate() {
            // Behind the tallies stand the rules of clauses.
            let own = if *count - first < WORD { (1 << (*count - first)) - 1 } else { u64::MAX };
            let [truths, unknowns, plain] =
                [&rules.true_ones, &rules.unknown, plain].map(|bits| bits.word(place) & own);
            tallies.true_ones.put(first, truths & plain);
            tallies.unknown.put(first, unknowns & plain);
            for at in ones((truths | unknowns) & !plain).map(|at| first + at) {
                match plan.whole(at, rules.at(at), transaction) {
                    Truth::True => tallies.true_ones.set(at),
                    Truth::Unknown => {
                        tallies.unknown.set(at);
                        if rules.true_ones.has(at) {
                            unknown_by_filters.extend(u32::try_from(at));
                        }
                    }
                    Truth::False => {}
                }
            }
            let tallied = ones(tallies.true_ones.word(place)).map(|at| first + at);
            hits.extend(tallied.filter_map(|at| u32::try_from(at).ok()));
        }
    }

    /// Adds what was counted last to whole counts.
    pub(super) fn write_counts(&mut self, eligible: &mut [u64], unknown: &mut [u64]) {
        self.eligible.write(eligible);
        self.unknown.write(unknown);
    }
}

fn position(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
