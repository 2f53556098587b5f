//! The leaves of a program: tests that are true, false or unknown.

use std::sync::Arc;

use memchr::memmem::Finder;

use crate::syntax::Operator;
use crate::transaction::{Cell, Symbol};
use crate::value::{Affixes, Bounds, Pattern, Truth};

use super::aggregate::{Chosen, FigureSlots};
use super::evaluation::{Computed, Evaluation, Time};
use super::flow::Flow;
use super::operand::{
    DateOperand, Derived, Hand, Missing, NumberOperand, Numeric, Place, TextOperand, number_of,
};

/// One test. What is asked often comes without a box.
#[derive(Debug)]
pub(super) enum Test {
    Constant(Truth),
    /// A number of the document within bounds; where the document does not
    /// state it, the operand.
    Within(Place, Bounds, Option<Arc<NumberOperand>>),
    /// A text of the document is the one with the symbol.
    Is(Place, Symbol),
    /// A truth value of the document.
    Holds(Place),
    Rare(Box<RareTest>),
}

#[derive(Debug)]
pub(super) enum RareTest {
    Compares(Operator, NumberOperand, NumberOperand),
    OperandWithin(NumberOperand, Bounds),
    /// A number of the document is one of many: in billionths, ascending.
    NumberIn(Place, Box<[i64]>, Option<Arc<NumberOperand>>),
    /// A text of the document is one of many, ascending.
    SymbolIn(Place, Box<[Symbol]>),
    TextsEqual(TextOperand, TextOperand),
    Contains(TextOperand, Box<Finder<'static>>),
    ContainsText(TextOperand, TextOperand),
    Matches(TextOperand, Pattern),
    HasAffixes(TextOperand, Affixes),
    /// There, not empty, and holding the text.
    Exists(TextOperand, Box<str>),
    DatesCompare(Operator, DateOperand, DateOperand),
    Weekday(DateOperand, WeekdaySet),
    /// From the first minute of the day on and before the second.
    Between(DateOperand, i64, i64),
    Valid(DateOperand),
    /// The operand is absent.
    Null(Operand),
    /// A custom field or segment has the value.
    Includes(u32, Box<str>),
    ContainerExists(u32),
    Aggregate(Derived),
    ItemMatches(Chosen, FigureSlots),
    /// Both are true or both are false.
    BooleansEqual(Flow, Flow),
    /// Asks something of the item at hand, which is unknown where there is no
    /// list of items.
    OfItem(Test),
}

/// An operand of any type.
#[derive(Debug)]
pub(super) enum Operand {
    Place(Place),
    Number(NumberOperand),
    Text(TextOperand),
    Date(DateOperand),
    /// A call that is true or false, and what it needs.
    Boolean(Flow, Vec<Operand>),
}

/// A set of days of the week: bit 1 is Sunday, bit 7 Saturday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WeekdaySet(pub(super) u8);

impl WeekdaySet {
    pub(super) const WEEKDAYS: WeekdaySet = WeekdaySet(0b0111_1100);

    fn has(self, weekday: i64) -> bool {
        let bit = u32::try_from(weekday).unwrap_or(0);
        1_u8.checked_shl(bit).is_some_and(|bit| self.0 & bit != 0)
    }
}

impl Test {
    /// How much it costs to ask, roughly in nanoseconds; only the order counts.
    pub(super) fn cost(&self) -> u32 {
        match self {
            Test::Constant(_) => 0,
            Test::Holds(_) | Test::Is(..) => 1,
            Test::Within(_, _, None) => 2,
            Test::Within(_, _, Some(_)) => 3,
            Test::Rare(test) => match &**test {
                RareTest::NumberIn(..) | RareTest::SymbolIn(..) => 5,
                RareTest::Null(Operand::Place(_)) | RareTest::ContainerExists(_) => 2,
                RareTest::Compares(..) | RareTest::OperandWithin(..) | RareTest::TextsEqual(..) => 12,
                RareTest::Weekday(..) | RareTest::Between(..) | RareTest::DatesCompare(..) => 10,
                RareTest::HasAffixes(..) => 10,
                RareTest::Exists(..) | RareTest::Contains(..) | RareTest::ContainsText(..) => 20,
                RareTest::OfItem(test) => test.cost(),
                RareTest::Matches(..) | RareTest::Includes(..) => 30,
                RareTest::BooleansEqual(..) | RareTest::Null(_) | RareTest::Valid(_) => 30,
                RareTest::ItemMatches(..) => 10,
                RareTest::Aggregate(_) => 60,
            },
        }
    }

    #[inline]
    pub(super) fn truth<'t>(&self, evaluation: &mut Evaluation<'t>, hand: Hand<'t>) -> Truth {
        match self {
            Test::Constant(truth) => *truth,
            Test::Within(place, bounds, otherwise) => match place.cell(evaluation, hand) {
                Cell::Fixed(number) => bounds.hold(*number).into(),
                Cell::Number(number) => bounds.hold_number(*number).into(),
                _ => match otherwise {
                    None => Truth::Unknown,
                    Some(operand) => within(operand, bounds, evaluation, hand),
                },
            },
            Test::Is(place, symbol) => match place.cell(evaluation, hand) {
                Cell::Text(_, found) => (found == symbol).into(),
                _ => Truth::Unknown,
            },
            Test::Holds(place) => match place.cell(evaluation, hand) {
                Cell::Boolean(value) => (*value).into(),
                _ => Truth::Unknown,
            },
            Test::Rare(test) => test.truth(evaluation, hand),
        }
    }
}

