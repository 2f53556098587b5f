//! Bits of very many things, and counts of those that are set, without a look at each.

/// The bits of a word.
pub(super) const WORD: usize = 64;

/// A bit for each of many things, in words.
#[derive(Debug, Clone, Default)]
pub(super) struct Bits {
    pub(super) words: Vec<u64>,
}

impl Bits {
    /// So many, none of which is set.
    pub(super) fn of(count: usize) -> Bits {
        Bits { words: vec![0; count.div_ceil(WORD)] }
    }

    pub(super) fn clear(&mut self) {
        self.words.fill(0);
    }

    /// Sets those of a word that begins at any bit.
    #[inline]
    pub(super) fn put(&mut self, from: usize, word: u64) {
        let shift = u32::try_from(from % WORD).unwrap_or_default();
        let mut at = |place: usize, bits: u64| {
            if let Some(word) = self.words.get_mut(place) {
                *word |= bits;
            }
        };
        at(from / WORD, word << shift);
        if shift > 0 {
            at(from / WORD + 1, word >> (u64::BITS - shift));
        }
    }

    pub(super) fn set(&mut self, at: usize) {
        self.put(at, 1);
    }

    #[inline]
    pub(super) fn has(&self, at: usize) -> bool {
        self.words.get(at / WORD).is_some_and(|word| word >> (at % WORD) & 1 == 1)
    }

    /// The word of a number.
    #[inline]
    pub(super) fn word(&self, at: usize) -> u64 {
        self.words.get(at).copied().unwrap_or_default()
    }
}

/// The places of the bits that are set in a word, the lowest first.
#[inline]
pub(super) fn ones(word: u64) -> impl Iterator<Item = usize> {
    let mut left = word;
    std::iter::from_fn(move || {
        let at = left.trailing_zeros();
        (left != 0).then(|| {
            left &= left - 1;
            usize::try_from(at).unwrap_or_default()
        })
    })
}

/// So many binary digits of counts are held; then they are added to whole ones.
const DIGITS: usize = 8;
/// What they count to.
const MOST: u32 = (1 << DIGITS) - 1;

/// How often each of many bits was set. A digit of 64 counts stands in one word, so that a word
/// of bits is added to 64 counts in the few steps that it takes to add one.
#[derive(Debug, Clone)]
pub(super) struct BitCounts {
    /// By word of bits, the lowest digit first.
    digits: Vec<[u64; DIGITS]>,
    /// How often something was added since whole counts were written.
    added: u32,
}

impl BitCounts {
    pub(super) fn of(count: usize) -> BitCounts {
        BitCounts { digits: vec![[0; DIGITS]; count.div_ceil(WORD)], added: 0 }
    }

    /// One more of each bit that is set. `whole` has what is counted for good.
    #[inline]
    pub(super) fn add(&mut self, words: &[u64], whole: &mut [u64]) {
        if self.added == MOST {
            self.write(whole);
        }
        self.added += 1;
        for (digits, word) in self.digits.iter_mut().zip(words) {
            let mut carry = *word;
            for digit in digits {
                if carry == 0 {
                    break;
                }
                (*digit, carry) = (*digit ^ carry, *digit & carry);
            }
        }
    }

    /// Adds what was counted since to whole counts.
    pub(super) fn write(&mut self, whole: &mut [u64]) {
        for (digits, counts) in self.digits.iter_mut().zip(whole.chunks_mut(WORD)) {
            for (worth, digit) in digits.iter_mut().enumerate() {
                for at in ones(std::mem::take(digit)) {
                    if let Some(count) = counts.get_mut(at) {
                        *count += 1 << worth;
                    }
                }
            }
        }
        self.added = 0;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests {
    use super::super::hash::mixed;
    use super::*;

    #[test]
    fn counts_are_those_of_each_bit() {
        let mut counts = BitCounts::of(150);
        let (mut whole, mut expected) = (vec![0; 150], vec![0_u64; 150]);
        for step in 0..1_000_u64 {
            let mut bits = Bits::of(150);
            for at in 0..150 {
                // Some always, some never.
                if mixed(step, at) % 150 <= at {
                    bits.set(usize::try_from(at).unwrap());
                    expected[usize::try_from(at).unwrap()] += 1;
                }
            }
            counts.add(&bits.words, &mut whole);
        }
        counts.write(&mut whole);
        assert_eq!(whole, expected);
        assert_eq!(whole[149], 1_000);
    }

    #[test]
    fn words_are_put_at_any_bit() {
        for from in [0, 1, 63, 64, 70, 100] {
            let mut bits = Bits::of(130);
            let word = 0x8000_0000_0000_0401;
            bits.put(from, word);
            let set: Vec<usize> = (0..192).filter(|at| bits.has(*at)).collect();
            let expected: Vec<usize> = ones(word).map(|at| at + from).filter(|at| *at < 192).collect();
            assert_eq!(set, expected);
        }
    }
}
