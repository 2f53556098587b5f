//! Numbers that rules compute, as sums of the values that they need, where no
//! operation can round.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use target_rules::Number;
use target_rules::condition::{ArithmeticChain, Measure, NumberExpression};
use target_rules::syntax::Operator;

use crate::model::{Key, number_key};

/// 2^96: a number whose digits are below it is kept as it is.
const DIGITS: u128 = 1 << 96;
/// 10^28: a number that is as large has no result.
const LARGEST: u128 = 10_u128.pow(28);
/// The digits of a number of a document that has at most 18 of them before the
/// point and 9 behind it.
const PLAIN: Size = Size { digits: 10_u128.pow(27), scale: 9 };

/// How large a number may be: its digits, of which so many are behind the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size {
    digits: u128,
    scale: u32,
}

impl Size {
    /// The same size where it can't be rounded, and has a result.
    fn kept(self) -> Option<Size> {
        let unit = 10_u128.checked_pow(self.scale)?;
        (self.digits < DIGITS && self.scale <= 28 && self.digits.checked_div(unit)? < LARGEST).then_some(self)
    }

    fn with_scale(self, scale: u32) -> Option<Size> {
        let more = 10_u128.checked_pow(scale.checked_sub(self.scale)?)?;
        Some(Size { digits: self.digits.checked_mul(more)?, scale })
    }
}

/// A whole number divided by a power of ten, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) digits: i128,
    pub(super) scale: u32,
}

impl Decimal {
    pub(super) const ZERO: Decimal = Decimal { digits: 0, scale: 0 };
    const ONE: Decimal = Decimal { digits: 1, scale: 0 };

    pub(super) fn of(number: Number) -> Decimal {
        Decimal { digits: number.mantissa(), scale: number.scale() }
    }

    /// The digits behind which so many stand behind the point.
    pub(super) fn at(self, scale: u32) -> Option<i128> {
        self.digits.checked_mul(10_i128.checked_pow(scale.checked_sub(self.scale)?)?)
    }

    fn plus(self, other: Decimal) -> Option<Decimal> {
        let scale = self.scale.max(other.scale);
        Some(Decimal { digits: self.at(scale)?.checked_add(other.at(scale)?)?, scale })
    }

    fn times(self, other: Decimal) -> Option<Decimal> {
        Some(Decimal {
            digits: self.digits.checked_mul(other.digits)?,
            scale: self.scale.checked_add(other.scale)?,
        })
    }

    /// One divided by it, where that ends.
    fn inverse(self) -> Option<Decimal> {
        let unit = 10_i128.checked_pow(self.scale)?;
        (0..=28_u32).find_map(|scale| {
            let more = unit.checked_mul(10_i128.checked_pow(scale)?)?;
            (more.checked_rem(self.digits)? == 0)
                .then_some(Decimal { digits: more.checked_div(self.digits)?, scale })
        })
    }
}

/// Values, each with a factor, and a constant.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    pub(super) factors: BTreeMap<usize, Decimal>,
    pub(super) constant: Decimal,
    /// How large it may be; `None` where that is not known.
    size: Option<Size>,
    /// Whether some value is a number of the document, of which `size` tells only
    /// where it has few digits.
    of_document: bool,
    /// Whether it is only right where numbers of the document have few digits.
    pub(super) assumes: bool,
}

/// The values that sums are of, by number.
#[derive(Default)]
pub(super) struct Values {
    ids: HashMap<Key, usize>,
}

impl Values {
    /// A value as it is.
    pub(super) fn value(&mut self, key: Key) -> Sum {
        let next = self.ids.len();
        Sum::value(*self.ids.entry(key).or_insert(next))
    }

    /// The number of a value that some sum is of.
    pub(super) fn id(&self, key: &Key) -> Option<usize> {
        self.ids.get(key).copied()
    }

    /// A number as a sum; `None` where an operation may round.
    pub(super) fn sum(&mut self, number: &NumberExpression) -> Option<Sum> {
        match number {
            NumberExpression::Constant(constant) => {
                let constant = Decimal::of(*constant);
                let size = Size { digits: constant.digits.unsigned_abs(), scale: constant.scale };
                Some(Sum {
                    factors: BTreeMap::new(),
                    constant,
                    size: Some(size),
                    of_document: false,
                    assumes: false,
                })
            }
            NumberExpression::Negate(inner) => {
                Some(self.sum(inner)?.scaled(Decimal { digits: -1, scale: 0 })?)
            }
            NumberExpression::Arithmetic(chain) => self.chain(chain),
            value => {
                let (size, of_document) = size_of(value);
                Some(Sum { size, of_document, ..self.value(number_key(value)) })
            }
        }
    }

