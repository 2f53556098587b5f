//! What holds of every document, between one variable and another.

use std::sync::Arc;

use hashbrown::HashMap;
use target_rules::Truth;
use target_rules::condition::{DateExpression, ListName, NumberExpression};

use super::locate::{fields_of, selected};
use super::operands::Operands;
use super::question::{Ids, Key, ListState, Places, RuleIndex, SECTION_OF_ITEMS, Sample};
use super::variable::Variable;
use crate::cell_set::CellSet;
use crate::formula::{Formula, VariableId};

/// The section whose line items a variable is computed over.
pub(super) fn section_of(key: &Key) -> Option<Arc<str>> {
    match key {
        Key::Count(section, _) => Some(section.clone()),
        Key::Number(NumberExpression::Aggregate(aggregate)) => Some(aggregate.section.clone()),
        _ => None,
    }
}

struct Known<'v> {
    variables: &'v [Variable],
    ids: &'v Ids,
    found: Vec<Formula>,
}

/// All axioms, of variables that are computed from such operands, and that are asked
/// their questions at such places.
pub(super) fn of(
    variables: &[Variable],
    item_ofs: &[Option<RuleIndex>],
    operands: &[Operands],
    asked: &[Places],
    ids: &Ids,
) -> Formula {
    let mut known = Known { variables, ids, found: Vec::new() };
    let mut items: HashMap<&Key, Vec<VariableId>> = HashMap::new();
    for (id, variable) in variables.iter().enumerate() {
        if matches!(variable.key, Key::ItemText(_)) {
            items.entry(&variable.key).or_default().push(id);
        }
    }
    for (id, variable) in variables.iter().enumerate() {
        let item_of = item_ofs.get(id).copied().flatten();
        if let Some(operands) = operands.get(id) {
            known.operands(id, variable, operands);
        }
        known.aggregate(id, variable);
        known.text_as_date(id, variable, item_of);
        known.field(id, variable);
        known.item(id, variable, &items, asked);
    }
    Formula::all(known.found)
}

fn has_value(sample: &Sample) -> bool {
    !matches!(sample, Sample::Absent | Sample::Fault)
}

fn is_zero(sample: &Sample) -> bool {
    matches!(sample, Sample::Number(number) if number.is_zero())
}

