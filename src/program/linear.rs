//! A sum of whole multiples, over the keys of slots.

use std::cmp::Ordering;

use crate::syntax::Operator;
use crate::transaction::{Key, NO_KEY};

/// The keys of some slots, each times a whole number, and a constant: the
/// linear form of a comparison, which says why it is exact.
#[derive(Debug, Clone)]
pub(crate) struct LinearKeys {
    pub(super) terms: Box<[(u32, i64)]>,
    pub(super) constant: i128,
    /// Whether the comparison holds for a sum below zero, zero, and above.
    below: bool,
    zero: bool,
    above: bool,
}

impl LinearKeys {
    pub(super) fn of(operator: Operator, terms: Box<[(u32, i64)]>, constant: i128) -> LinearKeys {
        LinearKeys {
            terms,
            constant,
            below: operator.holds(Ordering::Less),
            zero: operator.holds(Ordering::Equal),
            above: operator.holds(Ordering::Greater),
        }
    }

    /// Whether the comparison holds; `None` where a value is absent or has no
    /// key, which says nothing of the order.
    #[inline(always)]
    pub(crate) fn holds(&self, keys: &[Key]) -> Option<bool> {
        let mut sum = self.constant;
        for (slot, factor) in &self.terms {
            let key = keys.get(*slot as usize).copied().filter(|key| *key != NO_KEY)?;
            // INVARIANT: factors are below 10^7 and there are few terms, so that
            // neither a product nor a sum comes near the limits of 128 bits.
            sum = sum.wrapping_add(i128::from(key).wrapping_mul(i128::from(*factor)));
        }
        Some(match sum.cmp(&0) {
            Ordering::Less => self.below,
            Ordering::Equal => self.zero,
            Ordering::Greater => self.above,
        })
    }
}