    fn chain(&mut self, chain: &ArithmeticChain) -> Option<Sum> {
        let mut result = self.sum(&chain.first)?;
        for (operator, operand) in &chain.steps {
            let operand = self.sum(operand)?;
            result = match operator {
                Operator::Add => result.plus(operand)?,
                Operator::Subtract => result.plus(operand.scaled(Decimal { digits: -1, scale: 0 })?)?,
                Operator::Multiply => result.times(&operand)?,
                Operator::Divide => result.over(&operand)?,
                _ => return None,
            };
        }
        Some(result)
    }
}

impl Sum {
    /// A value as it is.
    pub(super) fn value(value: usize) -> Sum {
        let factors = BTreeMap::from([(value, Decimal::ONE)]);
        Sum { factors, constant: Decimal::ZERO, size: None, of_document: false, assumes: false }
    }

    /// How far it is above another one, which nobody computes, so that nothing is
    /// rounded.
    pub(super) fn less(mut self, other: Sum) -> Option<Sum> {
        self.assumes |= other.assumes;
        let other = other.scaled(Decimal { digits: -1, scale: 0 })?;
        self.added(other)
    }

    fn added(mut self, other: Sum) -> Option<Sum> {
        for (value, factor) in other.factors {
            let held = self.factors.entry(value).or_insert(Decimal::ZERO);
            *held = held.plus(factor)?;
        }
        self.factors.retain(|_, factor| factor.digits != 0);
        self.constant = self.constant.plus(other.constant)?;
        Some(self)
    }

    fn is_constant(&self) -> bool {
        self.factors.is_empty()
    }

    fn scaled(mut self, by: Decimal) -> Option<Sum> {
        for factor in self.factors.values_mut() {
            *factor = factor.times(by)?;
        }
        self.constant = self.constant.times(by)?;
        self.factors.retain(|_, factor| factor.digits != 0);
        Some(self)
    }

    /// What comes of an operation: it is right where its result can't be rounded.
    fn after(mut self, size: Size, of_document: bool, assumes: bool) -> Option<Sum> {
        self.size = Some(size.kept()?);
        self.of_document = of_document;
        self.assumes = assumes || of_document;
        Some(self)
    }

    fn plus(self, other: Sum) -> Option<Sum> {
        let (own, others) = (self.size?, other.size?);
        let scale = own.scale.max(others.scale);
        let digits = own.with_scale(scale)?.digits.checked_add(others.with_scale(scale)?.digits)?;
        let (of_document, assumes) = (self.of_document || other.of_document, self.assumes || other.assumes);
        self.added(other)?.after(Size { digits, scale }, of_document, assumes)
    }

    fn times(self, other: &Sum) -> Option<Sum> {
        let (own, others) = (self.size?, other.size?);
        let digits = own.digits.checked_mul(others.digits)?;
        let size = Size { digits, scale: own.scale.checked_add(others.scale)? };
        let (of_document, assumes) = (self.of_document || other.of_document, self.assumes || other.assumes);
        let product = match (self.is_constant(), other.is_constant()) {
            (_, true) => self.scaled(other.constant)?,
            (true, _) => other.clone().scaled(self.constant)?,
            _ => return None,
        };
        product.after(size, of_document, assumes)
    }

    fn over(self, other: &Sum) -> Option<Sum> {
        if !other.is_constant() {
            return None;
        }
        let inverse = other.constant.inverse()?;
        let own = self.size?;
        let digits = own.digits.checked_mul(inverse.digits.unsigned_abs())?;
        let size = Size { digits, scale: own.scale.checked_add(inverse.scale)? };
        let (of_document, assumes) = (self.of_document, self.assumes || other.assumes);
        self.scaled(inverse)?.after(size, of_document, assumes)
    }
}

/// How large a value may be, and whether that is assumed: of a document with few
/// digits.
fn size_of(value: &NumberExpression) -> (Option<Size>, bool) {
    let whole = |digits: u32| Some(Size { digits: 10_u128.pow(digits), scale: 0 });
    match value {
        NumberExpression::Attribute(leaf) if leaf.is_computed() => (None, false),
        NumberExpression::Attribute(_) | NumberExpression::Answer(_) => (Some(PLAIN), true),
        NumberExpression::Aggregate(aggregate) if aggregate.measure == Measure::Count => (whole(18), false),
        // Minutes of ten thousand years, and edges of a rule.
        NumberExpression::Part(..) | NumberExpression::Distance(..) | NumberExpression::Interval(..) => {
            (whole(12), false)
        }
        _ => (None, false),
    }
}
