//! A condition to a formula of tests: names become slots, constants are
//! prepared, chains are ordered by cost.

use std::cell::RefCell;
use std::sync::Arc;

use crate::condition::{
    BooleanExpression, Clause, Comparison, Condition, Expression, Leaf, Literal, NumberExpression, NumberSet,
    Numbers, OpaqueCall, Predicate, Presence, Set, Subject, TextExpression, TextSet, Values,
};
use crate::schema::ListName;
use crate::syntax::Operator;
use crate::transaction::{Derived as DerivedKey, Plan};
use crate::typed::TRANSACTION;
use crate::value::{Pattern, Truth};

use super::aggregate::FigureSlots;
use super::flow::{Flow, Formula, Keyed};
use super::instruction::Polarity;
use super::numeric::Numeric;
use super::operand::{DateOperand, Location, NumberOperand, TextOperand};
use super::test::{Memo, NumberComparison, Operand, RareTest, Substring, Test, TextTest};

/// A rule was compiled for a layout that was not made for it.
///
/// ```
/// use target_rules::program::NotInLayout;
/// use target_rules::{Ast, Layout, Limits, Schema};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// assert_eq!(Layout::of([]).compile(&rule).err(), Some(NotInLayout));
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotInLayout;

impl std::fmt::Display for NotInLayout {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("this layout was not made for the rule; make it with `Layout::of`")
    }
}

impl std::error::Error for NotInLayout {}

/// Which optimisations are on. All are; tests switch them off one by one,
/// and the answers stay the same.
///
/// ```
/// use target_rules::program::Optimisations;
/// let mut without = Optimisations::default();
/// without.join = false;
/// assert!(without.order && without.bounds);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Optimisations {
    /// Asks the cheap operands of `&&` and `||` first.
    pub order: bool,
    /// Joins equalities of one attribute to a set, and comparisons to a range.
    pub join: bool,
    /// Compares a number with a constant without looking at operands.
    pub bounds: bool,
    /// Compares interned texts by number.
    pub symbols: bool,
    /// Computes in billionths where both operands allow it.
    pub whole: bool,
    /// Asks patterns that are a beginning and an end without their engine.
    pub patterns: bool,
    /// Asks the keys of values without looking at tests.
    pub keys: bool,
    /// Looks one of many keys up in a table.
    pub tables: bool,
    /// Computes over line items by their keys.
    pub items: bool,
    /// Sorts line items once for all that select them by the same attribute.
    pub index: bool,
}

impl Default for Optimisations {
    fn default() -> Optimisations {
        Optimisations {
            order: true,
            join: true,
            bounds: true,
            symbols: true,
            whole: true,
            patterns: true,
            keys: true,
            tables: true,
            items: true,
            index: true,
        }
    }
}

pub(crate) type Compiled<T> = Result<T, NotInLayout>;

/// Whether the outcomes of expensive tests are memoised, for other rules to share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Memoise {
    Yes,
    No,
}

/// Makes tests over the slots of a layout.
pub(crate) struct Compiler<'p> {
    pub(super) plan: &'p Plan,
    pub(super) optimisations: Optimisations,
    memoise: Memoise,
    /// The attribute that was looked up last: rules ask one several times in a row.
    pub(super) last: RefCell<Option<(Leaf, Location)>>,
}

pub(super) fn leaf(test: Test, polarity: Polarity) -> Formula<Test> {
    Formula::Leaf(test, polarity)
}

pub(super) fn rare(test: RareTest) -> Test {
    Test::Rare(Box::new(test))
}

impl<'p> Compiler<'p> {
    /// The number of the profile that a slot is of.
    pub(crate) fn profile_of(&self, slot: u32) -> Option<u32> {
        self.plan.profile_of(slot as usize)
    }

