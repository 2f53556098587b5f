//! What rules ask, each question once: is the word of a subject within these?

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::condition::{
    self, BooleanExpression, Comparison, NumberExpression, NumberSet, Numbers, Presence, Set, TextExpression,
    TextSet,
};
use crate::program::Evaluation;
use crate::program::compile::{Compiled, Compiler};
use crate::program::computed::Computed;
use crate::program::numeric::Numeric;
use crate::program::operand::{DateOperand, Derived, NumberOperand, Place};
use crate::program::test::{Kept, Operand};
use crate::syntax::Operator;
use crate::transaction::{Cell, Quick, Transaction, UNQUICK};
use crate::value::{Bounds, DatePart, Number, Truth};

use super::words::{UNIT, WordSet};

/// What is asked about. It has one word for a transaction, or for each entry
/// of a list; equal subjects have equal words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Subject {
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

impl Subject {
    /// What stands in a place; `list` is that of the item at hand.
    fn at(place: Place, list: Option<usize>) -> Option<Subject> {
        match (place, list.map(u32::try_from)) {
            (Place::Slot(slot), _) => Some(Subject::Slot(slot)),
            (Place::Entry(slot), Some(Ok(list))) => Some(Subject::Entry { list, slot }),
            (Place::Entry(_), _) => None,
        }
    }

    /// Whether its word stands in the transaction, ready to be looked at.
    pub(super) fn is_read(self) -> bool {
        matches!(self, Subject::Slot(_) | Subject::Absence(_) | Subject::Entry { .. })
    }
}

/// How the word is come by where it is not in a slot.
#[derive(Debug)]
enum Source {
    Number(NumberOperand),
    /// Of what a slot does not state.
    Stated(NumberOperand),
    Includes(Derived),
    Outcome(Kept),
    Part(DateOperand, DatePart),
    Order(Operator, DateOperand, DateOperand),
}

/// A question. Two are equal where they ask the same of the same subject,
/// however they come by its word.
#[derive(Debug)]
pub(super) struct Predicate {
    pub(super) subject: Subject,
    /// None where the word stands in a slot, as that of nearly every predicate.
    source: Option<Box<Source>>,
    pub(super) words: Words,
}

impl PartialEq for Predicate {
    fn eq(&self, other: &Predicate) -> bool {
        self.subject == other.subject && self.words == other.words
    }
}

impl Eq for Predicate {}

impl Hash for Predicate {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.subject.hash(state);
        self.words.hash(state);
    }
}

/// The words for which the answer is yes.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Words {
    /// From the first to the last. Where an end is strict, a number of more
    /// digits than a word has is asked the bounds themselves.
    Range {
        low: Quick,
        high: Quick,
        exact: Option<Box<Bounds>>,
    },
    Set(WordSet),
}

/// What a subject comes to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Met {
    Word(Quick),
    /// A number that is no word.
    Number(Number),
    Unknown,
}

impl Met {
    fn of_number(numeric: Numeric) -> Met {
        match numeric {
            Numeric::Fixed(fixed) => fixed.small().map_or(Met::Number(fixed.number()), Met::Word),
            Numeric::Number(number) => Met::Number(number),
        }
    }

    fn of_truth(truth: Truth) -> Met {
        match truth {
            Truth::Unknown => Met::Unknown,
            known => Met::Word(i64::from(known == Truth::True)),
        }
    }

    fn of_word(word: Quick, cell: impl FnOnce() -> Met) -> Met {
        if word == UNQUICK { cell() } else { Met::Word(word) }
    }

    #[cold]
    fn of_cell(cell: &Cell) -> Met {
        match cell {
            Cell::Fixed(number) => Met::of_number(Numeric::Fixed(*number)),
            Cell::Number(number) => Met::Number(*number),
            // INVARIANT: only numbers have values without a word.
            _ => Met::Unknown,
        }
    }

    #[inline]
    pub(super) fn of_slot(transaction: &Transaction, slot: u32) -> Met {
        let word = transaction.quick().get(slot as usize).copied().unwrap_or(UNQUICK);
        Met::of_word(word, || Met::of_cell(transaction.cell(slot as usize)))
    }

    /// The same for every entry of a list; `None` where there is no list.
    pub(super) fn of_entries(
        transaction: &Transaction,
        list: u32,
        slot: u32,
    ) -> Option<impl Iterator<Item = Met>> {
        Some(transaction.rows(list as usize)?.entries().map(move |entry| {
            let word = entry.quick().get(slot as usize).copied().unwrap_or(UNQUICK);
            Met::of_word(word, || Met::of_cell(entry.cell(slot as usize)))
        }))
    }
}