fn within<'t>(
    operand: &NumberOperand,
    bounds: &Bounds,
    evaluation: &mut Evaluation<'t>,
    hand: Hand<'t>,
) -> Truth {
    match operand.value(evaluation, hand) {
        Ok(Numeric::Fixed(number)) => bounds.hold(number).into(),
        Ok(Numeric::Number(number)) => bounds.hold_number(number).into(),
        Err(_) => Truth::Unknown,
    }
}

fn known(result: Result<bool, Missing>) -> Truth {
    result.map_or(Truth::Unknown, Truth::from)
}

impl RareTest {
    // The hot path stays small enough to be inlined without this one.
    #[inline(never)]
    fn truth<'t>(&self, evaluation: &mut Evaluation<'t>, hand: Hand<'t>) -> Truth {
        match self {
            RareTest::Compares(operator, left, right) => {
                match (left.value(evaluation, hand), right.value(evaluation, hand)) {
                    (Ok(left), Ok(right)) => operator.holds(left.order(right)).into(),
                    _ => Truth::Unknown,
                }
            }
            RareTest::OperandWithin(operand, bounds) => within(operand, bounds, evaluation, hand),
            RareTest::NumberIn(place, numbers, otherwise) => {
                let number = match (number_of(place.cell(evaluation, hand)), otherwise) {
                    (Ok(number), _) => Ok(number),
                    (Err(_), Some(operand)) => operand.value(evaluation, hand),
                    (Err(missing), None) => Err(missing),
                };
                known(number.map(|number| match number {
                    Numeric::Fixed(number) => {
                        number.small().is_some_and(|units| numbers.binary_search(&units).is_ok())
                    }
                    Numeric::Number(_) => false,
                }))
            }
            RareTest::SymbolIn(place, symbols) => match place.cell(evaluation, hand) {
                Cell::Text(_, found) => symbols.binary_search(found).is_ok().into(),
                _ => Truth::Unknown,
            },
            RareTest::TextsEqual(left, right) => {
                match (left.value(evaluation, hand), right.value(evaluation, hand)) {
                    (Ok(left), Ok(right)) => (left == right).into(),
                    _ => Truth::Unknown,
                }
            }
            RareTest::Contains(text, part) => {
                known(text.value(evaluation, hand).map(|text| part.find(text.as_bytes()).is_some()))
            }
            RareTest::ContainsText(text, part) => {
                match (text.value(evaluation, hand), part.value(evaluation, hand)) {
                    (Ok(text), Ok(part)) => text.contains(part).into(),
                    _ => Truth::Unknown,
                }
            }
            RareTest::Matches(text, pattern) => {
                known(text.value(evaluation, hand).map(|text| pattern.is_match(text)))
            }
            RareTest::HasAffixes(text, affixes) => {
                known(text.value(evaluation, hand).map(|text| affixes.fit(text)))
            }
            RareTest::Exists(text, part) => {
                let text = text.value(evaluation, hand).unwrap_or("");
                (!text.is_empty() && text.contains(&**part)).into()
            }
            RareTest::DatesCompare(operator, left, right) => {
                match (left.value(evaluation, hand), right.value(evaluation, hand)) {
                    (Ok(left), Ok(right)) => operator.holds(left.instant.cmp(&right.instant)).into(),
                    _ => Truth::Unknown,
                }
            }
            RareTest::Weekday(date, days) => {
                known(date.value(evaluation, hand).map(|time| days.has(time.local.weekday())))
            }
            RareTest::Between(date, from, to) => {
                known(date.value(evaluation, hand).map(|time| time.local.is_between(*from, *to)))
            }
            RareTest::Valid(date) => date.value(evaluation, hand).is_ok().into(),
            RareTest::Null(operand) => (operand.missing(evaluation, hand) == Some(Missing::Absent)).into(),
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
                Computed::Boolean(value) => value.into(),
                _ => Truth::Unknown,
            },
            RareTest::ItemMatches(chosen, figures) => match hand {
                Hand::At(entry) => known(chosen.holds(figures, evaluation.transaction(), entry)),
                Hand::None | Hand::Missing => Truth::Unknown,
            },
            RareTest::BooleansEqual(left, right) => {
                match (left.truth(evaluation, hand), right.truth(evaluation, hand)) {
                    (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
                    (left, right) => (left == right).into(),
                }
            }
            RareTest::OfItem(test) => match hand {
                Hand::Missing => Truth::Unknown,
                Hand::None | Hand::At(_) => test.truth(evaluation, hand),
            },
        }
    }
}

impl Operand {
    /// Why the operand has no value; `None` where it has one.
    fn missing<'t>(&self, evaluation: &mut Evaluation<'t>, hand: Hand<'t>) -> Option<Missing> {
        match self {
            Operand::Place(place) => match place.cell(evaluation, hand) {
                Cell::Absent => Some(Missing::Absent),
                Cell::Date(date) => Time::of(*date, evaluation.zone()).err(),
                _ => None,
            },
            Operand::Number(number) => number.value(evaluation, hand).err(),
            Operand::Text(text) => text.value(evaluation, hand).err(),
            Operand::Date(date) => date.value(evaluation, hand).err(),
            Operand::Boolean(flow, needs) => {
                if flow.truth(evaluation, hand) != Truth::Unknown {
                    return None;
                }
                let at_fault =
                    needs.iter().any(|need| need.missing(evaluation, hand) == Some(Missing::Fault));
                Some(if at_fault { Missing::Fault } else { Missing::Absent })
            }
        }
    }
}
