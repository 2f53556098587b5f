//! The leaves of a program: tests that are true, false or unknown.

use std::sync::Arc;

use memchr::memchr;
use memchr::memmem::Finder;

use crate::syntax::Operator;
use crate::transaction::{Cell, CurrentEntry, Key, Symbol};
use crate::value::{Affixes, Bounds, DatePart, Pattern, Truth};

use super::aggregate::{FigureSlots, ItemFilter};
use super::computed::{DerivedValue, Time};
use super::evaluation::Evaluation;
use super::flow::{Ask, Flow};
use super::instruction::KeyQuestion;
use super::key_table::KeyTable;
use super::linear::LinearKeys;
use super::numeric::{Missing, Numeric, number_of};
use super::operand::{DateOperand, DerivedAggregate, Location, NumberOperand, TextOperand};

/// One test. The frequent ones need no box.
#[derive(Debug)]
pub(crate) enum Test {
    Constant(Truth),
    /// A number of the document within bounds; where the document does not
    /// state it, the operand.
    Within(Location, Bounds, Option<Arc<NumberOperand>>),
    /// A text of the document is the one with the symbol.
    Is(Location, Symbol),
    /// A truth value of the document.
    Holds(Location),
    /// Two numbers, neither of them a constant.
    Compares(Box<NumberComparison>),
    /// A text that is there is asked something.
    Asks(Box<(TextOperand, TextTest)>),
    /// A value computed from items is within bounds.
    Aggregate(Box<(DerivedAggregate, Bounds)>),
    /// A part of a date is from the first number to the last.
    Part(Box<(DateOperand, DatePart, i64, i64)>),
    Rare(Box<RareTest>),
}

#[derive(Debug)]
pub(crate) struct NumberComparison {
    pub(crate) operator: Operator,
    pub(crate) left: NumberOperand,
    pub(crate) right: NumberOperand,
    pub(crate) linear: Option<LinearKeys>,
}

/// What is asked of a text.
#[derive(Debug)]
pub(crate) enum TextTest {
    Contains(Substring),
    Matches(Pattern),
    HasAffixes(Affixes),
}

#[derive(Debug)]
pub(crate) enum RareTest {
    OperandWithin(NumberOperand, Bounds),
    /// A number is one of many: in billionths, ascending.
    OperandIn(NumberOperand, Box<[i64]>),
    /// A number of the document is one of many: in billionths, ascending.
    NumberIn(Location, Box<[i64]>, Option<Arc<NumberOperand>>),
    /// A text of the document is one of many, ascending.
    SymbolIn(Location, Box<[Symbol]>),
    /// A text is one of some, ascending.
    TextIn(TextOperand, Box<[Arc<str>]>),
    TextsEqual(TextOperand, TextOperand),
    ContainsText(TextOperand, TextOperand),
    /// There, not empty, and holding the text.
    Exists(TextOperand, Arc<str>),
    DatesCompare(Operator, DateOperand, DateOperand),
    Valid(DateOperand),
    /// The operand is absent.
    Null(Operand),
    /// A custom field or segment has the value.
    Includes(u32, Arc<str>),
    ContainerExists(u32),
    Aggregate(DerivedAggregate),
    ItemMatches(ItemFilter, FigureSlots),
    /// Both are true or both are false.
    BooleansEqual(Flow<Test>, Flow<Test>),
    Memo(Memo),
    /// Asks something of the current item, which is unknown where there is no
    /// list of items.
    OfItem(Test),
}

/// A test whose outcome is kept for the transaction.
#[derive(Debug)]
pub(crate) struct Memo {
    /// The outcome's number among derived values.
    pub(crate) number: u32,
    pub(crate) test: Test,
}

impl Memo {
    /// The outcome, asked of the test where this evaluation has not done so.
    pub(crate) fn outcome<'t>(&self, evaluation: &mut Evaluation<'t>) -> Truth {
        let outcome = evaluation.derived(self.number, |evaluation| match self.test.truth(evaluation) {
            Truth::Unknown => DerivedValue::Missing(Missing::Absent),
            known => DerivedValue::Boolean(known == Truth::True),
        });
        match outcome {
            DerivedValue::Boolean(value) => value.into(),
            _ => Truth::Unknown,
        }
    }
}

/// A text that is looked for in others.
#[derive(Debug)]
pub(crate) struct Substring {
    text: Box<[u8]>,
    finder: Box<Finder<'static>>,
}

impl Substring {
    pub(crate) fn of(text: &str) -> Substring {
        Substring {
            text: text.as_bytes().into(),
            finder: Box::new(Finder::new(text.as_bytes()).into_owned()),
        }
    }

