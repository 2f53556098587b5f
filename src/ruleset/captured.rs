//! What a rule requires of a slot, in the form that blocks sort rules by.

use std::sync::Arc;

use crate::program::flow::{Formula, Polarity};
use crate::program::operand::Place;
use crate::program::test::Test;
use crate::transaction::{Cell, Quick, UNQUICK};
use crate::value::{Bounds, Truth};

use super::words::{WordPool, WordSet};

/// An operand of the rule's outermost `&&` that asks one slot alone.
#[derive(Debug)]
pub(super) struct Captured {
    pub(super) slot: u32,
    /// Whether the word must not be one of these.
    pub(super) negated: bool,
    pub(super) words: Required,
}

#[derive(Debug)]
pub(super) enum Required {
    Range { low: Quick, high: Quick, exact: Option<Box<Bounds>> },
    Set(Arc<WordSet>),
}

/// A set of more words than these stays with its rule: the rows of a block
/// grow with the distinct words of its rules.
const MOST_WORDS: usize = 256;

impl Captured {
    /// Takes what a test requires, where it asks one slot alone.
    pub(super) fn of(test: &Test, polarity: Polarity, pool: &mut WordPool) -> Option<Captured> {
        // What the document does not state may follow from its line items.
        if test.has_otherwise() {
            return None;
        }
        let negated = polarity == Polarity::Negated;
        if let Some((Place::Slot(slot), low, high)) = test.quick_range() {
            // A number of more digits than a word has lies between two words.
            let exact = match test {
                Test::Within(_, bounds, _) if bounds.is_strict() => Some(Box::new(*bounds)),
                _ => None,
            };
            return Some(Captured { slot, negated, words: Required::Range { low, high, exact } });
        }
        let (Place::Slot(slot), words) = test.word_list()? else { return None };
        let words = WordSet::of(words);
        (words.len() <= MOST_WORDS).then(|| Captured {
            slot,
            negated,
            words: Required::Set(pool.shared(words)),
        })
    }

    /// Whether a word is as required.
    pub(super) fn holds(&self, word: Quick) -> bool {
        let within = match &self.words {
            Required::Range { low, high, .. } => *low <= word && word <= *high,
            Required::Set(words) => words.has(word),
        };
        within != self.negated
    }

    /// The same for the cell of the slot; unknown where it is absent.
    pub(super) fn truth(&self, word: Quick, cell: &Cell) -> Truth {
        if word != UNQUICK {
            return self.holds(word).into();
        }
        // INVARIANT: only numbers have values without a word.
        let number = match cell {
            Cell::Fixed(number) => number.number(),
            Cell::Number(number) => *number,
            _ => return Truth::Unknown,
        };
        let within = match &self.words {
            Required::Range { exact: Some(bounds), .. } => bounds.hold_number(number),
            Required::Range { low, high, .. } => Bounds::of_words(*low, *high).hold_number(number),
            Required::Set(_) => false,
        };
        (within != self.negated).into()
    }

    /// Takes apart a formula into what blocks sort by and the rest, which is
    /// `None` where nothing is left.
    pub(super) fn split(formula: Formula, pool: &mut WordPool) -> (Vec<Captured>, Option<Formula>) {
        let parts = match formula {
            Formula::All(parts) => parts,
            other => vec![other],
        };
        let mut captured: Vec<Captured> = Vec::new();
        let mut rest = Vec::new();
        for part in parts {
            let found = match &part {
                Formula::Leaf(test, polarity) => Captured::of(test, *polarity, pool),
                Formula::All(_) | Formula::Any(_) => None,
            };
            match found {
                // A block has one row of bits for a rule and a slot.
                Some(found) if captured.iter().all(|other| other.slot != found.slot) => captured.push(found),
                _ => rest.push(part),
            }
        }
        let rest = match rest.len() {
            0 => None,
            1 => rest.pop(),
            _ => Some(Formula::All(rest)),
        };
        (captured, rest)
    }
}
