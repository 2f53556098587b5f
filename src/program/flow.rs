//! Tests in the order in which they are asked, each with the test that
//! follows it: `&&`, `||` and `!` as jumps.
//!
//! Negations are pushed down to the tests, so what remains is monotone: the
//! rule is true where it holds with every unknown test failing, and not false
//! where it holds with every unknown test passing. So the first pass decides
//! most rules alone, and only where a test was unknown on its way is there a
//! second one.

use hashbrown::HashSet;

use crate::transaction::{CurrentEntry, Key, NO_KEY};
use crate::value::Truth;

use super::evaluation::Evaluation;
use super::operand::Location;

/// A test that is true, false or unknown by itself.
pub(crate) trait Ask {
    /// The first and the last key for which the test is true, where it asks
    /// nothing but the key of a location. A value without a key is given to the
    /// test itself.
    fn key_range(&self) -> Option<(Location, Key, Key)>;

    /// The same for a test that looks for one key among many.
    fn key_table(&self) -> Option<(Location, KeyTable)>;

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

/// Whether a test passes where it is true or where it is false.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Polarity {
    Plain,
    Negated,
}

impl Polarity {
    /// The truth at which a test passes.
    fn passing(self) -> Truth {
        match self {
            Polarity::Plain => Truth::True,
            Polarity::Negated => Truth::False,
        }
    }
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

    fn tests(&self) -> usize {
        match self {
            Formula::Leaf(..) => 1,
            Formula::All(parts) | Formula::Any(parts) => parts.iter().map(Formula::tests).sum(),
        }
    }
}

/// A test and where its outcome leads.
///
/// Most tests ask whether one key is within two others, or is one of some
/// keys; that is all an instruction needs, and the test itself is looked at only
/// where the key is not there.
#[derive(Debug)]
struct Instruction {
    asks: KeyTest,
    slot: u32,
    passing: Truth,
    /// Where it leads when the key is within, and when it is not.
    on_within: u32,
    on_outside: u32,
}

#[derive(Debug)]
enum KeyTest {
    /// A key from the first to the last.
    Range(Key, Key),
    /// One of these keys.
    KeyTable(KeyTable),
    /// A key of the current entry.
    EntryRange(Key, Key),
    EntryKeyTable(KeyTable),
    /// The test asks something else.
    Other,
}

/// Keys, few of them in ascending order and many in a table.
///
/// Measured on one core for a rule that asks nothing else: 6 ns with 12 keys
/// that are searched; with 10 000 keys 34 ns searched and 6 by the table.
#[derive(Debug)]
pub(crate) enum KeyTable {
    Few(Box<[Key]>),
    Many(Box<HashSet<Key>>),
}

impl KeyTable {
    const FEW: usize = 32;

    pub(crate) fn of(keys: impl ExactSizeIterator<Item = Key>) -> KeyTable {
        if keys.len() > KeyTable::FEW {
            return KeyTable::Many(Box::new(keys.collect()));
        }
        let mut few: Vec<Key> = keys.collect();
        few.sort_unstable();
        KeyTable::Few(few.into())
    }

    #[inline]
    fn have(&self, key: Key) -> bool {
        match self {
            KeyTable::Few(keys) => keys.binary_search(&key).is_ok(),
            KeyTable::Many(keys) => keys.contains(&key),
        }
    }
}

impl Instruction {
    fn of(test: &impl Ask, polarity: Polarity, on_pass: u32, on_fail: u32) -> Instruction {
        let (on_within, on_outside) = match polarity {
            Polarity::Plain => (on_pass, on_fail),
            Polarity::Negated => (on_fail, on_pass),
        };
        let (slot, asks) = match (test.key_range(), test.key_table()) {
            (Some((Location::Slot(slot), low, high)), _) => (slot, KeyTest::Range(low, high)),
            (Some((Location::Entry(slot), low, high)), _) => (slot, KeyTest::EntryRange(low, high)),
            (None, Some((Location::Slot(slot), keys))) => (slot, KeyTest::KeyTable(keys)),
            (None, Some((Location::Entry(slot), keys))) => (slot, KeyTest::EntryKeyTable(keys)),
            (None, None) => (0, KeyTest::Other),
        };
        Instruction { asks, slot, passing: polarity.passing(), on_within, on_outside }
    }

    /// Where it leads when its test passes, and when it does not.
    fn on_pass(&self, passes: bool) -> u32 {
        // A negated test passes where its key is outside.
        if passes == (self.passing == Truth::True) { self.on_within } else { self.on_outside }
    }

    /// Whether the key of the instruction is within; `None` where it is not there.
    #[inline]
    fn within(&self, single: &[Key], of_entry: &[Key]) -> Option<bool> {
        let slot = self.slot as usize;
        let known = |keys: &[Key]| keys.get(slot).copied().filter(|key| *key != NO_KEY);
        match &self.asks {
            KeyTest::Range(low, high) => known(single).map(|key| *low <= key && key <= *high),
            KeyTest::KeyTable(keys) => known(single).map(|key| keys.have(key)),
            KeyTest::EntryRange(low, high) => known(of_entry).map(|key| *low <= key && key <= *high),
            KeyTest::EntryKeyTable(keys) => known(of_entry).map(|key| keys.have(key)),
            KeyTest::Other => None,
        }
    }
}

