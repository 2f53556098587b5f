//! What each method means: one function each.

use crate::schema::Each;
use crate::transaction::{Entry, FieldValue};
use crate::typed::{Call, CallKind, Container, DateArgument, Figure, Items, Node, Receiver, Selection};
use crate::value::{DateDistance, DateText, Instant, LocalTime, Number, Value};

use super::oracle::{Context, Item, Outcome, Unknown};
use super::reasons::Reasons;

/// Decides a call.
pub(super) fn call(context: &Context<'_>, call: &Call) -> Outcome {
    if context.lacks_item(call) {
        return match call.receiver {
            Receiver::Profile(_) => Err(Unknown::Absent),
            Receiver::Value(_) => Err(Unknown::Operand),
        };
    }
    let negated_if = |negated: bool, truth: bool| Ok(Value::Boolean(truth != negated));
    match &call.kind {
        CallKind::Answer(answer) => context.value(&context.transaction.value(&answer.read)),
        CallKind::Sum { items, figure } => sum(context.selected(items)?, *figure),
        CallKind::Count(items) => Ok(Value::Number(Number::from_count(context.selected(items)?.len()))),
        CallKind::Includes { items, negated } => negated_if(*negated, !context.selected(items)?.is_empty()),
        CallKind::ItemMatches(selection) => context.item_matches(selection),
        CallKind::HasValue { container, value, negated } => {
            negated_if(*negated, context.has_value(container, value)?)
        }
        CallKind::HasAnyValue(container) => Ok(Value::Boolean(context.has_any_value(container))),
        CallKind::Contains { text, part } => {
            Ok(Value::Boolean(context.text(text)?.contains(&context.text(part)?)))
        }
        CallKind::Matches { text, pattern } => Ok(Value::Boolean(pattern.is_match(&context.text(text)?))),
        CallKind::Exists { text, part, negated } => {
            let text = context.text(text).unwrap_or_default();
            let part = part.as_deref().unwrap_or_default();
            negated_if(*negated, !text.is_empty() && text.contains(part))
        }
        CallKind::IsNull { value, negated } => negated_if(*negated, context.is_null(value)),
        CallKind::IsValid(value) => Ok(Value::Boolean(context.date(value).is_ok())),
        CallKind::Part { date, part } => Ok(integer(context.local_time(date)?.part(*part))),
        CallKind::Distance { distance, from, to } => context.date_distance(*distance, from, to),
        CallKind::Compare { operator, date, other } => {
            let order = context.date(date)?.cmp(&context.date_argument(other)?);
            Ok(Value::Boolean(operator.holds(order)))
        }
        CallKind::IsWeekend { date, negated } => {
            negated_if(*negated, !(2..=6).contains(&context.local_time(date)?.weekday()))
        }
        CallKind::IsBetween { date, from, to } => {
            Ok(Value::Boolean(context.local_time(date)?.is_between(*from, *to)))
        }
        CallKind::Interval { number, edges } => context.interval(number, edges),
    }
}

impl<'t> Context<'t> {
    fn text(&self, node: &Node) -> Result<String, Unknown> {
        match self.operand(node)? {
            Value::Text(text) => Ok(text),
            _ => Err(Unknown::Operand),
        }
    }

    /// A date, or a text that is one.
    fn date(&self, node: &Node) -> Result<Instant, Unknown> {
        match self.operand(node)? {
            Value::Date(instant) => Ok(instant),
            Value::Text(text) => DateText::parse(&text).resolve(self.zone).ok_or(Unknown::Operand),
            _ => Err(Unknown::Operand),
        }
    }

    fn date_argument(&self, argument: &DateArgument) -> Result<Instant, Unknown> {
        match argument {
            DateArgument::Constant(date) => date.resolve(self.zone).ok_or(Unknown::Operand),
            DateArgument::Date(node) | DateArgument::Text(node) => self.date(node),
        }
    }

    fn local_time(&self, node: &Node) -> Result<LocalTime, Unknown> {
        Ok(self.zone.local(self.date(node)?))
    }

    fn date_distance(&self, distance: DateDistance, from: &Node, to: &DateArgument) -> Outcome {
        Ok(integer(distance.between(self.date(from)?, self.date_argument(to)?, self.zone)))
    }

