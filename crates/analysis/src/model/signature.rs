//! The answers to all questions about a variable, by which its cells are told apart.

use hashbrown::HashMap;
use smallvec::{SmallVec, smallvec};
use target_rules::Truth;

/// So many answers stand in a word, two bits each.
const IN_A_WORD: usize = 32;
/// Among so few signatures one is sought by going through them.
const FEW: usize = 8;

/// Answers, in the order of their questions. Those of one variable have one length.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Signature(SmallVec<[u64; 1]>);

impl FromIterator<Truth> for Signature {
    fn from_iter<T: IntoIterator<Item = Truth>>(answers: T) -> Signature {
        let mut words: SmallVec<[u64; 1]> = smallvec![0];
        let (mut last, mut shift) = (0_u64, 0_u32);
        for answer in answers {
            if shift == u64::BITS {
                words.push(0);
                (last, shift) = (0, 0);
            }
            let bits = match answer {
                Truth::True => 0,
                Truth::False => 1_u64,
                Truth::Unknown => 2,
            };
            last |= bits.wrapping_shl(shift);
            shift = shift.saturating_add(2);
            if let Some(word) = words.last_mut() {
                *word = last;
            }
        }
        Signature(words)
    }
}

impl Signature {
    /// The answers again, and no end of others behind them.
    pub(super) fn answers(&self) -> impl Iterator<Item = Truth> + '_ {
        let places = (0..IN_A_WORD).filter_map(|at| u32::try_from(at.wrapping_mul(2)).ok());
        self.0.iter().flat_map(move |word| {
            places.clone().map(move |shift| match word.wrapping_shr(shift) & 3 {
                0 => Truth::True,
                1 => Truth::False,
                _ => Truth::Unknown,
            })
        })
    }
}

/// Signatures, each once, in the order in which they were met.
#[derive(Debug, Default)]
pub(super) struct Signatures {
    met: Vec<Signature>,
    /// Where each stands, once there are more than a few.
    places: HashMap<Signature, usize>,
}

impl Signatures {
    pub(super) fn find(&self, signature: &Signature) -> Option<usize> {
        if self.met.len() <= FEW {
            return self.met.iter().position(|met| met == signature);
        }
        self.places.get(signature).copied()
    }

    /// Makes room for so many.
    pub(super) fn reserve(&mut self, count: usize) {
        self.met.reserve(count);
    }

    /// The place of a signature, which it has from now on.
    pub(super) fn place(&mut self, signature: Signature) -> usize {
        if let Some(at) = self.find(&signature) {
            return at;
        }
        let next = self.met.len();
        self.met.push(signature);
        if self.met.len() > FEW {
            let met = self.met.iter().enumerate().skip(self.places.len());
            self.places.extend(met.map(|(at, signature)| (signature.clone(), at)));
        }
        next
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Signature> {
        self.met.iter()
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests {
    use target_rules::Truth;

    use super::{Signature, Signatures};

    /// The answers to so many questions, by the digits of a number to the base three.
    fn answers(number: usize, count: usize) -> Vec<Truth> {
        let digits = std::iter::successors(Some(number), |number| Some(number / 3));
        digits.map(|number| [Truth::True, Truth::False, Truth::Unknown][number % 3]).take(count).collect()
    }

    #[test]
    fn each_signature_has_a_place_of_its_own_and_gives_its_answers_again() {
        for count in [3, 31, 32, 33, 64, 70] {
            let mut signatures = Signatures::default();
            for number in (0..27).chain(0..27) {
                let answers = answers(number, count);
                let signature: Signature = answers.iter().copied().collect();
                assert!(signature.answers().take(count).eq(answers));
                assert_eq!(signatures.find(&signature).unwrap_or(number), number);
                assert_eq!(signatures.place(signature), number);
            }
            assert_eq!(signatures.iter().count(), 27);
        }
    }
}
