//! Line items that raise what is counted or summed over a basket.

use target_rules::Number;
use target_rules::condition::{Aggregate, Figure, Measure, Selection};

use super::change::ChangedValue;
use crate::model::drawn;

/// More items than this are never added.
const MOST_ITEMS: i64 = 100;

/// The figures of an item that is added.
#[derive(Clone, Copy)]
struct Figures {
    quantity: Number,
    rate: Number,
    value: Number,
    discount: Number,
    amount: Number,
}

impl Figures {
    /// One piece that costs so much.
    fn costing(amount: Number) -> Figures {
        Figures { quantity: Number::from(1), rate: amount, value: amount, discount: Number::ZERO, amount }
    }

    fn set(&mut self, figure: Figure, to: Number) {
        match figure {
            Figure::Amount => self.amount = to,
            Figure::Discount => self.discount = to,
            Figure::Quantity => self.quantity = to,
            Figure::Rate => self.rate = to,
            Figure::Value => self.value = to,
        }
    }
}

/// The items, as JSON, by which an aggregate grows by a number; `None` where none
/// are known.
pub(super) fn raising(aggregate: &Aggregate, by: Number) -> Option<Vec<String>> {
    if by.is_negative() || by.is_zero() {
        return None;
    }
    let mut figures = Figures::costing(Number::ZERO);
    if let Some(Selection::Compares { figure, operator, number }) = &aggregate.selection {
        let one = Number::from(1);
        let near = [Ok(*number), number.plus(one), number.minus(one)];
        let suited = near.into_iter().flatten().find(|near| operator.holds(near.cmp(number)));
        figures.set(*figure, suited?);
    }
    let count = match aggregate.measure {
        Measure::Count | Measure::Any => by.as_integer().filter(|count| *count <= MOST_ITEMS)?,
        Measure::Sum(figure) => {
            if figure == Figure::Amount || figure == Figure::Value {
                let priced = Figures::costing(by);
                let Some(Selection::Compares { figure, .. }) = &aggregate.selection else {
                    return Some(vec![item(&aggregate.selection, priced)?]);
                };
                // What it is selected by stays, unless that is what is summed.
                let selected_by = *figure;
                let kept = match selected_by {
                    Figure::Amount => by,
                    Figure::Discount => figures.discount,
                    Figure::Quantity => figures.quantity,
                    Figure::Rate => figures.rate,
                    Figure::Value => by,
                };
                figures = priced;
                figures.set(selected_by, kept);
            } else {
                figures.set(figure, by);
            }
            1
        }
        _ => return None,
    };
    let item = item(&aggregate.selection, figures)?;
    Some((0..count).map(|_| item.clone()).collect())
}

fn item(selection: &Option<Selection>, figures: Figures) -> Option<String> {
    let of = |number: Number| ChangedValue::Number(number).json();
    let attributes = match selection {
        None | Some(Selection::Compares { .. }) => String::new(),
        Some(selection) => {
            let text = match selection {
                Selection::Equals { value, .. } | Selection::EqualsAndMatches { value, .. } => {
                    value.to_string()
                }
                Selection::Matches { pattern, .. } => {
                    drawn(pattern.text()).into_iter().find(|text| pattern.is_match(text))?
                }
                _ => return None,
            };
            let name = ChangedValue::Text(selection.attribute()?.to_string()).json();
            format!(r#""attributes":{{{name}:{}}},"#, ChangedValue::Text(text).json())
        }
    };
    Some(format!(
        r#"{{{attributes}"qty":{},"rate":{},"value":{},"discount":{},"amount":{}}}"#,
        of(figures.quantity),
        of(figures.rate),
        of(figures.value),
        of(figures.discount),
        of(figures.amount),
    ))
}
