//! Tests in the order in which they are asked, each with the test that
//! follows it: `&&`, `||` and `!` as jumps.
//!
//! Negations are pushed down to the tests, so what remains is monotone: the
//! rule is true where it holds with every unknown test failing, and not false
//! where it holds with every unknown test passing. So the first pass decides
//! most rules alone, and only where a test was unknown on its way is there a
//! second one.

use crate::transaction::{CurrentEntry, Key, NO_KEY};
use crate::value::Truth;

use super::evaluation::Evaluation;
use super::instruction::{Gate, Instruction, KeyQuestion, Passage, Polarity, Tables};
use super::operand::Location;

/// A test that is true, false or unknown by itself.
pub(crate) trait Ask {
    /// What it asks, where it asks nothing but keys.
    fn key_question(&self, hashed: bool) -> Option<KeyQuestion>;

    /// What it costs to ask, in nanoseconds or so; only the order counts.
    fn cost(&self) -> u32;

    fn truth(&self, evaluation: &mut Evaluation<'_>) -> Truth;
}

/// Tests, joined by `&&` and `||`.
#[derive(Debug)]
pub(crate) enum Formula<T> {
    Leaf(T, Polarity),
    All(Vec<Formula<T>>),
    Any(Vec<Formula<T>>),
}

impl<T: Ask> Formula<T> {
    pub(crate) fn cost(&self) -> u64 {
        match self {
            Formula::Leaf(test, _) => test.cost().into(),
            Formula::All(parts) | Formula::Any(parts) => {
                // A chain mostly ends early, so half of it is counted.
                // INVARIANT: a rule has fewer tests than 32 bits can count, so
                // the sum of their costs is below 2^64.
                parts.iter().map(Formula::cost).sum::<u64>().div_ceil(2)
            }
        }
    }

    /// Where it stands in a conjunction: what can be a gate comes first.
    fn place(&self) -> u8 {
        let Formula::Leaf(test, polarity) = self else { return 3 };
        match test.key_question(false) {
            // What is outside of a range with two ends is no range.
            Some(KeyQuestion::Range(_, low, high))
                if *polarity == Polarity::Negated && low != Key::MIN && high != Key::MAX =>
            {
                3
            }
            Some(KeyQuestion::Range(Location::Slot(_), ..)) => 0,
            Some(KeyQuestion::Range(Location::Entry(_), ..)) => 1,
            Some(KeyQuestion::Table(Location::Slot(_), _)) => 2,
            _ => 3,
        }
    }

    fn tests(&self) -> usize {
        match self {
            Formula::Leaf(..) => 1,
            Formula::All(parts) | Formula::Any(parts) => parts.iter().map(Formula::tests).sum(),
        }
    }
}

/// The end at which the rule holds.
const HOLDS: u32 = u32::MAX;
/// The end at which it does not.
const FAILS: u32 = u32::MAX - 1;

/// Which optimisations instructions are made with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keyed {
    /// Asks keys without looking at tests.
    pub(crate) keys: bool,
    /// Looks keys up in tables, and does not search them.
    pub(crate) tables: bool,
}

impl Default for Keyed {
    fn default() -> Keyed {
        Keyed { keys: true, tables: true }
    }
}

/// A formula as a list of instructions.
///
/// What a conjunction asks of keys comes first, and most rules are decided by
/// that alone: gates, one after the other, without a jump.
#[derive(Debug)]
pub(crate) struct Flow<T> {
    gates: Box<[Gate]>,
    /// The same of the current entry.
    entry_gates: Box<[Gate]>,
    /// A slot whose key must be in a table, by the number of the table; after the
    /// gates, where there are none of an entry.
    table_gate: Option<(u32, usize)>,
    /// The instruction after all of these.
    rest: u32,
    /// Whether it is a conjunction of tests and nothing else.
    is_conjunction: bool,
    instructions: Box<[Instruction]>,
    tables: Tables,
    /// By the number of an instruction.
    tests: Box<[T]>,
}