    pub(crate) fn new(plan: &'p Plan, optimisations: Optimisations, memoise: Memoise) -> Compiler<'p> {
        Compiler { plan, optimisations, memoise, last: RefCell::new(None) }
    }

    /// How its formulas become flows.
    pub(super) fn keyed(&self) -> Keyed {
        Keyed { keys: self.optimisations.keys, tables: self.optimisations.tables }
    }

    /// A condition as a formula of tests.
    pub(crate) fn condition(&self, condition: &Condition) -> Compiled<Formula<Test>> {
        self.clause(condition.root())
    }

    pub(crate) fn clause(&self, clause: &Clause) -> Compiled<Formula<Test>> {
        match clause {
            Clause::Constant(value) => Ok(leaf(Test::Constant((*value).into()), Polarity::Plain)),
            Clause::Literal(literal) => self.literal(literal),
            Clause::All(clauses) => Ok(Formula::All(self.chain(clauses)?)),
            Clause::Any(clauses) => Ok(Formula::Any(self.chain(clauses)?)),
        }
    }

    /// Puts the cheap parts first. The logic is commutative, so that changes
    /// no answer.
    fn chain(&self, clauses: &[Clause]) -> Compiled<Vec<Formula<Test>>> {
        let mut formulas = clauses.iter().map(|clause| self.clause(clause)).collect::<Compiled<Vec<_>>>()?;
        if self.optimisations.order {
            formulas.sort_by_cached_key(Formula::cost);
        }
        Ok(formulas)
    }

    fn literal(&self, literal: &Literal) -> Compiled<Formula<Test>> {
        let polarity = if literal.negated { Polarity::Negated } else { Polarity::Plain };
        let formula = self.predicate(&literal.predicate, polarity)?;
        match formula {
            Formula::Leaf(test, now) if self.memoise == Memoise::Yes => {
                Ok(leaf(self.memoised(test, &literal.predicate), now))
            }
            formula => Ok(formula),
        }
    }

    /// The test of a predicate; or one that asks it once for a transaction.
    fn memoised(&self, test: Test, predicate: &Arc<Predicate>) -> Test {
        if !test.is_costly() {
            return test;
        }
        match self.outcome(predicate) {
            Some(number) => rare(RareTest::Memo(Memo { number, test })),
            None => test,
        }
    }

    /// The test of a predicate.
    pub(crate) fn outcome_of(&self, predicate: &Arc<Predicate>) -> Compiled<Test> {
        match self.predicate(predicate, Polarity::Plain)? {
            Formula::Leaf(test, _) => Ok(self.memoised(test, predicate)),
            // INVARIANT: only where bounds are not asked is a predicate a formula.
            Formula::All(_) | Formula::Any(_) => Err(NotInLayout),
        }
    }

    /// The number of a predicate's outcome among derived values, where it is
    /// kept.
    fn outcome(&self, predicate: &Arc<Predicate>) -> Option<u32> {
        let number = self.plan.derived(&DerivedKey::Outcome(predicate.clone()))?;
        u32::try_from(number).ok()
    }

    /// INVARIANT: a leaf has the polarity that is given.
    fn predicate(&self, predicate: &Predicate, polarity: Polarity) -> Compiled<Formula<Test>> {
        let test = match predicate {
            Predicate::In(subject, set) => match (&**subject, set) {
                (Subject::Number(number), Set::Numbers(set)) => return self.number_in(number, set, polarity),
                (subject, set) => self.membership(subject, set)?,
            },
            Predicate::Compares(comparison) => self.comparison(comparison)?,
            Predicate::Call(call) => match &**call {
                OpaqueCall::Contains { text, part } => {
                    rare(RareTest::ContainsText(self.text(text)?, self.text(part)?))
                }
                OpaqueCall::ItemMatches(selection) => {
                    let (_, plan) = self.list(TRANSACTION, ListName::LineItems)?;
                    let filter = self.filter(Some(selection), &TRANSACTION.into(), plan)?;
                    rare(RareTest::ItemMatches(filter, FigureSlots::of(plan)))
                }
            },
        };
        Ok(leaf(test, polarity))
    }

    fn membership(&self, subject: &Subject, set: &Set) -> Compiled<Test> {
        Ok(match (subject, set) {
            (Subject::Text(text), Set::Texts(set)) => self.text_in(text, set)?,
            (Subject::Date(date), Set::Dates(operator, constant)) => {
                rare(RareTest::DatesCompare(*operator, self.date(date)?, self.date_constant(*constant)?))
            }
            (Subject::Boolean(boolean), Set::True) => match boolean {
                BooleanExpression::Attribute(leaf) => Test::Holds(self.location(leaf)?),
                BooleanExpression::Answer(answer) => Test::Holds(Location::Slot(self.slot(answer.read())?)),
                BooleanExpression::Includes(aggregate) => {
                    rare(RareTest::Aggregate(self.aggregate(aggregate)?))
                }
            },
            (Subject::Presence(expression), Set::Presence(presence)) => {
                let test = self.presence(expression, presence)?;
                // Null tests and the like are unknown where there is no item to ask.
                if expression.asks_an_item() { rare(RareTest::OfItem(test)) } else { test }
            }
            (Subject::Container(container), Set::Values(Values::Includes(value))) => {
                rare(RareTest::Includes(self.slot(container.read())?, value.clone()))
            }
            (Subject::Container(container), Set::Values(Values::Any)) => {
                rare(RareTest::ContainerExists(self.slot(container.read())?))
            }
            // INVARIANT: a set is of the domain of its subject.
            _ => Test::Constant(Truth::Unknown),
        })
    }

    fn presence(&self, expression: &Expression, presence: &Presence) -> Compiled<Test> {
        Ok(rare(match (presence, expression) {
            (Presence::Absent, expression) => RareTest::Null(self.operand(expression)?),
            (Presence::Holding(part), Expression::Text(text)) => {
                RareTest::Exists(self.text(text)?, part.clone())
            }
            (Presence::Valid, Expression::Date(date)) => RareTest::Valid(self.date(date)?),
            // INVARIANT: only texts hold others, and only dates are valid.
            _ => return Ok(Test::Constant(Truth::Unknown)),
        }))
    }

    fn number_in(
        &self,
        number: &NumberExpression,
        set: &NumberSet,
        polarity: Polarity,
    ) -> Compiled<Formula<Test>> {
        let operand = self.number(number)?;
        if !self.optimisations.bounds {
            return self.compared_with_ends(number, set, polarity);
        }
        let test = match (&set.0, operand) {
            (Numbers::Within(bounds), NumberOperand::At(location)) => Test::Within(location, *bounds, None),
            (Numbers::Within(bounds), NumberOperand::Stated(slot, otherwise)) => {
                Test::Within(Location::Slot(slot), *bounds, Some(Arc::from(otherwise)))
            }
            // What the item states comes first, and has a key.
            (Numbers::Within(bounds), NumberOperand::EntryFigure(figure, slots))
                if slots.slot(figure).is_some() =>
            {
                let stated = slots.slot(figure).unwrap_or(u32::MAX);
                let otherwise = NumberOperand::EntryFigure(figure, slots);
                Test::Within(Location::Entry(stated), *bounds, Some(Arc::new(otherwise)))
            }
            (Numbers::Within(bounds), NumberOperand::EntryPercentage(stated, slots)) => {
                let otherwise = NumberOperand::EntryPercentage(stated, slots);
                Test::Within(Location::Entry(stated), *bounds, Some(Arc::new(otherwise)))
            }
            (Numbers::Within(bounds), NumberOperand::Part(date, part)) => {
                let (first, last) = bounds.whole_ends();
                Test::Part(Box::new((date, part, first, last)))
            }
            (Numbers::Within(bounds), NumberOperand::Derived(derived)) => {
                Test::Aggregate(Box::new((*derived, *bounds)))
            }
            (Numbers::Within(bounds), operand) => rare(RareTest::OperandWithin(operand, *bounds)),
            (Numbers::Points(points), NumberOperand::At(location)) => {
                rare(RareTest::NumberIn(location, points.clone(), None))
            }
            (Numbers::Points(points), NumberOperand::Stated(slot, otherwise)) => {
                let otherwise = Some(Arc::from(otherwise));
                rare(RareTest::NumberIn(Location::Slot(slot), points.clone(), otherwise))
            }
            (Numbers::Points(points), operand) => rare(RareTest::OperandIn(operand, points.clone())),
        };
        Ok(leaf(test, polarity))
    }

    /// The same as comparisons with the ends of the set.
    fn compared_with_ends(
        &self,
        number: &NumberExpression,
        set: &NumberSet,
        polarity: Polarity,
    ) -> Compiled<Formula<Test>> {
        let compare = |operator, end| {
            let (left, right) = (self.number(number)?, NumberOperand::Constant(Numeric::from(end)));
            Ok(leaf(
                Test::Compares(Box::new(NumberComparison { operator, left, right, linear: None })),
                polarity,
            ))
        };
        let ranges = set.ranges().map(|range| {
            let mut ends = Vec::new();
            if let Some((low, reached)) = range.low {
                let operator = if reached { Operator::GreaterOrEqual } else { Operator::Greater };
                ends.push(compare(operator, low)?);
            }
            if let Some((high, reached)) = range.high {
                let operator = if reached { Operator::LessOrEqual } else { Operator::Less };
                ends.push(compare(operator, high)?);
            }
            Ok(joined(true, ends, polarity))
        });
        Ok(joined(false, ranges.collect::<Compiled<Vec<_>>>()?, polarity))
    }

    fn text_in(&self, text: &TextExpression, set: &TextSet) -> Compiled<Test> {
        let asks = |question| Ok(Test::Asks(Box::new((self.text(text)?, question))));
        match set {
            TextSet::Values(values) => self.text_among(text, values),
            TextSet::Containing(part) => asks(TextTest::Contains(Substring::of(part))),
            TextSet::Matching(pattern) => asks(self.pattern(pattern)),
        }
    }

    fn pattern(&self, pattern: &Pattern) -> TextTest {
        match pattern.affixes().filter(|_| self.optimisations.patterns) {
            Some(affixes) => TextTest::HasAffixes(affixes.clone()),
            None => TextTest::Matches(pattern.clone()),
        }
    }

    fn text_among(&self, text: &TextExpression, values: &[Arc<str>]) -> Compiled<Test> {
        if self.optimisations.symbols
            && let TextExpression::Attribute(leaf) = text
            && let Some(mut symbols) = self.symbols(leaf.read(), values)
        {
            let location = self.location(leaf)?;
            if let [symbol] = symbols.as_slice() {
                return Ok(Test::Is(location, *symbol));
            }
            symbols.sort_unstable();
            return Ok(rare(RareTest::SymbolIn(location, symbols.into())));
        }
        Ok(rare(RareTest::TextIn(self.text(text)?, values.into())))
    }

    fn comparison(&self, comparison: &Comparison) -> Compiled<Test> {
        Ok(match comparison {
            Comparison::Numbers { operator, left, right, linear } => {
                let linear = match linear.as_ref().filter(|_| self.optimisations.whole) {
                    Some(linear) => Some(self.linear(*operator, linear)?),
                    None => None,
                };
                let (left, right) = (self.number(left)?, self.number(right)?);
                Test::Compares(Box::new(NumberComparison { operator: *operator, left, right, linear }))
            }
            Comparison::Dates { operator, left, right } => {
                rare(RareTest::DatesCompare(*operator, self.date(left)?, self.date(right)?))
            }
            Comparison::Texts(left, right) => rare(RareTest::TextsEqual(self.text(left)?, self.text(right)?)),
            Comparison::Booleans(left, right) => {
                let flow = |clause| Ok(Flow::with(self.clause(clause)?, self.keyed()));
                rare(RareTest::BooleansEqual(flow(left)?, flow(right)?))
            }
        })
    }

    pub(crate) fn operand(&self, expression: &Expression) -> Compiled<Operand> {
        Ok(match expression {
            Expression::Number(number) => match self.number(number)? {
                NumberOperand::At(location) => Operand::Location(location),
                number => Operand::Number(number),
            },
            Expression::Text(text) => match self.text(text)? {
                TextOperand::At(location) => Operand::Location(location),
                text => Operand::Text(text),
            },
            Expression::Date(date) => match self.date(date)? {
                DateOperand::Slot(slot, _) => Operand::Location(Location::Slot(slot)),
                DateOperand::Entry(slot) => Operand::Location(Location::Entry(slot)),
                date => Operand::Date(date),
            },
            Expression::Boolean(operand) => {
                if let Clause::Literal(Literal { predicate, negated: false, .. }) = &operand.clause
                    && let Predicate::In(subject, Set::True) = &**predicate
                    && let Subject::Boolean(BooleanExpression::Attribute(leaf)) = &**subject
                {
                    return Ok(Operand::Location(self.location(leaf)?));
                }
                let needs = operand.needs.iter().map(|need| self.operand(need)).collect::<Compiled<_>>()?;
                Operand::Boolean(Flow::with(self.clause(&operand.clause)?, self.keyed()), needs)
            }
        })
    }
}

/// Formulas joined by `&&` where all must hold, else by `||`; the other way round
/// where they are negated.
fn joined(all: bool, mut formulas: Vec<Formula<Test>>, polarity: Polarity) -> Formula<Test> {
    match (formulas.len(), all == (polarity == Polarity::Plain)) {
        (1, _) => formulas.pop().unwrap_or(Formula::All(Vec::new())),
        (_, true) => Formula::All(formulas),
        (_, false) => Formula::Any(formulas),
    }
}
