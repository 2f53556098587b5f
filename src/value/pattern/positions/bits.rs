//! Bits in words, lowest first.

/// The bits of a word.
pub(super) const WORD: usize = 64;

/// The bit at a place, in its word.
#[inline]
pub(super) fn bit(at: usize) -> u64 {
    1_u64.rotate_left(amount(at % WORD))
}

/// The lowest bits of a word; all where there are so many.
#[inline]
pub(super) fn low(bits: usize) -> u64 {
    if bits >= WORD { u64::MAX } else { bit(bits).wrapping_sub(1) }
}

#[inline]
fn amount(bits: usize) -> u32 {
    u32::try_from(bits).unwrap_or_default()
}

/// A word moved up by fewer bits than it has, and what leaves it.
#[inline]
pub(super) fn up(word: u64, by: usize) -> (u64, u64) {
    let by = amount(by % WORD);
    (word.wrapping_shl(by), word.wrapping_shr(1).wrapping_shr(63_u32.wrapping_sub(by)))
}

#[inline]
pub(super) fn word(words: &[u64], at: usize) -> u64 {
    words.get(at).copied().unwrap_or_default()
}

#[inline]
pub(super) fn put(words: &mut [u64], at: usize, value: u64) {
    words.get_mut(at).into_iter().for_each(|word| *word = value);
}

/// The bits from one on, as many as a word has.
#[inline]
pub(super) fn read(words: &[u64], from: usize) -> u64 {
    let (at, by) = (from / WORD, from % WORD);
    if by == 0 {
        return word(words, at);
    }
    let next = word(words, at.wrapping_add(1));
    word(words, at).wrapping_shr(amount(by)) | next.wrapping_shl(amount(WORD.wrapping_sub(by)))
}

/// Adds the bits of a word from one on.
#[inline]
pub(super) fn add(words: &mut [u64], from: usize, more: u64) {
    let (here, next) = up(more, from % WORD);
    let at = from / WORD;
    words.get_mut(at).into_iter().for_each(|word| *word |= here);
    words.get_mut(at.wrapping_add(1)).into_iter().for_each(|word| *word |= next);
}

/// Adds the bits of some words, moved up.
#[inline]
pub(super) fn add_moved(words: &mut [u64], more: &[u64], by: usize) {
    let mut carry = 0;
    for (word, more) in words.get_mut(by / WORD..).unwrap_or_default().iter_mut().zip(more) {
        let (here, next) = up(*more, by);
        *word |= here | carry;
        carry = next;
    }
}

/// Sets each bit that is a multiple of so many above one that is set.
#[inline]
pub(super) fn spread(words: &mut [u64], by: usize) {
    if by < WORD {
        let mut before = 0_u64;
        for word in words {
            *word |= up(before, by).1;
            let mut step = by;
            while step < WORD {
                *word |= up(*word, step).0;
                step = step.wrapping_mul(2);
            }
            before = *word;
        }
        return;
    }
    let apart = by / WORD;
    for at in apart..words.len() {
        let from = at.wrapping_sub(apart);
        let carry = from.checked_sub(1).map_or(0, |before| up(word(words, before), by).1);
        let more = up(word(words, from), by).0 | carry;
        words.get_mut(at).into_iter().for_each(|word| *word |= more);
    }
}

/// Adds the bits in a range.
pub(super) fn add_range(words: &mut [u64], range: std::ops::Range<usize>) {
    for at in range {
        words.get_mut(at / WORD).into_iter().for_each(|word| *word |= bit(at));
    }
}
