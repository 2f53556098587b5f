//! The predicates that bitmaps can answer: is the key of a subject one of these?
//!
//! Those of a condition ask more; what is not the key of a subject stays in the
//! residual of its rule.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::condition::{
    self, BooleanExpression, Comparison, NumberExpression, NumberSet, Numbers, Presence, Set, TextExpression,
    TextSet,
};
use crate::program::Evaluation;
use crate::program::compile::{Compiled, Compiler};
use crate::program::computed::DerivedValue;
use crate::program::numeric::Numeric;
use crate::program::operand::{DateOperand, DerivedAggregate, Location, NumberOperand};
use crate::program::test::{Memo, Operand};
use crate::syntax::Operator;
use crate::transaction::{Cell, Key, NO_KEY, Transaction};
use crate::value::{Bounds, DatePart, Number, Truth};

use super::key_set::{KeySet, UNIT};

/// What is asked about. It has one key for a transaction, or for each entry
/// of a list; equal subjects have equal keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum KeySubject {
    Slot(u32),
    /// Whether nothing stands in a slot.
    Absence(u32),
    /// A slot of the entries of a list.
    Entry {
        list: u32,
        slot: u32,
    },
    /// A derived value by its number in the layout.
    Derived(u32),
    /// A number as a slot states it, else a derived one.
    Stated {
        slot: u32,
        derived: u32,
    },
    /// A part of a date, by the date's number among derived values.
    Part(u32, DatePart),
    /// Whether two dates compare so.
    Order(Operator, u32, u32),
}

impl KeySubject {
    /// What stands in a place; `list` is that of the current item.
    fn at(location: Location, list: Option<usize>) -> Option<KeySubject> {
        match (location, list.map(u32::try_from)) {
            (Location::Slot(slot), _) => Some(KeySubject::Slot(slot)),
            (Location::Entry(slot), Some(Ok(list))) => Some(KeySubject::Entry { list, slot }),
            (Location::Entry(_), _) => None,
        }
    }

    /// Whether its key stands in the transaction, ready to be looked at.
    pub(super) fn is_read(self) -> bool {
        matches!(self, KeySubject::Slot(_) | KeySubject::Absence(_) | KeySubject::Entry { .. })
    }
}

/// How the key is computed where it is not in a slot.
#[derive(Debug)]
enum Computation {
    Number(NumberOperand),
    /// Of what a slot does not state.
    Stated(NumberOperand),
    Includes(DerivedAggregate),
    Outcome(Memo),
    Part(DateOperand, DatePart),
    Order(Operator, DateOperand, DateOperand),
}

/// Whether the key of a subject is one of some keys. Two are equal where they
/// ask the same of the same subject, however its key is found.
#[derive(Debug)]
pub(super) struct KeyPredicate {
    pub(super) subject: KeySubject,
    /// None where the key stands in a slot, as that of nearly every predicate.
    computation: Option<Box<Computation>>,
    pub(super) keys: Keys,
}

impl PartialEq for KeyPredicate {
    fn eq(&self, other: &KeyPredicate) -> bool {
        self.subject == other.subject && self.keys == other.keys
    }
}

impl Eq for KeyPredicate {}

impl Hash for KeyPredicate {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.subject.hash(state);
        self.keys.hash(state);
    }
}

/// The keys for which a predicate is true.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Keys {
    /// From the first to the last. Where an end is strict, a number of more
    /// digits than a key has is asked the bounds themselves.
    Range {
        low: Key,
        high: Key,
        exact: Option<Box<Bounds>>,
    },
    Set(KeySet),
}

/// What a subject comes to.
#[derive(Debug, Clone, Copy)]
pub(super) enum SubjectValue {
    Key(Key),
    /// A number that is no key.
    Number(Number),
    Unknown,
}

impl SubjectValue {
    fn of_number(numeric: Numeric) -> SubjectValue {
        match numeric {
            Numeric::Fixed(fixed) => {
                fixed.small().map_or(SubjectValue::Number(fixed.number()), SubjectValue::Key)
            }
            Numeric::Number(number) => SubjectValue::Number(number),
        }
    }

