//! Line items and tenders: the one that a rule is decided for, and those that
//! make counts and sums what they should be.

use std::collections::BTreeMap;

use target_rules::Number;
use target_rules::condition::{Figure, ListName, Measure, NumberExpression, Selection};
use target_rules::schema::ATTRIBUTES;

use super::value::json;
use crate::document::Json;
use crate::model::{Key, Sample, suited_number, suited_text};

/// More items than this are not written.
const MOST_ITEMS: i64 = 200;

/// What is asked of the items of one selection.
#[derive(Default)]
struct Wanted {
    count: Option<i64>,
    sums: Vec<(Figure, Sample)>,
}

#[derive(Default)]
pub(super) struct Items {
    /// By list and the rule that asks it.
    own: BTreeMap<(&'static str, usize), Json>,
    selected: Vec<(String, Option<Selection>, Wanted)>,
}

impl Items {
    /// Puts a value into the item that a rule is decided for.
    pub(super) fn put(&mut self, list: ListName, rule: usize, path: &[&str], value: Json) -> Option<()> {
        let item = self.own.entry((list.key(), rule)).or_insert_with(Json::object);
        item.put(path, value).then_some(())
    }

    /// Makes the item that a rule is decided for.
    pub(super) fn touch(&mut self, list: ListName, rule: usize) {
        self.own.entry((list.key(), rule)).or_insert_with(Json::object);
    }

    /// Notes what a count or a sum should be.
    pub(super) fn aggregate(&mut self, key: &Key, state: &Sample) {
        let (section, selection) = match key {
            Key::Count(section, selection) => (section, selection),
            Key::Number(NumberExpression::Aggregate(aggregate)) => (&aggregate.section, &aggregate.selection),
            _ => return,
        };
        let held = self.selected.iter().position(|(of, same, _)| **of == **section && same == selection);
        let at = held.unwrap_or_else(|| {
            self.selected.push((section.to_string(), selection.clone(), Wanted::default()));
            self.selected.len().wrapping_sub(1)
        });
        let Some((_, _, wanted)) = self.selected.get_mut(at) else { return };
        match key {
            Key::Count(..) => {
                wanted.count = match state {
                    Sample::Number(count) => count.as_integer(),
                    _ => None,
                };
            }
            Key::Number(NumberExpression::Aggregate(aggregate)) => {
                if let Measure::Sum(figure) = aggregate.measure {
                    wanted.sums.push((figure, state.clone()));
                }
            }
            _ => {}
        }
    }

    /// All items of a list; `None` where there is no way known to make them.
    pub(super) fn of(&self, section: &str, list: ListName, alike: bool) -> Option<Vec<Json>> {
        let own = self.own.iter().filter(|((of, _), _)| *of == list.key());
        let mut items: Vec<Json> = own.map(|(_, item)| item.clone()).collect();
        if list != ListName::LineItems {
            return Some(items);
        }
        let template = items.first().filter(|_| alike).cloned();
        let selected = self.selected.iter().filter(|(of, _, _)| *of == section);
        for (_, selection, wanted) in selected.clone() {
            let selection = selection.as_ref()?;
            // Items that rules are decided for count as well.
            let mut held = 0_i64;
            for item in items.iter_mut().filter(|item| is_selected(item, selection)) {
                figures(item, wanted, held == 0)?;
                held = held.checked_add(1)?;
            }
            let nonzero = wanted.sums.iter().any(|(_, state)| match state {
                Sample::Number(sum) => !sum.is_zero(),
                _ => true,
            });
            let unknown = wanted.sums.iter().all(|(_, state)| *state == Sample::Absent);
            let count = match wanted.count {
                Some(count) if count < held => return None,
                Some(count) => count,
                None if unknown && !wanted.sums.is_empty() => held,
                None => i64::from(nonzero && !wanted.sums.is_empty()).max(held),
            };
            if count > MOST_ITEMS {
                return None;
            }
            for at in held..count {
                items.push(item(template.clone(), selection, wanted, at == 0)?);
            }
        }
        // Whoever compares a figure wants it of every item.
        for (_, selection, _) in selected {
            if let Some(Selection::Compares { figure, operator, number }) = selection {
                let other = suited_number(*operator, *number, false)?;
                for item in &mut items {
                    // Where the item has it already, that is what it is selected by.
                    let _ = item.put(&[figure.key()], json(&Sample::Number(other))?);
                }
            }
        }
        Some(items)
    }
}

/// An item that is selected; the first one has the whole of each sum.
fn item(template: Option<Json>, selection: &Selection, wanted: &Wanted, first: bool) -> Option<Json> {
    let mut item = template.unwrap_or_else(Json::object);
    if let Some(name) = selection.attribute() {
        item.remove(&[ATTRIBUTES, name]);
    }
    match selection {
        Selection::Compares { figure, operator, number } => {
            let same = wanted.sums.iter().find(|(of, _)| of == figure && first);
            let figures = match same {
                Some((_, Sample::Number(sum))) => *sum,
                _ => suited_number(*operator, *number, true)?,
            };
            item.put(&[figure.key()], json(&Sample::Number(figures))?).then_some(())?;
        }
        selection => {
            let path = [ATTRIBUTES, selection.attribute()?];
            item.put(&path, Json::Text(suited_text(selection)?)).then_some(())?;
        }
    }
    figures(&mut item, wanted, first)?;
    Some(item)
}

/// Writes what is summed into an item; the first one has the whole of it.
fn figures(item: &mut Json, wanted: &Wanted, first: bool) -> Option<()> {
    for (figure, state) in &wanted.sums {
        let number = match state {
            Sample::Number(sum) if first => *sum,
            Sample::Number(_) => Number::ZERO,
            // It lacks what is summed.
            _ => continue,
        };
        // It may stand there already, from the selection.
        let _ = item.put(&[figure.key()], json(&Sample::Number(number))?);
    }
    Some(())
}

/// Whether an item that was written is selected by an attribute.
fn is_selected(item: &Json, selection: &Selection) -> bool {
    let attribute = selection.attribute();
    let Some(text) = attribute.and_then(|name| item.text_at(&[ATTRIBUTES, name])) else { return false };
    match selection {
        Selection::Equals { value, .. } => text == &**value,
        Selection::Matches { pattern, .. } => pattern.is_match(text),
        Selection::EqualsAndMatches { value, pattern, .. } => text == &**value && pattern.is_match(text),
        _ => false,
    }
}
