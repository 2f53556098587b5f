//! When a clause has a result, as a formula.

use target_rules::Truth;
use target_rules::condition::{Clause, Comparison, Literal, Predicate};

use super::question::{Key, ListState, RuleIndex, SECTION_OF_ITEMS, Sample};
use super::{Model, Place, TooLarge, Variable};
use crate::cell_set::CellSet;
use crate::formula::Formula;

/// Some of the three results of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcomes(u8);

impl Outcomes {
    pub(crate) const TRUE: Outcomes = Outcomes(1);
    pub(crate) const FALSE: Outcomes = Outcomes(2);
    pub(crate) const UNKNOWN: Outcomes = Outcomes(4);
    pub(crate) const NOT_TRUE: Outcomes = Outcomes(6);
    pub(crate) const DECIDED: Outcomes = Outcomes(3);

    /// Those of the negated clause.
    fn negated(self) -> Outcomes {
        let (yes, no) = (self.0 & 1, self.0 & 2);
        Outcomes(self.0 & 4 | yes.wrapping_shl(1) | no.wrapping_shr(1))
    }

    /// The cells in which a question has one of these results.
    fn cells(self, variable: &Variable, question: usize) -> CellSet {
        let truths: &[Truth] = match self.0 {
            0 => &[],
            1 => &[Truth::True],
            2 => &[Truth::False],
            3 => &[Truth::True, Truth::False],
            4 => &[Truth::Unknown],
            5 => &[Truth::True, Truth::Unknown],
            6 => &[Truth::False, Truth::Unknown],
            _ => &[Truth::True, Truth::False, Truth::Unknown],
        };
        variable.cells_where(question, truths)
    }

    pub(crate) fn has(self, truth: Truth) -> bool {
        let bit = match truth {
            Truth::True => Outcomes::TRUE,
            Truth::False => Outcomes::FALSE,
            Truth::Unknown => Outcomes::UNKNOWN,
        };
        self.0 & bit.0 != 0
    }
}

/// More parts than this has no formula.
const MOST_PARTS: usize = 1_000_000;

