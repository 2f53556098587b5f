//! The values that a computed value needs.

use target_rules::condition::{
    BooleanExpression, DateExpression, NumberExpression, OpaqueCall, Predicate, Read, TextExpression,
};

use super::locate::number_key;
use super::question::Key;

/// The variables of the values without which a variable has none.
pub(crate) fn operands(key: &Key) -> Vec<Key> {
    let mut found = Vec::new();
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
    found.retain(|operand| operand != key);
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
        computed => return operands(computed).iter().any(is_of_an_item),
    };
    matches!(read, Read::EntryField { .. })
}

fn of_number(number: &NumberExpression, found: &mut Vec<Key>) {
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
        other => found.push(number_key(other)),
    }
}

fn of_date(date: &DateExpression, found: &mut Vec<Key>) {
    match date {
        DateExpression::Constant(_) | DateExpression::Text(TextExpression::Constant(_)) => {}
        other => found.push(Key::Date(other.clone())),
    }
}

fn of_text(text: &TextExpression, found: &mut Vec<Key>) {
    if !matches!(text, TextExpression::Constant(_)) {
        found.push(Key::Text(text.clone()));
    }
}