    /// Whether a value is absent; never unknown. A value at fault is not absent.
    fn is_null(&self, node: &Node) -> bool {
        match self.evaluate(node) {
            Ok(_) => false,
            Err(Unknown::Absent) => true,
            Err(Unknown::Fault(_)) => false,
            Err(Unknown::Operand) => {
                let mut reasons = Reasons::default();
                reasons.gather(self, node);
                !reasons.has_fault()
            }
        }
    }

    /// Index from 1 of the first edge that is not below the value.
    fn interval(&self, node: &Node, edges: &[Number]) -> Outcome {
        match self.operand(node)? {
            Value::Number(value) => {
                let below = edges.iter().filter(|edge| **edge < value).count();
                Ok(Value::Number(Number::from_count(below.saturating_add(1))))
            }
            _ => Err(Unknown::Operand),
        }
    }

    /// The items that are selected. Without a list of items the call itself is
    /// absent; so it is where a figure that is compared is absent.
    fn selected(&self, items: &Items) -> Result<Vec<Entry<'t>>, Unknown> {
        let section = items.profile.list_section();
        let entries = self.transaction.entries(&section, Each::LineItems).ok_or(Unknown::Absent)?;
        let mut selected = Vec::new();
        let mut fault = None;
        for item in entries {
            match selects(&items.selection, item) {
                Ok(true) => selected.push(item),
                Ok(false) => {}
                Err(Unknown::Absent) => return Err(Unknown::Absent),
                Err(found) => fault = Some(found),
            }
        }
        fault.map_or(Ok(selected), Err)
    }

    fn item_matches(&self, selection: &Selection) -> Outcome {
        let Item::At(item) = self.item else { return Err(Unknown::Absent) };
        selects(selection, item).map(Value::Boolean)
    }

    /// Whether a custom field or segment has the value. Without the container
    /// the call itself is absent.
    fn has_value(&self, container: &Container, wanted: &str) -> Result<bool, Unknown> {
        match self.transaction.value(&container.read) {
            FieldValue::Absent => Err(Unknown::Absent),
            FieldValue::Texts(values) => Ok(values.iter().any(|value| value == wanted)),
            _ => Ok(false),
        }
    }

    /// Never unknown: without the container nothing exists.
    fn has_any_value(&self, container: &Container) -> bool {
        match self.transaction.value(&container.read) {
            FieldValue::Texts(values) => values.iter().any(|value| !value.is_empty()),
            _ => false,
        }
    }
}

/// Whether an item is one of those selected. One that lacks the attribute is
/// not; one that lacks the figure makes the answer absent.
fn selects(selection: &Selection, item: Entry<'_>) -> Result<bool, Unknown> {
    let found_in = |attribute: &str, pattern: &crate::value::Pattern| {
        item.attribute(attribute).is_some_and(|text| pattern.is_match(text))
    };
    match selection {
        Selection::Equals { attribute, value } => Ok(item.attribute(attribute) == Some(&**value)),
        Selection::Matches { attribute, pattern } => Ok(found_in(attribute, pattern)),
        Selection::EqualsAndMatches { attribute, value, pattern } => {
            Ok(item.attribute(attribute) == Some(&**value) && found_in(attribute, pattern))
        }
        Selection::Compares { figure, operator, number } => match item.figure(*figure) {
            Ok(Some(figure)) => Ok(operator.holds(figure.cmp(number))),
            Ok(None) => Err(Unknown::Absent),
            Err(fault) => Err(Unknown::Fault(fault.into())),
        },
    }
}

/// The exact sum of a figure over items, rounded once. An item that lacks it
/// makes the sum absent.
pub(super) fn sum<'t>(items: impl IntoIterator<Item = Entry<'t>>, figure: Figure) -> Outcome {
    let mut numbers = Vec::new();
    let mut fault = None;
    for item in items {
        match item.figure(figure) {
            Ok(Some(number)) => numbers.push(number),
            Ok(None) => return Err(Unknown::Absent),
            Err(found) => fault = Some(found),
        }
    }
    let result = match fault {
        Some(fault) => Err(fault),
        None => Number::sum(numbers),
    };
    result.map(Value::Number).map_err(|fault| Unknown::Fault(fault.into()))
}

fn integer(value: i64) -> Value {
    Value::Number(Number::from_integer(value))
}
