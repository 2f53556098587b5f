//! Bitmaps: one bit a rule of a block, in words of 64.

/// How many words of bits a bitmap of so many rules has.
pub(super) fn width(rules: usize) -> usize {
    rules.div_ceil(64)
}

pub(super) fn set(bitmap: &mut [u64], position: usize) {
    if let Some(word) = bitmap.get_mut(position / 64) {
        *word |= 1 << (position % 64);
    }
}

pub(super) fn clear(bitmap: &mut [u64], position: usize) {
    if let Some(word) = bitmap.get_mut(position / 64) {
        *word &= !(1 << (position % 64));
    }
}

pub(super) fn has(bitmap: &[u64], position: usize) -> bool {
    bitmap.get(position / 64).is_some_and(|word| word >> (position % 64) & 1 == 1)
}

#[inline]
pub(super) fn keep(bitmap: &mut [u64], other: &[u64]) {
    bitmap.iter_mut().zip(other).for_each(|(word, other)| *word &= other);
}

#[inline]
pub(super) fn drop_from(bitmap: &mut [u64], other: &[u64]) {
    bitmap.iter_mut().zip(other).for_each(|(word, other)| *word &= !other);
}

#[inline]
pub(super) fn join(bitmap: &mut [u64], other: &[u64]) {
    bitmap.iter_mut().zip(other).for_each(|(word, other)| *word |= other);
}

pub(super) fn meet(bitmap: &[u64], other: &[u64]) -> bool {
    bitmap.iter().zip(other).any(|(word, other)| word & other != 0)
}

/// The positions of its bits, ascending.
pub(super) fn positions(bitmap: &[u64]) -> impl Iterator<Item = usize> {
    bitmap.iter().enumerate().flat_map(|(index, word)| {
        let mut left = *word;
        std::iter::from_fn(move || {
            let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left.wrapping_sub(1);
            Some(index.saturating_mul(64).saturating_add(bit))
        })
    })
}

/// Makes a bit the other one.
pub(super) fn flip(bitmap: &mut [u64], position: usize) {
    if let Some(word) = bitmap.get_mut(position / 64) {
        *word ^= 1 << (position % 64);
    }
}
