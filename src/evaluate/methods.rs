//! What each method means: one function each.

use crate::rule::{Argument, Call, Figure, Receiver, Selection};
use crate::schema::{Each, Function};
use crate::transaction::{Entry, FieldValue};
use crate::value::{DateText, Instant, LocalTime, Number, Value};

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
    let call = Asked { context, call };
    match call.call.function {
        Function::Answered => call.read().and_then(|value| context.value(&value)),
        Function::BasketAmount => sum(call.selected()?, Figure::Amount),
        Function::BasketCount => call.basket_count(),
        Function::BasketExcludes => call.basket_includes().map(negated),
        Function::BasketIncludes => call.basket_includes(),
        Function::BasketQuantity => sum(call.selected()?, Figure::Quantity),
        Function::BasketValue => sum(call.selected()?, Figure::Value),
        Function::Contains => call.contains(),
        Function::CustomFieldExcludes | Function::SegmentExcludes => call.includes().map(negated),
        Function::CustomFieldExists => call.custom_field_exists(),
        Function::CustomFieldIncludes | Function::SegmentIncludes => call.includes(),
        Function::DateDiff => call.date_diff(),
        Function::Day => Ok(integer(call.local_time()?.weekday())),
        Function::DayOfMonth => Ok(integer(call.local_time()?.date().2)),
        Function::DaysDiff => call.days_diff(),
        Function::Exists => call.exists(),
        Function::Interval => call.interval(),
        Function::IsAfter => Ok(Value::Boolean(call.instant()? > call.date_argument(0)?)),
        Function::IsBefore => Ok(Value::Boolean(call.instant()? < call.date_argument(0)?)),
        Function::IsEmpty => call.is_empty(),
        Function::IsHourBetween => call.is_hour_between(),
        Function::IsNotNull => call.is_null().map(negated),
        Function::IsNull => call.is_null(),
        Function::IsTimeBetween => call.is_time_between(),
        Function::IsValid => Ok(Value::Boolean(call.is_valid())),
        Function::IsWeekday => Ok(Value::Boolean((2..=6).contains(&call.local_time()?.weekday()))),
        Function::IsWeekend => Ok(Value::Boolean(!(2..=6).contains(&call.local_time()?.weekday()))),
        Function::ItemMatches => call.item_matches(),
        Function::Matches => call.matches(),
        Function::MinutesDiff => call.minutes_diff(),
        Function::Month => Ok(integer(call.local_time()?.date().1)),
        Function::Year => Ok(integer(call.local_time()?.date().0)),
    }
}

/// A call with what it is decided in.
struct Asked<'c, 't> {
    context: &'c Context<'t>,
    call: &'c Call,
}

impl<'c, 't> Asked<'c, 't> {
    /// The value that is asked.
    fn receiver(&self) -> Outcome {
        match &self.call.receiver {
            Receiver::Value(node) => self.context.operand(node),
            Receiver::Profile(_) => Err(Unknown::Operand),
        }
    }

    fn receiver_text(&self) -> Result<String, Unknown> {
        match self.receiver()? {
            Value::Text(text) => Ok(text),
            _ => Err(Unknown::Operand),
        }
    }

    fn instant(&self) -> Result<Instant, Unknown> {
        match self.receiver()? {
            Value::Date(instant) => Ok(instant),
            _ => Err(Unknown::Operand),
        }
    }

    fn local_time(&self) -> Result<LocalTime, Unknown> {
        Ok(self.context.zone.local(self.instant()?))
    }