/// The end at which the rule holds.
const HOLDS: u32 = u32::MAX;
/// The end at which it does not.
const FAILS: u32 = u32::MAX - 1;

/// A formula as a list of instructions.
#[derive(Debug)]
pub(crate) struct Flow<T> {
    instructions: Box<[Instruction]>,
    /// By the number of an instruction.
    tests: Box<[T]>,
}

impl<T: Ask> Flow<T> {
    pub(crate) fn of(formula: Formula<T>) -> Flow<T> {
        let count = formula.tests();
        let (mut instructions, mut tests) = (Vec::with_capacity(count), Vec::with_capacity(count));
        lay(formula, HOLDS, FAILS, &mut instructions, &mut tests);
        Flow { instructions: instructions.into(), tests: tests.into() }
    }

    /// Decides a rule that names no line item.
    #[inline]
    pub(crate) fn decide(&self, evaluation: &mut Evaluation<'_>) -> Truth {
        evaluation.forget_items();
        self.truth(evaluation)
    }

    /// Decides a rule once per entry of a list.
    pub(crate) fn decide_each(&self, evaluation: &mut Evaluation<'_>, list: usize) -> Truth {
        evaluation.forget_items();
        let Some(entries) = evaluation.transaction().entries_of(list) else {
            // Without a list nothing is decided but what holds for no item.
            return match self.truth_with(evaluation, CurrentEntry::Missing) {
                Truth::False => Truth::False,
                Truth::True | Truth::Unknown => Truth::Unknown,
            };
        };
        let mut result = Truth::False;
        for (position, entry) in entries.iter().enumerate() {
            let of_entry = self.truth_with(evaluation, CurrentEntry::At(entry));
            if of_entry == Truth::True {
                evaluation.items_mut().push(position);
            }
            result = result.or(of_entry);
        }
        result
    }

    fn truth_with<'t>(&self, evaluation: &mut Evaluation<'t>, current_entry: CurrentEntry<'t>) -> Truth {
        evaluation.set_current_entry(current_entry);
        let truth = self.truth(evaluation);
        evaluation.set_current_entry(CurrentEntry::None);
        truth
    }

    // A call of its own costs a short rule a tenth of its instructions.
    #[inline(always)]
    pub(crate) fn truth<'t>(&self, evaluation: &mut Evaluation<'t>) -> Truth {
        let of_entry = match evaluation.current_entry() {
            CurrentEntry::At(entry) => entry.keys(),
            CurrentEntry::None | CurrentEntry::Missing => &[],
        };
        match self.keys(0, evaluation.transaction().keys(), of_entry) {
            HOLDS => Truth::True,
            FAILS => Truth::False,
            stuck => self.slow(stuck, evaluation),
        }
    }

    /// Goes on from an instruction as far as keys decide: to an end, or to the instruction
    /// whose test must be asked. Without a call in it the loop keeps all it
    /// needs in registers; that halves the time of a short rule.
    #[inline]
    fn keys(&self, from: u32, single: &[Key], of_entry: &[Key]) -> u32 {
        let mut at = from;
        while let Some(instruction) = self.instructions.get(at as usize) {
            at = match instruction.within(single, of_entry) {
                Some(true) => instruction.on_within,
                Some(false) => instruction.on_outside,
                None => return at,
            };
        }
        at
    }

    /// The same with every test asked that must be.
    #[inline(never)]
    fn slow<'t>(&self, from: u32, evaluation: &mut Evaluation<'t>) -> Truth {
        let single = evaluation.transaction().keys();
        let of_entry = match evaluation.current_entry() {
            CurrentEntry::At(entry) => entry.keys(),
            CurrentEntry::None | CurrentEntry::Missing => &[],
        };
        let mut at = from;
        let mut unknown = false;
        while let Some(instruction) = self.instructions.get(at as usize) {
            let truth = self.test(at, evaluation);
            unknown |= truth == Truth::Unknown;
            at = self.keys(instruction.on_pass(truth == instruction.passing), single, of_entry);
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
            at = instruction.on_pass(truth == instruction.passing || truth == Truth::Unknown);
        }
        if at == HOLDS { Truth::Unknown } else { Truth::False }
    }
}

/// Lays a formula out; `on_pass` and `on_fail` are where it leads.
fn lay<T: Ask>(
    formula: Formula<T>,
    on_pass: u32,
    on_fail: u32,
    instructions: &mut Vec<Instruction>,
    tests: &mut Vec<T>,
) {
    let all = matches!(formula, Formula::All(_));
    let parts = match formula {
        Formula::Leaf(test, polarity) => {
            instructions.push(Instruction::of(&test, polarity, on_pass, on_fail));
            tests.push(test);
            return;
        }
        Formula::All(parts) | Formula::Any(parts) => parts,
    };
    let mut parts = parts.into_iter().peekable();
    while let Some(part) = parts.next() {
        // INVARIANT: a rule has at most 50 000 nodes unless its host allows
        // more, and never as many as the number of an instruction can count.
        let next = instructions.len().checked_add(part.tests());
        let next = next.and_then(|next| u32::try_from(next).ok()).unwrap_or(FAILS);
        match (all, parts.peek().is_none()) {
            (_, true) => lay(part, on_pass, on_fail, instructions, tests),
            (true, false) => lay(part, next, on_fail, instructions, tests),
            (false, false) => lay(part, on_pass, next, instructions, tests),
        }
    }
}
