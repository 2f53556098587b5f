//! Bitmaps: one bit a rule of a block, in words of 64.

/// How many words of bits a bitmap of so many rules has.
pub(super) fn width(rules: usize) -> usize {
    rules.div_ceil(64)
}

/// The bit of a position in its word.
#[inline]
fn bit(position: usize) -> u64 {
    1_u64.wrapping_shl(u32::try_from(position % 64).unwrap_or(0))
}

pub(super) fn set(bitmap: &mut [u64], position: usize) {
    if let Some(word) = bitmap.get_mut(position / 64) {
        *word |= bit(position);
    }
}

pub(super) fn clear(bitmap: &mut [u64], position: usize) {
    if let Some(word) = bitmap.get_mut(position / 64) {
        *word &= !(bit(position));
    }
}

pub(super) fn has(bitmap: &[u64], position: usize) -> bool {
    bitmap.get(position / 64).is_some_and(|word| word & bit(position) != 0)
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

/// Whether two meet in what a third one does not have.
pub(super) fn meet_without(bitmap: &[u64], other: &[u64], without: &[u64]) -> bool {
    bitmap.iter().zip(other).zip(without).any(|((word, other), without)| word & other & !without != 0)
}

/// Makes a bitmap the same as another.
#[inline]
pub(super) fn copy(bitmap: &mut Vec<u64>, other: &[u64]) {
    bitmap.clear();
    bitmap.extend_from_slice(other);
}

/// The positions of the bits of a word, ascending.
#[inline]
pub(super) fn ones(word: u64) -> impl Iterator<Item = usize> {
    let mut left = word;
    std::iter::from_fn(move || {
        let at = (left != 0).then(|| left.trailing_zeros() as usize)?;
        left &= left.wrapping_sub(1);
        Some(at)
    })
}

/// The bit of a position in a word.
#[inline]
pub(super) fn one(at: usize) -> u64 {
    bit(at)
}

/// The positions of its bits, ascending.
pub(super) fn positions(bitmap: &[u64]) -> impl Iterator<Item = usize> {
    // The first of 64 positions has none of the six lowest bits.
    bitmap.iter().zip((0_usize..).step_by(64)).flat_map(|(word, first)| ones(*word).map(move |at| first | at))
}

/// The positions of the bits of either, ascending.
pub(super) fn union(bitmap: &[u64], other: &[u64]) -> impl Iterator<Item = usize> {
    let words = bitmap.iter().zip(other).zip((0_usize..).step_by(64));
    words.flat_map(|((word, other), first)| ones(word | other).map(move |at| first | at))
}

/// Makes a bit the other one.
pub(super) fn flip(bitmap: &mut [u64], position: usize) {
    if let Some(word) = bitmap.get_mut(position / 64) {
        *word ^= bit(position);
    }
}
