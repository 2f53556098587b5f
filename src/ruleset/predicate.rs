//! What rules ask, each question once: is the word of a subject within these?

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::program::Evaluation;
use crate::program::operand::{DateOperand, NumberOperand, Numeric, Part, Place};
use crate::program::test::{Kept, Operand, RareTest, Test};
use crate::syntax::Operator;
use crate::transaction::{Cell, Quick, Transaction, UNQUICK};
use crate::value::{Bounds, LocalTime, Number, Truth};

use super::words::WordSet;

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
    /// Of a date, by its number among derived values.
    Weekday(u32),
    Minute(u32),
    Part(u32, Part),
    /// Whether two dates compare so.
    Order(Operator, u32, u32),
}

impl Subject {
    /// Whether its word stands in the transaction, ready to be looked at.
    pub(super) fn is_read(self) -> bool {
        matches!(self, Subject::Slot(_) | Subject::Absence(_) | Subject::Entry { .. })
    }
}

/// How the word is come by where it is not in a slot.
#[derive(Debug)]
enum Source {
    Number(NumberOperand),
    Stated(Arc<NumberOperand>),
    Truth(Test),
    Outcome(Kept),
    Weekday(DateOperand),
    Minute(DateOperand),
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
    /// Takes a test for what it asks of a subject; gives back one that asks
    /// something else. `list` is that of the item at hand.
    pub(super) fn of(test: Test, list: Option<usize>) -> Result<Literal, Test> {
        let subject = |place: Place| match (place, list.map(u32::try_from)) {
            (Place::Slot(slot), _) => Some(Subject::Slot(slot)),
            (Place::Entry(slot), Some(Ok(list))) => Some(Subject::Entry { list, slot }),
            (Place::Entry(_), _) => None,
        };
        if !test.has_otherwise() {
            let range = test.quick_range().and_then(|(place, low, high)| {
                let exact = match &test {
                    Test::Within(_, bounds, _) if bounds.is_strict() => Some(Box::new(*bounds)),
                    _ => None,
                };
                Some((subject(place)?, Words::Range { low, high, exact }))
            });
            let words = || {
                let (place, words) = test.word_list()?;
                Some((subject(place)?, Words::Set(WordSet::of(words))))
            };
            if let Some((subject, words)) = range.or_else(words) {
                return Ok(plain(subject, None, words));
            }
        }
        match test {
            Test::Within(Place::Slot(slot), bounds, Some(otherwise)) => {
                match (&*otherwise, Words::within(bounds)) {
                    (NumberOperand::Derived(derived), Some(words)) => {
                        let subject = Subject::Stated { slot, derived: derived.number };
                        Ok(plain(subject, Source::Stated(otherwise), words))
                    }
                    _ => Err(Test::Within(Place::Slot(slot), bounds, Some(otherwise))),
                }
            }
            Test::Rare(test) => Predicate::of_rare(*test).map_err(|test| Test::Rare(Box::new(test))),
            other => Err(other),
        }
    }

    fn of_rare(test: RareTest) -> Result<Literal, RareTest> {
        match test {
            RareTest::OperandWithin(operand, bounds) => {
                let subject = match &operand {
                    NumberOperand::Derived(derived) => Some(Subject::Derived(derived.number)),
                    NumberOperand::Part(date, part) => {
                        date.number().map(|number| Subject::Part(number, *part))
                    }
                    _ => None,
                };
                match (subject, Words::within(bounds)) {
                    (Some(subject), Some(words)) => Ok(plain(subject, Source::Number(operand), words)),
                    _ => Err(RareTest::OperandWithin(operand, bounds)),
                }
            }
            RareTest::Weekday(date, days) => match date.number() {
                Some(number) => {
                    let words = (1..=7).filter(|day| days.has(*day)).collect();
                    let words = Words::Set(WordSet::of(words));
                    Ok(plain(Subject::Weekday(number), Source::Weekday(date), words))
                }
                None => Err(RareTest::Weekday(date, days)),
            },
            RareTest::Between(date, from, to) => match date.number() {
                Some(number) => {
                    let (low, high, inside) = LocalTime::minutes_between(from, to);
                    let words = Words::Range { low, high, exact: None };
                    let literal = plain(Subject::Minute(number), Source::Minute(date), words);
                    Ok(Literal { negated: !inside, ..literal })
                }
                None => Err(RareTest::Between(date, from, to)),
            },
            RareTest::Null(Operand::Place(Place::Slot(slot))) => {
                Ok(plain(Subject::Absence(slot), None, Words::YES))
            }
            RareTest::DatesCompare(operator, left, right) => match (left.number(), right.number()) {
                (Some(first), Some(second)) => {
                    let source =
                        Source::Truth(Test::Rare(Box::new(RareTest::DatesCompare(operator, left, right))));
                    Ok(plain(Subject::Order(operator, first, second), source, Words::YES))
                }
                _ => Err(RareTest::DatesCompare(operator, left, right)),
            },
            RareTest::Aggregate(derived) => {
                let subject = Subject::Derived(derived.number);
                let source = Source::Truth(Test::Rare(Box::new(RareTest::Aggregate(derived))));
                Ok(plain(subject, source, Words::YES))
            }
            RareTest::Kept(kept) => {
                let (subject, negated) = (Subject::Derived(kept.number), kept.opposite);
                let literal = plain(subject, Source::Outcome(kept), Words::YES);
                Ok(Literal { negated, ..literal })
            }
            other => Err(other),
        }
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
            (_, Some(Source::Truth(test))) => Met::of_truth(test.truth(evaluation)),
            (_, Some(Source::Outcome(kept))) => Met::of_truth(kept.outcome(evaluation)),
            (_, Some(Source::Weekday(date))) => {
                date.value(evaluation).map_or(Met::Unknown, |time| Met::Word(time.local.weekday()))
            }
            (_, Some(Source::Minute(date))) => {
                date.value(evaluation).map_or(Met::Unknown, |time| Met::Word(time.local.minute_of_day()))
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

fn plain(subject: Subject, source: impl Into<Option<Source>>, words: Words) -> Literal {
    let source = source.into().map(Box::new);
    Literal { predicate: Predicate { subject, source, words }, negated: false }
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
