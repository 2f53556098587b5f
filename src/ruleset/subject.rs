//! What literals ask about: subjects, and what they come to.

use std::sync::Arc;

use crate::condition::{Aggregate, DateExpression, Expression, NumberExpression, Predicate};
use crate::program::Evaluation;
use crate::program::aggregate::ItemFilter;
use crate::program::computed::DerivedValue;
use crate::program::flow::Ask;
use crate::program::numeric::{Missing, Numeric};
use crate::program::operand::{DateOperand, DerivedAggregate, Location, NumberOperand};
use crate::program::test::{Operand, Test};
use crate::transaction::{Cell, CurrentEntry, Key, NO_KEY, Symbol, Transaction};
use crate::value::{Number, Truth};

/// What a subject comes to, for a transaction or for its current entry.
#[derive(Debug, Clone, Copy)]
pub(super) enum SubjectValue {
    Key(Key),
    /// A number that is no key.
    Number(Number),
    /// What literals say of it must be asked of their rules.
    Unkeyed,
    Missing(Missing),
}

/// What is asked about. Equal subjects have equal values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum SubjectKind {
    Slot(u32),
    /// A slot of the entries of a list.
    Entry {
        list: u32,
        slot: u32,
    },
    /// The symbol of a slot of the line items, that of any other text where
    /// nothing stands there.
    Symbol(u32),
    Number(NumberExpression),
    /// A sum of whole multiples of slots.
    Linear(Box<[(u32, i64)]>),
    /// How two dates compare: -1, 0 or 1.
    Order(DateExpression, DateExpression),
    /// How two numbers compare, likewise.
    Comparison(Box<(NumberExpression, NumberExpression)>),
    /// Whether something is absent.
    Absence(Expression),
    Includes(Arc<Aggregate>),
    /// Whether a predicate is true.
    Outcome(Arc<Predicate>),
}

/// Identifies a subject: what is asked about, and how rules name what it
/// leads to.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct SubjectKey {
    pub(super) asked: SubjectKind,
    /// The numbers of the names, ascending.
    pub(super) names: Box<[u32]>,
}

/// How the value is found.
#[derive(Debug)]
pub(super) enum How {
    Slot(u32),
    Entry(u32),
    Symbol(u32),
    Number(NumberOperand),
    Linear(Box<[(u32, i64)]>),
    Order(DateOperand, DateOperand),
    Comparison(NumberOperand, NumberOperand),
    Absence(Operand),
    Includes(DerivedAggregate),
    Outcome(Test),
}

/// What is asked many questions together: a text, the values of a custom field
/// or segment, a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum GroupSource {
    Text(Location),
    Container(u32),
    /// A date that stands in a slot, beside those that rules write.
    Date(u32),
}

/// The number of a list in the layout, and the slot of an attribute of its
/// entries.
pub(super) type ItemAttribute = (usize, u32);

/// A part of a subject that can be absent by itself.
#[derive(Debug)]
pub(super) struct Leaf {
    /// The number of its name.
    pub(super) name: u32,
    /// `None` where the subject has no other: it is absent where the subject has no value.
    pub(super) operand: Option<Operand>,
}

#[derive(Debug)]
pub(super) struct Subject {
    pub(super) key: SubjectKey,
    pub(super) how: How,
    pub(super) leaves: Box<[Leaf]>,
    /// Whether it is about the current line item or tender.
    pub(super) of_entry: bool,
    /// What it is a question about, where others may ask that too.
    pub(super) group: Option<GroupSource>,
    /// The profile without which it has no value, by its number; `None` where there is
    /// no such profile.
    pub(super) profile: Option<u32>,
    /// Whether only the interpreter can say why it has no value.
    pub(super) intricate: bool,
}

impl SubjectValue {
    fn of_number(numeric: Numeric) -> SubjectValue {
        match numeric {
            Numeric::Fixed(fixed) => {
                fixed.small().map_or_else(|| SubjectValue::Number(fixed.number()), SubjectValue::Key)
            }
            Numeric::Number(number) => SubjectValue::Number(number),
        }
    }

    fn of_truth(truth: Truth) -> SubjectValue {
        match truth {
            Truth::Unknown => SubjectValue::Missing(Missing::Absent),
            known => SubjectValue::Key(i64::from(known == Truth::True)),
        }
    }

    #[inline]
    fn of_key(key: Key, cell: impl FnOnce() -> SubjectValue) -> SubjectValue {
        if key == NO_KEY { cell() } else { SubjectValue::Key(key) }
    }

    fn of_cell(cell: &Cell) -> SubjectValue {
        match cell {
            Cell::Fixed(number) => SubjectValue::of_number(Numeric::Fixed(*number)),
            Cell::Number(number) => SubjectValue::Number(*number),
            // INVARIANT: only numbers have values without a key.
            _ => SubjectValue::Missing(Missing::Absent),
        }
    }

    #[inline]
    pub(super) fn of_slot(transaction: &Transaction, slot: u32) -> SubjectValue {
        let key = transaction.keys().get(slot as usize).copied().unwrap_or(NO_KEY);
        SubjectValue::of_key(key, || SubjectValue::of_cell(transaction.cell(slot as usize)))
    }

