//! Values that computed values follow from, chosen so that these are what they
//! should be: one value is changed at a time, to what solves for it where it is
//! a number, and else to others that are at hand.

use target_rules::{Instant, Number};

use super::Choice;
use super::compute::Values;
use crate::formula::VariableId;
use crate::model::{Key, RuleIndex, Sample};

const ROUNDS: usize = 40;
const DAY: i64 = 24 * 60 * 60_000;

impl Choice<'_> {
    /// Changes values until all that is computed from them is in its cells.
    pub(super) fn repair(&mut self, draw: &mut impl FnMut(usize) -> usize) -> Result<(), String> {
        let mut wrong = None;
        for _ in 0..ROUNDS {
            wrong = self.first_wrong();
            let Some(id) = wrong else { return Ok(()) };
            self.mend(id, draw);
        }
        let variable = wrong.and_then(|id| self.model.variables.get(id));
        let of = variable.map_or_else(String::new, |variable| super::name(&variable.key));
        Err(format!("no values were found for {of}"))
    }

    fn id(&self, key: &Key, item: Option<RuleIndex>) -> Option<VariableId> {
        let ids = &self.model.ids;
        let own = ids.get(&(key.clone(), item)).copied();
        own.or_else(|| ids.get(&(key.clone(), None)).copied())
    }

    /// The state that a computed variable has by the states of others.
    fn computed(&self, id: VariableId) -> Option<Sample> {
        let variable = self.model.variables.get(id)?;
        let item = self.model.items.get(id).copied().flatten();
        let of = |key: &Key| self.id(key, item).and_then(|id| self.states.get(id)).cloned();
        Values { of: &of, zone: self.zone }.computed(&variable.key)
    }

    fn is_right(&self, id: VariableId) -> bool {
        let Some(sample) = self.computed(id) else { return true };
        self.allows(id, &sample)
    }

    /// Whether a state is in the cells that a variable may be in.
    pub(super) fn allows(&self, id: VariableId, sample: &Sample) -> bool {
        let (Some(variable), Some(domain)) = (self.model.variables.get(id), self.domains.get(id)) else {
            return false;
        };
        let cell = variable.cell_of(sample, self.zone);
        let fault = || variable.cell_of(&Sample::Fault, self.zone);
        cell.is_some_and(|cell| domain.contains(cell))
            || (*sample == Sample::Absent && fault().is_some_and(|cell| domain.contains(cell)))
    }

    fn first_wrong(&self) -> Option<VariableId> {
        (0..self.states.len()).find(|id| !self.is_right(*id))
    }

    fn mend(&mut self, id: VariableId, draw: &mut impl FnMut(usize) -> usize) {
        let Some(operands) = self.model.operands.get(id) else { return };
        let mut needed = operands.values.clone();
        let turn = draw(needed.len()).min(needed.len());
        needed.rotate_left(turn);
        for operand in &needed {
            for candidate in self.candidates(id, *operand, &needed) {
                if !self.allows(*operand, &candidate) {
                    continue;
                }
                let Some(state) = self.states.get_mut(*operand) else { continue };
                let before = std::mem::replace(state, candidate);
                if self.is_right(id) {
                    return;
                }
                if let Some(state) = self.states.get_mut(*operand) {
                    *state = before;
                }
            }
        }
        // No single change does it: another value, and on.
        if let Some(operand) = needed.first().copied() {
            let candidates = self.candidates(id, operand, &needed);
            let mut allowed: Vec<Sample> =
                candidates.into_iter().filter(|candidate| self.allows(operand, candidate)).collect();
            if !allowed.is_empty() {
                let at = draw(allowed.len());
                if let Some(state) = self.states.get_mut(operand) {
                    *state = allowed.swap_remove(at);
                }
            }
        }
    }

    /// States that an operand of a computed variable could have.
    fn candidates(&mut self, id: VariableId, operand: VariableId, needed: &[VariableId]) -> Vec<Sample> {
        let mut found = Vec::new();
        if let (Some(variable), Some(domain)) = (self.model.variables.get(operand), self.domains.get(operand))
        {
            let cells = domain.iter().filter_map(|cell| variable.cells.get(cell));
            found.extend(cells.flatten().cloned());
        }
        found.extend(needed.iter().filter_map(|other| self.states.get(*other)).cloned());
        match self.states.get(operand) {
            Some(Sample::Date(_)) => found.extend(self.dates_near(id, needed)),
            Some(Sample::Text(_)) => {
                let texts: Vec<String> = found
                    .iter()
                    .filter_map(|sample| match sample {
                        Sample::Text(text) => Some(text.to_string()),
                        _ => None,
                    })
                    .collect();
                found.extend(texts.iter().map(|text| Sample::Text(format!("x{text}").into())));
            }
            _ => {
                found.extend(self.solved(id, operand).into_iter().map(Sample::Number));
                found.extend([0, 1, 2, 100, 1_000].map(|number| Sample::Number(Number::from(number))));
            }
        }
        found
    }

    /// The numbers that a computed variable should be, or the difference of two
    /// that it compares.
    fn targets(&self, id: VariableId) -> Vec<Number> {
        let mut targets = Vec::new();
        if let (Some(variable), Some(domain)) = (self.model.variables.get(id), self.domains.get(id)) {
            for sample in domain.iter().filter_map(|cell| variable.cells.get(cell)).flatten() {
                match sample {
                    Sample::Number(number) => targets.push(*number),
                    Sample::Order(order) => targets.push(Number::from(*order as i8)),
                    _ => {}
                }
            }
        }
        targets
    }

    /// The values of an operand for which the result is a target, if the result
    /// were linear in it.
    fn solved(&mut self, id: VariableId, operand: VariableId) -> Vec<Number> {
        let at = |choice: &mut Self, value: i64| {
            let state = choice.states.get_mut(operand)?;
            let before = std::mem::replace(state, Sample::Number(Number::from(value)));
            let result = choice.result(id);
            if let Some(state) = choice.states.get_mut(operand) {
                *state = before;
            }
            result
        };
        let (Some(at_one), Some(at_two)) = (at(self, 1), at(self, 2)) else { return Vec::new() };
        let Ok(slope) = at_two.minus(at_one) else { return Vec::new() };
        let base = at_one.minus(slope);
        let solve = |target: Number| target.minus(base.ok()?).ok()?.divided_by(slope).ok();
        self.targets(id).into_iter().filter_map(solve).collect()
    }

    fn result(&self, id: VariableId) -> Option<Number> {
        let variable = self.model.variables.get(id)?;
        let item = self.model.items.get(id).copied().flatten();
        let of = |key: &Key| self.id(key, item).and_then(|id| self.states.get(id)).cloned();
        let values = Values { of: &of, zone: self.zone };
        match &variable.key {
            Key::Number(number) => values.number(number),
            Key::NumberOrder(left, right) => values.number(left)?.minus(values.number(right)?).ok(),
            _ => None,
        }
    }

    /// Dates near the others, and those of the rule: as far as a distance should be, or a little.
    fn dates_near(&self, id: VariableId, needed: &[VariableId]) -> Vec<Sample> {
        let days = self.targets(id).into_iter().filter_map(Number::as_integer);
        let far: Vec<i64> = days
            .flat_map(|days| [days.saturating_mul(DAY), days.saturating_mul(60_000)])
            .chain([DAY, 1])
            .collect();
        let mut found = Vec::new();
        let read = needed.iter().filter_map(|other| match self.states.get(*other) {
            Some(Sample::Date(date)) => Some(*date),
            _ => None,
        });
        let written = self.model.operands.get(id).map(|operands| operands.dates.clone());
        for date in read.chain(written.into_iter().flatten()) {
            for far in &far {
                for at in [date.milliseconds().saturating_add(*far), date.milliseconds().saturating_sub(*far)]
                {
                    found.extend(Instant::from_milliseconds(at).ok().map(Sample::Date));
                }
            }
        }
        found
    }
}