/// A question that is to be answered with yes, or with no.
#[derive(Debug)]
pub(super) struct Literal {
    pub(super) predicate: Predicate,
    pub(super) negated: bool,
}

impl Predicate {
    /// What a literal of a condition asks; `None` where that is not the word of
    /// a subject. `list` is that of the item at hand.
    pub(super) fn of(
        literal: &condition::Literal,
        compiler: &Compiler<'_>,
        list: Option<usize>,
    ) -> Compiled<Option<Literal>> {
        let predicate = match &*literal.predicate {
            condition::Predicate::In(subject, set) => match (&**subject, set) {
                (condition::Subject::Number(number), Set::Numbers(set)) => {
                    Predicate::of_number(number, set, compiler, list)?
                }
                (condition::Subject::Text(text), Set::Texts(TextSet::Values(values))) => {
                    Predicate::of_text(text, values, compiler, list)?
                }
                (condition::Subject::Boolean(boolean), Set::True) => {
                    Predicate::of_boolean(boolean, compiler, list)?
                }
                (condition::Subject::Date(date), Set::Dates(operator, constant)) => {
                    let dates = (compiler.date(date)?, compiler.date_constant(*constant)?);
                    Predicate::of_dates(*operator, dates)
                }
                (condition::Subject::Presence(expression), Set::Presence(Presence::Absent)) => {
                    match compiler.operand(expression)? {
                        Operand::Place(Place::Slot(slot)) => {
                            Some(Predicate::plain(Subject::Absence(slot), None, Words::YES))
                        }
                        _ => None,
                    }
                }
                _ => None,
            },
            condition::Predicate::Compares(comparison) => match &**comparison {
                Comparison::Dates { operator, left, right } => {
                    Predicate::of_dates(*operator, (compiler.date(left)?, compiler.date(right)?))
                }
                _ => None,
            },
            condition::Predicate::Call(_) => None,
        };
        let predicate = match predicate {
            None => Predicate::of_outcome(literal, compiler)?,
            some => some,
        };
        Ok(predicate.map(|predicate| Literal { predicate, negated: literal.negated }))
    }

    fn of_number(
        number: &NumberExpression,
        set: &NumberSet,
        compiler: &Compiler<'_>,
        list: Option<usize>,
    ) -> Compiled<Option<Predicate>> {
        let words = match &set.0 {
            Numbers::Within(bounds) => Words::within(*bounds),
            Numbers::Points(points) => Some(Words::Set(WordSet::of(points.to_vec()))),
        };
        // Numbers outside of what words can say, and values that are computed
        // anew for each question.
        let Some(words) = words.filter(|_| !number.is_computed()) else { return Ok(None) };
        Ok(match compiler.number(number)? {
            NumberOperand::At(place) => {
                Subject::at(place, list).map(|subject| Predicate::plain(subject, None, words))
            }
            NumberOperand::Stated(slot, derived) => {
                let subject = Subject::Stated { slot, derived: derived.number };
                let source = Source::Stated(NumberOperand::Derived(derived));
                Some(Predicate::plain(subject, source, words))
            }
            NumberOperand::Derived(derived) => {
                let subject = Subject::Derived(derived.number);
                Some(Predicate::plain(subject, Source::Number(NumberOperand::Derived(derived)), words))
            }
            NumberOperand::Part(date, part) => date
                .number()
                .map(|number| Predicate::plain(Subject::Part(number, part), Source::Part(date, part), words)),
            _ => None,
        })
    }

    fn of_text(
        text: &TextExpression,
        values: &[Arc<str>],
        compiler: &Compiler<'_>,
        list: Option<usize>,
    ) -> Compiled<Option<Predicate>> {
        let TextExpression::Attribute(leaf) = text else { return Ok(None) };
        let Some(symbols) = compiler.symbols(leaf.read(), values) else { return Ok(None) };
        let Some(subject) = Subject::at(compiler.place(leaf)?, list) else { return Ok(None) };
        let mut words: Vec<Quick> = symbols.iter().map(|symbol| i64::from(symbol.0)).collect();
        words.sort_unstable();
        // Symbols that follow each other, as those of one rule often do.
        let is_run =
            words.windows(2).all(|pair| matches!(pair, [low, high] if low.checked_add(1) == Some(*high)));
        let words = match (words.first(), words.last()) {
            (Some(low), Some(high)) if is_run => Words::Range { low: *low, high: *high, exact: None },
            _ => Words::Set(WordSet::of(words)),
        };
        Ok(Some(Predicate::plain(subject, None, words)))
    }