    fn of_truth(truth: Truth) -> SubjectValue {
        match truth {
            Truth::Unknown => SubjectValue::Unknown,
            known => SubjectValue::Key(i64::from(known == Truth::True)),
        }
    }

    fn of_key(key: Key, cell: impl FnOnce() -> SubjectValue) -> SubjectValue {
        if key == NO_KEY { cell() } else { SubjectValue::Key(key) }
    }

    #[cold]
    fn of_cell(cell: &Cell) -> SubjectValue {
        match cell {
            Cell::Fixed(number) => SubjectValue::of_number(Numeric::Fixed(*number)),
            Cell::Number(number) => SubjectValue::Number(*number),
            // INVARIANT: only numbers have values without a key.
            _ => SubjectValue::Unknown,
        }
    }

    #[inline]
    pub(super) fn of_slot(transaction: &Transaction, slot: u32) -> SubjectValue {
        let key = transaction.keys().get(slot as usize).copied().unwrap_or(NO_KEY);
        SubjectValue::of_key(key, || SubjectValue::of_cell(transaction.cell(slot as usize)))
    }

    /// The same for every entry of a list; `None` where there is no list.
    pub(super) fn of_entries(
        transaction: &Transaction,
        list: u32,
        slot: u32,
    ) -> Option<impl Iterator<Item = SubjectValue>> {
        Some(transaction.entries_of(list as usize)?.iter().map(move |entry| {
            let key = entry.keys().get(slot as usize).copied().unwrap_or(NO_KEY);
            SubjectValue::of_key(key, || SubjectValue::of_cell(entry.cell(slot as usize)))
        }))
    }
}

/// A predicate, or that it is false.
#[derive(Debug)]
pub(super) struct KeyLiteral {
    pub(super) predicate: KeyPredicate,
    pub(super) negated: bool,
}

impl KeyPredicate {
    /// What a literal of a condition asks; `None` where that is not the key of
    /// a subject. `list` is that of the current item.
    pub(super) fn of(
        literal: &condition::Literal,
        compiler: &Compiler<'_>,
        list: Option<usize>,
    ) -> Compiled<Option<KeyLiteral>> {
        let predicate = match &*literal.predicate {
            condition::Predicate::In(subject, set) => match (&**subject, set) {
                (condition::Subject::Number(number), Set::Numbers(set)) => {
                    KeyPredicate::of_number(number, set, compiler, list)?
                }
                (condition::Subject::Text(text), Set::Texts(TextSet::Values(values))) => {
                    KeyPredicate::of_text(text, values, compiler, list)?
                }
                (condition::Subject::Boolean(boolean), Set::True) => {
                    KeyPredicate::of_boolean(boolean, compiler, list)?
                }
                (condition::Subject::Date(date), Set::Dates(operator, constant)) => {
                    let dates = (compiler.date(date)?, compiler.date_constant(*constant)?);
                    KeyPredicate::of_dates(*operator, dates)
                }
                (condition::Subject::Presence(expression), Set::Presence(Presence::Absent)) => {
                    match compiler.operand(expression)? {
                        Operand::Location(Location::Slot(slot)) => {
                            Some(KeyPredicate::plain(KeySubject::Absence(slot), None, Keys::TRUE))
                        }
                        _ => None,
                    }
                }
                _ => None,
            },
            condition::Predicate::Compares(comparison) => match &**comparison {
                Comparison::Dates { operator, left, right } => {
                    KeyPredicate::of_dates(*operator, (compiler.date(left)?, compiler.date(right)?))
                }
                _ => None,
            },
            condition::Predicate::Call(_) => None,
        };
        let predicate = match predicate {
            None => KeyPredicate::of_outcome(literal, compiler)?,
            some => some,
        };
        Ok(predicate.map(|predicate| KeyLiteral { predicate, negated: literal.negated }))
    }