impl Known<'_> {
    fn id(&self, key: Key, item_of: Option<RuleIndex>) -> Option<VariableId> {
        self.ids.get(&(key, item_of)).copied()
    }

    fn of(&self, id: VariableId) -> Option<&Variable> {
        self.variables.get(id)
    }

    /// The variable is in none of the cells of such states.
    fn not(&self, id: VariableId, is: impl Fn(&Sample) -> bool) -> Formula {
        match self.of(id) {
            Some(variable) => {
                let all = CellSet::full(variable.cells.len());
                Formula::Within(id, all.without(&variable.cells_of(is)))
            }
            None => Formula::Constant(true),
        }
    }

    fn is(&self, id: VariableId, is: impl Fn(&Sample) -> bool) -> Formula {
        match self.of(id) {
            Some(variable) => Formula::Within(id, variable.cells_of(is)),
            None => Formula::Constant(true),
        }
    }

    /// What is computed has a value only where all that it needs has, and every date of
    /// the rule that it needs is one. Where two values are compared as they are, it has
    /// one then.
    fn operands(&mut self, id: VariableId, variable: &Variable, operands: &Operands) {
        if operands.lack_a_date {
            let no_value = self.not(id, has_value);
            return self.found.push(no_value);
        }
        if operands.values.is_empty() {
            return;
        }
        let mut lacking = vec![self.not(id, |sample| !has_value(sample))];
        for operand in &operands.values {
            let no_value = self.not(id, has_value);
            let there = self.not(*operand, |sample| !has_value(sample));
            self.found.push(Formula::any([no_value, there]));
            lacking.push(self.not(*operand, has_value));
        }
        let compared = matches!(&variable.key, Key::DateOrder(..) | Key::SameText(..))
            || matches!(&variable.key, Key::NumberOrder(left, right) if is_value(left) && is_value(right));
        if compared {
            self.found.push(Formula::any(lacking));
        }
    }

    /// Of the items of a list, and of none: what is counted and summed.
    fn aggregate(&mut self, id: VariableId, variable: &Variable) {
        let Some(section) = section_of(&variable.key) else { return };
        let Some(list) = self.id(Key::List(section, ListName::LineItems), None) else { return };
        let absent = Sample::List(ListState::Absent);
        let empty = Sample::List(ListState::Empty);
        // No list: nothing is known. An empty one: nothing is selected.
        let not_absent = self.not(list, |sample| *sample == absent);
        let is_absent = self.is(id, |sample| *sample == Sample::Absent);
        self.found.push(Formula::any([not_absent, is_absent]));
        let not_empty = self.not(list, |sample| *sample == empty);
        let zero = self.is(id, is_zero);
        self.found.push(Formula::any([not_empty, zero]));
        match &variable.key {
            // Whether an item has an attribute is always known.
            Key::Count(_, Some(selection)) if selection.attribute().is_some() => {
                let no_list = self.is(list, |sample| *sample == absent);
                let known = self.not(id, |sample| *sample == Sample::Absent);
                self.found.push(Formula::any([no_list, known]));
            }
            Key::Number(NumberExpression::Aggregate(sum)) => {
                let count = Key::Count(sum.section.clone(), sum.selection.clone());
                if let Some(count) = self.id(count, None) {
                    let some = self.not(count, is_zero);
                    let zero = self.is(id, is_zero);
                    self.found.push(Formula::any([some, zero]));
                }
            }
            _ => {}
        }
    }

    /// A text that is read as a date is absent where the text is.
    fn text_as_date(&mut self, id: VariableId, variable: &Variable, item_of: Option<RuleIndex>) {
        let Key::Date(DateExpression::Text(text)) = &variable.key else { return };
        let Some(text) = self.id(Key::Text(text.clone()), item_of) else { return };
        let is_absent = |sample: &Sample| *sample == Sample::Absent;
        let both = [(id, text), (text, id)];
        for (one, other) in both {
            let there = self.not(one, is_absent);
            let absent = self.is(other, is_absent);
            self.found.push(Formula::any([there, absent]));
        }
    }

    /// An item that is selected is one of those that are counted: the current item is
    /// one of the transaction, and those of a return are others.
    fn item(
        &mut self,
        id: VariableId,
        variable: &Variable,
        items: &HashMap<&Key, Vec<VariableId>>,
        asked: &[Places],
    ) {
        let Key::Count(section, Some(selection)) = &variable.key else { return };
        if **section != *SECTION_OF_ITEMS {
            return;
        }
        let Some((key, question)) = selected(selection) else { return };
        for item in items.get(&key).into_iter().flatten() {
            let Some((of, places)) = self.of(*item).zip(asked.get(*item)) else { continue };
            let Some(at) = places.of(&question, &of.questions) else { continue };
            let other = Formula::Within(*item, of.cells_where(at, &[Truth::False, Truth::Unknown]));
            let some = self.not(id, |sample| is_zero(sample) || !has_value(sample));
            self.found.push(Formula::any([other, some]));
        }
    }

    /// A field that has a value has any; none has one where there are none.
    fn field(&mut self, id: VariableId, variable: &Variable) {
        let container = match &variable.key {
            Key::Has(container, _) | Key::HasAny(container) => container,
            _ => return,
        };
        let has = |sample: &Sample| *sample == Sample::Boolean(true);
        if let Some(fields) = self.id(fields_of(container), None) {
            let without = self.not(id, has);
            let there = self.not(fields, |sample| *sample == Sample::Absent);
            self.found.push(Formula::any([without, there]));
        }
        if let Key::Has(_, value) = &variable.key
            && !value.is_empty()
            && let Some(any) = self.id(Key::HasAny(container.clone()), None)
        {
            let without = self.not(id, has);
            let any = self.is(any, has);
            self.found.push(Formula::any([without, any]));
        }
    }
}

/// Whether a number is a value of the document as it is.
fn is_value(number: &NumberExpression) -> bool {
    matches!(number, NumberExpression::Attribute(_) | NumberExpression::Answer(_))
}
