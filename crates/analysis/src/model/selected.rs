//! What an item is given so that it is selected.

use target_rules::Number;
use target_rules::condition::Selection;
use target_rules::syntax::Operator;

use super::texts::drawn;

/// A text of its attribute for which an item is selected; `None` where none is known, or
/// where items are not selected by an attribute.
pub(crate) fn suited_text(selection: &Selection) -> Option<String> {
    match selection {
        Selection::Equals { value, .. } | Selection::EqualsAndMatches { value, .. } => {
            Some(value.to_string())
        }
        Selection::Matches { pattern, .. } => {
            drawn(pattern.text()).into_iter().find(|text| pattern.is_match(text))
        }
        _ => None,
    }
}

/// A number near another one for which a comparison with it holds, or does not.
pub(crate) fn suited_number(operator: Operator, number: Number, holds: bool) -> Option<Number> {
    let one = Number::from(1);
    let near = [Ok(number), number.plus(one), number.minus(one)];
    near.into_iter().flatten().find(|near| operator.holds(near.cmp(&number)) == holds)
}
