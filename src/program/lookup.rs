//! Where the values of a condition stand in a layout.

use std::sync::Arc;

use crate::condition::{
    Aggregate, ArithmeticChain, DateExpression, Leaf, Linear, NumberExpression, Selection, TextExpression,
};
use crate::schema::{Computed, ListName};
use crate::syntax::Operator;
use crate::transaction::{Derived as DerivedKey, ListPlan, Selector, Symbol};
use crate::typed::{Figure, Read, TRANSACTION};
use crate::value::DateText;

use super::aggregate::{CompiledAggregate, FigureSlots, ItemFilter};
use super::compile::{Compiled, Compiler, NotInLayout};
use super::linear::LinearKeys;
use super::numeric::{Missing, Numeric};
use super::operand::{
    ArithmeticOperand, ArithmeticStep, DateOperand, DerivedAggregate, Location, NumberOperand, TextOperand,
};

pub(super) fn slot_number(slot: usize) -> Compiled<u32> {
    u32::try_from(slot).map_err(|_| NotInLayout)
}

impl Compiler<'_> {
    pub(crate) fn slot(&self, read: &Read) -> Compiled<u32> {
        slot_number(self.plan.slot(read).ok_or(NotInLayout)?)
    }

    pub(super) fn list(&self, section: &str, name: ListName) -> Compiled<(usize, &ListPlan)> {
        let list = self.plan.list(section, name).ok_or(NotInLayout)?;
        Ok((list, self.plan.list_plans.get(list).ok_or(NotInLayout)?))
    }

    fn derived_number(&self, key: &DerivedKey) -> Compiled<u32> {
        slot_number(self.plan.derived(key).ok_or(NotInLayout)?)
    }

    pub(crate) fn location(&self, leaf: &Leaf) -> Compiled<Location> {
        if let Some((last, location)) = &*self.last.borrow()
            && last.is(leaf)
        {
            return Ok(*location);
        }
        let location = match leaf.read() {
            Read::EntryField { section, list, field, kind } => {
                let slot = self.list(section, *list)?.1.field(field, *kind).ok_or(NotInLayout)?;
                Location::Entry(slot_number(slot)?)
            }
            read => Location::Slot(self.slot(read)?),
        };
        self.last.replace(Some((leaf.clone(), location)));
        Ok(location)
    }

    /// The symbols of texts that a value is compared with; `None` where one
    /// has none.
    pub(crate) fn symbols(&self, read: &Read, values: &[Arc<str>]) -> Option<Vec<Symbol>> {
        values.iter().map(|value| self.plan.compared_symbol(read, value)).collect()
    }

    pub(crate) fn number(&self, number: &NumberExpression) -> Compiled<NumberOperand> {
        Ok(match number {
            NumberExpression::Constant(number) => NumberOperand::Constant(Numeric::from(*number)),
            NumberExpression::Attribute(leaf) => self.attribute(leaf)?,
            NumberExpression::Answer(answer) => NumberOperand::At(Location::Slot(self.slot(answer.read())?)),
            NumberExpression::Aggregate(aggregate) => {
                NumberOperand::Derived(Box::new(self.aggregate(aggregate)?))
            }
            NumberExpression::Part(part, date) => NumberOperand::Part(self.date(date)?, *part),
            NumberExpression::Distance(distance, dates) => {
                let dates = (self.date(&dates.0)?, self.date(&dates.1)?);
                NumberOperand::Distance(*distance, Box::new(dates))
            }
            NumberExpression::Interval(number, edges) => {
                NumberOperand::Interval(Box::new(self.number(number)?), edges.clone())
            }
            NumberExpression::Negate(operand) => NumberOperand::Negate(Box::new(self.number(operand)?)),
            NumberExpression::Arithmetic(chain) => self.arithmetic(chain)?,
        })
    }

    fn arithmetic(&self, chain: &ArithmeticChain) -> Compiled<NumberOperand> {
        let mut first = self.number(&chain.first)?;
        let mut steps = Vec::with_capacity(chain.steps.len());
        let whole = |operand: &NumberOperand| match operand {
            NumberOperand::Constant(Numeric::Fixed(number)) if self.optimisations.whole => number.whole(),
            _ => None,
        };
        for (operator, right) in &chain.steps {
            let right = self.number(right)?;
            if steps.is_empty() {
                if let (NumberOperand::Constant(left), NumberOperand::Constant(right)) = (&first, &right) {
                    // What has a result is done when the condition is made.
                    first = match Numeric::apply(*operator, *left, *right) {
                        Ok(number) => NumberOperand::Constant(number),
                        Err(missing) => NumberOperand::Missing(missing),
                    };
                    continue;
                }
                if let (Operator::Multiply, Some(factor), None) = (operator, whole(&first), whole(&right)) {
                    first = right;
                    steps.push(ArithmeticStep::TimesWhole(factor));
                    continue;
                }
            }
            steps.push(match (operator, whole(&right)) {
                (Operator::Multiply, Some(factor)) => ArithmeticStep::TimesWhole(factor),
                (Operator::Divide, Some(divisor)) if divisor != 0 => ArithmeticStep::DividedByWhole(divisor),
                _ => ArithmeticStep::Apply(*operator, right),
            });
        }
        Ok(match steps.is_empty() {
            true => first,
            false => NumberOperand::Arithmetic(Box::new(ArithmeticOperand { first, steps })),
        })
    }

    fn attribute(&self, leaf: &Leaf) -> Compiled<NumberOperand> {
        let location = self.location(leaf)?;
        let figures = || Ok(FigureSlots::of(self.list(TRANSACTION, ListName::LineItems)?.1));
        match (leaf.0.computed, location) {
            (None, _) => return Ok(NumberOperand::At(location)),
            (Some(Computed::Value), _) => return Ok(NumberOperand::EntryFigure(Figure::Value, figures()?)),
            (Some(Computed::DiscountPercentage), Location::Entry(slot) | Location::Slot(slot)) => {
                return Ok(NumberOperand::EntryPercentage(slot, figures()?));
            }
            (Some(Computed::ItemCount | Computed::ItemQuantity | Computed::ItemValue), _) => {}
        }
        match leaf.aggregate() {
            Some(aggregate) => {
                let derived = NumberOperand::Derived(Box::new(self.aggregate(&Arc::new(aggregate))?));
                let stated = |slot, otherwise| NumberOperand::Stated(slot, Box::new(otherwise));
                Ok(match (location, &leaf.0.equal) {
                    (Location::Slot(slot), Some(equal)) => stated(slot, stated(self.slot(equal)?, derived)),
                    (Location::Slot(slot), None) => stated(slot, derived),
                    (Location::Entry(_), _) => derived,
                })
            }
            None => Ok(NumberOperand::Missing(Missing::Absent)),
        }
    }

    pub(crate) fn aggregate(&self, asked: &Arc<Aggregate>) -> Compiled<DerivedAggregate> {
        let (list, plan) = self.list(&asked.section, ListName::LineItems)?;
        let filter = self.filter(asked.selection.as_ref(), &asked.section, plan)?;
        let selector = asked.selection.as_ref().filter(|_| self.optimisations.index);
        let selector = selector.and_then(|selection| Selector::of(&asked.section, selection));
        let selector = selector.and_then(|selector| self.plan.selector(&selector));
        let aggregate = CompiledAggregate {
            list,
            figures: FigureSlots::of(plan),
            filter,
            measure: asked.measure,
            by_keys: self.optimisations.items,
            selector: selector.and_then(|number| u32::try_from(number).ok()),
        };
        Ok(DerivedAggregate {
            number: self.derived_number(&DerivedKey::Aggregate(asked.clone()))?,
            aggregate,
        })
    }

    /// Which items count.
    pub(super) fn filter(
        &self,
        selection: Option<&Selection>,
        section: &Arc<str>,
        plan: &ListPlan,
    ) -> Compiled<ItemFilter> {
        let slot = |attribute: &str| slot_number(plan.attribute(attribute).ok_or(NotInLayout)?);
        let symbol = |attribute: &Arc<str>, value: &str| {
            let read = Read::ItemAttribute { section: section.clone(), name: attribute.clone() };
            self.plan.compared_symbol(&read, value).ok_or(NotInLayout)
        };
        Ok(match selection {
            None => ItemFilter::All,
            Some(Selection::Equals { attribute, value }) => {
                ItemFilter::Symbol { slot: slot(attribute)?, symbol: symbol(attribute, value)? }
            }
            Some(Selection::Matches { attribute, pattern }) => {
                ItemFilter::Matches { slot: slot(attribute)?, pattern: pattern.clone() }
            }
            Some(Selection::EqualsAndMatches { attribute, value, pattern }) => ItemFilter::SymbolAndMatches {
                slot: slot(attribute)?,
                symbol: symbol(attribute, value)?,
                pattern: pattern.clone(),
            },
            Some(Selection::Compares { figure, operator, number }) => {
                ItemFilter::Compares { figure: *figure, operator: *operator, number: Numeric::from(*number) }
            }
        })
    }

    /// The slot of an attribute of line items, and the symbol of a text that it is
    /// compared with.
    pub(crate) fn item_symbol(&self, attribute: &Arc<str>, value: &str) -> Compiled<(u32, Symbol)> {
        let section: Arc<str> = TRANSACTION.into();
        let (_, plan) = self.list(&section, ListName::LineItems)?;
        let slot = slot_number(plan.attribute(attribute).ok_or(NotInLayout)?)?;
        let read = Read::ItemAttribute { section, name: attribute.clone() };
        Ok((slot, self.plan.compared_symbol(&read, value).ok_or(NotInLayout)?))
    }

    pub(super) fn text(&self, text: &TextExpression) -> Compiled<TextOperand> {
        Ok(match text {
            TextExpression::Constant(text) => TextOperand::Constant(text.clone()),
            TextExpression::Attribute(leaf) => TextOperand::At(self.location(leaf)?),
            TextExpression::Answer(answer) => TextOperand::At(Location::Slot(self.slot(answer.read())?)),
        })
    }

    pub(crate) fn date(&self, date: &DateExpression) -> Compiled<DateOperand> {
        let in_slot =
            |slot: u32| Ok(DateOperand::Slot(slot, self.derived_number(&DerivedKey::Slot(slot as usize))?));
        match date {
            DateExpression::Constant(date) => self.date_constant(*date),
            DateExpression::Attribute(leaf) => match self.location(leaf)? {
                Location::Entry(slot) => Ok(DateOperand::Entry(slot)),
                Location::Slot(slot) => in_slot(slot),
            },
            DateExpression::Answer(answer) => in_slot(self.slot(answer.read())?),
            DateExpression::Text(text) => Ok(DateOperand::Text(self.text(text)?)),
        }
    }

    pub(crate) fn date_constant(&self, date: DateText) -> Compiled<DateOperand> {
        Ok(DateOperand::Constant(date, self.derived_number(&DerivedKey::Constant(date))?))
    }

    pub(super) fn linear(&self, operator: Operator, linear: &Linear) -> Compiled<LinearKeys> {
        let term = |(leaf, factor): (&Leaf, i64)| match self.location(leaf)? {
            Location::Slot(slot) => Ok((slot, factor)),
            Location::Entry(_) => Err(NotInLayout),
        };
        let terms = linear.terms().map(term).collect::<Compiled<_>>()?;
        Ok(LinearKeys::of(operator, terms, linear.constant()))
    }
}
