//! What each method means: one function each.

use crate::rule::{Argument, Call, Receiver};
use crate::schema::Function;
use crate::transaction::LineItem;
use crate::value::{Instant, LocalTime, Number, NumberFault, Value};

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
        Function::BasketCount => call.basket_count(),
        Function::BasketExcludes => call.basket_includes().map(negated),
        Function::BasketIncludes => call.basket_includes(),
        Function::BasketQty => sum(call.selected()?, LineItem::quantity),
        Function::BasketSum => sum(call.selected()?, LineItem::amount),
        Function::Contains => call.contains(),
        Function::CustomFieldValueIncludes => call.custom_field_value_includes(),
        Function::DateDiff => call.date_diff(),
        Function::Day => Ok(integer(call.local_time()?.weekday())),
        Function::DoesItemMatch => call.does_item_match(),
        Function::Exists => call.exists(),
        Function::IsEmpty | Function::NotExists => call.is_empty(),
        Function::IsHourBetween => call.is_hour_between(),
        Function::IsNotNull => call.is_null().map(negated),
        Function::IsNull => call.is_null(),
        Function::IsWeekday => Ok(Value::Boolean((2..=6).contains(&call.local_time()?.weekday()))),
        Function::IsWeekend => Ok(Value::Boolean(!(2..=6).contains(&call.local_time()?.weekday()))),
        Function::Matches => call.matches(),
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

    fn local_time(&self) -> Result<LocalTime, Unknown> {
        match self.receiver()? {
            Value::Date(instant) => Ok(self.context.zone.local(instant)),
            _ => Err(Unknown::Operand),
        }
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
            Some(Argument::Node(at)) => {
                match self.call.arguments.get(*at).map(|node| self.context.operand(node)) {
                    Some(Ok(Value::Date(instant))) => Ok(instant),
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

    fn date_diff(&self) -> Outcome {
        let from = self.local_time()?.day();
        let to = self.context.zone.local(self.date_argument(0)?).day();
        Ok(integer(from.abs_diff(to).try_into().unwrap_or(i64::MAX)))
    }

    /// From the first hour on and before the second; past midnight where the
    /// first is the later one.
    fn is_hour_between(&self) -> Outcome {
        let hour = self.local_time()?.hour();
        let (from, to) = (self.number_argument(0)?, self.number_argument(1)?);
        let holds = if from < to { from <= hour && hour < to } else { from <= hour || hour < to };
        Ok(Value::Boolean(holds))
    }

    /// The items whose attribute has the value. Without a list of items the
    /// call itself is absent.
    fn selected(&self) -> Result<Vec<&'t LineItem>, Unknown> {
        let Receiver::Profile(profile) = &self.call.receiver else { return Err(Unknown::Operand) };
        let items = self.context.transaction.items(&profile.name).ok_or(Unknown::Absent)?;
        let (attribute, value) = (self.text_argument(0)?, self.text_argument(1)?);
        Ok(items.iter().filter(|item| item.attribute(&attribute) == Some(value.as_str())).collect())
    }

    fn basket_count(&self) -> Outcome {
        Ok(Value::Number(Number::from_count(self.selected()?.len())))
    }

    fn basket_includes(&self) -> Outcome {
        Ok(Value::Boolean(!self.selected()?.is_empty()))
    }

    fn does_item_match(&self) -> Outcome {
        let Item::At(item) = self.context.item else { return Err(Unknown::Absent) };
        let (attribute, value) = (self.text_argument(0)?, self.text_argument(1)?);
        Ok(Value::Boolean(item.attribute(&attribute) == Some(value.as_str())))
    }

    /// Without the container the call itself is absent.
    fn custom_field_value_includes(&self) -> Outcome {
        let Receiver::Profile(profile) = &self.call.receiver else { return Err(Unknown::Operand) };
        let fields = self.context.transaction.custom_fields(&profile.name).ok_or(Unknown::Absent)?;
        let (name, value) = (self.text_argument(0)?, self.text_argument(1)?);
        Ok(Value::Boolean(fields.get(&name).is_some_and(|values| values.contains(&value))))
    }
}

/// The exact sum of a figure over items, rounded once. An item that lacks it
/// makes the sum absent.
pub(super) fn sum<'t>(
    items: impl IntoIterator<Item = &'t LineItem>,
    figure: fn(&LineItem) -> Result<Option<Number>, NumberFault>,
) -> Outcome {
    let mut numbers = Vec::new();
    let mut fault = None;
    for item in items {
        match figure(item) {
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
