//! Tests in the order in which they are asked, each with the test that
//! follows it: `&&`, `||` and `!` as jumps.
//!
//! Negations are pushed down to the tests, so what remains is monotone: the
//! rule is true where it holds with every unknown test failing, and not false
//! where it holds with every unknown test passing. So the first pass decides
//! most rules alone, and only where a test was unknown on its way is there a
//! second one.

use crate::value::Truth;

use super::evaluation::Evaluation;
use super::operand::Hand;
use super::test::Test;

/// A boolean of tests, joined by `&&` and `||`.
#[derive(Debug)]
pub(super) enum Formula {
    Leaf(Test, Polarity),
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

/// Whether a test passes where it is true or where it is false.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Polarity {
    Plain,
    Negated,
}

impl Polarity {
    pub(super) fn flipped(self) -> Polarity {
        match self {
            Polarity::Plain => Polarity::Negated,
            Polarity::Negated => Polarity::Plain,
        }
    }

    /// The truth at which a test passes.
    fn passing(self) -> Truth {
        match self {
            Polarity::Plain => Truth::True,
            Polarity::Negated => Truth::False,
        }
    }
}

impl Formula {
    pub(super) fn cost(&self) -> u32 {
        match self {
            Formula::Leaf(test, _) => test.cost(),
            // A chain ends early more often than not.
            Formula::All(parts) | Formula::Any(parts) => {
                parts.iter().map(Formula::cost).fold(0_u32, u32::saturating_add).saturating_add(1) / 2
            }
        }
    }

    fn tests(&self) -> usize {
        match self {
            Formula::Leaf(..) => 1,
            Formula::All(parts) | Formula::Any(parts) => parts.iter().map(Formula::tests).sum(),
        }
    }
}

/// A test and where its outcome leads.
#[derive(Debug)]
struct Step {
    test: Test,
    passing: Truth,
    on_pass: u32,
    on_fail: u32,
}

/// The end at which the rule holds.
const HOLDS: u32 = u32::MAX;
/// The end at which it does not.
const FAILS: u32 = u32::MAX - 1;

/// A formula as a list of steps.
#[derive(Debug)]
pub(super) struct Flow {
    steps: Box<[Step]>,
}

impl Flow {
    pub(super) fn of(formula: Formula) -> Flow {
        let mut steps = Vec::with_capacity(formula.tests());
        lay(formula, HOLDS, FAILS, &mut steps);
        Flow { steps: steps.into() }
    }

    /// Decides a rule that names no line item.
    #[inline]
    pub(super) fn decide(&self, evaluation: &mut Evaluation<'_>) -> Truth {
        evaluation.items_mut().clear();
        self.truth(evaluation, Hand::None)
    }

    /// Decides a rule once per entry of a list.
    pub(super) fn decide_each(&self, evaluation: &mut Evaluation<'_>, list: usize) -> Truth {
        evaluation.items_mut().clear();
        let Some(rows) = evaluation.transaction().rows(list) else {
            // Without a list nothing is decided but what holds for no item.
            return match self.truth(evaluation, Hand::Missing) {
                Truth::False => Truth::False,
                Truth::True | Truth::Unknown => Truth::Unknown,
            };
        };
        let mut result = Truth::False;
        for (position, entry) in rows.entries().enumerate() {
            let of_entry = self.truth(evaluation, Hand::At(entry));
            if of_entry == Truth::True {
                evaluation.items_mut().push(position);
            }
            result = result.or(of_entry);
        }
        result
    }

    #[inline]
    pub(super) fn truth<'t>(&self, evaluation: &mut Evaluation<'t>, hand: Hand<'t>) -> Truth {
        let mut at = 0_u32;
        let mut unknown = false;
        while let Some(step) = self.steps.get(at as usize) {
            let truth = step.test.truth(evaluation, hand);
            unknown |= truth == Truth::Unknown;
            at = if truth == step.passing { step.on_pass } else { step.on_fail };
        }
        if at == HOLDS {
            Truth::True
        } else if unknown {
            self.possible(evaluation, hand)
        } else {
            Truth::False
        }
    }

    /// Unknown where the formula holds with every unknown test passing.
    #[cold]
    fn possible<'t>(&self, evaluation: &mut Evaluation<'t>, hand: Hand<'t>) -> Truth {
        let mut at = 0_u32;
        while let Some(step) = self.steps.get(at as usize) {
            let truth = step.test.truth(evaluation, hand);
            let passes = truth == step.passing || truth == Truth::Unknown;
            at = if passes { step.on_pass } else { step.on_fail };
        }
        if at == HOLDS { Truth::Unknown } else { Truth::False }
    }
}

/// Lays a formula out; `on_pass` and `on_fail` are where it leads.
fn lay(formula: Formula, on_pass: u32, on_fail: u32, steps: &mut Vec<Step>) {
    let all = matches!(formula, Formula::All(_));
    let parts = match formula {
        Formula::Leaf(test, polarity) => {
            steps.push(Step { test, passing: polarity.passing(), on_pass, on_fail });
            return;
        }
        Formula::All(parts) | Formula::Any(parts) => parts,
    };
    let last = parts.len().saturating_sub(1);
    for (index, part) in parts.into_iter().enumerate() {
        let next = steps.len().saturating_add(part.tests());
        // INVARIANT: a rule has at most 50 000 nodes unless its host allows
        // more, and never as many as a step number can count.
        let next = u32::try_from(next).unwrap_or(FAILS);
        match (all, index == last) {
            (_, true) => lay(part, on_pass, on_fail, steps),
            (true, false) => lay(part, next, on_fail, steps),
            (false, false) => lay(part, on_pass, next, steps),
        }
    }
}