impl<T: Ask> Flow<T> {
    pub(crate) fn with(mut formula: Formula<T>, keyed: Keyed) -> Flow<T> {
        if let Formula::All(parts) = &mut formula
            && keyed.keys
        {
            // The logic is commutative.
            parts.sort_by_cached_key(Formula::place);
        }
        let is_conjunction = match &formula {
            Formula::All(parts) => parts.iter().all(|part| matches!(part, Formula::Leaf(..))),
            Formula::Leaf(..) => true,
            Formula::Any(_) => false,
        };
        let count = formula.tests();
        let mut layer = Layer {
            keyed,
            instructions: Vec::with_capacity(count),
            tables: Tables::default(),
            tests: Vec::with_capacity(count),
        };
        layer.lay(formula, HOLDS, FAILS);
        let mut following = layer.instructions.iter();
        let mut gates = |of_entry: bool| -> (Box<[Gate]>, u32) {
            let mut rest = following.clone();
            let mut gates = Vec::new();
            let mut next = 0;
            while let Some(gate) =
                rest.next().and_then(|one| Some((one.gate(FAILS, of_entry)?, one.on_within)))
            {
                gates.push(gate.0);
                next = gate.1;
                following = rest.clone();
            }
            (gates.into(), next)
        };
        let ((gates, after), (entry_gates, after_entry)) = (gates(false), gates(true));
        let table = following.next().filter(|_| entry_gates.is_empty());
        let table = table.and_then(|one| Some((one.table_gate(FAILS)?, one.on_within)));
        let rest = match (&table, entry_gates.is_empty()) {
            (Some((_, next)), _) => *next,
            (None, false) => after_entry,
            (None, true) => after,
        };
        Flow {
            gates,
            entry_gates,
            table_gate: table.map(|(gate, _)| gate),
            rest,
            is_conjunction: is_conjunction && count > 0,
            instructions: layer.instructions.into(),
            tables: layer.tables,
            tests: layer.tests.into(),
        }
    }

    /// Decides a rule that names no line item.
    #[inline(always)]
    pub(crate) fn decide(&self, evaluation: &mut Evaluation<'_>) -> Truth {
        evaluation.forget_items();
        let keys = evaluation.transaction().keys();
        let passage = match Gate::all(&self.gates, keys, 0) {
            Passage::Open => self.pass_table(keys),
            shut => shut,
        };
        match (passage, self.rest) {
            (Passage::Closed, _) => Truth::False,
            (Passage::Open, HOLDS) => Truth::True,
            (Passage::Open, rest) => self.ask(rest, evaluation),
            (Passage::Unsaid, _) => self.ask(0, evaluation),
        }
    }

    #[inline(always)]
    fn pass_table(&self, keys: &[Key]) -> Passage {
        let Some((slot, number)) = self.table_gate else { return Passage::Open };
        match (keys.get(slot as usize).copied(), self.tables.keys.get(number)) {
            (Some(key), Some(table)) if key != NO_KEY => {
                if table.have(key) {
                    Passage::Open
                } else {
                    Passage::Closed
                }
            }
            _ => Passage::Unsaid,
        }
    }

    /// Decides a rule once per entry of a list.
    // A call of its own, so that a rule without a list is decided in place.
    #[inline(never)]
    pub(crate) fn decide_each(&self, evaluation: &mut Evaluation<'_>, list: usize) -> Truth {
        evaluation.forget_items();
        let Some(entries) = evaluation.transaction().entries_of(list) else {
            // Without a list nothing is decided but what holds for no item.
            return match self.truth_with(0, evaluation, CurrentEntry::Missing) {
                Truth::False => Truth::False,
                Truth::True | Truth::Unknown => Truth::Unknown,
            };
        };
        let passage = Gate::all(&self.gates, evaluation.transaction().keys(), 0);
        if passage == Passage::Closed {
            return Truth::False;
        }
        // Gates of entries come after those of the transaction.
        let from = if self.entry_gates.is_empty() && self.table_gate.is_some() { 0 } else { self.rest };
        let mut unknown = false;
        let (keys, width) = (entries.keys(), entries.width());
        let mut after = 0_usize;
        for position in 0..entries.count() {
            let first = after;
            after = first.wrapping_add(width);
            let next = match passage {
                Passage::Open => match Gate::all(&self.entry_gates, keys, first) {
                    Passage::Open => from,
                    Passage::Closed => continue,
                    Passage::Unsaid => 0,
                },
                _ => 0,
            };
            let truth = match next {
                HOLDS => Truth::True,
                next => match entries.at(position) {
                    Some(entry) => self.truth_with(next, evaluation, CurrentEntry::At(entry)),
                    None => Truth::Unknown,
                },
            };
            match truth {
                Truth::True => evaluation.items_mut().push(position),
                Truth::Unknown => unknown = true,
                Truth::False => {}
            }
        }
        match (evaluation.items().is_empty(), unknown) {
            (false, _) => Truth::True,
            (true, true) => Truth::Unknown,
            (true, false) => Truth::False,
        }
    }

