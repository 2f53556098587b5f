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

/// The operands of a chain, those that ask the same place joined.
///
/// In an `||` equalities are membership in a set; in an `&&` so are those
/// that are to fail, and comparisons that are to hold are one range. All are
/// unknown exactly where the place is, so nothing changes where it is absent.
pub(super) struct Joined {
    all: bool,
    /// Whether anything is joined.
    joins: bool,
    expected: usize,
    /// How a test stands that is an equality to be joined.
    equal: Polarity,
    // Boxed, or the tree would take more memory at once than allocators are
    // quick to give.
    places: BTreeMap<Place, Box<Gathered>>,
    rest: Vec<Formula>,
}

impl Joined {
    /// `expected` is how many operands there will be.
    pub(super) fn new(all: bool, joins: bool, expected: usize) -> Joined {
        let equal = if all { Polarity::Negated } else { Polarity::Plain };
        Joined { all, joins, expected, equal, places: BTreeMap::new(), rest: Vec::new() }
    }

    pub(super) fn add(&mut self, part: Formula) {
        match part {
            Formula::All(inner) if self.all => inner.into_iter().for_each(|part| self.add(part)),
            Formula::Any(inner) if !self.all => inner.into_iter().for_each(|part| self.add(part)),
            Formula::Leaf(Test::Is(place, symbol), polarity) if self.joins && polarity == self.equal => {
                self.places.entry(place).or_default().symbols.push(symbol);
            }
            Formula::Leaf(Test::Within(place, bounds, otherwise), polarity) if self.joins => {
                let single = bounds.single().and_then(|number| number.small());
                let gathered = match single {
                    Some(number) if polarity == self.equal => {
                        let gathered = self.places.entry(place).or_default();
                        if gathered.numbers.is_empty() {
                            gathered.numbers.reserve(self.expected);
                        }
                        gathered.numbers.push(number);
                        gathered
                    }
                    _ if self.all && polarity == Polarity::Plain => {
                        let gathered = self.places.entry(place).or_default();
                        gathered.range = Some(gathered.range.map_or(bounds, |range| range.and(bounds)));
                        gathered
                    }
                    _ => {
                        self.rest.push(Formula::Leaf(Test::Within(place, bounds, otherwise), polarity));
                        return;
                    }
                };
                if gathered.otherwise.is_none() {
                    gathered.otherwise = otherwise;
                }
            }
            other => self.rest.push(other),
        }
    }

    pub(super) fn parts(self) -> Vec<Formula> {
        let Joined { equal, places, mut rest, .. } = self;
        for (place, gathered) in places {
            gathered.tests(place, equal, &mut rest);
        }
        rest
    }
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