    #[inline]
    pub(super) fn of_entry(entry: &CurrentEntry<'_>, slot: u32) -> SubjectValue {
        let CurrentEntry::At(entry) = entry else { return SubjectValue::Missing(Missing::Absent) };
        let key = entry.keys().get(slot as usize).copied().unwrap_or(NO_KEY);
        SubjectValue::of_key(key, || SubjectValue::of_cell(entry.cell(slot as usize)))
    }
}

impl Subject {
    /// What it comes to.
    pub(super) fn value(&self, evaluation: &mut Evaluation<'_>) -> SubjectValue {
        match &self.how {
            How::Slot(slot) => SubjectValue::of_slot(evaluation.transaction(), *slot),
            How::Entry(slot) => SubjectValue::of_entry(evaluation.current_entry(), *slot),
            How::Symbol(slot) => match evaluation.current_entry() {
                CurrentEntry::At(entry) => SubjectValue::Key(match entry.cell(*slot as usize) {
                    Cell::Text(_, symbol) => Key::from(symbol.0),
                    _ => 0,
                }),
                CurrentEntry::None | CurrentEntry::Missing => SubjectValue::Missing(Missing::Absent),
            },
            How::Number(operand) => {
                operand.value(evaluation).map_or_else(SubjectValue::Missing, SubjectValue::of_number)
            }
            How::Linear(terms) => sum(terms, evaluation.transaction()),
            How::Order(left, right) => match (left.value(evaluation), right.value(evaluation)) {
                (Ok(left), Ok(right)) => SubjectValue::Key(left.instant.cmp(&right.instant) as Key),
                (Err(missing), other) | (other, Err(missing)) => SubjectValue::Missing(missing.with(&other)),
            },
            How::Comparison(left, right) => match (left.value(evaluation), right.value(evaluation)) {
                (Ok(left), Ok(right)) => SubjectValue::Key(left.order(right) as Key),
                (Err(missing), other) | (other, Err(missing)) => SubjectValue::Missing(missing.with(&other)),
            },
            How::Absence(operand) => match evaluation.current_entry() {
                // Null tests of an item are unknown where there is none to ask.
                CurrentEntry::Missing if self.of_entry => SubjectValue::Missing(Missing::Absent),
                _ => SubjectValue::Key((operand.missing(evaluation) == Some(Missing::Absent)).into()),
            },
            How::Includes(derived) => match derived.value(evaluation) {
                DerivedValue::Boolean(value) => SubjectValue::Key(value.into()),
                DerivedValue::Missing(missing) => SubjectValue::Missing(missing),
                DerivedValue::Number(_) | DerivedValue::Time(_) => SubjectValue::Missing(Missing::Absent),
            },
            How::Outcome(test) => SubjectValue::of_truth(test.truth(evaluation)),
        }
    }

    /// Where the line items stand that it is computed of, and the value that it
    /// selects them by; `None` where it is no such aggregate.
    pub(super) fn selects_items_by(&self) -> Option<(ItemAttribute, Symbol)> {
        let derived = match &self.how {
            How::Number(NumberOperand::Derived(derived)) => &**derived,
            How::Includes(derived) => derived,
            _ => return None,
        };
        match &derived.aggregate.filter {
            ItemFilter::Symbol { slot, symbol } | ItemFilter::SymbolAndMatches { slot, symbol, .. }
                if !self.of_entry =>
            {
                Some(((derived.aggregate.list, *slot), *symbol))
            }
            _ => None,
        }
    }

    /// What it takes to ask, from what stands in the transaction to a search in
    /// a text; only the order counts. What stands first may spare the others.
    pub(super) fn cost(&self) -> u8 {
        match &self.how {
            How::Slot(_) | How::Entry(_) | How::Symbol(_) => 0,
            How::Absence(_) | How::Linear(_) => 1,
            How::Order(..) => 2,
            How::Number(_) | How::Comparison(..) | How::Includes(_) => 3,
            How::Outcome(_) => 4,
        }
    }
}

/// A sum of whole multiples of keys.
fn sum(terms: &[(u32, i64)], transaction: &Transaction) -> SubjectValue {
    let mut sum = Some(0_i128);
    let (mut absent, mut unkeyed) = (false, false);
    for (slot, factor) in terms {
        match SubjectValue::of_slot(transaction, *slot) {
            SubjectValue::Key(key) => {
                let product = i128::from(key).checked_mul(i128::from(*factor));
                sum = sum.zip(product).and_then(|(sum, product)| sum.checked_add(product));
            }
            SubjectValue::Missing(_) => absent = true,
            SubjectValue::Number(_) | SubjectValue::Unkeyed => unkeyed = true,
        }
    }
    if absent {
        // A multiple of a number without a key may be at fault beside what is
        // absent; one of a key is far from it.
        return SubjectValue::Missing(if unkeyed { Missing::Fault } else { Missing::Absent });
    }
    let key = sum.filter(|_| !unkeyed).and_then(|sum| Key::try_from(sum).ok()).filter(|key| *key != NO_KEY);
    key.map_or(SubjectValue::Unkeyed, SubjectValue::Key)
}