    fn of_number(
        number: &NumberExpression,
        set: &NumberSet,
        compiler: &Compiler<'_>,
        list: Option<usize>,
    ) -> Compiled<Option<KeyPredicate>> {
        let keys = match &set.0 {
            Numbers::Within(bounds) => Keys::within(*bounds),
            Numbers::Points(points) => Some(Keys::Set(KeySet::of(points.to_vec()))),
        };
        // Numbers outside of what keys can say, and values that are computed
        // anew for each question.
        let Some(keys) = keys.filter(|_| !number.is_computed()) else { return Ok(None) };
        Ok(match compiler.number(number)? {
            NumberOperand::At(location) => {
                KeySubject::at(location, list).map(|subject| KeyPredicate::plain(subject, None, keys))
            }
            NumberOperand::Stated(slot, otherwise) => otherwise.derived().map(|derived| {
                let subject = KeySubject::Stated { slot, derived };
                KeyPredicate::plain(subject, Computation::Stated(*otherwise), keys)
            }),
            NumberOperand::Derived(derived) => {
                let subject = KeySubject::Derived(derived.number);
                Some(KeyPredicate::plain(subject, Computation::Number(NumberOperand::Derived(derived)), keys))
            }
            NumberOperand::Part(date, part) => date.number().map(|number| {
                KeyPredicate::plain(KeySubject::Part(number, part), Computation::Part(date, part), keys)
            }),
            _ => None,
        })
    }

    fn of_text(
        text: &TextExpression,
        values: &[Arc<str>],
        compiler: &Compiler<'_>,
        list: Option<usize>,
    ) -> Compiled<Option<KeyPredicate>> {
        let TextExpression::Attribute(leaf) = text else { return Ok(None) };
        let Some(symbols) = compiler.symbols(leaf.read(), values) else { return Ok(None) };
        let Some(subject) = KeySubject::at(compiler.location(leaf)?, list) else { return Ok(None) };
        let mut keys: Vec<Key> = symbols.iter().map(|symbol| i64::from(symbol.0)).collect();
        keys.sort_unstable();
        // Symbols that follow each other, as those of one rule often do.
        let is_run =
            keys.windows(2).all(|pair| matches!(pair, [low, high] if low.checked_add(1) == Some(*high)));
        let keys = match (keys.first(), keys.last()) {
            (Some(low), Some(high)) if is_run => Keys::Range { low: *low, high: *high, exact: None },
            _ => Keys::Set(KeySet::of(keys)),
        };
        Ok(Some(KeyPredicate::plain(subject, None, keys)))
    }

    fn of_boolean(
        boolean: &BooleanExpression,
        compiler: &Compiler<'_>,
        list: Option<usize>,
    ) -> Compiled<Option<KeyPredicate>> {
        let location = match boolean {
            BooleanExpression::Attribute(leaf) => compiler.location(leaf)?,
            BooleanExpression::Answer(answer) => Location::Slot(compiler.slot(answer.read())?),
            BooleanExpression::Includes(aggregate) => {
                let derived = compiler.aggregate(aggregate)?;
                let subject = KeySubject::Derived(derived.number);
                return Ok(Some(KeyPredicate::plain(subject, Computation::Includes(derived), Keys::TRUE)));
            }
        };
        Ok(KeySubject::at(location, list).map(|subject| KeyPredicate::plain(subject, None, Keys::TRUE)))
    }

    fn of_dates(operator: Operator, (left, right): (DateOperand, DateOperand)) -> Option<KeyPredicate> {
        let (first, second) = (left.number()?, right.number()?);
        let computation = Computation::Order(operator, left, right);
        Some(KeyPredicate::plain(KeySubject::Order(operator, first, second), computation, Keys::TRUE))
    }