    /// What the document says under the name that the call reads.
    fn read(&self) -> Result<FieldValue<'t>, Unknown> {
        let read = self.call.read.as_ref().ok_or(Unknown::Absent)?;
        Ok(self.context.transaction.value(read))
    }

    fn argument(&self, index: usize) -> Option<&'c Argument> {
        self.call.prepared.get(index)
    }

    fn text_argument(&self, index: usize) -> Result<String, Unknown> {
        match self.argument(index) {
            Some(Argument::Text(text) | Argument::ItemAttribute(text) | Argument::ItemValue(text)) => {
                Ok(text.clone())
            }
            Some(Argument::Node(at)) => {
                match self.call.arguments.get(*at).map(|node| self.context.operand(node)) {
                    Some(Ok(Value::Text(text))) => Ok(text),
                    _ => Err(Unknown::Operand),
                }
            }
            _ => Err(Unknown::Operand),
        }
    }

    fn date_argument(&self, index: usize) -> Result<Instant, Unknown> {
        let zone = self.context.zone;
        match self.argument(index) {
            Some(Argument::Date(date)) => date.resolve(zone).ok_or(Unknown::Operand),
            Some(Argument::Node(at) | Argument::DateNode(at)) => {
                match self.call.arguments.get(*at).map(|node| self.context.operand(node)) {
                    Some(Ok(Value::Date(instant))) => Ok(instant),
                    Some(Ok(Value::Text(text))) => {
                        DateText::parse(&text).resolve(zone).ok_or(Unknown::Operand)
                    }
                    _ => Err(Unknown::Operand),
                }
            }
            _ => Err(Unknown::Operand),
        }
    }

    fn number_argument(&self, index: usize) -> Result<i64, Unknown> {
        match self.argument(index) {
            Some(Argument::Number(number)) => number.as_integer().ok_or(Unknown::Operand),
            _ => Err(Unknown::Operand),
        }
    }

    /// Whether the value that is asked is absent; never unknown. A value at
    /// fault is not absent.
    fn is_null(&self) -> Outcome {
        let Receiver::Value(node) = &self.call.receiver else { return Err(Unknown::Operand) };
        let absent = match self.context.evaluate(node) {
            Ok(_) => false,
            Err(Unknown::Absent) => true,
            Err(Unknown::Fault(_)) => false,
            Err(Unknown::Operand) => {
                let mut reasons = Reasons::default();
                reasons.gather(self.context, node);
                !reasons.has_fault()
            }
        };
        Ok(Value::Boolean(absent))
    }

    fn exists(&self) -> Outcome {
        let text = self.receiver_text().unwrap_or_default();
        let holds = match self.argument(0) {
            Some(Argument::Text(part)) => text.contains(part.as_str()),
            _ => true,
        };
        Ok(Value::Boolean(!text.is_empty() && holds))
    }

    fn is_empty(&self) -> Outcome {
        Ok(Value::Boolean(self.receiver_text().unwrap_or_default().is_empty()))
    }

    fn contains(&self) -> Outcome {
        let text = self.receiver_text()?;
        Ok(Value::Boolean(text.contains(&self.text_argument(0)?)))
    }

    fn matches(&self) -> Outcome {
        let text = self.receiver_text()?;
        match self.argument(0) {
            Some(Argument::Pattern(pattern)) => Ok(Value::Boolean(pattern.is_match(&text))),
            _ => Err(Unknown::Operand),
        }
    }

    fn other_local_time(&self) -> Result<LocalTime, Unknown> {
        Ok(self.context.zone.local(self.date_argument(0)?))
    }

    fn date_diff(&self) -> Outcome {
        Ok(integer(LocalTime::days_between(self.local_time()?, self.other_local_time()?)))
    }

    fn days_diff(&self) -> Outcome {
        Ok(integer(LocalTime::days_to_anniversary(self.local_time()?, self.other_local_time()?)))
    }

    fn minutes_diff(&self) -> Outcome {
        Ok(integer(Instant::minutes_between(self.instant()?, self.date_argument(0)?)))
    }

    fn is_hour_between(&self) -> Outcome {
        let minutes = |index| Ok(self.number_argument(index)?.saturating_mul(60));
        Ok(Value::Boolean(self.local_time()?.is_between(minutes(0)?, minutes(1)?)))
    }

    fn is_time_between(&self) -> Outcome {
        let minutes = |hour, minute| {
            let hours = self.number_argument(hour)?.saturating_mul(60);
            Ok(hours.saturating_add(self.number_argument(minute)?))
        };
        Ok(Value::Boolean(self.local_time()?.is_between(minutes(0, 1)?, minutes(2, 3)?)))
    }

    /// Never unknown: what is absent is no valid date.
    fn is_valid(&self) -> bool {
        match self.receiver() {
            Ok(Value::Date(_)) => true,
            Ok(Value::Text(text)) => DateText::parse(&text).resolve(self.context.zone).is_some(),
            _ => false,
        }
    }

    /// Index from 1 of the first edge that is not below the value.
    fn interval(&self) -> Outcome {
        match (self.receiver()?, self.argument(0)) {
            (Value::Number(value), Some(Argument::Edges(edges))) => {
                let below = edges.iter().filter(|edge| **edge < value).count();
                Ok(Value::Number(Number::from_count(below.saturating_add(1))))
            }
            _ => Err(Unknown::Operand),
        }
    }

    /// The items that the arguments select. Without a list of items the call
    /// itself is absent; so it is where a figure that is compared is absent.
    fn selected(&self) -> Result<Vec<Entry<'t>>, Unknown> {
        let selection = self.call.selection.as_ref().ok_or(Unknown::Operand)?;
        let section = self.call.list_section();
        let items = self.context.transaction.entries(&section, Each::LineItems).ok_or(Unknown::Absent)?;
        let mut selected = Vec::new();
        let mut fault = None;
        for item in items {
            match selects(selection, item) {
                Ok(true) => selected.push(item),
                Ok(false) => {}
                Err(Unknown::Absent) => return Err(Unknown::Absent),
                Err(found) => fault = Some(found),
            }
        }
        fault.map_or(Ok(selected), Err)
    }

    fn basket_count(&self) -> Outcome {
        Ok(Value::Number(Number::from_count(self.selected()?.len())))
    }

    fn basket_includes(&self) -> Outcome {
        Ok(Value::Boolean(!self.selected()?.is_empty()))
    }

    fn item_matches(&self) -> Outcome {
        let (Item::At(item), Some(selection)) = (self.context.item, &self.call.selection) else {
            return Err(Unknown::Absent);
        };
        selects(selection, item).map(Value::Boolean)
    }

    /// Whether a custom field or segment has the value. Without the container
    /// the call itself is absent.
    fn includes(&self) -> Outcome {
        match self.read()? {
            FieldValue::Absent => Err(Unknown::Absent),
            FieldValue::Texts(values) => {
                let wanted = self.text_argument(1)?;
                Ok(Value::Boolean(values.iter().any(|value| value == wanted)))
            }
            _ => Ok(Value::Boolean(false)),
        }
    }

    /// Never unknown: without the container nothing exists.
    fn custom_field_exists(&self) -> Outcome {
        let exists = match self.read()? {
            FieldValue::Texts(values) => values.iter().any(|value| !value.is_empty()),
            _ => false,
        };
        Ok(Value::Boolean(exists))
    }
}

/// Whether an item is one of those selected. One that lacks the attribute is
/// not; one that lacks the figure makes the answer absent.
fn selects(selection: &Selection, item: Entry<'_>) -> Result<bool, Unknown> {
    let found_in = |attribute: &str, pattern: &crate::value::Pattern| {
        item.attribute(attribute).is_some_and(|text| pattern.is_match(text))
    };
    match selection {
        Selection::Equals { attribute, value } => Ok(item.attribute(attribute) == Some(value.as_str())),
        Selection::Matches { attribute, pattern } => Ok(found_in(attribute, pattern)),
        Selection::EqualsAndMatches { attribute, value, pattern } => {
            Ok(item.attribute(attribute) == Some(value.as_str()) && found_in(attribute, pattern))
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

fn negated(value: Value) -> Value {
    match value {
        Value::Boolean(value) => Value::Boolean(!value),
        other => other,
    }
}

fn integer(value: i64) -> Value {
    Value::Number(Number::from_integer(value))
}
