//! One step of a program: a question about a key, and where the answer leads.

use crate::transaction::{Key, NO_KEY};
use crate::value::Truth;

use super::key_table::KeyTable;
use super::linear::LinearKeys;
use super::operand::Location;

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

/// A test and where its outcome leads.
///
/// Most tests ask whether one key is within two others. That is asked first, of
/// whatever test; the rest is looked at only where the key is not within.
#[derive(Debug)]
pub(super) struct Instruction {
    /// The first key that is within, and how many are within from it on.
    /// INVARIANT: `NO_KEY` is not within.
    first: Key,
    count: u64,
    /// The slot of the key.
    slot: u32,
    /// Where it leads when the key is within, and when it is not.
    pub(super) on_within: u32,
    on_outside: u32,
    asks: Asks,
    of_entry: bool,
    passing: Truth,
    /// Whether its test passes when the key is within.
    within_passes: bool,
}

#[derive(Debug, Clone, Copy)]
enum Asks {
    /// Whether the key is within.
    Range,
    /// Whether it is in a table; `first` is the number of the table.
    Table,
    /// Whether a sum of keys compares so; `first` is its number.
    Sum,
    /// What the test itself must be asked.
    Other,
}

/// A key that must be within, or the rule is false.
#[derive(Debug)]
pub(super) struct Gate {
    first: Key,
    count: u64,
    slot: u32,
}

/// What the keys of all gates say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    /// All are within.
    Open,
    /// One is not.
    Closed,
    /// One is not there.
    Unsaid,
}

impl Gate {
    /// Asks the keys whose slots are counted from the first one on.
    #[inline(always)]
    pub(super) fn all(gates: &[Gate], keys: &[Key], first: usize) -> Passage {
        for gate in gates {
            // INVARIANT: where a row begins is a place in the vector of keys, and its
            // slots are in it.
            let at = first.wrapping_add(gate.slot as usize);
            let key = keys.get(at).copied().unwrap_or(NO_KEY);
            if key.wrapping_sub(gate.first).cast_unsigned() >= gate.count {
                return if key == NO_KEY { Passage::Unsaid } else { Passage::Closed };
            }
        }
        Passage::Open
    }
}

/// What instructions refer to.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) keys: Vec<KeyTable>,
    sums: Vec<LinearKeys>,
}

/// What a test asks of keys alone; a value without a key is given to the test itself.
pub(crate) enum KeyQuestion {
    /// Whether the key of a location is one from the first to the last.
    Range(Location, Key, Key),
    /// Whether it is one of many.
    Table(Location, KeyTable),
    /// Whether a sum over slots compares so with zero.
    Sum(LinearKeys),
    /// Whether it is absent, which a location with a key is not.
    Absent(Location),
}

impl Instruction {
    pub(super) fn of(
        question: Option<KeyQuestion>,
        polarity: Polarity,
        on_pass: u32,
        on_fail: u32,
        tables: &mut Tables,
    ) -> Instruction {
        let is_absence = matches!(question, Some(KeyQuestion::Absent(_)));
        // A negated test passes where its key is outside, and so does an absence.
        let within_passes = (polarity == Polarity::Plain) != is_absence;
        let (on_within, on_outside) = if within_passes { (on_pass, on_fail) } else { (on_fail, on_pass) };
        let mut instruction = Instruction {
            first: 0,
            count: 0,
            slot: u32::MAX,
            on_within,
            on_outside,
            asks: Asks::Other,
            of_entry: false,
            passing: polarity.passing(),
            within_passes,
        };
        match question {
            Some(KeyQuestion::Range(location, low, high)) => {
                instruction.asks_range(location, low, high);
                if !within_passes {
                    instruction.turn_round();
                }
            }
            Some(KeyQuestion::Absent(location)) => instruction.asks_range(location, Key::MIN, Key::MAX),
            Some(KeyQuestion::Table(location, table)) => {
                if let Some(number) = number_of_next(&tables.keys) {
                    instruction.stands_at(location);
                    (instruction.first, instruction.asks) = (number, Asks::Table);
                    tables.keys.push(table);
                }
            }
            Some(KeyQuestion::Sum(sum)) => {
                if let Some(number) = number_of_next(&tables.sums) {
                    (instruction.first, instruction.asks) = (number, Asks::Sum);
                    tables.sums.push(sum);
                }
            }
            None => {}
        }
        instruction
    }