    /// Whether the text holds this one.
    ///
    /// Measured on one core for an address of 20 letters: 11 ns this way, 25
    /// by the finder, which stays for long texts: its time is bounded.
    fn is_in(&self, text: &str) -> bool {
        const SHORT: usize = 64;
        let mut rest = text.as_bytes();
        let Some(first) = self.text.first().filter(|_| rest.len() <= SHORT) else {
            return self.finder.find(rest).is_some();
        };
        while let Some(at) = memchr(*first, rest) {
            let Some(from) = rest.get(at..) else { return false };
            if from.starts_with(&self.text) {
                return true;
            }
            rest = from.get(1..).unwrap_or_default();
        }
        false
    }
}

/// An operand of any type.
#[derive(Debug)]
pub(crate) enum Operand {
    Location(Location),
    Number(NumberOperand),
    Text(TextOperand),
    Date(DateOperand),
    /// A call that is true or false, and what it needs.
    Boolean(Flow<Test>, Vec<Operand>),
}

impl Test {
    /// The keys for which the test is true, where it asks nothing but the key of
    /// a location.
    pub(crate) fn key_list(&self) -> Option<(Location, Vec<Key>)> {
        let Test::Rare(test) = self else { return None };
        match &**test {
            RareTest::NumberIn(location, numbers, _) => Some((*location, numbers.to_vec())),
            RareTest::SymbolIn(location, symbols) => {
                Some((*location, symbols.iter().map(|symbol| i64::from(symbol.0)).collect()))
            }
            _ => None,
        }
    }

    /// Whether it takes longer to ask than to look its outcome up. A test whose
    /// cost is that of a derived value is not: that value is memoised itself.
    pub(crate) fn is_costly(&self) -> bool {
        match self {
            Test::Compares(_) | Test::Asks(_) => true,
            Test::Rare(test) => match &**test {
                RareTest::OperandWithin(operand, _) | RareTest::OperandIn(operand, _) => {
                    !matches!(operand, NumberOperand::Derived(_))
                }
                RareTest::Includes(..) | RareTest::Exists(..) | RareTest::ContainsText(..) => true,
                _ => false,
            },
            Test::Constant(_) | Test::Within(..) | Test::Is(..) | Test::Holds(_) => false,
            Test::Aggregate(_) | Test::Part(_) => false,
        }
    }
}

impl Ask for Test {
    fn key_question(&self, hashed: bool) -> Option<KeyQuestion> {
        let range = |location: &Location, low, high| Some(KeyQuestion::Range(*location, low, high));
        match self {
            Test::Within(location, bounds, _) => {
                let (low, high) = bounds.small_ends()?;
                range(location, low, high)
            }
            Test::Is(location, symbol) => range(location, i64::from(symbol.0), i64::from(symbol.0)),
            Test::Holds(location) => range(location, 1, 1),
            Test::Compares(comparison) => comparison.linear.clone().map(KeyQuestion::Sum),
            Test::Rare(test) => {
                match &**test {
                    RareTest::Null(Operand::Location(location)) => {
                        return Some(KeyQuestion::Absent(*location));
                    }
                    RareTest::ItemMatches(ItemFilter::Symbol { slot, symbol }, _) => {
                        let symbol = i64::from(symbol.0);
                        return range(&Location::Entry(*slot), symbol, symbol);
                    }
                    // Where there is no item to ask there are no keys of it.
                    RareTest::OfItem(Test::Rare(test)) => match &**test {
                        RareTest::Null(Operand::Location(location @ Location::Entry(_))) => {
                            return Some(KeyQuestion::Absent(*location));
                        }
                        _ => return None,
                    },
                    _ => {}
                }
                // Symbols that follow each other, as those of one rule often do.
                if let RareTest::SymbolIn(location, symbols) = &**test
                    && let (Some(first), Some(last)) = (symbols.first(), symbols.last())
                    && let Some(count) = last.0.checked_sub(first.0).and_then(|count| count.checked_add(1))
                    && usize::try_from(count).ok() == Some(symbols.len())
                {
                    return range(location, i64::from(first.0), i64::from(last.0));
                }
                let (location, keys) = self.key_list()?;
                Some(KeyQuestion::Table(location, KeyTable::of(keys.into_iter(), hashed)))
            }
            Test::Constant(_) | Test::Asks(_) | Test::Aggregate(_) | Test::Part(_) => None,
        }
    }

