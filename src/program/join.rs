//! Tests of one value, joined: equalities to a set, comparisons to a range.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::transaction::Symbol;
use crate::value::{Bounds, Fixed};

use super::flow::{Formula, Polarity};
use super::operand::{NumberOperand, Place};
use super::test::{RareTest, Test};

/// The tests of one place that can be joined.
#[derive(Default)]
struct Gathered {
    symbols: Vec<Symbol>,
    numbers: Vec<i64>,
    otherwise: Option<Arc<NumberOperand>>,
    range: Option<Bounds>,
}

/// Joins the tests of a chain that ask the same place.
///
/// In an `||` equalities are membership in a set; in an `&&` so are those
/// that are to fail, and comparisons that are to hold are one range. All are
/// unknown exactly where the place is, so nothing changes where it is absent.
pub(super) fn joined(parts: Vec<Formula>, all: bool) -> Vec<Formula> {
    let equal = if all { Polarity::Negated } else { Polarity::Plain };
    let mut places: BTreeMap<Place, Gathered> = BTreeMap::new();
    let mut rest = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Formula::Leaf(Test::Is(place, symbol), polarity) if polarity == equal => {
                places.entry(place).or_default().symbols.push(symbol);
            }
            Formula::Leaf(Test::Within(place, bounds, otherwise), polarity) => {
                let gathered = places.entry(place).or_default();
                match bounds.single().and_then(|number| number.small()) {
                    Some(number) if polarity == equal => gathered.numbers.push(number),
                    _ if all && polarity == Polarity::Plain => {
                        gathered.range = Some(gathered.range.map_or(bounds, |range| range.and(bounds)));
                    }
                    _ => {
                        rest.push(Formula::Leaf(Test::Within(place, bounds, otherwise), polarity));
                        continue;
                    }
                }
                if gathered.otherwise.is_none() {
                    gathered.otherwise = otherwise;
                }
            }
            other => rest.push(other),
        }
    }
    for (place, gathered) in places {
        gathered.tests(place, equal, &mut rest);
    }
    rest
}

impl Gathered {
    fn tests(self, place: Place, equal: Polarity, out: &mut Vec<Formula>) {
        let Gathered { mut symbols, mut numbers, otherwise, range } = self;
        symbols.sort_unstable();
        symbols.dedup();
        match symbols.as_slice() {
            [] => {}
            [symbol] => out.push(Formula::Leaf(Test::Is(place, *symbol), equal)),
            _ => {
                let test = RareTest::SymbolIn(place, symbols.into());
                out.push(Formula::Leaf(Test::Rare(Box::new(test)), equal));
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        if let Some(range) = range {
            out.push(Formula::Leaf(Test::Within(place, range, otherwise.clone()), Polarity::Plain));
        }
        match numbers.as_slice() {
            [] => {}
            [number] => {
                let bounds = Bounds::equal_to(Fixed::of_small(*number));
                out.push(Formula::Leaf(Test::Within(place, bounds, otherwise), equal));
            }
            _ => {
                let test = RareTest::NumberIn(place, numbers.into(), otherwise);
                out.push(Formula::Leaf(Test::Rare(Box::new(test)), equal));
            }
        }
    }
}
