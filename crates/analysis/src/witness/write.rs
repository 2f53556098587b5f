//! The document of a choice.

use std::collections::BTreeMap;

use target_rules::condition::{
    BooleanExpression, Container, DateExpression, ListName, NumberExpression, Read, TextExpression,
};
use target_rules::schema::{ATTRIBUTES, CUSTOM_FIELDS, EXTENDED_FIELDS, SEGMENTS};

use super::Choice;
use super::items::Items;
use super::value::json;
use crate::document::Json;
use crate::model::{Key, ListState, RuleIndex, SECTION_OF_ITEMS, Sample};

impl Choice<'_> {
    /// The document, or what can't be written.
    pub(super) fn document(&self) -> Result<String, String> {
        let mut writing =
            Writing { document: Json::object(), items: Items::default(), fields: BTreeMap::new() };
        let variables = self.model.variables.iter().zip(&self.model.items).zip(&self.states);
        for ((variable, item), state) in variables {
            let written = writing.variable(&variable.key, *item, state);
            written.ok_or("two values stand at one place of the document")?;
        }
        writing.finish(self).ok_or_else(|| "line items that would show it are not known".to_owned())
    }
}

struct Writing {
    document: Json,
    items: Items,
    /// The values of custom fields and segments by their paths.
    fields: BTreeMap<Vec<String>, Vec<String>>,
}

impl Writing {
    fn variable(&mut self, key: &Key, item: Option<RuleIndex>, state: &Sample) -> Option<()> {
        match key {
            // What would have to be computed is not written.
            Key::Number(_) if *state == Sample::Fault => Some(()),
            Key::Number(NumberExpression::Attribute(leaf)) => self.value(leaf.read(), item, state),
            Key::Number(NumberExpression::Answer(answer)) => self.value(answer.read(), item, state),
            Key::Text(TextExpression::Attribute(leaf)) => self.value(leaf.read(), item, state),
            Key::Text(TextExpression::Answer(answer)) => self.value(answer.read(), item, state),
            Key::Date(DateExpression::Text(TextExpression::Attribute(leaf))) => {
                self.value(leaf.read(), item, state)
            }
            Key::Date(DateExpression::Attribute(leaf)) => self.value(leaf.read(), item, state),
            Key::Date(DateExpression::Answer(answer)) => self.value(answer.read(), item, state),
            Key::Boolean(BooleanExpression::Attribute(leaf)) => self.value(leaf.read(), item, state),
            Key::Boolean(BooleanExpression::Answer(answer)) => self.value(answer.read(), item, state),
            Key::ItemText(attribute) => {
                let Some(value) = json(state) else { return Some(()) };
                let path = [ATTRIBUTES, attribute];
                self.items.put(ListName::LineItems, item.unwrap_or(0), &path, value)
            }
            Key::Fields { section, segments } => {
                if *state != Sample::Absent {
                    let path = [&**section, container_key(*segments)];
                    self.document.touch(&path).then_some(())?;
                }
                Some(())
            }
            Key::Has(container, value) => {
                if *state == Sample::Boolean(true) {
                    self.fields.entry(path_of(container)?).or_default().push(value.to_string());
                }
                Some(())
            }
            Key::HasAny(container) => {
                if *state == Sample::Boolean(true) {
                    self.fields.entry(path_of(container)?).or_default();
                }
                Some(())
            }
            _ => Some(()),
        }
    }

    fn value(&mut self, read: &Read, item: Option<RuleIndex>, state: &Sample) -> Option<()> {
        let Some(value) = json(state) else { return Some(()) };
        match read {
            Read::Field { section, field, .. } => {
                let put = match field.extended {
                    true => self.document.put(&[section, EXTENDED_FIELDS, &field.name], value),
                    false => self.document.put(&[section, &field.name], value),
                };
                put.then_some(())
            }
            Read::Answer { section, method, arguments, .. } => {
                let mut path: Vec<&str> = vec![section, method];
                path.extend(arguments.iter().map(String::as_str));
                self.document.put(&path, value).then_some(())
            }
            Read::EntryField { list, field, .. } => {
                let item = item.unwrap_or(0);
                match field.extended {
                    true => self.items.put(*list, item, &[EXTENDED_FIELDS, &field.name], value),
                    false => self.items.put(*list, item, &[&field.name], value),
                }
            }
            _ => None,
        }
    }

    fn finish(mut self, choice: &Choice<'_>) -> Option<String> {
        for (path, mut values) in std::mem::take(&mut self.fields) {
            if values.iter().all(String::is_empty) {
                let any = choice.model.variables.iter().zip(&choice.states).any(|(variable, state)| {
                    matches!(&variable.key, Key::HasAny(container) if path_of(container).as_ref() == Some(&path))
                        && *state == Sample::Boolean(true)
                });
                values.extend(any.then(|| "other".to_owned()));
            }
            let values = values.into_iter().map(Json::Text).collect();
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            self.document.put(&path, Json::List(values)).then_some(())?;
        }
        let aggregates = choice.model.variables.iter().zip(&choice.states);
        for (variable, state) in aggregates {
            self.items.aggregate(&variable.key, state);
        }
        let lists = choice.model.variables.iter().zip(&choice.states);
        for (section, list, state) in lists.filter_map(|(variable, state)| match (&variable.key, state) {
            (Key::List(section, list), Sample::List(state)) => Some((section, *list, *state)),
            _ => None,
        }) {
            if **section == *SECTION_OF_ITEMS && state == ListState::Filled {
                // Each rule that asks an item of its own has one, if nothing stands in it.
                for (at, rule) in choice.model.rules.iter().enumerate() {
                    if rule.condition().list() == Some(list) && choice.model.items.contains(&Some(at)) {
                        self.items.touch(list, at);
                    }
                }
            }
            let items = self.items.of(section, list, choice.alike)?;
            let path = [&**section, list.key()];
            let items = match state {
                ListState::Filled if items.is_empty() => vec![Json::object()],
                _ => items,
            };
            if state != ListState::Absent || !items.is_empty() {
                self.document.put(&path, Json::List(items)).then_some(())?;
            }
        }
        serde_json::to_string(&self.document).ok()
    }
}

fn container_key(segments: bool) -> &'static str {
    if segments { SEGMENTS } else { CUSTOM_FIELDS }
}

fn path_of(container: &Container) -> Option<Vec<String>> {
    let (section, key, name) = match container.read() {
        Read::CustomField { section, name } => (section, container_key(false), name),
        Read::Segment { section, name } => (section, container_key(true), name),
        _ => return None,
    };
    Some(vec![section.to_string(), key.to_owned(), name.to_string()])
}
