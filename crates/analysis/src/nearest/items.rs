//! Line items that raise what is counted or summed over a basket.

use target_rules::Number;
use target_rules::condition::{Aggregate, Figure, Measure, Selection};
use target_rules::schema::ATTRIBUTES;

use super::change::ChangedValue;
use crate::model::{suited_number, suited_text};

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

/// The items, as JSON, by which aggregates over one selection grow, each by a
/// number; `None` where none are known.
pub(super) fn raising(grown: &[(&Aggregate, Number)]) -> Option<Vec<String>> {
    let (of, _) = grown.first()?;
    let selection = &of.selection;
    let mut count = None;
    // The figures of the first item, which has the whole of each sum.
    let mut asked: Vec<(Figure, Number)> = Vec::new();
    let sums = || {
        grown.iter().filter_map(|(aggregate, by)| match aggregate.measure {
            Measure::Sum(figure) => Some((figure, *by)),
            _ => None,
        })
    };
    for (aggregate, by) in grown {
        if by.is_negative() || by.is_zero() {
            return None;
        }
        if matches!(aggregate.measure, Measure::Count | Measure::Any) {
            count = Some(by.as_integer().filter(|count| *count <= MOST_ITEMS)?);
        }
    }
    let more = count.unwrap_or(1).checked_sub(1)?;
    let mut others = Figures::costing(Number::ZERO);
    if let Some(Selection::Compares { figure, operator, number }) = selection {
        let suited = suited_number(*operator, *number, true)?;
        others.set(*figure, suited);
        if sums().any(|(summed, _)| summed == *figure) {
            // The whole sum is in one item, and the others would add to it.
            if more > 0 {
                return None;
            }
        } else {
            asked.push((*figure, suited));
        }
    }
    for (figure, by) in sums() {
        // Each item has a piece at least.
        let pieces = if figure == Figure::Quantity { more } else { 0 };
        let first = by.minus(Number::from(pieces)).ok().filter(|first| *first > Number::ZERO)?;
        asked.push((figure, first));
    }
    let price = sums().find(|(figure, _)| matches!(figure, Figure::Amount | Figure::Value));
    let mut first = Figures::costing(price.map_or(Number::ZERO, |(_, price)| price));
    for (figure, number) in asked {
        first.set(figure, number);
    }
    let (first, other) = (item(selection, first)?, item(selection, others)?);
    Some(std::iter::once(first).chain((0..more).map(|_| other.clone())).collect())
}

fn item(selection: &Option<Selection>, figures: Figures) -> Option<String> {
    let of = |number: Number| ChangedValue::Number(number).json();
    let attributes = match selection {
        None | Some(Selection::Compares { .. }) => String::new(),
        Some(selection) => {
            let text = suited_text(selection)?;
            let name = ChangedValue::Text(selection.attribute()?.to_string()).json();
            format!(r#""{ATTRIBUTES}":{{{name}:{}}},"#, ChangedValue::Text(text).json())
        }
    };
    let figures = [
        (Figure::Quantity, figures.quantity),
        (Figure::Rate, figures.rate),
        (Figure::Value, figures.value),
        (Figure::Discount, figures.discount),
        (Figure::Amount, figures.amount),
    ];
    let figures = figures.map(|(figure, number)| format!(r#""{}":{}"#, figure.key(), of(number)));
    Some(format!("{{{attributes}{}}}", figures.join(",")))
}