    fn cost(&self) -> u32 {
        match self {
            Test::Constant(_) => 0,
            Test::Holds(_) | Test::Is(..) => 1,
            Test::Within(_, _, None) => 2,
            Test::Within(_, _, Some(_)) => 3,
            Test::Compares(comparison) if comparison.linear.is_some() => 5,
            Test::Compares(_) => 30,
            Test::Asks(asked) => match asked.1 {
                TextTest::HasAffixes(_) => 8,
                TextTest::Contains(_) => 10,
                TextTest::Matches(_) => 25,
            },
            Test::Aggregate(_) => 12,
            Test::Part(_) => 10,
            Test::Rare(test) => match &**test {
                RareTest::NumberIn(..) | RareTest::SymbolIn(..) => 3,
                RareTest::Null(Operand::Location(_)) | RareTest::ContainerExists(_) => 2,
                RareTest::OperandWithin(..) | RareTest::OperandIn(..) => 12,
                RareTest::TextIn(..) | RareTest::TextsEqual(..) => 12,
                RareTest::DatesCompare(..) => 10,
                RareTest::Exists(..) | RareTest::ContainsText(..) => 20,
                RareTest::OfItem(test) | RareTest::Memo(Memo { test, .. }) => test.cost(),
                RareTest::Includes(..) => 30,
                RareTest::BooleansEqual(..) | RareTest::Null(_) | RareTest::Valid(_) => 30,
                RareTest::ItemMatches(ItemFilter::Symbol { .. }, _) => 2,
                RareTest::ItemMatches(..) => 10,
                RareTest::Aggregate(_) => 60,
            },
        }
    }

    #[inline]
    fn truth(&self, evaluation: &mut Evaluation<'_>) -> Truth {
        match self {
            Test::Constant(truth) => *truth,
            Test::Within(location, bounds, otherwise) => match location.cell(evaluation) {
                Cell::Fixed(number) => bounds.hold(*number).into(),
                Cell::Number(number) => bounds.hold_number(*number).into(),
                _ => match otherwise {
                    None => Truth::Unknown,
                    Some(operand) => within(operand, bounds, evaluation),
                },
            },
            Test::Is(location, symbol) => match location.cell(evaluation) {
                Cell::Text(_, found) => (found == symbol).into(),
                _ => Truth::Unknown,
            },
            Test::Holds(location) => match location.cell(evaluation) {
                Cell::Boolean(value) => (*value).into(),
                _ => Truth::Unknown,
            },
            Test::Compares(comparison) => comparison.truth(evaluation),
            Test::Asks(asked) => {
                let (text, question) = &**asked;
                known(text.value(evaluation).map(|text| question.answer(text)))
            }
            Test::Aggregate(asked) => {
                let (aggregate, bounds) = &**asked;
                match aggregate.value(evaluation) {
                    DerivedValue::Number(Numeric::Fixed(number)) => bounds.hold(number).into(),
                    DerivedValue::Number(Numeric::Number(number)) => bounds.hold_number(number).into(),
                    _ => Truth::Unknown,
                }
            }
            Test::Part(asked) => {
                let (date, part, first, last) = &**asked;
                known(date.local(evaluation).map(|local| {
                    let value = local.part(*part);
                    *first <= value && value <= *last
                }))
            }
            Test::Rare(test) => test.truth(evaluation),
        }
    }
}

fn within<'t>(operand: &NumberOperand, bounds: &Bounds, evaluation: &mut Evaluation<'t>) -> Truth {
    match operand.value(evaluation) {
        Ok(Numeric::Fixed(number)) => bounds.hold(number).into(),
        Ok(Numeric::Number(number)) => bounds.hold_number(number).into(),
        Err(_) => Truth::Unknown,
    }
}

/// Whether a number is one of those: in billionths, ascending.
fn is_among(number: Numeric, numbers: &[i64]) -> bool {
    match number {
        Numeric::Fixed(number) => number.small().is_some_and(|units| numbers.binary_search(&units).is_ok()),
        Numeric::Number(_) => false,
    }
}

fn known(result: Result<bool, Missing>) -> Truth {
    result.map_or(Truth::Unknown, Truth::from)
}

impl NumberComparison {
    #[inline]
    fn truth(&self, evaluation: &mut Evaluation<'_>) -> Truth {
        let keys = evaluation.transaction().keys();
        match self.linear.as_ref().and_then(|linear| linear.holds(keys)) {
            Some(holds) => holds.into(),
            None => self.truth_of_values(evaluation),
        }
    }

    #[inline(never)]
    fn truth_of_values(&self, evaluation: &mut Evaluation<'_>) -> Truth {
        match (self.left.value(evaluation), self.right.value(evaluation)) {
            (Ok(left), Ok(right)) => self.operator.holds(left.order(right)).into(),
            _ => Truth::Unknown,
        }
    }
}

impl TextTest {
    #[inline]
    fn answer(&self, text: &str) -> bool {
        match self {
            TextTest::Contains(part) => part.is_in(text),
            TextTest::Matches(pattern) => pattern.is_match(text),
            TextTest::HasAffixes(affixes) => affixes.fit(text),
        }
    }
}

