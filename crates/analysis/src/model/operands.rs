//! What a computed value needs: values, and dates that rules write.

use target_rules::condition::{
    BooleanExpression, DateExpression, NumberExpression, OpaqueCall, Predicate, Read, TextExpression,
};
use target_rules::value::DateText;
use target_rules::{Instant, Zone};

use super::locate::number_key;
use super::question::Key;
use crate::formula::VariableId;

/// What a variable is computed from.
#[derive(Debug, Default)]
pub(crate) struct Operands {
    /// The variables without whose values it has none.
    pub(crate) values: Vec<VariableId>,
    /// The dates of the rule, as instants in the zone.
    pub(crate) dates: Vec<Instant>,
    /// Whether a date of the rule is no instant in the zone: then it never has a value.
    pub(crate) lack_a_date: bool,
}

/// What a variable has no value without.
#[derive(Default)]
pub(super) struct Needed {
    pub(super) values: Vec<Key>,
    /// Dates of the rule.
    dates: Vec<DateText>,
}

impl Needed {
    /// The dates of the rule as instants in a zone; `None` where one is no instant there.
    pub(super) fn instants(&self, zone: &Zone) -> Option<Vec<Instant>> {
        self.dates.iter().map(|date| date.resolve(zone)).collect()
    }
}

/// What a variable needs.
pub(super) fn needed(key: &Key) -> Needed {
    let mut found = Needed::default();
    match key {
        Key::Number(number) => of_number(number, &mut found),
        Key::NumberOrder(left, right) => {
            of_number(left, &mut found);
            of_number(right, &mut found);
        }
        Key::DateOrder(left, right) => {
            of_date(left, &mut found);
            of_date(right, &mut found);
        }
        Key::SameText(left, right) => {
            of_text(left, &mut found);
            of_text(right, &mut found);
        }
        Key::Opaque(Predicate::Call(call)) => {
            if let OpaqueCall::Contains { text, part } = &**call {
                of_text(text, &mut found);
                of_text(part, &mut found);
            }
        }
        _ => {}
    }
    found.values.retain(|operand| operand != key);
    found
}

/// Whether a value is one of the line item or tender that a rule is decided for.
pub(crate) fn is_of_an_item(key: &Key) -> bool {
    let read = match key {
        Key::ItemText(_) => return true,
        Key::Number(NumberExpression::Attribute(leaf))
        | Key::Text(TextExpression::Attribute(leaf))
        | Key::Date(
            DateExpression::Attribute(leaf) | DateExpression::Text(TextExpression::Attribute(leaf)),
        )
        | Key::Boolean(BooleanExpression::Attribute(leaf)) => leaf.read(),
        Key::Count(..) | Key::List(..) => return false,
        Key::Opaque(predicate) => return predicate.asks_an_item(),
        computed => return needed(computed).values.iter().any(is_of_an_item),
    };
    matches!(read, Read::EntryField { .. })
}

fn of_number(number: &NumberExpression, found: &mut Needed) {
    match number {
        NumberExpression::Constant(_) => {}
        NumberExpression::Part(_, date) => of_date(date, found),
        NumberExpression::Distance(_, dates) => {
            of_date(&dates.0, found);
            of_date(&dates.1, found);
        }
        NumberExpression::Interval(inner, _) | NumberExpression::Negate(inner) => of_number(inner, found),
        NumberExpression::Arithmetic(chain) => {
            of_number(&chain.first, found);
            chain.steps.iter().for_each(|(_, operand)| of_number(operand, found));
        }
        other => found.values.push(number_key(other)),
    }
}

fn of_date(date: &DateExpression, found: &mut Needed) {
    match date {
        DateExpression::Constant(constant) => found.dates.push(*constant),
        DateExpression::Text(TextExpression::Constant(text)) => found.dates.push(DateText::parse(text)),
        other => found.values.push(Key::Date(other.clone())),
    }
}

fn of_text(text: &TextExpression, found: &mut Needed) {
    if !matches!(text, TextExpression::Constant(_)) {
        found.values.push(Key::Text(text.clone()));
    }
}
