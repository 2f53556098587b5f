//! What a rule comes to for every example: a bit for each.

use smallvec::SmallVec;
use target_rules::Truth;

const BITS: usize = 64;

type Words = SmallVec<[u64; 2]>;

/// For which examples a rule is true, and for which it is false; for all others
/// it is unknown. Rules of one vector can't be told apart by the examples.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Vector {
    yes: Words,
    no: Words,
}

fn joined(one: &Words, other: &Words, with: impl Fn(u64, u64) -> u64) -> Words {
    one.iter().zip(other).map(|(one, other)| with(*one, *other)).collect()
}

impl Vector {
    pub(super) fn of(truths: impl ExactSizeIterator<Item = Truth>) -> Vector {
        let words = truths.len().div_ceil(BITS);
        let mut vector = Vector { yes: SmallVec::from_elem(0, words), no: SmallVec::from_elem(0, words) };
        for (at, truth) in truths.enumerate() {
            let words = match truth {
                Truth::True => &mut vector.yes,
                Truth::False => &mut vector.no,
                Truth::Unknown => continue,
            };
            if let Some(word) = words.get_mut(at.wrapping_div(BITS)) {
                *word |= 1_u64.wrapping_shl(u32::try_from(at.wrapping_rem(BITS)).unwrap_or(0));
            }
        }
        vector
    }

    pub(super) fn not(&self) -> Vector {
        Vector { yes: self.no.clone(), no: self.yes.clone() }
    }

    pub(super) fn and(&self, other: &Vector) -> Vector {
        Vector {
            yes: joined(&self.yes, &other.yes, |one, other| one & other),
            no: joined(&self.no, &other.no, |one, other| one | other),
        }
    }

    pub(super) fn or(&self, other: &Vector) -> Vector {
        self.not().and(&other.not()).not()
    }

    /// Whether it is true wherever the other is.
    pub(super) fn holds_where(&self, other: &Vector) -> bool {
        self.yes.iter().zip(&other.yes).all(|(mine, other)| other & !mine == 0)
    }

    /// Whether it is true nowhere where the other is false.
    pub(super) fn fails_where_not(&self, other: &Vector) -> bool {
        self.yes.iter().zip(&other.no).all(|(mine, other)| mine & other == 0)
    }

    /// Whether it tells the examples apart as they shall be: true for some, and
    /// not true for the others.
    pub(super) fn tells_apart(&self, wanted: &Vector) -> bool {
        self.holds_where(wanted) && self.fails_where_not(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::Vector;
    use target_rules::Truth;

    /// Vectors are joined as the core joins truth values.
    #[test]
    fn vectors_are_joined_as_truth_values_are() {
        let all = [Truth::True, Truth::False, Truth::Unknown];
        let pairs: Vec<(Truth, Truth)> = all.iter().flat_map(|one| all.map(|other| (*one, other))).collect();
        // More than one word of them.
        let pairs: Vec<(Truth, Truth)> = pairs.iter().cycle().take(100).copied().collect();
        let of = |with: &dyn Fn(Truth, Truth) -> Truth| {
            Vector::of(pairs.iter().map(|(one, other)| with(*one, *other)))
        };
        let (one, other) = (of(&|one, _| one), of(&|_, other| other));
        assert_eq!(one.and(&other), of(&|one, other| one.and(other)));
        assert_eq!(one.or(&other), of(&|one, other| one.or(other)));
        assert_eq!(one.not(), of(&|one, _| !one));
        assert!(one.or(&other).holds_where(&one) && !one.and(&other).holds_where(&one));
    }
}
