//! Whether numbers and dates can compare as a solution of a formula says: the
//! cells that are left to values, and to their comparisons and computations, as
//! linear inequalities.
//!
//! What is said here is only ever that they can't. Cells that are apart are taken
//! for all that lies between them, and an operation that may round is left out, so
//! a mistake costs an answer and is no false proof.

mod rows;
mod sum;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use target_rules::condition::{DateExpression, NumberExpression, NumberRange};
use target_rules::{Number, Truth, Zone};

use crate::budget::Budget;
use crate::cell_set::CellSet;
use crate::formula::VariableId;
use crate::model::{Key, Model, Question, Sample, Variable};
use rows::{Row, are_impossible};
use sum::{Decimal, Sum, Values};

/// So many values that are in several ranges, or compare in one of two ways, are
/// gone through one by one.
const MOST_SPLIT: usize = 5;
/// What is in more ranges than this is not.
const MOST_RANGES: usize = 3;

/// A sum that is at most, at least, or exactly what a variable of the model says.
struct Known<'m> {
    variable: VariableId,
    sum: Sum,
    how: How,
    /// Of what is computed, the values that it needs: it has one where these have.
    /// `None` where more is needed.
    needs: Option<&'m [VariableId]>,
}

enum How {
    /// The variable is how the sum compares with zero.
    Order,
    /// The variable is the sum.
    Value,
}

/// What is known of the numbers and dates of a model.
pub(crate) struct Arithmetic<'m> {
    model: &'m Model<'m>,
    zone: &'m Zone,
    known: Vec<Known<'m>>,
    /// The dates that are compared with each other, as variables and as values.
    dates: Vec<(VariableId, usize)>,
    /// What the question may still take.
    budget: &'m Budget,
}

impl<'m> Arithmetic<'m> {
    /// `None` where nothing is computed or compared with anything but constants.
    /// What is only right where numbers of the document have few digits is known
    /// where these are `plain_numbers`.
    pub(crate) fn of(
        model: &'m Model<'m>,
        zone: &'m Zone,
        plain_numbers: bool,
        budget: &'m Budget,
    ) -> Option<Arithmetic<'m>> {
        let is_bound = |key: &Key| match key {
            Key::NumberOrder(..) | Key::DateOrder(..) => true,
            Key::Number(number) => is_computed(number),
            _ => false,
        };
        if !model.variables.iter().any(|variable| is_bound(&variable.key)) {
            return None;
        }
        let mut values = Values::default();
        let mut known = Vec::new();
        let mut dates = Vec::new();
        // Items of rules that are decided for different ones have values of their
        // own, of which nothing is known here.
        let alone = |id: &VariableId| model.items.get(*id).is_some_and(Option::is_none);
        let of_all = || model.variables.iter().enumerate().filter(|(id, _)| alone(id));
        for (id, variable) in of_all() {
            let found = match &variable.key {
                Key::NumberOrder(left, right) => {
                    let sides = values.sum(left).zip(values.sum(right));
                    sides.and_then(|(left, right)| left.less(right)).map(|sum| (sum, How::Order))
                }
                Key::DateOrder(left, right) => {
                    let sides = date(&mut values, left).zip(date(&mut values, right));
                    sides.and_then(|(left, right)| left.less(right)).map(|sum| (sum, How::Order))
                }
                Key::Number(number) => values.sum(number).map(|sum| (sum, How::Value)),
                Key::Count(..) => Some((values.value(variable.key.clone()), How::Value)),
                _ => None,
            };
            let found = found.filter(|(sum, _)| plain_numbers || !sum.assumes);
            let operands = model.operands.get(id).filter(|operands| !operands.lack_a_date);
            let needs =
                operands.filter(|_| is_bound(&variable.key)).map(|operands| operands.values.as_slice());
            known.extend(found.map(|(sum, how)| Known { variable: id, sum, how, needs }));
        }
        for (id, variable) in of_all() {
            if matches!(variable.key, Key::Date(_)) {
                dates.extend(values.id(&variable.key).map(|value| (id, value)));
            }
        }
        Some(Arithmetic { model, zone, known, dates, budget })
    }

    /// Whether more is known where numbers of the document are plain.
    pub(crate) fn gains(model: &Model<'_>, zone: &Zone) -> bool {
        let budget = Budget::new(0);
        let of_plain = Arithmetic::of(model, zone, true, &budget);
        of_plain.is_some_and(|plain| plain.known.iter().any(|known| known.sum.assumes))
    }

    /// Whether it is proved that no numbers and dates are in these cells.
    pub(crate) fn is_impossible(&self, domains: &[CellSet]) -> bool {
        let mut rows = Vec::new();
        let mut split = Vec::new();
        for known in &self.known {
            let needed = known
                .needs
                .is_some_and(|needs| needs.iter().all(|id| self.domain(*id, false, domains).is_some()));
            let Some((variable, domain)) = self.domain(known.variable, needed, domains) else { continue };
            if domain.is_empty() {
                return true;
            }
            let domain = &domain;
            match known.how {
                How::Order => {
                    let may =
                        |order| domain.meets(&variable.cells_of(|sample| *sample == Sample::Order(order)));
                    let compared = |orders| compared(&known.sum, orders, Decimal::ZERO);
                    match ORDERS.map(may) {
                        NOT_EQUAL => split.push(EITHER.map(compared).into()),
                        orders => rows.extend(compared(orders)),
                    }
                }
                How::Value => {
                    let ranges = variable.numbers(domain);
                    let (Some(first), Some(last)) = (ranges.first(), ranges.last()) else { continue };
                    // All that lies between them, and which of them it is.
                    rows.extend(within(&known.sum, &NumberRange { low: first.low, high: last.high }));
                    if (2..=MOST_RANGES).contains(&ranges.len()) {
                        split.push(ranges.iter().map(|range| within(&known.sum, range)).collect());
                    }
                }
            }
        }
        for (id, value) in &self.dates {
            if let Some((variable, domain)) = self.domain(*id, false, domains) {
                self.instants(variable, &domain, *value, &mut rows);
            }
        }
        split.truncate(MOST_SPLIT);
        self.are_all_impossible(rows, &split)
    }

    /// The cells of a variable in which it has a value; `None` where it may have
    /// none, unless it is known that it has one.
    fn domain(&self, id: VariableId, has: bool, domains: &[CellSet]) -> Option<(&'m Variable, CellSet)> {
        let (variable, domain) = (self.model.variables.get(id)?, domains.get(id)?);
        let none = variable.cells_of(|sample| matches!(sample, Sample::Absent | Sample::Fault));
        match domain.meets(&none) {
            false => Some((variable, domain.clone())),
            true => has.then(|| (variable, domain.without(&none))),
        }
    }

    /// Whether rows are impossible whichever part of each choice is added to them.
    fn are_all_impossible(&self, rows: Vec<Row>, choices: &[Vec<Vec<Row>>]) -> bool {
        let Some((parts, rest)) = choices.split_first() else { return are_impossible(rows, self.budget) };
        let with = |part: &Vec<Row>| rows.iter().chain(part).cloned().collect();
        // Most are impossible without.
        are_impossible(rows.clone(), self.budget)
            || parts.iter().all(|part| self.are_all_impossible(with(part), rest))
    }

    /// What a date is compared with, where that has one answer in all cells.
    fn instants(&self, variable: &Variable, domain: &CellSet, value: usize, rows: &mut Vec<Row>) {
        for (at, question) in variable.questions.iter().enumerate() {
            let Question::DateIs(operator, constant) = question else { continue };
            let Some(constant) = constant.resolve(self.zone) else { continue };
            let holds = |truth| domain.is_within(&variable.cells_where(at, &[truth]));
            let is_true = match (holds(Truth::True), holds(Truth::False)) {
                (true, _) => true,
                (_, true) => false,
                _ => continue,
            };
            let orders = ORDERS.map(|order| operator.holds(order) == is_true);
            let constant = Decimal { digits: i128::from(constant.milliseconds()), scale: 0 };
            rows.extend(compared(&Sum::value(value), orders, constant));
        }
    }
}