impl Model<'_> {
    /// When a rule has one of these results. Of a rule that is decided for each
    /// item it is a formula of one item, which says enough: where it is true,
    /// it is so for one; where it is not, it is so for none. Without a list such
    /// a rule is not true, and more is not said of it.
    pub(crate) fn rule(&self, rule: RuleIndex, outcomes: Outcomes) -> Result<Formula, TooLarge> {
        let Some(condition) = self.rules.get(rule).map(|rule| rule.condition()) else {
            return Ok(Formula::Constant(false));
        };
        self.decided(rule, condition.root(), outcomes)
    }

    /// The same of another clause over the predicates of a rule.
    pub(crate) fn decided(
        &self,
        rule: RuleIndex,
        root: &Clause,
        outcomes: Outcomes,
    ) -> Result<Formula, TooLarge> {
        let mut left = MOST_PARTS;
        let formula = self.clause(rule, root, outcomes, &mut left);
        self.charge(MOST_PARTS.saturating_sub(left));
        let formula = formula?;
        let list = self.rules.get(rule).and_then(|rule| rule.condition().list());
        let Some(list) = list else { return Ok(formula) };
        let key = Key::List(SECTION_OF_ITEMS.into(), list);
        let Some(id) = self.variables.iter().position(|variable| variable.key == key) else {
            return Ok(formula);
        };
        let state = |wanted: ListState| match self.variables.get(id) {
            Some(variable) => {
                Formula::Within(id, variable.cells_of(|sample| *sample == Sample::List(wanted)))
            }
            None => Formula::Constant(false),
        };
        let mut cases = vec![Formula::all([state(ListState::Filled), formula])];
        if outcomes.has(Truth::False) {
            cases.push(state(ListState::Empty));
        }
        if outcomes.has(Truth::False) || outcomes.has(Truth::Unknown) {
            cases.push(state(ListState::Absent));
        }
        Ok(Formula::any_of(cases))
    }

    fn clause(
        &self,
        rule: RuleIndex,
        clause: &Clause,
        outcomes: Outcomes,
        left: &mut usize,
    ) -> Result<Formula, TooLarge> {
        *left = left.checked_sub(1).ok_or(TooLarge("comparisons of truth values within each other"))?;
        let (parts, all) = match clause {
            Clause::Constant(value) => return Ok(Formula::Constant(outcomes.has(Truth::from(*value)))),
            Clause::Literal(literal) => return self.literal(rule, literal, outcomes, left),
            Clause::All(parts) => (parts, true),
            Clause::Any(parts) => (parts, false),
            _ => return Ok(Formula::Constant(true)),
        };
        // What a disjunction is, is what the conjunction of the opposites is not.
        let (wins, loses) =
            if all { (Outcomes::FALSE, Outcomes::TRUE) } else { (Outcomes::TRUE, Outcomes::FALSE) };
        let beside = Outcomes(7 ^ wins.0);
        let mut each = |of: Outcomes| -> Result<Vec<Formula>, TooLarge> {
            let mut found = Vec::with_capacity(parts.len());
            for part in parts {
                found.push(self.clause(rule, part, of, left)?);
            }
            Ok(found)
        };
        let mut cases = Vec::new();
        match outcomes {
            // Nothing wins, and that is all; or something else than winning is
            // asked for of one part.
            of if of == beside => return Ok(Formula::all_of(each(beside)?)),
            of if of == loses => return Ok(Formula::all_of(each(loses)?)),
            of if of.0 == wins.0 | Outcomes::UNKNOWN.0 => return Ok(Formula::any_of(each(of)?)),
            _ => {}
        }
        if outcomes.0 & wins.0 != 0 {
            cases = each(wins)?;
        }
        if outcomes.0 & loses.0 != 0 {
            cases.push(Formula::all(each(loses)?));
        }
        if outcomes.0 & Outcomes::UNKNOWN.0 != 0 {
            let one = Formula::any(each(Outcomes::UNKNOWN)?);
            cases.push(Formula::all([Formula::all(each(beside)?), one]));
        }
        Ok(Formula::any_of(cases))
    }

    fn literal(
        &self,
        rule: RuleIndex,
        literal: &Literal,
        outcomes: Outcomes,
        left: &mut usize,
    ) -> Result<Formula, TooLarge> {
        let outcomes = if literal.negated { outcomes.negated() } else { outcomes };
        let Some(place) = self.places.get(&(rule, literal.id)) else { return Ok(Formula::Constant(true)) };
        Ok(match place {
            Place::Always(truth) => Formula::Constant(outcomes.has(*truth)),
            Place::Asked(id, question) => match self.variables.get(*id) {
                Some(variable) => Formula::Within(*id, outcomes.cells(variable, *question)),
                None => Formula::Constant(true),
            },
            Place::Booleans => return self.booleans(rule, &literal.predicate, outcomes, left),
            Place::Includes(fields, has) => self.field(*fields, *has, outcomes, Truth::Unknown),
            Place::HasAny(fields, any) => self.field(*fields, *any, outcomes, Truth::False),
        })
    }

    /// `without` is the answer where the document has no fields.
    fn field(&self, fields: usize, asked: usize, outcomes: Outcomes, without: Truth) -> Formula {
        let (Some(of), Some(value)) = (self.variables.get(fields), self.variables.get(asked)) else {
            return Formula::Constant(true);
        };
        let absent = of.cells_of(|sample| *sample == Sample::Absent);
        let there = of.cells_of(|sample| *sample != Sample::Absent);
        let mut cases = Vec::new();
        for (truth, holds) in [(Truth::True, true), (Truth::False, false)] {
            if outcomes.has(truth) {
                let set = value.cells_of(|sample| *sample == Sample::Boolean(holds));
                cases.push(Formula::all([
                    Formula::Within(fields, there.clone()),
                    Formula::Within(asked, set),
                ]));
            }
        }
        if outcomes.has(without) {
            cases.push(Formula::Within(fields, absent));
        }
        Formula::any(cases)
    }

    fn booleans(
        &self,
        rule: RuleIndex,
        predicate: &Predicate,
        outcomes: Outcomes,
        budget: &mut usize,
    ) -> Result<Formula, TooLarge> {
        let Predicate::Compares(comparison) = predicate else { return Ok(Formula::Constant(true)) };
        let Comparison::Booleans(left, right) = &**comparison else { return Ok(Formula::Constant(true)) };
        let mut of = |clause: &Clause, of: Outcomes| self.clause(rule, clause, of, budget);
        let mut cases = Vec::new();
        let (yes, no) = (Outcomes::TRUE, Outcomes::FALSE);
        let pairs = [(Truth::True, [(yes, yes), (no, no)]), (Truth::False, [(yes, no), (no, yes)])];
        for (truth, pairs) in pairs {
            if outcomes.has(truth) {
                for (first, second) in pairs {
                    cases.push(Formula::all([of(left, first)?, of(right, second)?]));
                }
            }
        }
        if outcomes.has(Truth::Unknown) {
            cases.push(of(left, Outcomes::UNKNOWN)?);
            cases.push(of(right, Outcomes::UNKNOWN)?);
        }
        Ok(Formula::any(cases))
    }
}