    /// The outcome of an expensive predicate that several rules share.
    fn of_outcome(literal: &condition::Literal, compiler: &Compiler<'_>) -> Compiled<Option<KeyPredicate>> {
        Ok(compiler.memo(&literal.predicate)?.map(|memo| {
            KeyPredicate::plain(KeySubject::Derived(memo.number), Computation::Outcome(memo), Keys::TRUE)
        }))
    }

    fn plain(subject: KeySubject, computation: impl Into<Option<Computation>>, keys: Keys) -> KeyPredicate {
        KeyPredicate { subject, computation: computation.into().map(Box::new), keys }
    }

    /// What its subject comes to for the transaction. An entry's key is not
    /// that of the transaction, and so is unknown here.
    pub(super) fn value(&self, evaluation: &mut Evaluation<'_>) -> SubjectValue {
        let number = |operand: &NumberOperand, evaluation: &mut Evaluation<'_>| {
            operand.value(evaluation).map_or(SubjectValue::Unknown, SubjectValue::of_number)
        };
        match (self.subject, self.computation.as_deref()) {
            (KeySubject::Slot(slot), _) => SubjectValue::of_slot(evaluation.transaction(), slot),
            (KeySubject::Absence(slot), _) => {
                let cell = evaluation.transaction().cell(slot as usize);
                SubjectValue::Key(i64::from(matches!(cell, Cell::Absent)))
            }
            (KeySubject::Stated { slot, .. }, Some(Computation::Stated(otherwise))) => {
                match SubjectValue::of_slot(evaluation.transaction(), slot) {
                    SubjectValue::Unknown => number(otherwise, evaluation),
                    stated => stated,
                }
            }
            (_, Some(Computation::Number(operand))) => number(operand, evaluation),
            (_, Some(Computation::Includes(derived))) => match derived.value(evaluation) {
                DerivedValue::Boolean(value) => SubjectValue::Key(value.into()),
                _ => SubjectValue::Unknown,
            },
            (_, Some(Computation::Outcome(memo))) => SubjectValue::of_truth(memo.outcome(evaluation)),
            (_, Some(Computation::Part(date, part))) => {
                date.value(evaluation).map_or(SubjectValue::Unknown, |time| {
                    SubjectValue::Key(time.local.part(*part).wrapping_mul(UNIT))
                })
            }
            (_, Some(Computation::Order(operator, left, right))) => {
                match (left.value(evaluation), right.value(evaluation)) {
                    (Ok(left), Ok(right)) => {
                        SubjectValue::Key(operator.holds(left.instant.cmp(&right.instant)).into())
                    }
                    _ => SubjectValue::Unknown,
                }
            }
            (_, None | Some(Computation::Stated(_))) => SubjectValue::Unknown,
        }
    }

    pub(super) fn truth(&self, evaluation: &mut Evaluation<'_>) -> Truth {
        match self.value(evaluation) {
            SubjectValue::Key(key) => self.keys.have(key).into(),
            SubjectValue::Number(number) => self.keys.have_number(number).into(),
            SubjectValue::Unknown => Truth::Unknown,
        }
    }
}

impl Keys {
    /// The key of what is true.
    const TRUE: Keys = Keys::Range { low: 1, high: 1, exact: None };

    /// Numbers within bounds, where keys can say them.
    fn within(bounds: Bounds) -> Option<Keys> {
        let (low, high) = bounds.small_ends()?;
        let exact = bounds.is_strict().then(|| Box::new(bounds));
        Some(Keys::Range { low, high, exact })
    }

    fn have(&self, key: Key) -> bool {
        match self {
            Keys::Range { low, high, .. } => *low <= key && key <= *high,
            Keys::Set(keys) => keys.has(key),
        }
    }

    /// The same for a number that is no key.
    #[cold]
    fn have_number(&self, number: Number) -> bool {
        match self {
            Keys::Range { exact: Some(bounds), .. } => bounds.hold_number(number),
            Keys::Range { low, high, exact: None } => Bounds::of_keys(*low, *high).hold_number(number),
            Keys::Set(_) => false,
        }
    }
}