/// How two values may compare, which of these are left where they are not equal, and
/// each of those.
const ORDERS: [Ordering; 3] = [Ordering::Less, Ordering::Equal, Ordering::Greater];
const NOT_EQUAL: [bool; 3] = [true, false, true];
const EITHER: [[bool; 3]; 2] = [[true, false, false], [false, false, true]];

/// A date that rules read: which instant a constant is depends on the zone, and is
/// asked of the date itself.
fn date(values: &mut Values, date: &DateExpression) -> Option<Sum> {
    match date {
        DateExpression::Constant(_) => None,
        date => Some(values.value(Key::Date(date.clone()))),
    }
}

fn is_computed(number: &NumberExpression) -> bool {
    match number {
        NumberExpression::Arithmetic(_) => true,
        NumberExpression::Negate(inner) => is_computed(inner),
        _ => false,
    }
}

/// The rows of a sum that is in a range.
fn within(sum: &Sum, range: &NumberRange) -> Vec<Row> {
    let end = |end: Option<(Number, bool)>, [less, greater]: [bool; 2]| {
        end.map(|(number, included)| compared(sum, [less, included, greater], Decimal::of(number)))
    };
    let ends = [end(range.low, [false, true]), end(range.high, [true, false])];
    ends.into_iter().flatten().flatten().collect()
}

/// The rows of a sum that compares in one of these ways with a number; none where
/// they would not be linear, or too large.
fn compared(sum: &Sum, orders: [bool; 3], number: Decimal) -> Vec<Row> {
    let row = |sign: i128| {
        let scales = sum.factors.values().map(|factor| factor.scale);
        let scale = scales.chain([sum.constant.scale, number.scale]).max()?;
        let most = number.at(scale)?.checked_sub(sum.constant.at(scale)?)?.checked_mul(sign)?;
        let mut factors = BTreeMap::new();
        for (value, factor) in &sum.factors {
            factors.insert(*value, factor.at(scale)?.checked_mul(sign)?);
        }
        Some(Row { factors, most, below: false })
    };
    let [less, equal, greater] = orders;
    let upper = (!greater).then(|| row(1)).flatten().map(|row| Row { below: !equal, ..row });
    let lower = (!less).then(|| row(-1)).flatten().map(|row| Row { below: !equal, ..row });
    upper.into_iter().chain(lower).collect()
}