impl RareTest {
    // The hot path stays small enough to be inlined without this one.
    #[inline(never)]
    fn truth<'t>(&self, evaluation: &mut Evaluation<'t>) -> Truth {
        match self {
            RareTest::OperandWithin(operand, bounds) => within(operand, bounds, evaluation),
            RareTest::OperandIn(operand, numbers) => {
                known(operand.value(evaluation).map(|number| is_among(number, numbers)))
            }
            RareTest::NumberIn(location, numbers, otherwise) => {
                let number = match (number_of(location.cell(evaluation)), otherwise) {
                    (Ok(number), _) => Ok(number),
                    (Err(_), Some(operand)) => operand.value(evaluation),
                    (Err(missing), None) => Err(missing),
                };
                known(number.map(|number| is_among(number, numbers)))
            }
            RareTest::SymbolIn(location, symbols) => match location.cell(evaluation) {
                Cell::Text(_, found) => symbols.binary_search(found).is_ok().into(),
                _ => Truth::Unknown,
            },
            RareTest::TextIn(text, texts) => known(
                text.value(evaluation).map(|text| texts.binary_search_by(|one| (**one).cmp(text)).is_ok()),
            ),
            RareTest::TextsEqual(left, right) => match (left.value(evaluation), right.value(evaluation)) {
                (Ok(left), Ok(right)) => (left == right).into(),
                _ => Truth::Unknown,
            },
            RareTest::ContainsText(text, part) => match (text.value(evaluation), part.value(evaluation)) {
                (Ok(text), Ok(part)) => text.contains(part).into(),
                _ => Truth::Unknown,
            },
            RareTest::Exists(text, part) => {
                let text = text.value(evaluation).unwrap_or("");
                (!text.is_empty() && text.contains(&**part)).into()
            }
            RareTest::DatesCompare(operator, left, right) => {
                match (left.instant(evaluation), right.instant(evaluation)) {
                    (Ok(left), Ok(right)) => operator.holds(left.cmp(&right)).into(),
                    _ => Truth::Unknown,
                }
            }
            RareTest::Valid(date) => date.value(evaluation).is_ok().into(),
            RareTest::Null(operand) => (operand.missing(evaluation) == Some(Missing::Absent)).into(),
            RareTest::Includes(slot, wanted) => match evaluation.transaction().cell(*slot as usize) {
                Cell::Absent => Truth::Unknown,
                Cell::Texts(span) => {
                    evaluation.transaction().texts(*span).any(|text| *text == **wanted).into()
                }
                _ => Truth::False,
            },
            RareTest::ContainerExists(slot) => match evaluation.transaction().cell(*slot as usize) {
                Cell::Texts(span) => {
                    evaluation.transaction().texts(*span).any(|text| !text.is_empty()).into()
                }
                _ => Truth::False,
            },
            RareTest::Aggregate(derived) => match derived.value(evaluation) {
                DerivedValue::Boolean(value) => value.into(),
                _ => Truth::Unknown,
            },
            RareTest::ItemMatches(filter, figures) => match evaluation.current_entry() {
                CurrentEntry::At(entry) => known(filter.holds(figures, evaluation.transaction(), *entry)),
                CurrentEntry::None | CurrentEntry::Missing => Truth::Unknown,
            },
            RareTest::BooleansEqual(left, right) => match (left.truth(evaluation), right.truth(evaluation)) {
                (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
                (left, right) => (left == right).into(),
            },
            RareTest::Memo(memo) => memo.outcome(evaluation),
            RareTest::OfItem(test) => match evaluation.current_entry() {
                CurrentEntry::Missing => Truth::Unknown,
                CurrentEntry::None | CurrentEntry::At(_) => test.truth(evaluation),
            },
        }
    }
}

impl Operand {
    /// Why the operand has no value; `None` where it has one.
    pub(crate) fn missing<'t>(&self, evaluation: &mut Evaluation<'t>) -> Option<Missing> {
        match self {
            Operand::Location(location) => match location.cell(evaluation) {
                Cell::Absent => Some(Missing::Absent),
                Cell::Date(date) => Time::of(*date, evaluation.zone()).err(),
                _ => None,
            },
            Operand::Number(number) => number.value(evaluation).err(),
            Operand::Text(text) => text.value(evaluation).err(),
            Operand::Date(date) => date.value(evaluation).err(),
            Operand::Boolean(flow, needs) => {
                if flow.truth(evaluation) != Truth::Unknown {
                    return None;
                }
                let at_fault = needs.iter().any(|need| need.missing(evaluation) == Some(Missing::Fault));
                Some(if at_fault { Missing::Fault } else { Missing::Absent })
            }
        }
    }
}
