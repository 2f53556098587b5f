//! Random numbers, the same forever.
//!
//! `ChaCha` gives each seed and stream its numbers by a published standard. What is
//! made of them is written here and not taken from `rand`, which may draw
//! otherwise in another version.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// What is drawn; each has streams of its own.
#[derive(Clone, Copy)]
pub(crate) enum Topic {
    Line = 1,
    Gaps,
    Person,
    Household,
    Article,
    Return,
}

/// The numbers of one seed, topic and number, in order.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    pub(crate) fn new(seed: u64, topic: Topic, number: u64) -> Dice {
        let [a, b, c, d, e, f, g, h] = seed.to_le_bytes();
        let mut key = [0; 32];
        key[..9].copy_from_slice(&[a, b, c, d, e, f, g, h, topic as u8]);
        let mut numbers = ChaCha8Rng::from_seed(key);
        numbers.set_stream(number);
        Dice(numbers)
    }

    /// 32 bits.
    pub(crate) fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// From 0 to one less than that; 0 where that is 0.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(end);
        u32::try_from(wide >> 32).unwrap_or_default()
    }

    /// From the first to the last, both included.
    pub(crate) fn between(&mut self, first: u32, last: u32) -> u32 {
        first + self.below(last - first + 1)
    }

    /// Whether something comes that does so many times of a hundred.
    pub(crate) fn percent(&mut self, share: u32) -> bool {
        self.below(100) < share
    }

    /// One of a list that is not empty.
    pub(crate) fn of<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        let at = self.below(u32::try_from(list.len()).unwrap_or_default());
        // INVARIANT: a draw below the length is a position.
        #[expect(clippy::indexing_slicing, reason = "a draw below the length; no list here is empty")]
        list[at as usize]
    }

    /// A position of a list of weights, each as often as its weight says.
    pub(crate) fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let mut left = self.below(weights.clone().sum());
        for (at, weight) in weights.enumerate() {
            match left.checked_sub(weight) {
                Some(less) => left = less,
                None => return at,
            }
        }
        0
    }
}