    fn truth_with<'t>(
        &self,
        from: u32,
        evaluation: &mut Evaluation<'t>,
        current_entry: CurrentEntry<'t>,
    ) -> Truth {
        evaluation.set_current_entry(current_entry);
        let truth = self.ask(from, evaluation);
        evaluation.set_current_entry(CurrentEntry::None);
        truth
    }

    /// The truth for the entry at hand.
    pub(crate) fn truth<'t>(&self, evaluation: &mut Evaluation<'t>) -> Truth {
        self.ask(0, evaluation)
    }

    /// Goes on from an instruction as far as keys decide: to an end, or to the
    /// instruction whose test must be asked.
    #[inline(always)]
    fn keys(&self, from: u32, single: &[Key], of_entry: &[Key]) -> u32 {
        let mut at = from;
        while let Some(instruction) = self.instructions.get(at as usize) {
            let key = instruction.key(single, of_entry);
            at = if instruction.has(key) {
                instruction.on_within
            } else {
                match instruction.outside(key, single, &self.tables) {
                    Some(next) => next,
                    None => return at,
                }
            };
        }
        at
    }

    /// Goes on from an instruction with every test asked that must be.
    #[inline]
    fn ask<'t>(&self, from: u32, evaluation: &mut Evaluation<'t>) -> Truth {
        if self.is_conjunction { self.conjunction(from, evaluation) } else { self.steps(from, evaluation) }
    }

    /// A conjunction of tests: what is unknown may still be false.
    #[inline(never)]
    fn conjunction<'t>(&self, from: u32, evaluation: &mut Evaluation<'t>) -> Truth {
        let instructions = self.instructions.get(from as usize..).unwrap_or_default();
        let tests = self.tests.get(from as usize..).unwrap_or_default();
        let mut result = Truth::True;
        for (instruction, test) in instructions.iter().zip(tests) {
            match test.truth(evaluation) {
                truth if truth == instruction.passing() => {}
                Truth::Unknown => result = Truth::Unknown,
                _ => return Truth::False,
            }
        }
        result
    }

    #[inline(never)]
    fn steps<'t>(&self, from: u32, evaluation: &mut Evaluation<'t>) -> Truth {
        let single = evaluation.transaction().keys();
        let of_entry = match evaluation.current_entry() {
            CurrentEntry::At(entry) => entry.keys(),
            CurrentEntry::None | CurrentEntry::Missing => &[],
        };
        let mut unknown = false;
        let mut at = from;
        loop {
            at = self.keys(at, single, of_entry);
            let Some(instruction) = self.instructions.get(at as usize) else { break };
            let truth = self.test(at, evaluation);
            unknown |= truth == Truth::Unknown;
            at = instruction.on(truth);
        }
        if at == HOLDS {
            Truth::True
        } else if unknown {
            self.possible(evaluation)
        } else {
            Truth::False
        }
    }

    fn test<'t>(&self, at: u32, evaluation: &mut Evaluation<'t>) -> Truth {
        self.tests.get(at as usize).map_or(Truth::Unknown, |test| test.truth(evaluation))
    }

    /// Unknown where the formula holds with every unknown test passing.
    #[cold]
    fn possible<'t>(&self, evaluation: &mut Evaluation<'t>) -> Truth {
        let mut at = 0_u32;
        while let Some(instruction) = self.instructions.get(at as usize) {
            let truth = self.test(at, evaluation);
            at = instruction.on_possible(truth);
        }
        if at == HOLDS { Truth::Unknown } else { Truth::False }
    }
}

/// Lays a formula out.
struct Layer<T> {
    keyed: Keyed,
    instructions: Vec<Instruction>,
    tables: Tables,
    tests: Vec<T>,
}

impl<T: Ask> Layer<T> {
    /// `on_pass` and `on_fail` are where the formula leads.
    fn lay(&mut self, formula: Formula<T>, on_pass: u32, on_fail: u32) {
        let all = matches!(formula, Formula::All(_));
        let parts = match formula {
            Formula::Leaf(test, polarity) => {
                let question = match self.keyed.keys {
                    true => test.key_question(self.keyed.tables),
                    false => None,
                };
                let instruction = Instruction::of(question, polarity, on_pass, on_fail, &mut self.tables);
                self.instructions.push(instruction);
                self.tests.push(test);
                return;
            }
            Formula::All(parts) | Formula::Any(parts) => parts,
        };
        let mut parts = parts.into_iter().peekable();
        while let Some(part) = parts.next() {
            // INVARIANT: a rule has at most 50 000 nodes unless its host allows
            // more, and never as many as the number of an instruction can count.
            let next = self.instructions.len().checked_add(part.tests());
            let next = next.and_then(|next| u32::try_from(next).ok()).unwrap_or(FAILS);
            match (all, parts.peek().is_none()) {
                (_, true) => self.lay(part, on_pass, on_fail),
                (true, false) => self.lay(part, next, on_fail),
                (false, false) => self.lay(part, on_pass, next),
            }
        }
    }
}