    fn asks_range(&mut self, location: Location, low: Key, high: Key) {
        self.stands_at(location);
        // An open end is the least key, which is no key of a value.
        self.first = low.max(NO_KEY.wrapping_add(1));
        if self.first <= high {
            // INVARIANT: one less than 2^64 at most.
            let last = high.wrapping_sub(self.first).cast_unsigned();
            self.count = last.wrapping_add(1);
        }
        self.asks = Asks::Range;
    }

    /// Of a range with an open end, what is outside is a range too.
    fn turn_round(&mut self) {
        let least = NO_KEY.wrapping_add(1);
        // INVARIANT: no more keys than there are from the first one on.
        let last = self.first.wrapping_add(self.count.cast_signed()).wrapping_sub(1);
        (self.first, self.count) = match (self.count, self.first == least, last == Key::MAX) {
            (0, ..) => (least, u64::MAX),
            (_, true, _) => (last.wrapping_add(1), Key::MAX.wrapping_sub(last).cast_unsigned()),
            (_, _, true) => (least, self.first.wrapping_sub(least).cast_unsigned()),
            _ => return,
        };
        std::mem::swap(&mut self.on_within, &mut self.on_outside);
        self.within_passes = !self.within_passes;
    }

    fn stands_at(&mut self, location: Location) {
        (self.slot, self.of_entry) = match location {
            Location::Slot(slot) => (slot, false),
            Location::Entry(slot) => (slot, true),
        };
    }

    /// The gate that it is, where it leads on only when its key is within.
    pub(super) fn gate(&self, fails: u32, of_entry: bool) -> Option<Gate> {
        let is_gate = matches!(self.asks, Asks::Range)
            && self.of_entry == of_entry
            && self.within_passes
            && self.on_outside == fails;
        is_gate.then_some(Gate { first: self.first, count: self.count, slot: self.slot })
    }

    /// The same of a table: its slot and its number.
    pub(super) fn table_gate(&self, fails: u32) -> Option<(u32, usize)> {
        let is_gate = matches!(self.asks, Asks::Table)
            && !self.of_entry
            && self.within_passes
            && self.on_outside == fails;
        is_gate.then(|| (self.slot, self.number()))
    }

    /// The outcome of its test at which it passes.
    #[inline]
    pub(super) fn passing(&self) -> Truth {
        self.passing
    }

    /// Where it leads when its test has this outcome; an unknown one fails.
    pub(super) fn on(&self, truth: Truth) -> u32 {
        self.on_pass(truth == self.passing)
    }

    /// The same where what is unknown passes.
    pub(super) fn on_possible(&self, truth: Truth) -> u32 {
        self.on_pass(truth == self.passing || truth == Truth::Unknown)
    }

    /// Where it leads when its test passes, and when it does not.
    fn on_pass(&self, passes: bool) -> u32 {
        if passes == self.within_passes { self.on_within } else { self.on_outside }
    }

    /// The key that it asks; `NO_KEY` where there is none.
    #[inline(always)]
    pub(super) fn key(&self, single: &[Key], of_entry: &[Key]) -> Key {
        let keys = if self.of_entry { of_entry } else { single };
        keys.get(self.slot as usize).copied().unwrap_or(NO_KEY)
    }

    /// Whether the key is within.
    #[inline(always)]
    pub(super) fn has(&self, key: Key) -> bool {
        key.wrapping_sub(self.first).cast_unsigned() < self.count
    }

    /// Where it leads when its key is not within; `None` where its test must be
    /// asked.
    #[inline(always)]
    pub(super) fn outside(&self, key: Key, single: &[Key], tables: &Tables) -> Option<u32> {
        let within = match self.asks {
            Asks::Range if key != NO_KEY => false,
            Asks::Table if key != NO_KEY => tables.keys.get(self.number())?.have(key),
            Asks::Sum => tables.sums.get(self.number())?.holds(single)?,
            Asks::Range | Asks::Table | Asks::Other => return None,
        };
        Some(if within { self.on_within } else { self.on_outside })
    }

    fn number(&self) -> usize {
        usize::try_from(self.first).unwrap_or(usize::MAX)
    }
}

fn number_of_next<T>(of: &[T]) -> Option<Key> {
    Key::try_from(of.len()).ok()
}