    fn of_boolean(
        boolean: &BooleanExpression,
        compiler: &Compiler<'_>,
        list: Option<usize>,
    ) -> Compiled<Option<Predicate>> {
        let place = match boolean {
            BooleanExpression::Attribute(leaf) => compiler.place(leaf)?,
            BooleanExpression::Answer(answer) => Place::Slot(compiler.slot(answer.read())?),
            BooleanExpression::Includes(aggregate) => {
                let derived = compiler.aggregate(aggregate)?;
                let subject = Subject::Derived(derived.number);
                return Ok(Some(Predicate::plain(subject, Source::Includes(derived), Words::YES)));
            }
        };
        Ok(Subject::at(place, list).map(|subject| Predicate::plain(subject, None, Words::YES)))
    }

    fn of_dates(operator: Operator, (left, right): (DateOperand, DateOperand)) -> Option<Predicate> {
        let (first, second) = (left.number()?, right.number()?);
        let source = Source::Order(operator, left, right);
        Some(Predicate::plain(Subject::Order(operator, first, second), source, Words::YES))
    }

    /// The outcome of an expensive predicate that several rules share.
    fn of_outcome(literal: &condition::Literal, compiler: &Compiler<'_>) -> Compiled<Option<Predicate>> {
        Ok(compiler
            .kept_outcome(&literal.predicate)?
            .map(|kept| Predicate::plain(Subject::Derived(kept.number), Source::Outcome(kept), Words::YES)))
    }

    fn plain(subject: Subject, source: impl Into<Option<Source>>, words: Words) -> Predicate {
        Predicate { subject, source: source.into().map(Box::new), words }
    }

    /// What its subject comes to for the transaction. An entry's word is not
    /// that of the transaction, and so is unknown here.
    pub(super) fn met(&self, evaluation: &mut Evaluation<'_>) -> Met {
        let number = |operand: &NumberOperand, evaluation: &mut Evaluation<'_>| {
            operand.value(evaluation).map_or(Met::Unknown, Met::of_number)
        };
        match (self.subject, self.source.as_deref()) {
            (Subject::Slot(slot), _) => Met::of_slot(evaluation.transaction(), slot),
            (Subject::Absence(slot), _) => {
                let cell = evaluation.transaction().cell(slot as usize);
                Met::Word(i64::from(matches!(cell, Cell::Absent)))
            }
            (Subject::Stated { slot, .. }, Some(Source::Stated(otherwise))) => {
                match Met::of_slot(evaluation.transaction(), slot) {
                    Met::Unknown => number(otherwise, evaluation),
                    stated => stated,
                }
            }
            (_, Some(Source::Number(operand))) => number(operand, evaluation),
            (_, Some(Source::Includes(derived))) => match derived.value(evaluation) {
                Computed::Boolean(value) => Met::Word(value.into()),
                _ => Met::Unknown,
            },
            (_, Some(Source::Outcome(kept))) => Met::of_truth(kept.outcome(evaluation)),
            (_, Some(Source::Part(date, part))) => date
                .value(evaluation)
                .map_or(Met::Unknown, |time| Met::Word(time.local.part(*part).saturating_mul(UNIT))),
            (_, Some(Source::Order(operator, left, right))) => {
                match (left.value(evaluation), right.value(evaluation)) {
                    (Ok(left), Ok(right)) => {
                        Met::Word(operator.holds(left.instant.cmp(&right.instant)).into())
                    }
                    _ => Met::Unknown,
                }
            }
            (_, None | Some(Source::Stated(_))) => Met::Unknown,
        }
    }

    pub(super) fn truth(&self, evaluation: &mut Evaluation<'_>) -> Truth {
        match self.met(evaluation) {
            Met::Word(word) => self.words.have(word).into(),
            Met::Number(number) => self.words.have_number(number).into(),
            Met::Unknown => Truth::Unknown,
        }
    }
}

impl Words {
    /// The word of what is true.
    const YES: Words = Words::Range { low: 1, high: 1, exact: None };

    /// Numbers within bounds, where words can say them.
    fn within(bounds: Bounds) -> Option<Words> {
        let (low, high) = bounds.small_ends()?;
        let exact = bounds.is_strict().then(|| Box::new(bounds));
        Some(Words::Range { low, high, exact })
    }

    fn have(&self, word: Quick) -> bool {
        match self {
            Words::Range { low, high, .. } => *low <= word && word <= *high,
            Words::Set(words) => words.has(word),
        }
    }

    /// The same for a number that is no word.
    #[cold]
    fn have_number(&self, number: Number) -> bool {
        match self {
            Words::Range { exact: Some(bounds), .. } => bounds.hold_number(number),
            Words::Range { low, high, exact: None } => Bounds::of_words(*low, *high).hold_number(number),
            Words::Set(_) => false,
        }
    }
}
