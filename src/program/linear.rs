//! A sum of whole multiples, over the keys of slots.

use std::cmp::Ordering;

use crate::transaction::{Key, NO_KEY};

use super::evaluation::Evaluation;

/// The keys of some slots, each times a whole number, and a constant: the
/// linear form of a comparison, which says why it is exact.
#[derive(Debug)]
pub(crate) struct LinearKeys {
    pub(super) terms: Box<[(u32, i64)]>,
    pub(super) constant: i128,
}

impl LinearKeys {
    /// How the sum stands to zero; `None` where a value is absent or has no
    /// key, which says nothing of the order.
    #[inline]
    pub(crate) fn order(&self, evaluation: &Evaluation<'_>) -> Option<Ordering> {
        let keys: &[Key] = evaluation.transaction().keys();
        let mut sum = self.constant;
        for (slot, factor) in &self.terms {
            let key = keys.get(*slot as usize).copied().filter(|key| *key != NO_KEY)?;
            sum = sum.checked_add(i128::from(key).checked_mul(i128::from(*factor))?)?;
        }
        Some(sum.cmp(&0))
    }
}
